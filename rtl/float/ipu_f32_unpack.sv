// SPDX-License-Identifier: Apache-2.0
// Takes an f32 apart. Denormals read as zero.
module ipu_f32_unpack (
  input  logic [31:0]               value_i,
  output ipu_float_pkg::f32_parts_t parts_o
);

  logic fraction_zero;

  // Lanes without work have +0, which is quickly told.
  always_comb begin
    fraction_zero       = 1'b1;
    parts_o             = '0;
    parts_o.significand = 24'h800000;
    parts_o.zero        = 1'b1;
    if (value_i != '0) begin
      fraction_zero       = value_i[22:0] == '0;
      parts_o.sign        = value_i[31];
      parts_o.exponent    = value_i[30:23];
      parts_o.significand = {1'b1, value_i[22:0]};
      parts_o.zero        = value_i[30:23] == 8'h00;
      parts_o.inf         = value_i[30:23] == 8'hFF && fraction_zero;
      parts_o.nan         = value_i[30:23] == 8'hFF && !fraction_zero;
    end
  end

endmodule
