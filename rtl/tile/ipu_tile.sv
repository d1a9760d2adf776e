// SPDX-License-Identifier: Apache-2.0
// The tile without its memory: a barrel pipeline in which every effect is ordered by issue cycle.
//
//   F   one cycle before issue   who may issue next, instruction fetch                  ipu_issue
//   I   issue                    decode, register read, branch                          ipu_issue
//   X1  issue + 1                integer result, address, sums and products             ipu_execute
//   X2  issue + 2                address checks, rounding                               ipu_execute
//   M   issue + 3                commit: memory, CSRs, contexts, exchange, exceptions   ipu_commit
//                                accumulators                                           ipu_engine_lane
//   W   issue + 4                load data, register write, report                      ipu_retire
//
// What goes from stage to stage is in ipu_tile_pkg.
// A worker's next issue is 6 cycles after this one and finds everything written: no forwarding, no interlock.
// Nothing changes state before M. A fault found at M kills everything younger in the same cycle.
module ipu_tile (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [10:0]  tile_id_i,
  input  logic [2:0]   arch_i,             // a strap: ipu1, ipu2 or ipu21, one bit as in ipu_isa_pkg
  output ipu_isa_pkg::arch_info_t arch_o,  // for the memory

  // ---- Control of time and start; see ipu_schedule
  input  logic         advance_i,
  input  logic         refetch_i,
  input  logic [31:0]  skip_i,
  input  logic         start_i,
  input  logic [31:0]  start_pc_i,
  input  logic         release_i,
  input  ipu_tile_pkg::debug_request_t debug_i,
  output logic         injected_o,       // what has become of an injected word, when it is at M
  output ipu_tile_pkg::cause_e inject_cause_o,
  output logic [63:0]  cycle_o,
  output logic         resting_o,
  output logic         quiet_o,
  output logic [19:0]  wait_o,
  output logic         wait_chip_o,
  output logic         wait_words_o,
  output logic [16:0]  missing_o,

  // ---- The word the exchange brings in cycle_o
  input  logic         word_valid_i,
  input  logic [63:0]  word_i,             // 32 bits of it, unless the format says items

  // ---- Memory: every read is answered in the next clock
  output logic [1:0]   fetch_en_o,
  output logic [20:0]  fetch_addr_o,
  input  logic [63:0]  fetch_data_i,
  output logic         load_en_o,
  output logic         load_wide_o,
  output logic [20:0]  load_addr_o,
  input  logic [127:0] load_data_i,
  output logic         second_en_o,        // another load of up to 64 bits
  output logic [20:0]  second_addr_o,
  input  logic [63:0]  second_data_i,
  output logic [1:0]   store_en_o,
  output logic [20:0]  store_addr_o,
  output logic [63:0]  store_data_o,
  output logic         send_en_o,
  output logic [20:0]  send_addr_o,
  input  logic [63:0]  send_data_i,
  output logic [1:0]   receive_en_o,
  output logic [20:0]  receive_addr_o,
  output logic [63:0]  receive_data_o,

  // ---- What happened in cycle report_o.cycle, five clocks ago at most
  output ipu_tile_pkg::report_t report_o
);

  logic        stopping, stopped, issue, executed_valid, exchange_idle;
  logic        schedule_quiet, execute_busy, commit_busy, retire_busy;
  logic [2:0]  next_worker, issue_ctx, rnd_ctx, rnd;
  logic [1:0]  words;
  logic [31:0] next_worker_pc;
  logic [16:0] missing;
  logic [63:0] words_done_cycle;
  logic        tick, present, commit;

  ipu_tile_pkg::context_state_t   issue_state;
  ipu_tile_pkg::issued_t          issued;
  ipu_tile_pkg::executed_t        executed;
  ipu_tile_pkg::beat_t            x1_beat_q, x2_beat_q, m_beat;
  ipu_tile_pkg::bundle_t          x1_bundle, m_bundle, w_bundle;  // on their way to that stage
  ipu_tile_pkg::committed_t       committed;
  ipu_tile_pkg::effects_t         effects;
  ipu_tile_pkg::exchange_report_t exchange;
  ipu_tile_pkg::exception_t       exception;
  ipu_tile_pkg::standing_t        standing;
  ipu_tile_pkg::report_t          report;
  ipu_tile_pkg::float_state_t     float_state;
  ipu_engine_pkg::engine_op_t     engine;
  ipu_tile_pkg::coefficient_write_t coefficients;
  ipu_tile_pkg::engine_result_t   engine_result;
  logic                           zero_accumulators, zero_coefficients;

  // The strap is taken over in reset. (A register, so that a simulator does not take all of the tile for a function of
  // its inputs.)
  ipu_isa_pkg::arch_info_t arch_q;

  always_ff @(posedge clk_i) arch_q <= ipu_isa_pkg::arch_info(arch_i);

  // For the same reason the debug side's wishes come a clock late.
  ipu_tile_pkg::debug_request_t debug_q;

  always_ff @(posedge clk_i) debug_q <= debug_i;

  assign arch_o = arch_q;

  ipu_issue u_issue (
    .clk_i, .rst_ni, .arch_i(arch_q), .advance_i, .refetch_i, .skip_i, .stopped_i(stopping || (stopped && !debug_q.resume)), .start_i, .start_pc_i,
    .release_i, .debug_i(debug_q), .standing_i(standing), .cycle_o, .resting_o, .quiet_o(schedule_quiet), .wait_o, .wait_chip_o, .wait_words_o, .fetch_en_o,
    .fetch_addr_o, .fetch_data_i, .next_worker_o(next_worker), .next_worker_pc_i(next_worker_pc),
    .ctx_o(issue_ctx), .state_i(issue_state), .words_missing_i(missing != '0),
    .words_done_cycle_i(words_done_cycle), .write_ctx_i(report.ctx), .writes_i(report.writes), .issue_o(issue),
    .bundle_o(x1_bundle), .issued_o(issued), .engine_o(engine));

  // ---- Time goes down the pipeline, bundle or not

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      x1_beat_q <= '0;
      x2_beat_q <= '0;
    end else begin
      x1_beat_q.tick       <= advance_i && !stopping && !stopped;
      x1_beat_q.word_valid <= advance_i && word_valid_i;
      if (advance_i || debug_q.inject) x1_beat_q.cycle <= cycle_o;
      if (advance_i) x1_beat_q.word <= word_i;
      x2_beat_q      <= x1_beat_q;
      x2_beat_q.tick <= x1_beat_q.tick && !stopping;
    end
  end

  ipu_execute u_execute (
    .clk_i, .rst_ni, .arch_i(arch_q), .stopping_i(stopping), .issue_i(issue), .bundle_i(x1_bundle), .issued_i(issued),
    .rnd_ctx_o(rnd_ctx), .words_o(words), .rnd_i(rnd),
    .float_i(float_state), .busy_o(execute_busy), .valid_o(executed_valid), .bundle_o(m_bundle), .executed_o(executed));

  ipu_engine_lane u_engine_lane (
    .clk_i, .rst_ni, .stopping_i(stopping), .issue_i(issue), .op_i(engine), .s0_i(issued.s0), .s1_i(issued.s1),
    .s0_odd_i(x1_bundle.aux_word[20]), .s1_odd_i(x1_bundle.aux_word[12]), .rnd_i(rnd), .float_i(float_state),
    .ctx_i(w_bundle.ctx), .result_o(engine_result), .commit_i(commit), .zero_accumulators_i(zero_accumulators),
    .zero_coefficients_i(zero_coefficients), .coefficients_i(coefficients));

  ipu_commit u_commit (
    .clk_i, .rst_ni, .arch_i(arch_q), .tile_id_i, .start_i, .start_pc_i, .release_i, .debug_i(debug_q), .beat_i(x2_beat_q), .valid_i(executed_valid),
    .bundle_i(m_bundle), .executed_i(executed), .engine_i(engine_result), .stopping_o(stopping), .stopped_o(stopped), .standing_o(standing),
    .injected_o, .inject_cause_o, .busy_o(commit_busy),
    .exchange_idle_o(exchange_idle), .next_worker_i(next_worker), .next_worker_pc_o(next_worker_pc),
    .issue_ctx_i(issue_ctx), .issue_state_o(issue_state), .rnd_ctx_i(rnd_ctx), .words_i(words), .rnd_o(rnd),
    .float_o(float_state), .zero_accumulators_o(zero_accumulators), .zero_coefficients_o(zero_coefficients), .missing_o(missing),
    .words_done_cycle_o(words_done_cycle), .load_en_o, .load_wide_o, .load_addr_o, .second_en_o, .second_addr_o,
    .store_en_o, .store_addr_o,
    .store_data_o, .send_en_o, .send_addr_o, .receive_en_o, .receive_addr_o, .receive_data_o, .tick_o(tick),
    .present_o(present), .commit_o(commit), .beat_o(m_beat), .bundle_o(w_bundle), .committed_o(committed),
    .effects_o(effects), .exchange_o(exchange), .exception_o(exception));

  ipu_retire u_retire (
    .clk_i, .rst_ni, .tick_i(tick), .present_i(present), .commit_i(commit), .beat_i(m_beat), .bundle_i(w_bundle),
    .committed_i(committed), .effects_i(effects), .exchange_i(exchange), .exception_i(exception), .load_data_i,
    .second_data_i, .send_data_i, .coefficients_o(coefficients), .busy_o(retire_busy), .report_o(report));

  assign report_o  = report;
  assign missing_o = missing;
  assign quiet_o   = schedule_quiet && exchange_idle && !execute_busy && !commit_busy && !retire_busy &&
                     !x1_beat_q.word_valid && !x2_beat_q.word_valid;

endmodule
