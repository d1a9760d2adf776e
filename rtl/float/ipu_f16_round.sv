// SPDX-License-Identifier: Apache-2.0
// Rounds a value to f16, to a mode or stochastically: then sixteen random bits are added to the magnitude below the
// last place, and the rest is cut off. Beyond the range: the largest number, or with NANOO a NaN.
module ipu_f16_round (
  input  logic                          active_i,  // else all outputs are 0
  input  ipu_float_pkg::f16_unrounded_t value_i,
  input  logic [2:0]                    rnd_i,
  input  logic                          stochastic_i,
  input  logic [15:0]                   random_i,
  input  logic                          nanoo_i,
  output logic [15:0]                   result_o,
  output ipu_float_pkg::fp_flags_t      flags_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic        half, sticky, away, denormal, overflow;
  logic [9:0]  below;      // places of the value below the normal range
  logic [4:0]  drop;
  logic [55:0] shifted;    // the significand over what is dropped of it
  logic [26:0] magnitude;  // 11 bits of the result and 16 below
  logic [27:0] summed;
  logic [11:0] kept;
  logic signed [9:0] exponent;
  /* verilator tracing_on */

  always_comb begin
    denormal  = 1'b0;
    below     = '0;
    drop      = '0;
    shifted   = '0;
    magnitude = '0;
    half      = 1'b0;
    sticky    = 1'b0;
    away      = 1'b0;
    summed    = '0;
    kept      = '0;
    exponent  = '0;
    overflow  = 1'b0;
    result_o  = '0;
    flags_o   = '0;
    if (active_i) begin
      denormal = value_i.exponent < -10'sd14;
      if (denormal) below = -10'sd14 - value_i.exponent;
      drop      = (below > 10'd28) ? 5'd28 : below[4:0];
      shifted   = {value_i.significand, 28'b0} >> drop;
      magnitude = shifted[55:29];
      half      = magnitude[15];
      sticky    = magnitude[14:0] != '0 || shifted[28:0] != '0;
      summed    = {1'b0, magnitude} + {12'b0, random_i};
      away = ipu_float_pkg::rounds_away(rnd_i, value_i.sign, magnitude[16], half, sticky);
      kept = stochastic_i ? summed[27:16] : {1'b0, magnitude[26:16]} + {11'b0, away};

      // A carry out of the significand leaves zeros behind it; one out of a denormal makes the smallest normal number.
      exponent = value_i.exponent + 10'sd15 + $signed({9'b0, kept[11]});
      if (denormal) exponent = $signed({9'b0, kept[10]});
      overflow = value_i.inf || exponent > 10'sd30;

      result_o     = {value_i.sign, exponent[4:0], kept[11] ? kept[10:1] : kept[9:0]};
      flags_o.inv  = value_i.invalid;
      flags_o.div0 = value_i.div0;
      if (value_i.nan) begin
        result_o = ipu_float_pkg::F16_NAN;
      end else if (value_i.zero) begin
        result_o = {value_i.sign, 15'b0};
      end else if (overflow) begin
        result_o     = nanoo_i ? ipu_float_pkg::F16_NAN : {value_i.sign, 15'h7BFF};
        flags_o.oflo = 1'b1;
        flags_o.inv  = nanoo_i;
      end
    end
  end

  logic unused;
  assign unused = ^summed[15:0];

endmodule
