// SPDX-License-Identifier: Apache-2.0
// A magnitude of 32 bits, times a power of two, as an f32 that is still to be rounded.
module ipu_integer_to_f32 #(
  parameter logic signed [9:0] SCALE = 10'sd0  // exponent of the power of two
) (
  input  logic                          active_i,  // else all outputs are 0
  input  logic                          negative_i,
  input  logic [31:0]                   magnitude_i,
  output ipu_float_pkg::f32_unrounded_t value_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic [4:0]  zeros;
  logic [31:0] normalised;
  /* verilator tracing_on */

  always_comb begin
    value_o    = '0;
    zeros      = '0;
    normalised = '0;
    if (active_i) begin
      for (int unsigned i = 0; i < 32; i++) begin
        if (magnitude_i[i]) zeros = 5'd31 - i[4:0];
      end
      normalised          = magnitude_i << zeros;
      value_o.sign        = negative_i;
      value_o.zero        = magnitude_i == '0;
      value_o.exponent    = 10'sd158 + SCALE - $signed({5'b0, zeros});
      value_o.significand = {normalised[31:7], normalised[6:0] != '0};
    end
  end

endmodule
