// SPDX-License-Identifier: Apache-2.0
// Moves the leading one of an exact value to its place; what 28 bits do not hold stays as sticky.
module ipu_f16_normalise (
  input  logic                          active_i,  // else the result is 0
  input  ipu_float_pkg::f16_exact_t     value_i,
  output ipu_float_pkg::f16_unrounded_t result_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic [5:0]  zeros;
  logic [40:0] normalised;
  /* verilator tracing_on */

  always_comb begin
    zeros      = '0;
    normalised = '0;
    result_o   = '0;
    if (active_i) begin
      for (int unsigned i = 0; i < 41; i++) begin
        if (value_i.significand[i]) zeros = 6'd40 - i[5:0];
      end
      normalised           = value_i.significand << zeros;
      result_o.sign        = value_i.sign;
      result_o.exponent    = value_i.exponent - $signed({4'b0, zeros});
      result_o.significand = {normalised[40:14], normalised[13:0] != '0};
      result_o.zero        = value_i.significand == '0;
      result_o.inf         = value_i.inf;
      result_o.nan         = value_i.nan;
      result_o.invalid     = value_i.invalid;
    end
  end

endmodule
