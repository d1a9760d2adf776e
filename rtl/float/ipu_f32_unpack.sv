// Takes an f32 apart. Denormals read as zero.
module ipu_f32_unpack (
  input  logic [31:0]               value_i,
  output ipu_float_pkg::f32_parts_t parts_o
);

  logic fraction_zero;

  assign fraction_zero       = value_i[22:0] == '0;
  assign parts_o.sign        = value_i[31];
  assign parts_o.exponent    = value_i[30:23];
  assign parts_o.significand = {1'b1, value_i[22:0]};
  assign parts_o.zero        = value_i[30:23] == 8'h00;
  assign parts_o.inf         = value_i[30:23] == 8'hFF && fraction_zero;
  assign parts_o.nan         = value_i[30:23] == 8'hFF && !fraction_zero;

endmodule
