// SPDX-License-Identifier: Apache-2.0
// Random words, masks by probability and normal values, from one or two words of the generator. No flags.
module ipu_random_unit (
  input  logic        valid_i,   // else no operand is looked at
  input  logic [3:0]  op_i,      // ipu_float_pkg::random_op_e
  input  logic [63:0] a_i,       // values to mask
  input  logic [31:0] p_i,       // probability: bits 15:0 over 65536, or bit 16: keep all
  input  logic [63:0] word_i,    // the generator's next word
  input  logic [63:0] second_i,  // the one after it, for normal values
  output logic [63:0] result_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic        normal;
  logic [3:0]  kept;
  logic [63:0] singles;
  logic [31:0] halves;
  /* verilator tracing_on */

  assign normal = valid_i && (op_i == ipu_float_pkg::RANDOM_NORMAL_HALVES || op_i == ipu_float_pkg::RANDOM_NORMAL_SINGLES);

  ipu_normal_value u_first (.active_i(normal), .word_i, .single_o(singles[31:0]), .half_o(halves[15:0]));
  ipu_normal_value u_second (.active_i(normal), .word_i(second_i), .single_o(singles[63:32]), .half_o(halves[31:16]));

  always_comb begin
    kept     = '0;
    result_o = '0;
    if (valid_i) begin
      for (int unsigned i = 0; i < 4; i++) kept[i] = p_i[16] || word_i[16*i +: 16] < p_i[15:0];
      case (op_i)
        ipu_float_pkg::RANDOM_MASK_HALVES: result_o = a_i & {{16{kept[3]}}, {16{kept[2]}}, {16{kept[1]}}, {16{kept[0]}}};
        ipu_float_pkg::RANDOM_MASK_SINGLES:   result_o = a_i & {{32{kept[1]}}, {32{kept[0]}}};
        ipu_float_pkg::RANDOM_NORMAL_HALVES:  result_o = {32'b0, halves};
        ipu_float_pkg::RANDOM_NORMAL_SINGLES: result_o = singles;
        default:                              result_o = word_i;
      endcase
    end
  end

  logic unused_p;
  assign unused_p = ^p_i[31:17];

endmodule
