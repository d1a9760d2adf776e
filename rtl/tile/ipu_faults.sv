// SPDX-License-Identifier: Apache-2.0
// The architectural type of a fault, and whether a data address belongs to it.
module ipu_faults (
  input  ipu_tile_pkg::cause_e cause_i,
  input  logic                trap_number_i,
  output ipu_tile_pkg::etype_e etype_o,
  output logic                has_address_o
);

  assign etype_o       = ipu_tile_pkg::cause_type(cause_i, trap_number_i);
  assign has_address_o = ipu_tile_pkg::cause_has_address(cause_i);

endmodule
