// SPDX-License-Identifier: Apache-2.0
// The f8 of an f16 times a power of two: rounded to a mode, or stochastically: then eight random bits are added to the
// magnitude below the last place, and the rest is cut off. Beyond the range: the largest number, or with NANOO the NaN.
module ipu_f8_round (
  input  logic                      active_i,  // else all outputs are 0
  input  ipu_float_pkg::f16_parts_t value_i,
  input  logic                      f143_i,    // else F152
  input  logic signed [5:0]         scale_i,   // exponent of the power of two
  input  logic [2:0]                rnd_i,
  input  logic                      stochastic_i,
  input  logic [7:0]                random_i,
  input  logic                      nanoo_i,
  output logic [7:0]                result_o,
  output ipu_float_pkg::fp_flags_t  flags_o
);

  localparam logic [7:0] Nan     = 8'h80;
  localparam logic [6:0] Highest = 7'h7F;

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic [3:0]        zeros;
  logic [10:0]       normalised;
  logic signed [8:0] above;    // binades above the lowest normal one
  logic [3:0]        drop;     // places of a number below it
  logic [26:0]       shifted;
  logic [3:0]        kept;
  logic [7:0]        below;    // the bits under it
  logic              rest, half, sticky, away, overflow;
  logic [12:0]       summed;
  logic [9:0]        code;
  /* verilator tracing_on */

  always_comb begin
    zeros      = '0;
    normalised = '0;
    above      = '0;
    drop       = '0;
    shifted    = '0;
    kept       = '0;
    below      = '0;
    rest       = 1'b0;
    half       = 1'b0;
    sticky     = 1'b0;
    away       = 1'b0;
    summed     = '0;
    code       = '0;
    overflow   = 1'b0;
    result_o   = '0;
    flags_o    = '0;
    if (active_i) begin
      for (int unsigned i = 0; i < 11; i++) begin
        if (value_i.significand[i]) zeros = 4'd10 - i[3:0];
      end
      normalised = value_i.significand << zeros;
      // The leading one is worth 2^(exponent - 15 - zeros + scale); that of the lowest normal f8 2^-7 or 2^-15.
      above = $signed({4'b0, value_i.exponent}) - $signed({5'b0, zeros}) + $signed({{3{scale_i[5]}}, scale_i}) -
              (f143_i ? 9'sd8 : 9'sd0);
      if (above < 9'sd0) begin
        drop  = (above < -9'sd15) ? 4'd15 : 4'd0 - above[3:0];
        above = '0;
      end
      shifted = {normalised, 16'b0} >> drop;
      if (f143_i) begin
        kept  = shifted[26:23];
        below = shifted[22:15];
        rest  = shifted[14:0] != '0;
      end else begin
        kept  = {1'b0, shifted[26:24]};
        below = shifted[23:16];
        rest  = shifted[15:0] != '0;
      end
      half   = below[7];
      sticky = below[6:0] != '0 || rest;
      away = ipu_float_pkg::rounds_away(rnd_i, value_i.sign, kept[0], half, sticky);
      summed = {1'b0, kept, below} + {5'b0, random_i};
      // The codes count on from binade to binade: a carry out of one is the next one's first number.
      code     = (f143_i ? {above[6:0], 3'b0} : {1'b0, above[6:0], 2'b0}) +
                 (stochastic_i ? {5'b0, summed[12:8]} : {6'b0, kept} + {9'b0, away});
      overflow = value_i.inf || code > {3'b0, Highest};

      result_o = (code[6:0] == '0) ? 8'h00 : {value_i.sign, code[6:0]};
      if (value_i.nan) begin
        result_o    = Nan;
        flags_o.inv = 1'b1;
      end else if (value_i.zero) begin
        result_o = '0;
      end else if (overflow) begin
        result_o     = nanoo_i ? Nan : {value_i.sign, Highest};
        flags_o.oflo = 1'b1;
        flags_o.inv  = nanoo_i;
      end
    end
  end

  logic unused_bits;
  assign unused_bits = ^{summed[7:0], above[8:7]};

endmodule
