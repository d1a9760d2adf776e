// SPDX-License-Identifier: Apache-2.0
// Rounds an exact sum or product to f32 and tells the flags. Results below the normal range become zero.
module ipu_f32_round (
  input  ipu_float_pkg::f32_unrounded_t value_i,
  input  logic [2:0]                    rnd_i,
  output logic [31:0]                   result_o,
  output ipu_float_pkg::fp_flags_t      flags_o
);

  logic [23:0]       kept;
  logic              half, sticky, away, to_infinity;
  logic [24:0]       rounded;
  logic signed [9:0] exponent;
  logic [22:0]       fraction;

  always_comb begin
    kept   = value_i.significand[25:2];
    half   = value_i.significand[1];
    sticky = value_i.significand[0];
    away = ipu_float_pkg::rounds_away(rnd_i, value_i.sign, kept[0], half, sticky);
    case (rnd_i)
      ipu_float_pkg::RND_UP:   to_infinity = ~value_i.sign;
      ipu_float_pkg::RND_DOWN: to_infinity = value_i.sign;
      ipu_float_pkg::RND_ZERO: to_infinity = 1'b0;
      default:                 to_infinity = 1'b1;
    endcase
    rounded  = {1'b0, kept} + {24'b0, away};
    exponent = value_i.exponent + $signed({9'b0, rounded[24]});
    fraction = rounded[24] ? rounded[23:1] : rounded[22:0];
  end

  always_comb begin
    result_o    = {value_i.sign, exponent[7:0], fraction};
    flags_o     = '0;
    flags_o.inv = value_i.invalid;
    if (value_i.nan) begin
      result_o = ipu_float_pkg::F32_NAN;
    end else if (value_i.inf) begin
      result_o = {value_i.sign, 8'hFF, 23'b0};
    end else if (value_i.zero || exponent < 10'sd1) begin
      result_o = {value_i.sign, 31'b0};
    end else if (exponent > 10'sd254) begin
      result_o     = to_infinity ? {value_i.sign, 8'hFF, 23'b0} : {value_i.sign, 8'hFE, 23'h7FFFFF};
      flags_o.oflo = 1'b1;
    end
  end

endmodule
