// SPDX-License-Identifier: Apache-2.0
// The accumulators of the six workers: of every unit the sum ($aacc[2n]) and its place in the output chain
// ($aacc[2n+1]). They are kept from exit to the next launch.
module ipu_accumulators (
  input  logic         clk_i,
  input  logic         rst_ni,

  input  logic [2:0]   read_context_i,
  output logic [511:0] sums_o,
  output logic [511:0] chains_o,

  input  logic [2:0]   write_context_i,
  input  logic         zero_i,          // both rows
  input  logic         write_sums_i,
  input  logic         write_chains_i,
  input  logic [511:0] sums_i,
  input  logic [511:0] chains_i
);

  logic [511:0] sums_q [8] /* verilator public_flat_rd */;
  logic [511:0] chains_q [8] /* verilator public_flat_rd */;

  assign sums_o   = sums_q[read_context_i];
  assign chains_o = chains_q[read_context_i];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (int unsigned n = 0; n < 8; n++) begin
        sums_q[n]   <= '0;
        chains_q[n] <= '0;
      end
    end else if (zero_i) begin
      sums_q[write_context_i]   <= '0;
      chains_q[write_context_i] <= '0;
    end else begin
      if (write_sums_i) sums_q[write_context_i] <= sums_i;
      if (write_chains_i) chains_q[write_context_i] <= chains_i;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    assert (!(zero_i || write_sums_i || write_chains_i) || (write_context_i != 3'd0 && write_context_i != 3'd7))
      else $error("only workers have accumulators");
    assert (!(zero_i && (write_sums_i || write_chains_i))) else $error("accumulators zeroed and written by one bundle");
  end
`endif

endmodule
