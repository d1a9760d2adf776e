// SPDX-License-Identifier: Apache-2.0
// Main register files: $m0..$m11 of the supervisor and the six workers. $m12 and $m13 belong to the worker's
// launch and are kept by ipu_contexts; $m14 and $m15 read 0.
module ipu_m_registers (
  input  logic        clk_i,

  input  logic [2:0]  read_context_i,
  input  logic [3:0]  r0_index_i,
  input  logic [3:0]  r1_index_i,
  input  logic [3:0]  r2_index_i,
  input  logic [20:0] worker_base_i,  // $m12 of the reading context
  input  logic [20:0] vertex_base_i,  // $m13
  output logic [31:0] r0_o,
  output logic [31:0] r1_o,
  output logic [31:0] r2_o,

  // Two writes by one context; the first wins where both name one register. Indices below 12 only.
  input  logic [2:0]  write_context_i,
  input  logic        write0_i,
  input  logic [3:0]  write0_index_i,
  input  logic [31:0] write0_data_i,
  input  logic        write1_i,
  input  logic [3:0]  write1_index_i,
  input  logic [31:0] write1_data_i
);

  logic [31:0] registers_q [128] /* verilator public_flat_rd */;

  function automatic logic [31:0] special(input logic [1:0] index, input logic [20:0] worker_base,
                                          input logic [20:0] vertex_base);
    case (index)
      2'd0:    special = {11'b0, worker_base};
      2'd1:    special = {11'b0, vertex_base};
      default: special = '0;
    endcase
  endfunction

  always_comb begin
    r0_o = registers_q[{read_context_i, r0_index_i}];
    r1_o = registers_q[{read_context_i, r1_index_i}];
    r2_o = registers_q[{read_context_i, r2_index_i}];
    if (r0_index_i[3:2] == 2'b11) r0_o = special(r0_index_i[1:0], worker_base_i, vertex_base_i);
    if (r1_index_i[3:2] == 2'b11) r1_o = special(r1_index_i[1:0], worker_base_i, vertex_base_i);
    if (r2_index_i[3:2] == 2'b11) r2_o = special(r2_index_i[1:0], worker_base_i, vertex_base_i);
  end

  always_ff @(posedge clk_i) begin
    if (write1_i) registers_q[{write_context_i, write1_index_i}] <= write1_data_i;
    if (write0_i) registers_q[{write_context_i, write0_index_i}] <= write0_data_i;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    assert (!(write0_i || write1_i) || write_context_i != 3'd7) else $error("write by no context");
    assert (!write0_i || write0_index_i[3:2] != 2'b11) else $error("write to a read-only register");
    assert (!write1_i || write1_index_i[3:2] != 2'b11) else $error("write to a read-only register");
  end
`endif

endmodule
