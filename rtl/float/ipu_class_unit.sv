// Class codes of up to two f32 or four f16, a byte each. No flags.
module ipu_class_unit (
  input  logic        valid_i,   // else no operand is looked at
  input  logic        halves_i,  // f16
  input  logic        pair_i,    // of two registers
  input  logic [63:0] a_i,
  output logic [31:0] codes_o
);

  logic [31:0] singles, halves;

  for (genvar i = 0; i < 2; i++) begin : gen_single
    ipu_classify u_classify (
      .active_i(valid_i && !halves_i && (i == 0 || pair_i)), .value_i(a_i[32*i +: 32]), .code_o(singles[8*i +: 8]));
  end
  assign singles[31:16] = '0;

  for (genvar i = 0; i < 4; i++) begin : gen_half
    ipu_classify #(.EXPONENT(5), .FRACTION(10)) u_classify (
      .active_i(valid_i && halves_i && (i < 2 || pair_i)), .value_i(a_i[16*i +: 16]), .code_o(halves[8*i +: 8]));
  end

  assign codes_o = singles | halves;  // one of them is 0

endmodule
