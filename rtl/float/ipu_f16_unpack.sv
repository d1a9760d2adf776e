// Takes an f16 apart. Denormals are numbers.
module ipu_f16_unpack (
  input  logic [15:0]               value_i,
  output ipu_float_pkg::f16_parts_t parts_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic denormal, top;
  /* verilator tracing_on */

  assign denormal            = value_i[14:10] == '0;
  assign top                 = value_i[14:10] == 5'h1F;
  assign parts_o.sign        = value_i[15];
  assign parts_o.exponent    = denormal ? 5'd1 : value_i[14:10];
  assign parts_o.significand = {!denormal, value_i[9:0]};
  assign parts_o.zero        = value_i[14:0] == '0;
  assign parts_o.inf         = top && value_i[9:0] == '0;
  assign parts_o.nan         = top && value_i[9:0] != '0;

endmodule
