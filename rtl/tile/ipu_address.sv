// SPDX-License-Identifier: Apache-2.0
// Effective address and post-modification of a load or store.
module ipu_address (
  input  ipu_tile_pkg::main_op_t main_i,
  input  logic [31:0]            imm_i,
  input  logic [31:0]            r0_i,
  input  logic [31:0]            r1_i,
  input  logic [31:0]            r2_i,
  output logic [31:0]            address_o,
  output logic [31:0]            post_o
);

  logic [31:0] count, scaled;

  always_comb begin
    count     = main_i.use_imm ? imm_i : r2_i;
    scaled    = count << main_i.control.size;
    address_o = r0_i + r1_i;
    post_o    = r1_i + scaled;
    case (main_i.control.address_mode)
      ipu_tile_pkg::ADDR_OFFSET: address_o = r0_i + r1_i + scaled;
      ipu_tile_pkg::ADDR_STM:    address_o = r0_i + {r1_i[29:0], 2'b00};
      ipu_tile_pkg::ADDR_STM_STEP: begin
        address_o = r1_i;
        post_o    = r1_i + {r0_i[29:0], 2'b00};
      end
      default: ;
    endcase
  end

  logic unused_bits;
  assign unused_bits = ^main_i;

endmodule
