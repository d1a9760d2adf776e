// SPDX-License-Identifier: Apache-2.0
// f32 multiplier: exact 48-bit product, normalised. ipu_f32_round finishes the result one stage later.
module ipu_f32_mul (
  input  logic        active_i,  // else the product is 0
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output ipu_float_pkg::f32_unrounded_t product_o
);

  ipu_float_pkg::f32_parts_t a, b;
  logic [47:0] product;

  ipu_f32_unpack u_unpack_a (.value_i(a_i), .parts_o(a));
  ipu_f32_unpack u_unpack_b (.value_i(b_i), .parts_o(b));

  always_comb begin
    product   = '0;
    product_o = '0;
    if (active_i) begin
      product        = {24'b0, a.significand} * {24'b0, b.significand};
      product_o.sign = a.sign ^ b.sign;
      // Both significands are in [1, 2), the product is in [1, 4).
      if (product[47]) begin
        product_o.exponent    = $signed({2'b00, a.exponent}) + $signed({2'b00, b.exponent}) - 10'sd126;
        product_o.significand = {product[47:23], |product[22:0]};
      end else begin
        product_o.exponent    = $signed({2'b00, a.exponent}) + $signed({2'b00, b.exponent}) - 10'sd127;
        product_o.significand = {product[46:22], |product[21:0]};
      end
      if (a.nan || b.nan || (a.inf && b.zero) || (a.zero && b.inf)) begin
        product_o.nan     = 1'b1;
        product_o.invalid = 1'b1;
      end else if (a.inf || b.inf) begin
        product_o.inf = 1'b1;
      end else if (a.zero || b.zero) begin
        product_o.zero = 1'b1;
      end
    end
  end

endmodule
