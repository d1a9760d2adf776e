// SPDX-License-Identifier: Apache-2.0
// Takes an f16 apart. Denormals are numbers.
module ipu_f16_unpack (
  input  logic [15:0]               value_i,
  output ipu_float_pkg::f16_parts_t parts_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic denormal, top;
  /* verilator tracing_on */

  // Lanes without work have +0, which is quickly told.
  always_comb begin
    denormal         = 1'b1;
    top              = 1'b0;
    parts_o          = '0;
    parts_o.exponent = 5'd1;
    parts_o.zero     = 1'b1;
    if (value_i != '0) begin
      denormal            = value_i[14:10] == '0;
      top                 = value_i[14:10] == 5'h1F;
      parts_o.sign        = value_i[15];
      parts_o.exponent    = denormal ? 5'd1 : value_i[14:10];
      parts_o.significand = {!denormal, value_i[9:0]};
      parts_o.zero        = value_i[14:0] == '0;
      parts_o.inf         = top && value_i[9:0] == '0;
      parts_o.nan         = top && value_i[9:0] != '0;
    end
  end

endmodule
