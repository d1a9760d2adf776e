// SPDX-License-Identifier: Apache-2.0
// The larger or smaller of two numbers of a format. -0 is less than +0. With one NaN the other one is taken, with two a
// NaN; either is invalid.
module ipu_extreme #(
  parameter int unsigned EXPONENT = 8,    // bits of the format's fields
  parameter int unsigned FRACTION = 23,
  parameter bit          FLUSH    = 1'b1  // denormals read as zero, in the result too
) (
  input  logic                       active_i,  // else all outputs are 0
  input  logic                       minimum_i,
  input  logic [EXPONENT+FRACTION:0] a_i,
  input  logic [EXPONENT+FRACTION:0] b_i,
  output logic [EXPONENT+FRACTION:0] result_o,
  output logic                       invalid_o
);

  localparam int unsigned SIGN = EXPONENT + FRACTION;

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic          a_nan, b_nan, less;
  logic [SIGN:0] a, b, a_key, b_key;  // a number's key orders like it
  /* verilator tracing_on */

  always_comb begin
    a         = '0;
    b         = '0;
    a_key     = '0;
    b_key     = '0;
    a_nan     = 1'b0;
    b_nan     = 1'b0;
    less      = 1'b0;
    result_o  = '0;
    invalid_o = 1'b0;
    if (active_i) begin
      a = a_i;
      b = b_i;
      if (FLUSH && a_i[SIGN-1:FRACTION] == '0) a[SIGN-1:0] = '0;
      if (FLUSH && b_i[SIGN-1:FRACTION] == '0) b[SIGN-1:0] = '0;
      a_nan     = a_i[SIGN-1:FRACTION] == '1 && a_i[FRACTION-1:0] != '0;
      b_nan     = b_i[SIGN-1:FRACTION] == '1 && b_i[FRACTION-1:0] != '0;
      a_key     = a[SIGN] ? ~a : {1'b1, a[SIGN-1:0]};
      b_key     = b[SIGN] ? ~b : {1'b1, b[SIGN-1:0]};
      less      = a_key < b_key;
      invalid_o = a_nan || b_nan;
      if (a_nan && b_nan) result_o = {1'b0, {(EXPONENT+1){1'b1}}, {(FRACTION-1){1'b0}}};
      else if (a_nan)     result_o = b;
      else if (b_nan)     result_o = a;
      else                result_o = (less != minimum_i) ? b : a;
    end
  end

endmodule
