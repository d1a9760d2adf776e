// SPDX-License-Identifier: Apache-2.0
// The class code of a number, by its bits: denormals are denormals, whether or not arithmetic reads them as zero.
module ipu_classify #(
  parameter int unsigned EXPONENT = 8,
  parameter int unsigned FRACTION = 23
) (
  input  logic                         active_i,  // else the code is 0
  input  logic [EXPONENT+FRACTION:0]   value_i,
  output logic [7:0]                   code_o     // ipu_float_pkg::class_e
);

  logic                sign;
  logic [EXPONENT-1:0] exponent;
  logic [FRACTION-1:0] fraction;

  assign {sign, exponent, fraction} = value_i;

  always_comb begin
    code_o = '0;
    if (active_i) begin
      if (exponent == '1) begin
        if (fraction == '0) code_o = sign ? ipu_float_pkg::CLASS_MINUS_INFINITY : ipu_float_pkg::CLASS_PLUS_INFINITY;
        else code_o = fraction[FRACTION-1] ? ipu_float_pkg::CLASS_QUIET_NAN : ipu_float_pkg::CLASS_SIGNALLING_NAN;
      end else if (exponent != '0) begin
        code_o = sign ? ipu_float_pkg::CLASS_MINUS_NORMAL : ipu_float_pkg::CLASS_PLUS_NORMAL;
      end else if (fraction != '0) begin
        code_o = sign ? ipu_float_pkg::CLASS_MINUS_DENORMAL : ipu_float_pkg::CLASS_PLUS_DENORMAL;
      end else begin
        code_o = sign ? ipu_float_pkg::CLASS_MINUS_ZERO : ipu_float_pkg::CLASS_PLUS_ZERO;
      end
    end
  end

endmodule
