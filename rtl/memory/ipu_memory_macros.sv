// SPDX-License-Identifier: Apache-2.0
// Tile memory for silicon: ipu_tile_memory made of one-port elements. The interface is the same, without what only a
// simulation needs.
//
// In a cycle an element serves one of its users, in this order: received word, store, load, send. What a user that
// goes without gets is not told: a write is lost, a read shows whatever the element shows. This can be:
//   - received word and any other: a hazard, which the tile reports (docs/timing.md, 6);
//   - a load or store of the supervisor and the send of its own stream: no documented error, and not reported.
// Accesses of one instruction never meet: they would have excepted. Fetch has a port of its own in the elements that
// can hold code, those of region 0.
module ipu_memory_macros #(
  parameter int unsigned Elements      = 39,  // of 16 KiB: ipu2 and ipu21 have 39, ipu1 16
  parameter int unsigned FetchElements = 13   // the first ones: of ipu2 and ipu21 13, of ipu1 8
) (
  input  logic         clk_i,
  input  ipu_isa_pkg::arch_info_t arch_i,

  input  logic [1:0]   fetch_en_i,     // one per 32-bit half of a row, see ipu_tile_memory
  input  logic [20:0]  fetch_addr_i,
  output logic [63:0]  fetch_data_o,

  input  logic         load_en_i,
  input  logic         load_wide_i,    // 16 bytes, in region 1
  input  logic [20:0]  load_addr_i,
  output logic [127:0] load_data_o,

  input  logic         second_en_i,
  input  logic [20:0]  second_addr_i,
  output logic [63:0]  second_data_o,

  input  logic [1:0]   store_en_i,     // one per 32-bit half of the row
  input  logic [20:0]  store_addr_i,
  input  logic [63:0]  store_data_i,

  input  logic         send_en_i,
  input  logic [20:0]  send_addr_i,
  output logic [63:0]  send_data_o,

  input  logic [1:0]   receive_en_i,   // one per 32-bit half of the row
  input  logic [20:0]  receive_addr_i,
  input  logic [63:0]  receive_data_i
);

  logic [5:0]  even_element, odd_element, load_element, second_element, store_element, send_element, receive_element;
  logic [10:0] even_row, odd_row, load_row, second_row, store_row, send_row, receive_row;
  logic [20:0] even_addr;

  assign even_addr = fetch_addr_i + 21'd4;

  ipu_memory_place u_even (.arch_i, .address_i(even_addr), .element_o(even_element), .row_o(even_row));
  ipu_memory_place u_odd (.arch_i, .address_i(fetch_addr_i), .element_o(odd_element), .row_o(odd_row));
  ipu_memory_place u_load (.arch_i, .address_i(load_addr_i), .element_o(load_element), .row_o(load_row));
  ipu_memory_place u_second (.arch_i, .address_i(second_addr_i), .element_o(second_element), .row_o(second_row));
  ipu_memory_place u_store (.arch_i, .address_i(store_addr_i), .element_o(store_element), .row_o(store_row));
  ipu_memory_place u_send (.arch_i, .address_i(send_addr_i), .element_o(send_element), .row_o(send_row));
  ipu_memory_place u_receive (.arch_i, .address_i(receive_addr_i), .element_o(receive_element), .row_o(receive_row));

  // ---- Who wants which element; the upper half of a wide load is in the other one of the pair

  logic [Elements-1:0]    even, odd, load, upper, second, store, send, receive;
  logic [64*Elements-1:0] rows;
  logic [32*Elements-1:0] even_words, odd_words;
  logic [5:0]             upper_element;

  assign upper_element = load_element + 6'd1;

  always_comb begin
    for (int unsigned e = 0; e < Elements; e++) begin
      even[e]    = fetch_en_i[0] && even_element == e[5:0];
      odd[e]     = fetch_en_i[1] && odd_element == e[5:0];
      load[e]    = load_en_i && load_element == e[5:0];
      upper[e]   = load_en_i && load_wide_i && upper_element == e[5:0];
      second[e]  = second_en_i && second_element == e[5:0];
      store[e]   = store_en_i != '0 && store_element == e[5:0];
      send[e]    = send_en_i && send_element == e[5:0];
      receive[e] = receive_en_i != '0 && receive_element == e[5:0];
    end
  end

  ipu_element_answer #(.Elements(Elements), .Bits(32)) u_even_fetched (
    .clk_i, .selects_i(even), .rows_i(even_words), .data_o(fetch_data_o[31:0]));
  ipu_element_answer #(.Elements(Elements), .Bits(32)) u_odd_fetched (
    .clk_i, .selects_i(odd), .rows_i(odd_words), .data_o(fetch_data_o[63:32]));
  ipu_element_answer #(.Elements(Elements)) u_loaded (
    .clk_i, .selects_i(load), .rows_i(rows), .data_o(load_data_o[63:0]));
  ipu_element_answer #(.Elements(Elements)) u_upper (
    .clk_i, .selects_i(upper), .rows_i(rows), .data_o(load_data_o[127:64]));
  ipu_element_answer #(.Elements(Elements)) u_second_loaded (
    .clk_i, .selects_i(second), .rows_i(rows), .data_o(second_data_o));
  ipu_element_answer #(.Elements(Elements)) u_sent (
    .clk_i, .selects_i(send), .rows_i(rows), .data_o(send_data_o));

  // ---- The elements

  for (genvar e = 0; e < Elements; e++) begin : gen_element
    logic [1:0]  write;
    logic [10:0] row;
    logic [63:0] data;

    always_comb begin
      write = '0;
      row   = send_row;
      data  = store_data_i;
      if (receive[e]) begin
        write = receive_en_i;
        row   = receive_row;
        data  = receive_data_i;
      end else if (store[e]) begin
        write = store_en_i;
        row   = store_row;
      end else if (load[e] || upper[e]) begin
        row = load_row;
      end else if (second[e]) begin
        row = second_row;
      end
    end

    ipu_memory_element #(.HasFetch(e < FetchElements)) u_element (
      .clk_i, .en_i(receive[e] || store[e] || load[e] || upper[e] || second[e] || send[e]), .write_i(write),
      .row_i(row), .data_i(data), .data_o(rows[64*e +: 64]), .fetch_en_i({odd[e], even[e]}),
      .fetch_even_row_i(even_row), .fetch_odd_row_i(odd_row), .fetch_even_o(even_words[32*e +: 32]),
      .fetch_odd_o(odd_words[32*e +: 32]));

`ifndef SYNTHESIS
    // Accesses of one instruction: not two in one element.
    always_ff @(posedge clk_i) begin
      assert ({1'b0, load[e] || upper[e]} + {1'b0, second[e]} + {1'b0, store[e]} <= 2'd1)
        else $error("an instruction uses an element twice");
      assert (!(even[e] || odd[e]) || e < FetchElements) else $error("fetch from an element without a port for it");
    end
`endif
  end

endmodule
