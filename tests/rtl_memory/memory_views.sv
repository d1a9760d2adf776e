// SPDX-License-Identifier: Apache-2.0
// Both views of the tile memory side by side, with the same inputs. The simulation has memory enough for every size.
module memory_views #(
  parameter int unsigned Elements      = 39,
  parameter int unsigned FetchElements = 13
) (
  input  logic         clk_i,
  input  logic [2:0]   arch_i,
  input  logic [1:0]   fetch_en_i,
  input  logic [20:0]  fetch_addr_i,
  input  logic         load_en_i,
  input  logic         load_wide_i,
  input  logic [20:0]  load_addr_i,
  input  logic         second_en_i,
  input  logic [20:0]  second_addr_i,
  input  logic [1:0]   store_en_i,
  input  logic [20:0]  store_addr_i,
  input  logic [63:0]  store_data_i,
  input  logic         send_en_i,
  input  logic [20:0]  send_addr_i,
  input  logic [1:0]   receive_en_i,
  input  logic [20:0]  receive_addr_i,
  input  logic [63:0]  receive_data_i,

  // Bit 0: as arrays, bit 1: as elements.
  output logic [63:0]  fetch_o [2],
  output logic [63:0]  load_o [2],
  output logic [63:0]  upper_o [2],
  output logic [63:0]  second_o [2],
  output logic [63:0]  send_o [2]
);

  ipu_isa_pkg::arch_info_t arch;
  assign arch = ipu_isa_pkg::arch_info(arch_i);

  ipu_tile_memory u_arrays (
    .clk_i, .arch_i(arch), .fetch_en_i, .fetch_addr_i, .fetch_data_o(fetch_o[0]), .fetch_replace_i(2'b00),
    .fetch_row_i('0), .load_en_i, .load_wide_i, .load_addr_i, .load_data_o({upper_o[0], load_o[0]}), .second_en_i,
    .second_addr_i, .second_data_o(second_o[0]), .store_en_i, .store_addr_i, .store_data_i, .send_en_i, .send_addr_i,
    .send_data_o(send_o[0]), .receive_en_i, .receive_addr_i, .receive_data_i);

  ipu_memory_macros #(.Elements(Elements), .FetchElements(FetchElements)) u_elements (
    .clk_i, .arch_i(arch), .fetch_en_i, .fetch_addr_i, .fetch_data_o(fetch_o[1]), .load_en_i, .load_wide_i,
    .load_addr_i, .load_data_o({upper_o[1], load_o[1]}), .second_en_i, .second_addr_i, .second_data_o(second_o[1]),
    .store_en_i, .store_addr_i, .store_data_i, .send_en_i, .send_addr_i, .send_data_o(send_o[1]), .receive_en_i,
    .receive_addr_i, .receive_data_i);

endmodule
