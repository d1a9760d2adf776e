// SPDX-License-Identifier: Apache-2.0
// One memory element: rows of 64 bits behind one port that reads or writes. Its array is what a memory compiler
// replaces by a macro. An element that holds code has a second port, which only reads: fetch goes on in every
// cycle, and code may lie beside data that the same cycle loads or stores. Its even and its odd words are macros of
// their own, each with an address for fetch, so that a bundle may begin at an odd word and end in the next row.
module ipu_memory_element #(
  parameter bit          HasFetch = 1'b0,
  parameter int unsigned Rows     = 2048
) (
  input  logic                    clk_i,

  input  logic                    en_i,
  input  logic [1:0]              write_i,  // one per 32-bit half of the row; neither: read
  input  logic [$clog2(Rows)-1:0] row_i,
  input  logic [63:0]             data_i,
  output logic [63:0]             data_o,   // of the last read

  input  logic [1:0]              fetch_en_i,  // one per 32-bit half
  input  logic [$clog2(Rows)-1:0] fetch_even_row_i,
  input  logic [$clog2(Rows)-1:0] fetch_odd_row_i,
  output logic [31:0]             fetch_even_o,
  output logic [31:0]             fetch_odd_o
);

  if (HasFetch) begin : gen_code
    logic [31:0] even_q [Rows];
    logic [31:0] odd_q [Rows];

    always_ff @(posedge clk_i) begin
      if (en_i && write_i[0]) even_q[row_i] <= data_i[31:0];
      if (en_i && write_i[1]) odd_q[row_i] <= data_i[63:32];
      if (en_i && write_i == '0) data_o <= {odd_q[row_i], even_q[row_i]};
    end

    always_ff @(posedge clk_i) begin
      if (fetch_en_i[0]) fetch_even_o <= even_q[fetch_even_row_i];
      if (fetch_en_i[1]) fetch_odd_o <= odd_q[fetch_odd_row_i];
    end
  end else begin : gen_data
    logic [63:0] rows_q [Rows];
    logic        unused_fetch;

    always_ff @(posedge clk_i) begin
      if (en_i && write_i[0]) rows_q[row_i][31:0]  <= data_i[31:0];
      if (en_i && write_i[1]) rows_q[row_i][63:32] <= data_i[63:32];
      if (en_i && write_i == '0) data_o <= rows_q[row_i];
    end

    assign fetch_even_o = '0;
    assign fetch_odd_o  = '0;
    assign unused_fetch = ^{fetch_en_i, fetch_even_row_i, fetch_odd_row_i};
  end

endmodule
