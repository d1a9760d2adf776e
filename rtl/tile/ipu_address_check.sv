// SPDX-License-Identifier: Apache-2.0
// Whether the accesses of an instruction lie in memory, in the right region, at multiples of their sizes, and in
// different memory elements. The gravest fault counts, of equals that of the first access.
module ipu_address_check (
  input  ipu_isa_pkg::arch_info_t arch_i,
  input  logic [2:0]            used_i,     // first load, second load, store; in this order from bit 0
  input  ipu_tile_pkg::size_e   size_i,     // of the first load and of the store
  input  ipu_tile_pkg::size_e   second_size_i,
  input  logic [31:0]           first_i,
  input  logic [31:0]           second_i,
  input  logic [31:0]           store_i,
  output ipu_tile_pkg::cause_e  cause_o,
  output logic [31:0]           address_o   // of the access at fault
);

  function automatic logic outside(input logic [31:0] address, input ipu_tile_pkg::size_e size,
                                   input logic [31:0] base, input logic [31:0] last);
    outside = address < base || address > last - (32'd1 << size);
  endfunction

  function automatic logic misaligned(input logic [3:0] address, input ipu_tile_pkg::size_e size);
    misaligned = (address & ((4'd1 << size) - 4'd1)) != '0;
  endfunction

  // Of address bits 20:14 and 3, both in memory. Region 1 begins at a multiple of its 32 KiB pairs; in it bit 3 tells
  // the elements apart.
  function automatic logic conflict(input logic [7:0] a, input logic [7:0] b, input logic [5:0] region1);
    conflict = a[7:2] == b[7:2] && ((a[7:2] >= region1) ? a[0] == b[0] : a[1] == b[1]);
  endfunction

  logic [7:0] first_place, second_place, store_place;
  assign first_place  = {first_i[20:14], first_i[3]};
  assign second_place = {second_i[20:14], second_i[3]};
  assign store_place  = {store_i[20:14], store_i[3]};

  logic [2:0] is_outside, is_misaligned;
  logic [1:0] at_fault;                     // else the store is
  logic       wrong_region, second_conflicts, store_conflicts;

  always_comb begin
    is_outside       = '0;
    is_misaligned    = '0;
    wrong_region     = 1'b0;
    second_conflicts = 1'b0;
    store_conflicts  = 1'b0;
    if (used_i[0]) begin
      is_outside[0]    = outside(first_i, size_i, arch_i.memory_base, arch_i.memory_end);
      is_misaligned[0] = misaligned(first_i[3:0], size_i);
      wrong_region     = size_i == ipu_tile_pkg::SIZE_128 && first_i < arch_i.region1_base;
    end
    if (used_i[1]) begin
      is_outside[1]    = outside(second_i, second_size_i, arch_i.memory_base, arch_i.memory_end);
      is_misaligned[1] = misaligned(second_i[3:0], second_size_i);
      second_conflicts = conflict(second_place, first_place, arch_i.region1_base[20:15]);
    end
    if (used_i[2]) begin
      is_outside[2]    = outside(store_i, size_i, arch_i.memory_base, arch_i.memory_end);
      is_misaligned[2] = misaligned(store_i[3:0], size_i);
      store_conflicts  = (used_i[0] && conflict(store_place, first_place, arch_i.region1_base[20:15])) ||
                         (used_i[1] && conflict(store_place, second_place, arch_i.region1_base[20:15]));
    end
  end

  always_comb begin
    cause_o  = ipu_tile_pkg::CAUSE_NONE;
    at_fault = 2'b01;
    if (is_outside != '0) begin
      cause_o  = ipu_tile_pkg::CAUSE_INVALID_ADDRESS;
      at_fault = is_outside[1:0];
    end else if (wrong_region) begin
      cause_o  = ipu_tile_pkg::CAUSE_INVALID_REGION;
    end else if (is_misaligned != '0) begin
      cause_o  = ipu_tile_pkg::CAUSE_MISALIGNED_ADDRESS;
      at_fault = is_misaligned[1:0];
    end else if (second_conflicts || store_conflicts) begin
      cause_o  = ipu_tile_pkg::CAUSE_ELEMENT_CONFLICT;
      at_fault = second_conflicts ? 2'b10 : 2'b00;
    end
    address_o = store_i;
    if (at_fault[1]) address_o = second_i;
    if (at_fault[0]) address_o = first_i;
  end

  logic unused_arch;
  assign unused_arch = ^arch_i;

endmodule
