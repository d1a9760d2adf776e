// SPDX-License-Identifier: Apache-2.0
// An f8 times a power of two as a value that becomes an f16.
module ipu_f8_widen (
  input  logic                      active_i,  // else the value is 0
  input  logic [7:0]                value_i,
  input  logic                      f143_i,    // else F152
  input  logic signed [5:0]         scale_i,   // exponent of the power of two
  output ipu_float_pkg::f16_exact_t exact_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic [4:0]        exponent;  // biased; of denormals 1
  logic [3:0]        significand;
  logic signed [9:0] lowest;    // place of the last bit of the lowest numbers, in places of f16_exact_t
  /* verilator tracing_on */

  always_comb begin
    exact_o     = '0;
    exponent    = '0;
    significand = '0;
    lowest      = '0;
    if (active_i) begin
      if (f143_i) begin
        exponent    = (value_i[6:3] == '0) ? 5'd1 : {1'b0, value_i[6:3]};
        significand = {value_i[6:3] != '0, value_i[2:0]};
        lowest      = -10'sd10;
      end else begin
        exponent    = (value_i[6:2] == '0) ? 5'd1 : value_i[6:2];
        significand = {1'b0, value_i[6:2] != '0, value_i[1:0]};
        lowest      = -10'sd17;
      end
      exact_o.sign        = value_i[7];
      exact_o.exponent    = lowest + $signed({5'b0, exponent}) + 10'sd2 + $signed({{4{scale_i[5]}}, scale_i});
      exact_o.significand = {significand, 37'b0};
      exact_o.nan         = value_i == 8'h80;
      exact_o.invalid     = exact_o.nan;
    end
  end

endmodule
