// SPDX-License-Identifier: Apache-2.0
// The magnitude of an f32 rounded to an integer. Denormals read as zero.
module ipu_f32_to_integer (
  input  logic                      active_i,  // else all outputs are 0
  input  ipu_float_pkg::f32_parts_t value_i,
  input  logic [2:0]                rnd_i,
  output logic [31:0]               magnitude_o,
  output logic                      beyond_o,  // 2^32 or more, infinities too: the magnitude means nothing
  output logic                      whole_o    // it was an integer, of any size: 2^23 or more
);

  // Exponents, biased, of the least numbers without a fraction and of those beyond 32 bits.
  localparam logic [7:0] Whole  = 8'd150;
  localparam logic [7:0] Beyond = 8'd159;

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic [7:0]  drop;
  logic [49:0] shifted;  // 24 bits of the integer over what is dropped
  logic        half, sticky, away;
  /* verilator tracing_on */

  always_comb begin
    magnitude_o = '0;
    beyond_o    = 1'b0;
    whole_o     = 1'b0;
    drop        = '0;
    shifted     = '0;
    half        = 1'b0;
    sticky      = 1'b0;
    away        = 1'b0;
    if (active_i && !value_i.zero) begin
      beyond_o = value_i.exponent >= Beyond;
      whole_o  = value_i.exponent >= Whole;
      if (whole_o) begin
        magnitude_o = {8'b0, value_i.significand} << (value_i.exponent[3:0] - Whole[3:0]);
      end else begin
        // Further down all of it is sticky.
        drop    = Whole - value_i.exponent;
        shifted = {value_i.significand, 26'b0} >> ((drop > 8'd26) ? 8'd26 : drop);
        half    = shifted[25];
        sticky  = shifted[24:0] != '0;
        away = ipu_float_pkg::rounds_away(rnd_i, value_i.sign, shifted[26], half, sticky);
        magnitude_o = {8'b0, shifted[49:26]} + {31'b0, away};
      end
    end
  end

  logic unused_parts;
  assign unused_parts = ^{value_i.inf, value_i.nan};

endmodule
