// SPDX-License-Identifier: Apache-2.0
// An f32 as a value that becomes an f16: taken apart, denormals read as zero.
module ipu_f32_narrow (
  input  logic                      active_i,  // else the value is 0
  input  logic [31:0]               value_i,
  output ipu_float_pkg::f16_exact_t exact_o
);

  always_comb begin
    exact_o = '0;
    if (active_i) begin
      exact_o.sign     = value_i[31];
      exact_o.exponent = $signed({2'b0, value_i[30:23]}) - 10'sd127;
      exact_o.inf      = value_i[30:23] == 8'hFF && value_i[22:0] == '0;
      exact_o.nan      = value_i[30:23] == 8'hFF && value_i[22:0] != '0;
      exact_o.invalid  = exact_o.nan;
      if (value_i[30:23] != '0) exact_o.significand = {1'b1, value_i[22:0], 17'b0};
    end
  end

endmodule
