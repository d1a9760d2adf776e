// SPDX-License-Identifier: Apache-2.0
// f16 adder: the exact sum, which 41 bits hold. An infinite or NaN operand is invalid.
module ipu_f16_add (
  input  logic                      active_i,  // else the sum is 0
  input  ipu_float_pkg::f16_parts_t a_i,
  input  ipu_float_pkg::f16_parts_t b_i,
  input  logic [2:0]                rnd_i,     // the sign of an exact zero depends on it
  output ipu_float_pkg::f16_exact_t sum_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic        swap, opposite;
  logic [4:0]  exponent, distance;
  logic [10:0] larger, smaller;
  logic [39:0] aligned;  // the smaller one; nothing of it is lost
  /* verilator tracing_on */

  always_comb begin
    swap     = 1'b0;
    opposite = 1'b0;
    exponent = '0;
    distance = '0;
    larger   = '0;
    smaller  = '0;
    aligned  = '0;
    sum_o    = '0;
    if (active_i) begin
      swap     = {a_i.exponent, a_i.significand} < {b_i.exponent, b_i.significand};
      opposite = a_i.sign ^ b_i.sign;
      exponent = swap ? b_i.exponent : a_i.exponent;
      distance = swap ? b_i.exponent - a_i.exponent : a_i.exponent - b_i.exponent;
      larger   = swap ? b_i.significand : a_i.significand;
      smaller  = swap ? a_i.significand : b_i.significand;
      aligned  = {smaller, 29'b0} >> distance;
      sum_o.significand = opposite ? {1'b0, larger, 29'b0} - {1'b0, aligned} : {1'b0, larger, 29'b0} + {1'b0, aligned};
      sum_o.exponent    = $signed({5'b0, exponent}) - 10'sd14;
      sum_o.sign        = swap ? b_i.sign : a_i.sign;
      if (opposite && sum_o.significand == '0) sum_o.sign = rnd_i == ipu_float_pkg::RND_DOWN;
      sum_o.invalid     = a_i.inf || a_i.nan || b_i.inf || b_i.nan;
      sum_o.nan         = sum_o.invalid;
    end
  end

  logic unused_zeros;
  assign unused_zeros = a_i.zero ^ b_i.zero;  // their significands say it

endmodule
