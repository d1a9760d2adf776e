// SPDX-License-Identifier: Apache-2.0
// f32 adder: exact alignment, sum and normalisation. ipu_f32_round finishes the result one stage later.
module ipu_f32_add (
  input  logic        active_i,    // else the sum is 0
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  input  logic        subtract_i,  // a - b
  input  logic [2:0]  rnd_i,       // the sign of an exact zero depends on it
  output ipu_float_pkg::f32_unrounded_t sum_o
);

  ipu_float_pkg::f32_parts_t a, b;

  ipu_f32_unpack u_unpack_a (.value_i(a_i), .parts_o(a));
  ipu_f32_unpack u_unpack_b (.value_i({b_i[31] ^ subtract_i, b_i[30:0]}), .parts_o(b));

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic        swap, sign, smaller_zero, opposite;
  logic [7:0]  exponent, distance;
  logic [23:0] larger, smaller;
  logic [49:0] shifted;
  logic [26:0] larger_aligned, smaller_aligned;
  logic [27:0] sum, normalised;
  logic [4:0]  zeros;
  /* verilator tracing_on */

  always_comb begin
    swap            = 1'b0;
    sign            = 1'b0;
    exponent        = '0;
    larger          = '0;
    smaller         = '0;
    smaller_zero    = 1'b0;
    distance        = '0;
    shifted         = '0;
    larger_aligned  = '0;
    smaller_aligned = '0;
    opposite        = 1'b0;
    sum             = '0;
    zeros           = '0;
    normalised      = '0;
    sum_o           = '0;
    if (active_i) begin
      // ---- Alignment: three bits below the larger operand's last place, the lowest of them sticky
      swap            = a_i[30:0] < b_i[30:0];
      sign            = swap ? b.sign : a.sign;
      exponent        = swap ? b.exponent : a.exponent;
      larger          = swap ? b.significand : a.significand;
      smaller         = swap ? a.significand : b.significand;
      smaller_zero    = swap ? a.zero : b.zero;
      distance        = swap ? b.exponent - a.exponent : a.exponent - b.exponent;
      shifted         = {smaller, 26'b0} >> ((distance > 8'd26) ? 8'd26 : distance);
      larger_aligned  = {larger, 3'b000};
      smaller_aligned = smaller_zero ? '0 : {shifted[49:24], |shifted[23:0]};

      // ---- Sum and normalisation
      opposite = a.sign ^ b.sign;
      sum = opposite ? {1'b0, larger_aligned} - {1'b0, smaller_aligned} : {1'b0, larger_aligned} + {1'b0, smaller_aligned};
      zeros = 5'd28;
      for (int unsigned i = 0; i < 28; i++) begin
        if (sum[i]) zeros = 5'd27 - i[4:0];
      end
      normalised = sum << zeros;

      sum_o.sign        = sign;
      sum_o.exponent    = $signed({2'b00, exponent}) + 10'sd1 - $signed({5'b0, zeros});
      sum_o.significand = {normalised[27:3], |normalised[2:0]};
      if (a.nan || b.nan || (a.inf && b.inf && opposite)) begin
        sum_o.nan     = 1'b1;
        sum_o.invalid = 1'b1;
      end else if (a.inf || b.inf) begin
        sum_o.inf = 1'b1;
      end else if ((a.zero && b.zero) || sum == '0) begin
        sum_o.zero = 1'b1;
        sum_o.sign = opposite ? rnd_i == ipu_float_pkg::RND_DOWN : sign;
      end
    end
  end

endmodule
