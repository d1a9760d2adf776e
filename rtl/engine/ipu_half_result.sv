// An f32 as an f16 result: rounded by FP_CTL.RND, or stochastically with sixteen random bits below the last place.
// Beyond the range, infinities included: the largest number and OFLO, or a NaN, OFLO and INV. f32 denormals read
// as zero, f16 denormals are results like others.
module ipu_half_result (
  input  logic                     active_i,  // else all outputs are 0
  input  logic [31:0]              value_i,
  input  logic [2:0]               rnd_i,
  input  logic                     stochastic_i,
  input  logic                     nan_on_overflow_i,
  input  logic [15:0]              random_i,
  output logic [15:0]              result_o,
  output ipu_float_pkg::fp_flags_t flags_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic               negative, half, sticky, away, overflow;
  logic signed [9:0]  exponent;    // unbiased
  logic signed [9:0]  below;       // places of the value below the normal range
  logic [5:0]         drop;        // places that do not fit
  logic [51:0]        shifted;     // the significand over what is dropped of it
  logic [10:0]        kept;
  logic [27:0]        magnitude;   // in 2^-16 of the last place
  logic [11:0]        rounded;
  logic [14:0]        packed_bits;
  /* verilator tracing_on */

  always_comb begin
    result_o    = '0;
    flags_o     = '0;
    negative    = 1'b0;
    half        = 1'b0;
    sticky      = 1'b0;
    away        = 1'b0;
    overflow    = 1'b0;
    exponent    = '0;
    below       = '0;
    drop        = '0;
    shifted     = '0;
    kept        = '0;
    magnitude   = '0;
    rounded     = '0;
    packed_bits = '0;
    if (active_i) begin
      negative = value_i[31];
      exponent = $signed({2'b0, value_i[30:23]}) - 10'sd127;
      below    = (exponent < -10'sd14) ? -10'sd14 - exponent : 10'sd0;
      drop     = (below > 10'sd27) ? 6'd40 : 6'd13 + below[5:0];  // at 40 less than a random unit is left
      shifted  = {1'b1, value_i[22:0], 28'b0} >> drop;
      kept     = shifted[38:28];
      half     = shifted[27];
      sticky   = shifted[26:0] != '0;  // the leading one stays within it
      case (rnd_i)
        ipu_float_pkg::RND_UP:           away = (half | sticky) & ~negative;
        ipu_float_pkg::RND_DOWN:         away = (half | sticky) & negative;
        ipu_float_pkg::RND_ZERO:         away = 1'b0;
        ipu_float_pkg::RND_NEAREST_AWAY: away = half;
        default:                         away = half & (sticky | kept[0]);
      endcase
      rounded = {1'b0, kept} + {11'b0, away};
      if (stochastic_i) begin
        magnitude = {1'b0, shifted[38:12]} + {12'b0, random_i};
        rounded   = magnitude[27:16];
      end
      // The leading one of a normal number counts as one in the exponent's field.
      packed_bits = {3'b0, rounded};
      if (exponent >= -10'sd14) packed_bits = {exponent[4:0] + 5'd14, 10'b0} + {3'b0, rounded};
      overflow = exponent > 10'sd15 || (exponent == 10'sd15 && rounded[11]);
      result_o = {negative, packed_bits};
      if (value_i[30:23] == 8'hFF && value_i[22:0] != '0) begin
        result_o    = ipu_float_pkg::F16_NAN;
        flags_o.inv = 1'b1;
      end else if (value_i[30:23] == '0) begin
        result_o = {negative, 15'b0};
      end else if (overflow) begin
        result_o     = nan_on_overflow_i ? ipu_float_pkg::F16_NAN : {negative, 15'h7BFF};
        flags_o.oflo = 1'b1;
        flags_o.inv  = nan_on_overflow_i;
      end
    end
  end

  logic unused_bits;
  assign unused_bits = ^{shifted[51:39], magnitude[15:0]};

endmodule
