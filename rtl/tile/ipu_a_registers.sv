// SPDX-License-Identifier: Apache-2.0
// Arithmetic register files: $a0..$a7 of the six workers, as pairs. $a8..$a15 read 0.
module ipu_a_registers (
  input  logic         clk_i,

  // Pair holding the register of the index.
  input  logic [2:0]   read_context_i,
  input  logic [3:0]   s0_index_i,
  input  logic [3:0]   s1_index_i,
  input  logic [3:0]   d_index_i,
  output logic [63:0]  s0_o,
  output logic [63:0]  s1_o,
  output logic [63:0]  d_o,

  // Three writes to pairs, one enable per register; they never overlap. Indices below 8 only.
  input  logic [2:0]   write_context_i,
  input  logic [1:0]   first_enable_i,
  input  logic [1:0]   first_pair_i,
  input  logic [63:0]  first_data_i,
  input  logic [1:0]   second_enable_i,
  input  logic [1:0]   second_pair_i,
  input  logic [63:0]  second_data_i,
  input  logic [1:0]   aux_enable_i,
  input  logic [1:0]   aux_pair_i,
  input  logic [63:0]  aux_data_i
);

  logic [31:0] even_q [32] /* verilator public_flat_rd */;
  logic [31:0] odd_q  [32] /* verilator public_flat_rd */;

  logic unused_index;
  assign unused_index = s0_index_i[0] ^ s1_index_i[0] ^ d_index_i[0];

  always_comb begin
    s0_o = s0_index_i[3] ? '0 : {odd_q[{read_context_i, s0_index_i[2:1]}], even_q[{read_context_i, s0_index_i[2:1]}]};
    s1_o = s1_index_i[3] ? '0 : {odd_q[{read_context_i, s1_index_i[2:1]}], even_q[{read_context_i, s1_index_i[2:1]}]};
    d_o  = d_index_i[3] ? '0 : {odd_q[{read_context_i, d_index_i[2:1]}], even_q[{read_context_i, d_index_i[2:1]}]};
  end

  always_ff @(posedge clk_i) begin
    if (first_enable_i[0]) even_q[{write_context_i, first_pair_i}] <= first_data_i[31:0];
    if (first_enable_i[1]) odd_q[{write_context_i, first_pair_i}] <= first_data_i[63:32];
    if (second_enable_i[0]) even_q[{write_context_i, second_pair_i}] <= second_data_i[31:0];
    if (second_enable_i[1]) odd_q[{write_context_i, second_pair_i}] <= second_data_i[63:32];
    if (aux_enable_i[0]) even_q[{write_context_i, aux_pair_i}] <= aux_data_i[31:0];
    if (aux_enable_i[1]) odd_q[{write_context_i, aux_pair_i}] <= aux_data_i[63:32];
  end

`ifndef SYNTHESIS
  logic writes;
  assign writes = {first_enable_i, second_enable_i, aux_enable_i} != '0;

  always_ff @(posedge clk_i) begin
    assert (!writes || (write_context_i != 3'd0 && write_context_i != 3'd7)) else $error("only workers have ARF registers");
    assert (first_pair_i != second_pair_i || (first_enable_i & second_enable_i) == '0)
      else $error("two loads into one register");
    assert (aux_pair_i != first_pair_i || (aux_enable_i & first_enable_i) == '0)
      else $error("both lanes write one register");
    assert (aux_pair_i != second_pair_i || (aux_enable_i & second_enable_i) == '0)
      else $error("both lanes write one register");
  end
`endif

endmodule
