// SPDX-License-Identifier: Apache-2.0
// f16 comparison. Denormals are numbers, both zeros are equal.
module ipu_f16_compare (
  input  logic        active_i,    // else all outputs are 0
  input  logic [15:0] a_i,
  input  logic [15:0] b_i,
  output logic        less_o,      // a < b
  output logic        equal_o,
  output logic        unordered_o  // one of them is a NaN
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic both_zero, magnitude_less;
  /* verilator tracing_on */

  always_comb begin
    both_zero      = 1'b0;
    magnitude_less = 1'b0;
    less_o         = 1'b0;
    equal_o        = 1'b0;
    unordered_o    = 1'b0;
    if (active_i) begin
      both_zero      = a_i[14:0] == '0 && b_i[14:0] == '0;
      magnitude_less = a_i[14:0] < b_i[14:0];
      unordered_o    = a_i[14:0] > 15'h7C00 || b_i[14:0] > 15'h7C00;
      equal_o        = !unordered_o && (both_zero || a_i == b_i);
      if (!unordered_o && !equal_o) begin
        // Of one sign and not equal: below zero the larger magnitude is less.
        less_o = (a_i[15] != b_i[15]) ? a_i[15] : magnitude_less ^ a_i[15];
      end
    end
  end

endmodule
