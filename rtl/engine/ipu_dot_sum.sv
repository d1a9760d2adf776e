// SPDX-License-Identifier: Apache-2.0
// The exact sum of an f32 and up to four products of f16 numbers, or eight of f8 numbers times a power of two, as what is
// needed to round it:
//   (value + something in [0, 1) if sticky) * 2^exponent
//
// Products are multiples of 2^-48 below 2^32, times the power of two. They are added in two halves of a carry-save number in that unit,
// total * 2^32 + low, with no carry in between until the end. An addend that begins outside of that range is
// aligned to the result instead, or the result to it; what then lies too far below only counts as sticky.
module ipu_dot_sum (
  input  logic                  active_i,   // else all outputs are 0
  input  logic [3:0]            terms_i,    // products that count
  input  ipu_engine_pkg::half_t x0_i,
  input  ipu_engine_pkg::half_t x1_i,
  input  ipu_engine_pkg::half_t x2_i,
  input  ipu_engine_pkg::half_t x3_i,
  input  ipu_engine_pkg::half_t x4_i,       // f8 only, as the next three
  input  ipu_engine_pkg::half_t x5_i,
  input  ipu_engine_pkg::half_t x6_i,
  input  ipu_engine_pkg::half_t x7_i,
  input  logic [63:0]           w_i,        // four f16 or eight f8
  input  logic                  quarters_i, // f8; all eight count
  input  logic                  f143_i,     // the format of w_i's
  input  logic signed [5:0]     scale_i,    // of f8: exponent of the power of two
  input  logic [31:0]           addend_i,   // f32

  output logic signed [63:0]    value_o,
  output logic                  sticky_o,
  output logic signed [10:0]    exponent_o,
  output logic                  minus_zero_o,  // every term is -0
  output logic                  nan_o,
  output logic                  infinite_o     // the addend is, and gives the sign
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  ipu_engine_pkg::half_t x, w;
  logic [15:0]        bits;
  logic [21:0]        product;
  logic               negative;
  logic [5:0]         position;
  logic signed [63:0] term, low, high, total, addend;
  logic signed [10:0] unit;  // of the products
  logic signed [10:0] up;    // unit of the addend, in units of the products
  logic [5:0]         down;
  logic               cancels;

  logic [143:0] quarters;  // w_i's f8 taken apart, half_t each
  for (genvar k = 0; k < 8; k++) begin : gen_quarter
    assign quarters[18*k +: 18] = quarters_i ? ipu_engine_pkg::quarter_parts(w_i[8*k +: 8], f143_i) : '0;
  end
  /* verilator tracing_on */

  always_comb begin
    value_o      = '0;
    sticky_o     = 1'b0;
    exponent_o   = '0;
    minus_zero_o = 1'b0;
    nan_o        = 1'b0;
    infinite_o   = 1'b0;
    x            = '0;
    w            = '0;
    bits         = '0;
    product      = '0;
    negative     = 1'b0;
    position     = '0;
    term         = '0;
    low          = '0;
    high         = '0;
    total        = '0;
    addend       = '0;
    up           = '0;
    unit         = '0;
    down         = '0;
    cancels        = 1'b0;
    if (active_i) begin
      // ---- Products
      minus_zero_o = 1'b1;
      for (int unsigned k = 0; k < 4; k++) begin
        x        = (k == 0) ? x0_i : (k == 1) ? x1_i : (k == 2) ? x2_i : x3_i;
        bits     = w_i[16*k +: 16];
        w        = {&bits[14:10], bits[15], bits[14:10] - {4'b0, |bits[14:10]}, |bits[14:10], bits[9:0]};
        if (quarters_i) w = quarters[18*k +: 18];
        product  = {11'b0, x.significand} * {11'b0, w.significand};
        negative = x.negative ^ w.negative;
        position = {1'b0, x.position} + {1'b0, w.position};
        term     = negative ? -$signed({42'b0, product}) : $signed({42'b0, product});
        if (terms_i[k]) begin
          if (position[5]) high = high + (term <<< position[4:0]);
          else             low  = low + (term <<< position[4:0]);
          nan_o        = nan_o | x.special | w.special;
          minus_zero_o = minus_zero_o & negative & (product == '0);
        end
      end
      if (quarters_i) begin
        for (int unsigned k = 4; k < 8; k++) begin
          x        = (k == 4) ? x4_i : (k == 5) ? x5_i : (k == 6) ? x6_i : x7_i;
          w        = quarters[18*k +: 18];
          product  = {{4'b0, x.significand[10:7]} * {4'b0, w.significand[10:7]}, 14'b0};
          negative = x.negative ^ w.negative;
          position = {1'b0, x.position} + {1'b0, w.position};
          term     = negative ? -$signed({42'b0, product}) : $signed({42'b0, product});
          if (position[5]) high = high + (term <<< position[4:0]);
          else             low  = low + (term <<< position[4:0]);
          nan_o        = nan_o | x.special | w.special;
          minus_zero_o = minus_zero_o & negative & (product == '0);
        end
      end

      // ---- Addend
      unit         = -11'sd48;
      if (quarters_i) unit = $signed({{5{scale_i[5]}}, scale_i}) - 11'sd48;
      up           = $signed({3'b0, addend_i[30:23]}) - 11'sd150 - unit;
      addend       = addend_i[31] ? -$signed({40'b0, 1'b1, addend_i[22:0]}) : $signed({40'b0, 1'b1, addend_i[22:0]});
      exponent_o   = unit;
      minus_zero_o = minus_zero_o & addend_i[31] & (addend_i[30:23] == '0);
      if (addend_i[30:23] == 8'hFF) begin
        nan_o      = nan_o | (addend_i[22:0] != '0);
        infinite_o = addend_i[22:0] == '0;
      end
      if (addend_i[30:23] == '0) addend = '0;
      else if (up[10:5] == 6'd0) low = low + (addend <<< up[4:0]);
      else if (up[10:5] == 6'd1) high = high + (addend <<< up[4:0]);

      // ---- Sum
      total = high + (low >>> 32);
      if (up < 11'sd0 && addend != '0) begin
        // The addend begins below the products.
        down  = (up < -11'sd63) ? 6'd63 : 6'd0 - up[5:0];
        cancels = (total == '0 || total == '1) && total[0] == low[31] && low[31] == low[30];
        if (total == '0 && low[31:0] == '0) begin
          value_o    = addend;
          exponent_o = up + unit;
        end else if (cancels) begin
          value_o    = ($signed({{32{low[31]}}, low[31:0]}) <<< 32) + ((addend <<< 32) >>> down);
          sticky_o   = (((addend <<< 32) >>> down) <<< down) != (addend <<< 32);
          exponent_o = unit - 11'sd32;
        end else begin
          sticky_o = ((addend >>> down) <<< down) != addend;
          low      = $signed({32'b0, low[31:0]}) + (addend >>> down);
          total    = total + (low >>> 32);
        end
      end
      if (up > 11'sd63) begin
        // The addend lies above all products, or is not finite.
        down       = (up > 11'sd127) ? 6'd63 : up[5:0];
        value_o    = (addend <<< 32) + (total >>> down);
        sticky_o   = low[31:0] != '0 || ((total >>> down) <<< down) != total;
        exponent_o = up + unit - 11'sd32;
      end else if (exponent_o == unit) begin
        if ($signed({{32{total[31]}}, total[31:0]}) == total) begin
          value_o = {total[31:0], low[31:0]};
        end else begin
          value_o    = total;
          sticky_o   = sticky_o | (low[31:0] != '0);
          exponent_o = unit + 11'sd32;
        end
      end
    end
  end

endmodule
