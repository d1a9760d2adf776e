// SPDX-License-Identifier: Apache-2.0
// The exact sum of an f32 and the product of two, as what is needed to round it (see ipu_dot_sum). Denormals
// read as zero.
module ipu_fused_sum (
  input  logic               active_i,   // else all outputs are 0
  input  logic [31:0]        x_i,
  input  logic [31:0]        y_i,
  input  logic [31:0]        addend_i,

  output logic signed [63:0] value_o,
  output logic               sticky_o,
  output logic signed [10:0] exponent_o,
  output logic               minus_zero_o,
  output logic               nan_o,
  output logic               infinite_o,
  output logic               infinite_negative_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic               x_zero, y_zero, x_infinite, y_infinite, negative, addend_zero, product_infinite, addend_infinite;
  logic [47:0]        magnitude;
  logic signed [63:0] product, addend;
  logic signed [10:0] product_unit, addend_unit, up;
  logic [5:0]         down;
  /* verilator tracing_on */

  always_comb begin
    value_o             = '0;
    sticky_o            = 1'b0;
    exponent_o          = '0;
    minus_zero_o        = 1'b0;
    nan_o               = 1'b0;
    infinite_o          = 1'b0;
    infinite_negative_o = 1'b0;
    x_zero              = 1'b0;
    y_zero              = 1'b0;
    x_infinite          = 1'b0;
    y_infinite          = 1'b0;
    negative            = 1'b0;
    addend_zero         = 1'b0;
    product_infinite    = 1'b0;
    addend_infinite     = 1'b0;
    magnitude           = '0;
    product             = '0;
    addend              = '0;
    product_unit        = '0;
    addend_unit         = '0;
    up                  = '0;
    down                = '0;
    if (active_i) begin
      // ---- Specials
      x_zero           = x_i[30:23] == '0;
      y_zero           = y_i[30:23] == '0;
      addend_zero      = addend_i[30:23] == '0;
      x_infinite       = x_i[30:0] == 31'h7F80_0000;
      y_infinite       = y_i[30:0] == 31'h7F80_0000;
      addend_infinite  = addend_i[30:0] == 31'h7F80_0000;
      product_infinite = x_infinite || y_infinite;
      negative         = x_i[31] ^ y_i[31];
      nan_o            = x_i[30:0] > 31'h7F80_0000 || y_i[30:0] > 31'h7F80_0000 || addend_i[30:0] > 31'h7F80_0000 ||
                         (x_infinite && y_zero) || (x_zero && y_infinite) ||
                         (product_infinite && addend_infinite && negative != addend_i[31]);
      infinite_o          = product_infinite || addend_infinite;
      infinite_negative_o = product_infinite ? negative : addend_i[31];
      minus_zero_o        = (x_zero || y_zero) && negative && addend_zero && addend_i[31];

      // ---- Product and addend as integers of their units
      magnitude    = {24'b0, 1'b1, x_i[22:0]} * {24'b0, 1'b1, y_i[22:0]};
      product      = negative ? -$signed({16'b0, magnitude}) : $signed({16'b0, magnitude});
      addend       = addend_i[31] ? -$signed({40'b0, 1'b1, addend_i[22:0]}) : $signed({40'b0, 1'b1, addend_i[22:0]});
      product_unit = $signed({3'b0, x_i[30:23]}) + $signed({3'b0, y_i[30:23]}) - 11'sd300;
      addend_unit  = $signed({3'b0, addend_i[30:23]}) - 11'sd150;
      up           = addend_unit - product_unit;

      // ---- Sum
      if (x_zero || y_zero) begin
        value_o    = addend_zero ? '0 : addend;
        exponent_o = addend_unit;
      end else if (addend_zero) begin
        value_o    = product;
        exponent_o = product_unit;
      end else if (up >= 11'sd26) begin
        // No bits of the result lie more than one place below the addend's.
        down       = (up > 11'sd88) ? 6'd63 : up[5:0] - 6'd26;
        value_o    = (addend <<< 26) + (product >>> down);
        sticky_o   = ((product >>> down) <<< down) != product;
        exponent_o = addend_unit - 11'sd26;
      end else if (up >= 11'sd0) begin
        value_o    = (addend <<< up[4:0]) + product;
        exponent_o = product_unit;
      end else begin
        down       = (up < -11'sd63) ? 6'd63 : 6'd0 - up[5:0];
        value_o    = (product <<< 14) + ((addend <<< 14) >>> down);
        sticky_o   = (((addend <<< 14) >>> down) <<< down) != (addend <<< 14);
        exponent_o = product_unit - 11'sd14;
      end
    end
  end

endmodule
