// Whether two addresses lie in one memory element. A pair of interleaved elements counts as one.
module ipu_same_element (
  input  logic [20:0] a_i,
  input  logic [20:0] b_i,
  output logic        same_o
);

  localparam logic [31:0] Region1 = ipu_isa_pkg::IPU2_REGION1_BASE;

  // Region 1 begins at a multiple of its 32 KiB pairs.
  assign same_o = a_i[20:15] == b_i[20:15] && (a_i[14] == b_i[14] || a_i >= Region1[20:0]);

  logic unused_bits;
  assign unused_bits = ^{a_i[13:0], b_i[13:0]};

endmodule
