// SPDX-License-Identifier: Apache-2.0
// The coefficient store of the tile: CWEI_n_k, unit n of 16, column k of 4, 64 bits each (four f16 or two f32).
// Its number as ld64putcs and ld128putcs give it is 4 n + k; a wide write goes to an even number and the next
// one. The engines read a column of all units at once, with what is written in the same clock; zeroing, which belongs
// to a later bundle, shows in the next.
module ipu_coefficients (
  input  logic          clk_i,
  input  logic          rst_ni,

  input  logic          zero_i,        // the whole store
  input  logic          write_i,
  input  logic          write_wide_i,  // 128 bits
  input  logic [5:0]    write_index_i,
  input  logic [127:0]  write_data_i,

  input  logic [1:0]    column_i,
  output logic [1023:0] column_o       // unit n in bits 64 n
);

  logic [1023:0] columns_q [4] /* verilator public_flat_rd */;

  always_comb begin
    column_o = columns_q[column_i];
    if (write_i) begin
      for (int unsigned n = 0; n < 16; n++) begin
        if (write_index_i == {n[3:0], column_i}) begin
          column_o[64*n +: 64] = write_data_i[63:0];
        end else if (write_wide_i && {write_index_i[5:1], 1'b1} == {n[3:0], column_i}) begin
          column_o[64*n +: 64] = write_data_i[127:64];
        end
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (int unsigned k = 0; k < 4; k++) columns_q[k] <= '0;
    end else if (zero_i) begin
      for (int unsigned k = 0; k < 4; k++) columns_q[k] <= '0;
    end else if (write_i) begin
      columns_q[write_index_i[1:0]][{write_index_i[5:2], 6'b0} +: 64] <= write_data_i[63:0];
      if (write_wide_i) columns_q[{write_index_i[1], 1'b1}][{write_index_i[5:2], 6'b0} +: 64] <= write_data_i[127:64];
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (write_i) assert (!(write_wide_i && write_index_i[0])) else $error("wide coefficient at an odd number");
  end
`endif

endmodule
