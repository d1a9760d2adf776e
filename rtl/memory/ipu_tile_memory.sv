// SPDX-License-Identifier: Apache-2.0
// Tile memory: elements of 64-bit rows, each an array of its own. Every port reads what the cycles before
// have written; a received word wins over a store to the same place in the same cycle.
//
// In silicon an element has one port: two users in one cycle are an error of the program (an exchange
// hazard) or kept apart by the barrel. Here every user has a port, so that a reported hazard does not
// change data. All addresses must lie in memory.
module ipu_tile_memory #(
  parameter int unsigned Elements = 39  // of 16 KiB: ipu2 and ipu21 have 39, ipu1 16
) (
  input  logic         clk_i,
  input  ipu_isa_pkg::arch_info_t arch_i,

  // Two words from the address on: each half of a row from the row that holds its word.
  input  logic [1:0]   fetch_en_i /* verilator public_flat_rd */,  // one per 32-bit half of a row
  input  logic [20:0]  fetch_addr_i /* verilator public_flat_rd */,
  output logic [63:0]  fetch_data_o,
  input  logic [1:0]   fetch_replace_i,  // simulation: the halves as a fetch in moving time would have found them
  input  logic [63:0]  fetch_row_i,

  input  logic         load_en_i,
  input  logic         load_wide_i,  // 16 bytes, in region 1
  input  logic [20:0]  load_addr_i,
  output logic [127:0] load_data_o,

  input  logic         second_en_i,  // of the same instruction, in another element
  input  logic [20:0]  second_addr_i,
  output logic [63:0]  second_data_o,

  input  logic [1:0]   store_en_i /* verilator public_flat_rd */,  // one per 32-bit half of the row
  input  logic [20:0]  store_addr_i /* verilator public_flat_rd */,
  input  logic [63:0]  store_data_i,

  input  logic         send_en_i,
  input  logic [20:0]  send_addr_i,
  output logic [63:0]  send_data_o,

  input  logic [1:0]   receive_en_i /* verilator public_flat_rd */,  // one per 32-bit half of the row
  input  logic [20:0]  receive_addr_i /* verilator public_flat_rd */,
  input  logic [63:0]  receive_data_i
);

  logic [63:0] rows_q [Elements][2048] /* verilator public_flat_rw */;

  logic [5:0]  even_element, odd_element, load_element, second_element, store_element, send_element, receive_element;
  logic [10:0] even_row, odd_row, load_row, second_row, store_row, send_row, receive_row;
  logic [20:0] even_addr;

  // From an odd word on, the even one is the next row's, which may lie in the next element.
  assign even_addr = fetch_addr_i + 21'd4;

  ipu_memory_place u_even (.arch_i, .address_i(even_addr), .element_o(even_element), .row_o(even_row));
  ipu_memory_place u_odd (.arch_i, .address_i(fetch_addr_i), .element_o(odd_element), .row_o(odd_row));
  ipu_memory_place u_load (.arch_i, .address_i(load_addr_i), .element_o(load_element), .row_o(load_row));
  ipu_memory_place u_second (.arch_i, .address_i(second_addr_i), .element_o(second_element), .row_o(second_row));
  ipu_memory_place u_store (.arch_i, .address_i(store_addr_i), .element_o(store_element), .row_o(store_row));
  ipu_memory_place u_send (.arch_i, .address_i(send_addr_i), .element_o(send_element), .row_o(send_row));
  ipu_memory_place u_receive (.arch_i, .address_i(receive_addr_i), .element_o(receive_element), .row_o(receive_row));

  always_ff @(posedge clk_i) begin
    if (fetch_en_i[0])
      fetch_data_o[31:0] <= fetch_replace_i[0] ? fetch_row_i[31:0] : rows_q[even_element][even_row][31:0];
    if (fetch_en_i[1])
      fetch_data_o[63:32] <= fetch_replace_i[1] ? fetch_row_i[63:32] : rows_q[odd_element][odd_row][63:32];
  end

  // The upper half of a wide load is in the other element of the pair.
  always_ff @(posedge clk_i) begin
    if (load_en_i) begin
      load_data_o[63:0] <= rows_q[load_element][load_row];
      if (load_wide_i) load_data_o[127:64] <= rows_q[load_element + 6'd1][load_row];
    end
  end

  always_ff @(posedge clk_i) begin
    if (second_en_i) second_data_o <= rows_q[second_element][second_row];
  end

  always_ff @(posedge clk_i) begin
    if (send_en_i) send_data_o <= rows_q[send_element][send_row];
  end

  always_ff @(posedge clk_i) begin
    if (store_en_i[0]) rows_q[store_element][store_row][31:0] <= store_data_i[31:0];
    if (store_en_i[1]) rows_q[store_element][store_row][63:32] <= store_data_i[63:32];
    if (receive_en_i[0]) rows_q[receive_element][receive_row][31:0] <= receive_data_i[31:0];
    if (receive_en_i[1]) rows_q[receive_element][receive_row][63:32] <= receive_data_i[63:32];
  end

endmodule
