// SPDX-License-Identifier: Apache-2.0
// First execution stage of the main lane: what it will write to the MRF if memory or a CSR does not give it.
module ipu_main_execute (
  input  ipu_isa_pkg::arch_info_t arch_i,
  input  ipu_tile_pkg::main_op_t main_i,
  input  logic [31:0]            imm_i,
  input  logic [31:0]            r0_i,
  input  logic [31:0]            r1_i,
  input  logic [31:0]            r2_i,
  input  logic [31:0]            a_i,           // ARF register, for atom
  input  logic [31:0]            sequential_i,  // PC behind the bundle
  input  logic                   taken_i,
  output logic [31:0]            result_o,
  output logic                   write_o        // the result is written at all
);

  logic [31:0] b, alu_result, permuted;

  assign b = main_i.use_imm ? imm_i : r1_i;

  ipu_alu u_alu (.op_i(main_i.control.alu_op), .a_i(r0_i), .b_i(b), .result_o(alu_result));
  ipu_permute u_permute (
    .op_i(main_i.control.permute_op), .x_i(r0_i), .y_i(r1_i), .result_o(permuted));

  always_comb begin
    write_o = main_i.write_m;
    case (main_i.control.unit)
      ipu_tile_pkg::UNIT_PERMUTE: result_o = permuted;
      ipu_tile_pkg::UNIT_ATOM:    result_o = a_i;
      ipu_tile_pkg::UNIT_MOVE_IF: begin
        result_o = r2_i;
        write_o  = r0_i != '0;
      end
      ipu_tile_pkg::UNIT_BRANCH: begin
        result_o = main_i.link ? sequential_i : r0_i - 32'd1;
        write_o  = main_i.link || (main_i.decrement && taken_i);
      end
      ipu_tile_pkg::UNIT_RUN:    result_o = arch_i.memory_base + r1_i + imm_i;
      ipu_tile_pkg::UNIT_RUNALL: result_o = r1_i;
      ipu_tile_pkg::UNIT_PUT:    result_o = r0_i;
      default:                   result_o = alu_result;
    endcase
  end

  logic unused_op;
  assign unused_op = ^{arch_i, main_i};

endmodule
