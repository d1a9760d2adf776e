// SPDX-License-Identifier: Apache-2.0
// Class codes of up to two f32, four f16 or four f8, a byte each. No flags.
module ipu_class_unit (
  input  logic        valid_i,   // else no operand is looked at
  input  logic [3:0]  op_i,      // ipu_float_pkg::class_op_e
  input  logic        f143_i,    // f8: else F152
  input  logic        pair_i,    // of two registers
  input  logic [63:0] a_i,
  output logic [31:0] codes_o
);

  logic        of_singles, of_halves, of_quarters;
  logic [31:0] singles, halves, quarters;

  assign of_singles  = valid_i && op_i == ipu_float_pkg::CLASSES_OF_SINGLES;
  assign of_halves   = valid_i && op_i == ipu_float_pkg::CLASSES_OF_HALVES;
  assign of_quarters = valid_i && op_i == ipu_float_pkg::CLASSES_OF_QUARTERS;

  for (genvar i = 0; i < 2; i++) begin : gen_single
    ipu_classify u_classify (
      .active_i(of_singles && (i == 0 || pair_i)), .value_i(a_i[32*i +: 32]), .code_o(singles[8*i +: 8]));
  end
  assign singles[31:16] = '0;

  for (genvar i = 0; i < 4; i++) begin : gen_half
    ipu_classify #(.EXPONENT(5), .FRACTION(10)) u_classify (
      .active_i(of_halves && (i < 2 || pair_i)), .value_i(a_i[16*i +: 16]), .code_o(halves[8*i +: 8]));
  end

  // No infinities, one zero, and the code of -0 is the NaN.
  always_comb begin
    quarters = '0;
    for (int unsigned i = 0; i < 4; i++) begin
      if (of_quarters) begin
        if (a_i[8*i +: 8] == 8'h80) begin
          quarters[8*i +: 8] = ipu_float_pkg::CLASS_QUIET_NAN;
        end else if (a_i[8*i +: 7] == '0) begin
          quarters[8*i +: 8] = ipu_float_pkg::CLASS_PLUS_ZERO;
        end else if (a_i[8*i + 3 +: 4] == '0 && (f143_i || !a_i[8*i + 2])) begin
          quarters[8*i +: 8] = a_i[8*i + 7] ? ipu_float_pkg::CLASS_MINUS_DENORMAL : ipu_float_pkg::CLASS_PLUS_DENORMAL;
        end else begin
          quarters[8*i +: 8] = a_i[8*i + 7] ? ipu_float_pkg::CLASS_MINUS_NORMAL : ipu_float_pkg::CLASS_PLUS_NORMAL;
        end
      end
    end
  end

  assign codes_o = singles | halves | quarters;  // all but one are 0

endmodule
