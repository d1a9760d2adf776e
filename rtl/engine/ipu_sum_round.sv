// SPDX-License-Identifier: Apache-2.0
// Rounds an exact sum (see ipu_dot_sum) to f32, to nearest-even, and tells the flags. Results below the normal
// range become zero.
module ipu_sum_round (
  input  logic                     active_i,   // else all outputs are 0
  input  logic signed [63:0]       value_i,
  input  logic                     sticky_i,
  input  logic signed [10:0]       exponent_i,
  input  logic                     minus_zero_i,
  input  logic                     nan_i,
  input  logic                     infinite_i,
  input  logic                     infinite_negative_i,
  output logic [31:0]              result_o,
  output ipu_float_pkg::fp_flags_t flags_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic               negative, half, away;
  logic [63:0]        m;         // magnitude, its leading one in bit 63 after all shifts
  logic [5:0]         zeros;
  logic [24:0]        rounded;
  logic signed [10:0] exponent;  // biased
  /* verilator tracing_on */

  always_comb begin
    result_o = '0;
    flags_o  = '0;
    negative = 1'b0;
    m        = '0;
    zeros    = '0;
    half     = 1'b0;
    away     = 1'b0;
    rounded  = '0;
    exponent = '0;
    if (active_i) begin
      negative = value_i[63];
      // Of a negative number with something below, the magnitude is the complement and something.
      m = negative ? ~value_i + {63'b0, !sticky_i} : value_i;
      if (m[63:32] == '0) begin
        m        = m << 32;
        zeros[5] = 1'b1;
      end
      if (m[63:48] == '0) begin
        m        = m << 16;
        zeros[4] = 1'b1;
      end
      if (m[63:56] == '0) begin
        m        = m << 8;
        zeros[3] = 1'b1;
      end
      if (m[63:60] == '0) begin
        m        = m << 4;
        zeros[2] = 1'b1;
      end
      if (m[63:62] == '0) begin
        m        = m << 2;
        zeros[1] = 1'b1;
      end
      if (!m[63]) begin
        m        = m << 1;
        zeros[0] = 1'b1;
      end
      half     = m[39];
      away     = half && (m[38:0] != '0 || sticky_i || m[40]);
      rounded  = {1'b0, m[63:40]} + {24'b0, away};
      exponent = exponent_i + 11'sd190 - $signed({5'b0, zeros}) + $signed({10'b0, rounded[24]});
      result_o = {negative, exponent[7:0], rounded[22:0]};
      if (nan_i) begin
        result_o    = ipu_float_pkg::F32_NAN;
        flags_o.inv = 1'b1;
      end else if (infinite_i) begin
        result_o = {infinite_negative_i, 8'hFF, 23'b0};
      end else if (!m[63]) begin
        result_o = {minus_zero_i, 31'b0};
      end else if (exponent < 11'sd1) begin
        result_o = {negative, 31'b0};
      end else if (exponent > 11'sd254) begin
        result_o     = {negative, 8'hFF, 23'b0};
        flags_o.oflo = 1'b1;
      end
    end
  end

  logic unused_bit;
  assign unused_bit = rounded[23];  // the leading one

endmodule
