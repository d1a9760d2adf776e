// SPDX-License-Identifier: Apache-2.0
// f16 multiplier: the exact product. An infinite or NaN operand is invalid.
module ipu_f16_mul (
  input  logic                      active_i,  // else the product is 0
  input  ipu_float_pkg::f16_parts_t a_i,
  input  ipu_float_pkg::f16_parts_t b_i,
  output ipu_float_pkg::f16_exact_t product_o
);

  always_comb begin
    product_o = '0;
    if (active_i) begin
      product_o.sign        = a_i.sign ^ b_i.sign;
      product_o.exponent    = $signed({5'b0, a_i.exponent}) + $signed({5'b0, b_i.exponent}) - 10'sd29;
      product_o.significand = {{11'b0, a_i.significand} * {11'b0, b_i.significand}, 19'b0};
      product_o.invalid     = a_i.inf || a_i.nan || b_i.inf || b_i.nan;
      product_o.nan         = product_o.invalid;
    end
  end

  logic unused_zeros;
  assign unused_zeros = a_i.zero ^ b_i.zero;  // their significands say it

endmodule
