// SPDX-License-Identifier: Apache-2.0
// f32 comparison. Denormals compare as zero, both zeros are equal.
module ipu_f32_compare (
  input  logic        active_i,    // else all outputs are 0
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic        less_o,      // a < b
  output logic        equal_o,
  output logic        unordered_o  // one of them is a NaN
);

  logic a_nan, b_nan, a_zero, b_zero, both_zero;

  always_comb begin
    a_nan       = 1'b0;
    b_nan       = 1'b0;
    a_zero      = 1'b0;
    b_zero      = 1'b0;
    both_zero   = 1'b0;
    less_o      = 1'b0;
    equal_o     = 1'b0;
    unordered_o = 1'b0;
    if (active_i) begin
      a_nan       = a_i[30:23] == 8'hFF && a_i[22:0] != '0;
      b_nan       = b_i[30:23] == 8'hFF && b_i[22:0] != '0;
      a_zero      = a_i[30:23] == 8'h00;
      b_zero      = b_i[30:23] == 8'h00;
      both_zero   = a_zero && b_zero;
      unordered_o = a_nan || b_nan;
      equal_o     = !unordered_o && (both_zero || a_i == b_i);
      if (!unordered_o && !both_zero) begin
        if (a_i[31] != b_i[31]) begin
          less_o = a_i[31];
        end else if (a_zero || b_zero) begin
          // Same sign, one of them zero: the other one is the larger in magnitude.
          less_o = a_zero ^ a_i[31];
        end else begin
          less_o = a_i[31] ? a_i[30:0] > b_i[30:0] : a_i[30:0] < b_i[30:0];
        end
      end
    end
  end

endmodule
