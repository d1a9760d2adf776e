// SPDX-License-Identifier: Apache-2.0
// Element and row of an address inside tile memory. Region 0 is one element after the other; region 1 is
// pairs of elements, address bit 3 telling which of the two.
module ipu_memory_place (
  input  ipu_isa_pkg::arch_info_t arch_i,
  input  logic [20:0] address_i,
  output logic [5:0]  element_o,
  output logic [10:0] row_o
);

  // In 16 KiB from address 0. Region 1 begins at a multiple of 32 KiB, so its pairs count on from there.
  logic [6:0] element;
  logic       unused_bit;

  assign unused_bit = ^{arch_i, element[6]};

  always_comb begin
    if (address_i >= arch_i.region1_base[20:0]) begin
      element = {address_i[20:15], address_i[3]} - arch_i.memory_base[20:14];
      row_o   = address_i[14:4];
    end else begin
      element = address_i[20:14] - arch_i.memory_base[20:14];
      row_o   = address_i[13:3];
    end
    element_o = element[5:0];
  end

endmodule
