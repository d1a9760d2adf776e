// SPDX-License-Identifier: Apache-2.0
// The bytes of a load, out of the 64-bit row at its address, shifted and extended.
module ipu_load_data (
  input  ipu_tile_pkg::size_e size_i,
  input  logic        sign_extend_i,
  input  logic        duplicate_i,  // a byte or halfword fills the word
  input  logic [2:0]  address_i,
  input  logic [63:0] row_i,
  output logic [63:0] data_o
);

  logic [31:0] word;
  logic [15:0] half;
  logic [7:0]  byte_data;

  always_comb begin
    word      = address_i[2] ? row_i[63:32] : row_i[31:0];
    half      = address_i[1] ? word[31:16] : word[15:0];
    byte_data = address_i[0] ? half[15:8] : half[7:0];
    case (size_i)
      ipu_tile_pkg::SIZE_8:
        data_o = duplicate_i ? {32'b0, {4{byte_data}}} : {32'b0, {24{sign_extend_i & byte_data[7]}}, byte_data};
      ipu_tile_pkg::SIZE_16:
        data_o = duplicate_i ? {32'b0, {2{half}}} : {32'b0, {16{sign_extend_i & half[15]}}, half};
      ipu_tile_pkg::SIZE_32: data_o = {32'b0, word};
      default:               data_o = row_i;
    endcase
  end

endmodule
