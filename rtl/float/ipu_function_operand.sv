// SPDX-License-Identifier: Apache-2.0
// Takes an f32 or an f16 apart. f32 denormals read as zero, those of f16 are normalised.
module ipu_function_operand (
  input  logic        active_i,  // else the result is 0
  input  logic        half_i,    // the f16 in the lower half
  input  logic [31:0] value_i,
  output ipu_function_unit_pkg::operand_t operand_o
);

  logic [3:0] zeros;     // before the leading one of an f16 denormal's fraction
  logic [9:0] fraction;

  always_comb begin
    zeros     = '0;
    fraction  = '0;
    operand_o = '0;
    if (active_i && !half_i) begin
      operand_o.sign        = value_i[31];
      operand_o.exponent    = $signed({1'b0, value_i[30:23]}) - 9'sd127;
      operand_o.significand = {1'b1, value_i[22:0]};
      operand_o.zero        = value_i[30:23] == 8'h00;
      operand_o.inf         = value_i[30:23] == 8'hFF && value_i[22:0] == '0;
      operand_o.nan         = value_i[30:23] == 8'hFF && value_i[22:0] != '0;
    end else if (active_i) begin
      operand_o.sign        = value_i[15];
      operand_o.exponent    = $signed({4'b0, value_i[14:10]}) - 9'sd15;
      operand_o.significand = {1'b1, value_i[9:0], 13'b0};
      operand_o.zero        = value_i[14:0] == '0;
      operand_o.inf         = value_i[14:10] == 5'h1F && value_i[9:0] == '0;
      operand_o.nan         = value_i[14:10] == 5'h1F && value_i[9:0] != '0;
      if (value_i[14:10] == '0) begin
        zeros = 4'd10;
        for (int unsigned i = 0; i < 10; i++) begin
          if (value_i[i]) zeros = 4'd9 - i[3:0];
        end
        fraction              = value_i[9:0] << (zeros + 4'd1);
        operand_o.exponent    = -9'sd15 - $signed({5'b0, zeros});
        operand_o.significand = {1'b1, fraction, 13'b0};
      end
    end
  end

endmodule
