// f32 comparison. Denormals compare as zero, both zeros are equal.
module ipu_f32_compare (
  input  logic [31:0] a_i,
  input  logic [31:0] b_i,
  output logic        less_o,      // a < b
  output logic        equal_o,
  output logic        unordered_o  // one of them is a NaN
);

  logic a_nan, b_nan, a_zero, b_zero, both_zero;

  assign a_nan     = a_i[30:23] == 8'hFF && a_i[22:0] != '0;
  assign b_nan     = b_i[30:23] == 8'hFF && b_i[22:0] != '0;
  assign a_zero    = a_i[30:23] == 8'h00;
  assign b_zero    = b_i[30:23] == 8'h00;
  assign both_zero = a_zero && b_zero;

  assign unordered_o = a_nan || b_nan;
  assign equal_o     = !unordered_o && (both_zero || a_i == b_i);

  always_comb begin
    less_o = 1'b0;
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

endmodule
