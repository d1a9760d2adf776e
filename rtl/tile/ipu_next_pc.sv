// SPDX-License-Identifier: Apache-2.0
// Where the context goes on: branches and repeat loops.
module ipu_next_pc (
  input  ipu_isa_pkg::arch_info_t arch_i,
  input  ipu_tile_pkg::main_op_t main_i,
  input  logic [31:0]            word_i,
  input  logic [31:0]            imm_i,
  input  logic [31:0]            r0_i,
  input  logic [31:0]            pc_i,
  input  logic                   two_words_i,

  input  logic [15:0]            repeat_count_i,  // before this bundle
  input  logic [31:0]            repeat_first_i,
  input  logic [31:0]            repeat_end_i,

  output logic                   condition_o,     // of a branch or exit
  output logic                   taken_o,
  output logic [31:0]            sequential_o,
  output logic [31:0]            next_pc_o,
  output logic                   repeat_start_o,  // rpt: REPEAT_FIRST = sequential, REPEAT_END, REPEAT_COUNT
  output logic [31:0]            repeat_end_o,
  output logic                   repeat_set_o,    // REPEAT_COUNT changes
  output logic [15:0]            repeat_count_o
);

  logic unused_control;
  assign unused_control = ^{arch_i, main_i};

  always_comb begin
    case (main_i.control.condition)
      ipu_tile_pkg::COND_ZERO:     condition_o = r0_i == '0;
      ipu_tile_pkg::COND_NOT_ZERO: condition_o = r0_i != '0;
      ipu_tile_pkg::COND_NEGATIVE: condition_o = r0_i[31];
      ipu_tile_pkg::COND_POSITIVE: condition_o = !r0_i[31];
      default:                     condition_o = 1'b1;
    endcase
  end

  always_comb begin
    sequential_o   = pc_i + (two_words_i ? 32'd8 : 32'd4);
    taken_o        = main_i.valid && main_i.control.unit == ipu_tile_pkg::UNIT_BRANCH && condition_o;
    repeat_start_o = main_i.valid && main_i.control.unit == ipu_tile_pkg::UNIT_REPEAT;
    repeat_end_o   = sequential_o + {21'b0, ipu_isa_pkg::field_7_0(word_i), 3'b0} + 32'd8;
    repeat_set_o   = 1'b0;
    repeat_count_o = repeat_count_i;
    next_pc_o      = sequential_o;
    if (taken_o) begin
      next_pc_o = main_i.control.jump ? r0_i : imm_i;
    end else if (repeat_start_o) begin
      repeat_set_o   = 1'b1;
      repeat_count_o = main_i.use_imm ? {4'b0, ipu_isa_pkg::field_19_8(word_i)} : r0_i[15:0] & arch_i.repeat_count_mask[15:0];
      next_pc_o      = (repeat_count_o == '0) ? repeat_end_o : sequential_o;
    end else if (repeat_count_i != '0 && sequential_o == repeat_end_i) begin
      repeat_set_o   = 1'b1;
      repeat_count_o = repeat_count_i - 16'd1;
      next_pc_o      = (repeat_count_i == 16'd1) ? sequential_o : repeat_first_i;
    end
  end

endmodule
