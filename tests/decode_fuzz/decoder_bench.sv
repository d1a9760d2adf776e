// SPDX-License-Identifier: Apache-2.0
// The RTL's decoder on the bench: what its caller acts on, and the number of the instruction it found.
module decoder_bench (
  input  logic [2:0]           arch_i,        // as in ipusim::isa::Arch
  input  logic                 supervisor_i,
  input  logic                 odd_word_i,
  input  logic                 last_word_i,
  input  logic [31:0]          word0_i,
  input  logic [31:0]          word1_i,

  output ipu_isa_pkg::opcode_e opcode_o,      // of word 0, whatever the cause
  output logic                 two_words_o,
  output ipu_tile_pkg::cause_e cause_o
);

  assign opcode_o = supervisor_i ? ipu_isa_pkg::decode_supervisor(word0_i) : ipu_isa_pkg::decode_worker(word0_i);

  ipu_decoder u_decoder (
    .arch_i(ipu_isa_pkg::arch_info(arch_i)), .valid_i(1'b1), .word0_i, .word1_i, .odd_word_i, .last_word_i,
    .supervisor_i, .repeating_i(1'b0), .two_words_o, .main_o(), .main_imm_o(), .aux_o(), .aux_imm_o(), .engine_o(), .aux_word_o(),
    .m_reads_o(), .m_writes_o(), .outward_o(), .count_o(), .turns_o(), .cause_o);

endmodule
