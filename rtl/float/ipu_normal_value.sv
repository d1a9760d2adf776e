// SPDX-License-Identifier: Apache-2.0
// An approximately normal value from a random word: the sum of its twelve lowest 5-bit fields, less the mean 186, over 32.
// Exact in f16 and f32.
module ipu_normal_value (
  input  logic        active_i,  // else all outputs are 0
  input  logic [63:0] word_i,
  output logic [31:0] single_o,
  output logic [15:0] half_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic [8:0] sum;
  logic [7:0] magnitude, normalised;
  logic [2:0] zeros;
  logic       negative;
  /* verilator tracing_on */

  always_comb begin
    sum        = '0;
    magnitude  = '0;
    normalised = '0;
    zeros      = '0;
    negative   = 1'b0;
    single_o   = '0;
    half_o     = '0;
    if (active_i) begin
      for (int unsigned i = 0; i < 12; i++) sum = sum + {4'b0, word_i[5*i +: 5]};
      negative  = sum < 9'd186;
      magnitude = negative ? 8'd186 - sum[7:0] : sum[7:0] - 8'd186;
      for (int unsigned i = 0; i < 8; i++) begin
        if (magnitude[i]) zeros = 3'd7 - i[2:0];
      end
      normalised = magnitude << zeros;
      if (magnitude != '0) begin
        // 2^(7 - 5 - zeros)
        single_o = {negative, 8'd129 - {5'b0, zeros}, normalised[6:0], 16'b0};
        half_o   = {negative, 5'd17 - {2'b0, zeros}, normalised[6:0], 3'b0};
      end
    end
  end

  logic unused_bits;
  assign unused_bits = ^{word_i[63:60], normalised[7]};  // the leading one

endmodule
