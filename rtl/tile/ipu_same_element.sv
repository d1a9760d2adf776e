// SPDX-License-Identifier: Apache-2.0
// Whether two addresses lie in one memory element. A pair of interleaved elements counts as one.
module ipu_same_element (
  input  ipu_isa_pkg::arch_info_t arch_i,
  input  logic [20:0] a_i,
  input  logic [20:0] b_i,
  output logic        same_o
);

  // Region 1 begins at a multiple of its 32 KiB pairs.
  assign same_o = a_i[20:15] == b_i[20:15] && (a_i[14] == b_i[14] || a_i >= arch_i.region1_base[20:0]);

  logic unused_bits;
  assign unused_bits = ^{arch_i, a_i[13:0], b_i[13:0]};

endmodule
