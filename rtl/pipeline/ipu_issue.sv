// SPDX-License-Identifier: Apache-2.0
// Stages F and I: who may issue, instruction fetch, decode, register read, branches and repeats.
module ipu_issue (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  ipu_isa_pkg::arch_info_t arch_i,

  // ---- Control of time and start; see ipu_schedule
  input  logic        advance_i,
  input  logic        refetch_i,
  input  logic [31:0] skip_i,
  input  logic        stopped_i,
  input  logic        start_i,
  input  logic [31:0] start_pc_i,
  input  logic        release_i,
  input  ipu_tile_pkg::debug_request_t debug_i,
  input  ipu_tile_pkg::standing_t standing_i,
  output logic [63:0] cycle_o,
  output logic        resting_o,
  output logic        quiet_o,
  output logic [19:0] wait_o,
  output logic        wait_chip_o,
  output logic        wait_words_o,

  // The two words from the PC on, each in the half of a row that it lies in
  output logic [1:0]  fetch_en_o,
  output logic [20:0] fetch_addr_o,
  input  logic [63:0] fetch_data_i,

  // ---- State of the contexts
  output logic [2:0]  next_worker_o,
  input  logic [31:0] next_worker_pc_i,
  output logic [2:0]  ctx_o,
  input  ipu_tile_pkg::context_state_t state_i,  // of ctx_o

  // ---- Receive count, for sync 0
  input  logic        words_missing_i,
  input  logic [63:0] words_done_cycle_i,

  // ---- Registers written by the last stage
  input  logic [2:0]  write_ctx_i,
  input  ipu_tile_pkg::register_writes_t writes_i,

  output logic        issue_o,
  output ipu_tile_pkg::bundle_t bundle_o,
  output ipu_tile_pkg::issued_t issued_o,
  output ipu_engine_pkg::engine_op_t engine_o  // the aux lane's, if it accumulates
);

  logic        candidate, scheduled, executable, two_words, pc_misaligned, pc_outside, unreadable, inject, refused;
  logic        fetch_en, last_word, next_row, straddles;
  logic [2:0]  scheduled_ctx;
  logic [31:0] pc, scheduled_pc, next_pc, branch_pc, word0, word1, aux_word;
  logic [15:0] m_reads, m_writes;
  logic [18:0] count;
  logic [3:0]  turns;

  ipu_tile_pkg::bundle_t bundle;
  ipu_tile_pkg::issued_t issued;
  ipu_tile_pkg::main_op_t    main_op;
  ipu_tile_pkg::aux_op_t     aux_op;
  ipu_tile_pkg::cause_e      decode_cause, cause;
  ipu_engine_pkg::engine_op_t engine_op;
  logic [31:0] main_imm, aux_imm, r0, r1, r2;
  logic [63:0] s0, s1, d;
  logic [5:0]  launch;
  logic        taken, outward;

  ipu_schedule u_schedule (
    .clk_i, .rst_ni, .arch_i, .advance_i, .refetch_i, .skip_i, .stopped_i, .start_i, .start_pc_i, .release_i, .debug_i,
    .standing_i, .cycle_o,
    .resting_o, .quiet_o, .wait_o, .wait_chip_o, .wait_words_o, .candidate_o(candidate), .context_o(scheduled_ctx),
    .pc_o(scheduled_pc), .issue_o(scheduled), .launch_o(launch), .executable_i(executable), .unit_i(main_op.control.unit), .timed_i(main_op.timed),
    .m_reads_i(m_reads), .m_writes_i(m_writes), .taken_i(taken), .next_pc_i(next_pc), .count_i(count),
    .turns_i(turns), .zone_i(main_imm[3:0]), .words_missing_i, .words_done_cycle_i, .next_worker_o, .next_worker_pc_i,
    .fetch_en_o(fetch_en), .fetch_addr_o);

  // Behind the last word of region 0 there is none to fetch.
  logic [18:0] last_word_number;
  assign last_word_number = arch_i.region1_base[20:2] - 19'd1;
  assign fetch_en_o       = {fetch_en, fetch_en && fetch_addr_o[20:2] != last_word_number};

  // A word from outside takes the stage while time stands. It has no repeat.
  logic repeating;
  assign inject        = debug_i.inject;
  assign issue_o       = scheduled || inject;
  assign ctx_o         = inject ? debug_i.inject_ctx : scheduled_ctx;
  assign pc            = inject ? standing_i.inject_pc : scheduled_pc;
  assign repeating     = state_i.repeat_count != '0 && !inject;

  // The body of a repeat begins on a row.
  assign pc_misaligned = (pc[1:0] != '0 || (pc[2] && repeating)) && !inject;
  assign pc_outside    = (pc < arch_i.memory_base || pc >= arch_i.region1_base) && !inject;
  assign last_word     = pc[20:2] == last_word_number;

  // Only workers' bundles lie across two rows.
  always_comb begin
    next_row   = pc[2] && ctx_o != 3'd0 && !last_word && !inject;
    straddles  = next_row && fetch_data_i[63];
    unreadable = 1'b0;
    if (debug_i.row_valid && candidate && !inject) begin
      unreadable = pc[20:3] == debug_i.row || (straddles && pc[20:3] + 18'd1 == debug_i.row);
    end
  end

  // What stands there if nothing may be fetched or issued: a word that decodes quickly to nothing.
  always_comb begin
    word0 = '0;
    word1 = '0;
    if (inject) begin
      word0 = debug_i.inject_word;
    end else if (candidate && !pc_misaligned && !pc_outside && !unreadable) begin
      word0 = pc[2] ? fetch_data_i[63:32] : fetch_data_i[31:0];
      word1 = !pc[2] ? fetch_data_i[63:32] : next_row ? fetch_data_i[31:0] : '0;
    end
  end

  ipu_decoder u_decoder (
    .arch_i, .valid_i(candidate || inject), .word0_i(word0), .word1_i(word1), .odd_word_i(pc[2]),
    .last_word_i(last_word), .supervisor_i(ctx_o == 3'd0), .repeating_i(repeating), .two_words_o(two_words),
    .main_o(main_op), .main_imm_o(main_imm),
    .aux_o(aux_op), .engine_o(engine_op), .aux_imm_o(aux_imm), .aux_word_o(aux_word), .m_reads_o(m_reads), .m_writes_o(m_writes),
    .outward_o(outward), .count_o(count), .turns_o(turns), .cause_o(decode_cause));

  always_comb begin
    cause = decode_cause;
    if (refused) cause = ipu_tile_pkg::CAUSE_ILLEGAL_INSTRUCTION;
    if (unreadable) cause = ipu_tile_pkg::CAUSE_MEMORY_ERROR;
    if (pc_outside) cause = ipu_tile_pkg::CAUSE_INVALID_PC;
    if (pc_misaligned) cause = ipu_tile_pkg::CAUSE_MISALIGNED_PC;
  end
  assign executable = cause == ipu_tile_pkg::CAUSE_NONE;

  // What is not injected: more than one instruction, what acts on time, on other contexts or on the exchange.
  always_comb begin
    refused = 1'b0;
    if (inject) begin
      if (outward) refused = 1'b1;
      if (main_op.valid && main_op.control.unit == ipu_tile_pkg::UNIT_PUT && word0[7:4] == ipu_isa_pkg::CSR_INCOMING_MUX[7:4]) begin
        refused = 1'b1;
      end
      if (word0[31] || decode_cause != ipu_tile_pkg::CAUSE_NONE) refused = 1'b1;
    end
  end

  logic        condition, repeat_start, repeat_set;
  logic [31:0] sequential, repeat_end;
  logic [15:0] repeat_count;

  ipu_next_pc u_next_pc (
    .arch_i, .main_i(main_op), .word_i(word0), .imm_i(main_imm), .r0_i(r0), .pc_i(pc), .two_words_i(two_words),
    .repeat_count_i(state_i.repeat_count), .repeat_first_i(state_i.repeat_first),
    .repeat_end_i(state_i.repeat_end), .condition_o(condition), .taken_o(taken), .sequential_o(sequential),
    .next_pc_o(branch_pc), .repeat_start_o(repeat_start), .repeat_end_o(repeat_end), .repeat_set_o(repeat_set),
    .repeat_count_o(repeat_count));

  assign next_pc = (inject && !taken) ? pc : branch_pc;

  // Packed addresses stand in a pair.
  logic [3:0] r2_index;
  assign r2_index = (main_op.control.access == ipu_tile_pkg::ACCESS_PACE) ? {word0[15:13], 1'b1} : word0[19:16];

  ipu_m_registers u_m_registers (
    .clk_i, .read_context_i(ctx_o), .r0_index_i(word0[23:20]), .r1_index_i(word0[15:12]),
    .r2_index_i(r2_index), .worker_base_i(state_i.worker_base), .vertex_base_i(state_i.vertex_base),
    .r0_o(r0), .r1_o(r1), .r2_o(r2), .write_context_i(write_ctx_i), .write0_i(writes_i.m_write),
    .write0_index_i(writes_i.m_index), .write0_data_i(writes_i.m_data), .write1_i(writes_i.post_write),
    .write1_index_i(writes_i.post_index), .write1_data_i(writes_i.post_data));

  // The upper pair of a quad comes as the second source.
  logic [3:0] s1_index;
  assign s1_index = (engine_op.quad || aux_op.quad) ? {aux_word[23:22], 2'b10} : aux_word[15:12];

  ipu_a_registers u_a_registers (
    .clk_i, .read_context_i(ctx_o), .s0_index_i(aux_word[23:20]), .s1_index_i(s1_index),
    .d_index_i(word0[7:4]), .s0_o(s0), .s1_o(s1), .d_o(d), .write_context_i(write_ctx_i),
    .first_enable_i(writes_i.first_a_write), .first_pair_i(writes_i.first_a_pair),
    .first_data_i(writes_i.first_a_data), .second_enable_i(writes_i.second_a_write),
    .second_pair_i(writes_i.second_a_pair), .second_data_i(writes_i.second_a_data), .aux_enable_i(writes_i.aux_a_write), .aux_pair_i(writes_i.aux_a_pair),
    .aux_data_i(writes_i.aux_a_data));

  always_comb begin
    bundle              = '0;
    bundle.main         = refused ? '0 : main_op;
    bundle.aux          = aux_op;
    bundle.ctx          = ctx_o;
    bundle.fetched      = !pc_misaligned && !pc_outside && !unreadable;
    bundle.straddles    = straddles;
    bundle.injected     = inject;
    bundle.launch       = inject ? '0 : launch;
    bundle.condition    = condition;
    bundle.repeat_start = repeat_start && !inject;
    bundle.repeat_set   = repeat_set && !inject;
    bundle.repeat_count = repeat_count;
    bundle.pc           = pc;
    bundle.word0        = word0;
    bundle.word1        = two_words ? word1 : '0;
    bundle.aux_word     = aux_word;
    bundle.next_pc      = next_pc;
    bundle.sequential   = sequential;
    bundle.repeat_end   = repeat_end;

    issued          = '0;
    issued.taken    = taken;
    issued.cause    = cause;
    issued.bad_engine_flags = engine_op.valid && engine_op.bad_flags;
    issued.main_imm = main_imm;
    issued.aux_imm  = aux_imm;
    issued.r0       = r0;
    issued.r1       = r1;
    issued.r2       = r2;
    issued.s0       = s0;
    issued.s1       = s1;
    issued.d        = d;
  end
  assign bundle_o = bundle;
  assign issued_o = issued;
  assign engine_o = engine_op;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (rst_ni && issue_o) begin
      assert (ctx_o != 3'd0 || (!aux_op.valid && !engine_op.valid)) else $error("the supervisor has one lane");
      assert (executable || (!bundle.main.valid && !aux_op.valid && !engine_op.valid)) else $error("a fault does something");
      assert (launch == '0 || ctx_o == 3'd0) else $error("launch by a worker");
      assert (!main_op.load || !main_op.store || main_op.control.access == ipu_tile_pkg::ACCESS_PACE)
        else $error("load and store in an instruction without packed addresses");
    end
  end
`endif

endmodule
