// SPDX-License-Identifier: Apache-2.0
// Byte and halfword permutes, the same unit in both lanes. x is the first written source.
module ipu_permute (
  input  ipu_tile_pkg::permute_op_e op_i,
  input  logic [31:0]               x_i,
  input  logic [31:0]               y_i,
  output logic [31:0]               result_o
);

  // result = {byte 3, byte 2, byte 1, byte 0}
  always_comb begin
    unique case (op_i)
      ipu_tile_pkg::PERM_SORT4X16LO: result_o = {y_i[15:0], x_i[15:0]};
      ipu_tile_pkg::PERM_SORT4X16HI: result_o = {y_i[31:16], x_i[31:16]};
      ipu_tile_pkg::PERM_ROLL16:     result_o = {y_i[15:0], x_i[31:16]};
      ipu_tile_pkg::PERM_ROLL8L:     result_o = {y_i[23:0], x_i[31:24]};
      ipu_tile_pkg::PERM_ROLL8R:     result_o = {y_i[7:0], x_i[31:8]};
      ipu_tile_pkg::PERM_SHUF8X8LO:  result_o = {y_i[15:8], x_i[15:8], y_i[7:0], x_i[7:0]};
      ipu_tile_pkg::PERM_SHUF8X8HI:  result_o = {y_i[31:24], x_i[31:24], y_i[23:16], x_i[23:16]};
      ipu_tile_pkg::PERM_SORT8X8LO:  result_o = {y_i[23:16], y_i[7:0], x_i[23:16], x_i[7:0]};
      ipu_tile_pkg::PERM_SORT8X8HI:  result_o = {y_i[31:24], y_i[15:8], x_i[31:24], x_i[15:8]};
      ipu_tile_pkg::PERM_SORT8:      result_o = {x_i[31:24], x_i[15:8], x_i[23:16], x_i[7:0]};
      ipu_tile_pkg::PERM_SWAP8:      result_o = {x_i[23:16], x_i[31:24], x_i[7:0], x_i[15:8]};
      // BU/BL forms of the ARF: the named half of x stands for both of its halves.
      ipu_tile_pkg::PERM_SORT4X16LO_BU: result_o = {y_i[15:0], x_i[31:16]};
      ipu_tile_pkg::PERM_SORT4X16HI_BL: result_o = {y_i[31:16], x_i[15:0]};
      default: result_o = '0;
    endcase
  end

endmodule
