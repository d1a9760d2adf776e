// The tile without its memory: a barrel pipeline in which every effect is ordered by issue cycle.
//
//   F   one cycle before issue   who may issue next, instruction fetch                  ipu_schedule
//   I   issue                    decode, register read, branch                          ipu_decoder, ipu_next_pc
//   X1  issue + 1                integer result, address, sums and products             ipu_main_execute, ipu_aux_execute
//   X2  issue + 2                address checks, rounding                               ipu_load_store
//   M   issue + 3                commit: memory, CSRs, contexts, exchange, exceptions   ipu_csr_file, ipu_contexts, ipu_exchange
//   W   issue + 4                load data, register write, retire port
//
// A worker's next issue is 6 cycles after this one and finds everything written: no forwarding, no interlock.
// Nothing changes state before M. A fault found at M kills everything younger in the same cycle.
module ipu_tile (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [10:0]  tile_id_i,

  // ---- Control of time and start; see ipu_schedule
  input  logic         advance_i,
  input  logic         refetch_i,
  input  logic [31:0]  skip_i,
  input  logic         start_i,
  input  logic [31:0]  start_pc_i,
  input  logic         release_i,
  output logic [63:0]  cycle_o,
  output logic         resting_o,
  output logic         quiet_o,
  output logic [19:0]  wait_o,
  output logic         wait_chip_o,
  output logic         wait_words_o,
  output logic [16:0]  missing_o,

  // ---- The word the exchange brings in cycle_o
  input  logic         word_valid_i,
  input  logic [31:0]  word_i,

  // ---- Memory: every read is answered in the next clock
  output logic         fetch_en_o,
  output logic [20:0]  fetch_addr_o,
  input  logic [63:0]  fetch_data_i,
  output logic         load_en_o,
  output logic         load_wide_o,
  output logic [20:0]  load_addr_o,
  input  logic [127:0] load_data_i,
  output logic [1:0]   store_en_o,
  output logic [20:0]  store_addr_o,
  output logic [63:0]  store_data_o,
  output logic         send_en_o,
  output logic [20:0]  send_addr_o,
  input  logic [63:0]  send_data_i,
  output logic         receive_en_o,
  output logic [20:0]  receive_addr_o,
  output logic [31:0]  receive_data_o,

  // ---- What happened in cycle w_cycle_o, five clocks ago at most
  output logic         w_tick_o,
  output logic [63:0]  w_cycle_o,
  output logic         retire_o,
  output logic [2:0]   w_context_o,
  output logic [31:0]  w_pc_o,
  output logic [31:0]  w_word0_o,
  output logic [31:0]  w_word1_o,
  output logic         w_m_write_o,
  output logic [3:0]   w_m_index_o,
  output logic [31:0]  w_m_data_o,
  output logic         w_post_write_o,
  output logic [3:0]   w_post_index_o,
  output logic [31:0]  w_post_data_o,
  output logic [3:0]   w_main_a_write_o,
  output logic         w_main_a_upper_o,
  output logic [127:0] w_main_a_data_o,
  output logic [1:0]   w_aux_a_write_o,
  output logic [1:0]   w_aux_a_pair_o,
  output logic [63:0]  w_aux_a_data_o,
  output logic         w_csr_write_o,
  output logic [8:0]   w_csr_index_o,
  output logic [31:0]  w_csr_data_o,
  output logic         w_seed_o,
  output logic [127:0] w_seed_data_o,
  output logic         w_flags_write_o,
  output logic [2:0]   w_flags_o,
  output logic         w_store_o,
  output logic         w_store_wide_o,
  output logic [20:0]  w_store_addr_o,
  output logic [63:0]  w_store_data_o,

  output logic         w_sync_o,
  output logic [3:0]   w_zone_o,
  output logic         w_sans_o,
  output logic [18:0]  w_sans_count_o,
  output logic         w_send_o,
  output logic [31:0]  w_send_word_o,
  output logic [1:0]   w_send_directions_o,
  output logic         w_select_o,
  output logic [12:0]  w_source_o,
  output logic         w_receive_o,
  output logic [20:0]  w_receive_addr_o,
  output logic [31:0]  w_receive_word_o,
  output logic         w_receive_outside_o,
  output logic         w_clash_access_o,
  output logic         w_clash_fetch_o,
  output logic         w_receive_live_o,
  output logic         w_send_live_o,
  output logic         w_incomplete_o,
  output logic [16:0]  w_incomplete_count_o,
  output logic         w_timed_o,             // a timed exchange instruction

  output logic         except_o,
  output ipu_tile_pkg::etype_e except_type_o,
  output ipu_tile_pkg::cause_e except_cause_o,
  output logic         except_has_address_o,
  output logic [31:0]  except_address_o
);

  logic stopping, stopped_q;  // an exception is, or was, at M: nothing younger goes on

  // ---------------------------------------------------------------------------------------- F and I

  logic        candidate, issue, executable, schedule_quiet;
  logic [2:0]  i_context, next_worker;
  logic [31:0] i_pc, i_next_pc, next_worker_pc;
  logic [5:0]  i_launch;
  logic [15:0] i_m_reads, i_m_writes;
  logic [18:0] i_count;
  logic [16:0] missing;
  logic [63:0] words_done_cycle_q;
  logic [31:0] i_word0, i_word1, i_main_imm, i_aux_imm, i_aux_word;
  logic        i_two_words, i_pc_misaligned, i_pc_outside, i_condition, i_taken;
  logic [31:0] i_sequential, i_repeat_end;
  logic        i_repeat_start, i_repeat_set;
  logic [15:0] i_repeat_count;
  logic [31:0] r0, r1, r2;
  logic [63:0] s0, s1, d;
  logic [20:0] i_worker_base, i_vertex_base;
  logic [15:0] i_old_repeat_count;
  logic [31:0] i_old_repeat_first, i_old_repeat_end;

  ipu_tile_pkg::main_op_t i_main;
  ipu_tile_pkg::aux_op_t  i_aux;
  ipu_tile_pkg::cause_e   decode_cause, i_cause;

  ipu_schedule u_schedule (
    .clk_i, .rst_ni, .advance_i, .refetch_i, .skip_i, .stopped_i(stopping || stopped_q),
    .start_i, .start_pc_i, .release_i, .cycle_o, .resting_o, .quiet_o(schedule_quiet), .wait_o, .wait_chip_o, .wait_words_o,
    .candidate_o(candidate), .context_o(i_context), .pc_o(i_pc), .issue_o(issue), .launch_o(i_launch),
    .executable_i(executable), .unit_i(i_main.control.unit), .m_reads_i(i_m_reads), .m_writes_i(i_m_writes),
    .taken_i(i_taken), .next_pc_i(i_next_pc), .count_i(i_count), .zone_i(i_main_imm[3:0]),
    .words_missing_i(missing != '0), .words_done_cycle_i(words_done_cycle_q),
    .next_worker_o(next_worker), .next_worker_pc_i(next_worker_pc), .fetch_en_o, .fetch_addr_o);

  // A repeat's body is aligned like the bundles it consists of.
  assign i_pc_misaligned = i_pc[1:0] != '0 || (i_pc[2] && i_old_repeat_count != '0);
  assign i_pc_outside    = i_pc < ipu_isa_pkg::IPU2_MEMORY_BASE || i_pc >= ipu_isa_pkg::IPU2_REGION1_BASE;

  // What stands there if nothing may be fetched or issued: a word that decodes quickly to nothing.
  always_comb begin
    i_word0 = '0;
    i_word1 = '0;
    if (candidate && !i_pc_misaligned && !i_pc_outside) begin
      i_word0 = i_pc[2] ? fetch_data_i[63:32] : fetch_data_i[31:0];
      i_word1 = i_pc[2] ? '0 : fetch_data_i[63:32];
    end
  end

  ipu_decoder u_decoder (
    .valid_i(candidate), .word0_i(i_word0), .word1_i(i_word1), .odd_word_i(i_pc[2]),
    .supervisor_i(i_context == 3'd0), .repeating_i(i_old_repeat_count != '0), .two_words_o(i_two_words),
    .main_o(i_main), .main_imm_o(i_main_imm), .aux_o(i_aux), .aux_imm_o(i_aux_imm), .aux_word_o(i_aux_word),
    .m_reads_o(i_m_reads), .m_writes_o(i_m_writes), .count_o(i_count), .cause_o(decode_cause));

  always_comb begin
    i_cause = decode_cause;
    if (i_pc_outside) i_cause = ipu_tile_pkg::CAUSE_INVALID_PC;
    if (i_pc_misaligned) i_cause = ipu_tile_pkg::CAUSE_MISALIGNED_PC;
  end
  assign executable = i_cause == ipu_tile_pkg::CAUSE_NONE;

  ipu_next_pc u_next_pc (
    .main_i(i_main), .word_i(i_word0), .imm_i(i_main_imm), .r0_i(r0), .pc_i(i_pc), .two_words_i(i_two_words),
    .repeat_count_i(i_old_repeat_count), .repeat_first_i(i_old_repeat_first), .repeat_end_i(i_old_repeat_end),
    .condition_o(i_condition), .taken_o(i_taken), .sequential_o(i_sequential), .next_pc_o(i_next_pc),
    .repeat_start_o(i_repeat_start), .repeat_end_o(i_repeat_end), .repeat_set_o(i_repeat_set),
    .repeat_count_o(i_repeat_count));

  // --------------------------------------------------------------------------------------------- X1

  logic        x1_tick_q, x1_valid_q, x1_condition_q, x1_taken_q, x1_repeat_start_q, x1_repeat_set_q;
  logic [63:0] x1_cycle_q;
  logic [2:0]  x1_context_q;
  logic [31:0] x1_pc_q, x1_word0_q, x1_word1_q, x1_aux_word_q, x1_next_pc_q, x1_sequential_q, x1_repeat_end_q;
  logic [15:0] x1_repeat_count_q;
  logic [5:0]  x1_launch_q;
  logic [31:0] x1_main_imm_q, x1_aux_imm_q, x1_r0_q, x1_r1_q, x1_r2_q;
  logic [63:0] x1_s0_q, x1_s1_q, x1_d_q;
  logic        x1_word_valid_q;
  logic [31:0] x1_word_q;
  logic        x1_fetched_q;  // the words were fetched at all

  ipu_tile_pkg::main_op_t x1_main_q;
  ipu_tile_pkg::aux_op_t  x1_aux_q;
  ipu_tile_pkg::cause_e   x1_cause_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      x1_tick_q       <= 1'b0;
      x1_valid_q      <= 1'b0;
      x1_word_valid_q <= 1'b0;
      x1_main_q       <= '0;
      x1_aux_q        <= '0;
      x1_launch_q     <= '0;
    end else begin
      x1_tick_q       <= advance_i && !stopping && !stopped_q;
      x1_valid_q      <= issue && !stopping;
      x1_word_valid_q <= advance_i && word_valid_i;
      x1_main_q       <= '0;
      x1_aux_q        <= '0;
      x1_launch_q     <= '0;
      if (issue) begin
        x1_main_q   <= i_main;
        x1_aux_q    <= i_aux;
        x1_launch_q <= i_launch;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (advance_i) begin
      x1_cycle_q <= cycle_o;
      x1_word_q  <= word_i;
    end
    if (issue) begin
      x1_context_q      <= i_context;
      x1_pc_q           <= i_pc;
      x1_fetched_q      <= !i_pc_misaligned && !i_pc_outside;
      x1_word0_q        <= i_word0;
      x1_word1_q        <= i_two_words ? i_word1 : '0;
      x1_aux_word_q     <= i_aux_word;
      x1_next_pc_q      <= i_next_pc;
      x1_sequential_q   <= i_sequential;
      x1_condition_q    <= i_condition;
      x1_taken_q        <= i_taken;
      x1_repeat_start_q <= i_repeat_start;
      x1_repeat_set_q   <= i_repeat_set;
      x1_repeat_end_q   <= i_repeat_end;
      x1_repeat_count_q <= i_repeat_count;
      x1_main_imm_q     <= i_main_imm;
      x1_aux_imm_q      <= i_aux_imm;
      x1_r0_q           <= r0;
      x1_r1_q           <= r1;
      x1_r2_q           <= r2;
      x1_s0_q           <= s0;
      x1_s1_q           <= s1;
      x1_d_q            <= d;
      x1_cause_q        <= i_cause;
    end
  end

  logic [31:0] x1_result, x1_address, x1_post, x1_fault_address, x1_vertex_step, x1_d_word;
  logic        x1_write_m, x1_fault_in_r1;
  logic [2:0]  x1_rnd;
  logic [63:0] x2_aux_result;

  ipu_tile_pkg::cause_e     x1_operation_cause;
  ipu_float_pkg::fp_flags_t x2_flags;

  assign x1_d_word = x1_word0_q[4] ? x1_d_q[63:32] : x1_d_q[31:0];

  ipu_main_execute u_main_execute (
    .main_i(x1_main_q), .imm_i(x1_main_imm_q), .r0_i(x1_r0_q), .r1_i(x1_r1_q), .r2_i(x1_r2_q), .a_i(x1_d_word),
    .sequential_i(x1_sequential_q), .taken_i(x1_taken_q), .result_o(x1_result), .write_o(x1_write_m));

  ipu_aux_execute u_aux_execute (
    .clk_i, .op_i(x1_aux_q), .imm_i(x1_aux_imm_q), .s0_i(x1_s0_q), .s1_i(x1_s1_q),
    .s0_odd_i(x1_aux_word_q[20]), .s1_odd_i(x1_aux_word_q[12]), .rnd_i(x1_rnd),
    .result_o(x2_aux_result), .flags_o(x2_flags));

  ipu_operation_faults u_operation_faults (
    .main_i(x1_main_q), .aux_i(x1_aux_q), .supervisor_i(x1_context_q == 3'd0),
    .main_csr_i(ipu_isa_pkg::field_7_0(x1_word0_q)), .aux_csr_i(ipu_isa_pkg::field_7_0(x1_aux_word_q)),
    .r0_i(x1_r0_q), .r1_i(x1_r1_q), .cause_o(x1_operation_cause), .address_in_r1_o(x1_fault_in_r1));

  // --------------------------------------------------------------------------------------- X2 and M

  logic        x2_tick_q, x2_valid_q, x2_condition_q, x2_repeat_start_q, x2_repeat_set_q, x2_write_m_q, x2_fetched_q;
  logic [63:0] x2_cycle_q, x2_store_data_q;
  logic [2:0]  x2_context_q;
  logic [31:0] x2_pc_q, x2_word0_q, x2_word1_q, x2_aux_word_q, x2_next_pc_q, x2_repeat_first_q, x2_repeat_end_q;
  logic [15:0] x2_repeat_count_q;
  logic [5:0]  x2_launch_q;
  logic [31:0] x2_result_q, x2_address_q, x2_post_q;
  logic        x2_word_valid_q;
  logic [31:0] x2_word_q;

  ipu_tile_pkg::main_op_t x2_main_q;
  ipu_tile_pkg::aux_op_t  x2_aux_q;
  ipu_tile_pkg::cause_e   x2_cause_q, x2_address_cause;

  logic        m_tick_q, m_valid_q, m_condition_q, m_repeat_start_q, m_repeat_set_q, m_write_m_q, m_fetched_q;
  logic [63:0] m_cycle_q, m_store_data_q, m_aux_result_q;
  logic [2:0]  m_context_q;
  logic [31:0] m_pc_q, m_word0_q, m_word1_q, m_aux_word_q, m_next_pc_q, m_repeat_first_q, m_repeat_end_q;
  logic [15:0] m_repeat_count_q;
  logic [5:0]  m_launch_q;
  logic [31:0] m_result_q, m_address_q, m_post_q;
  logic        m_word_valid_q;
  logic [31:0] m_word_q;

  ipu_tile_pkg::main_op_t   m_main_q;
  ipu_tile_pkg::aux_op_t    m_aux_q;
  ipu_tile_pkg::cause_e     m_early_cause_q;
  ipu_float_pkg::fp_flags_t m_flags_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      x2_tick_q       <= 1'b0;
      x2_valid_q      <= 1'b0;
      x2_word_valid_q <= 1'b0;
      m_tick_q        <= 1'b0;
      m_valid_q       <= 1'b0;
      m_word_valid_q  <= 1'b0;
    end else begin
      x2_tick_q       <= x1_tick_q && !stopping;
      x2_valid_q      <= x1_valid_q && !stopping;
      x2_word_valid_q <= x1_word_valid_q;
      m_tick_q        <= x2_tick_q && !stopping;
      m_valid_q       <= x2_valid_q && !stopping;
      m_word_valid_q  <= x2_word_valid_q;
    end
  end

  always_ff @(posedge clk_i) begin
    x2_cycle_q <= x1_cycle_q;
    x2_word_q  <= x1_word_q;
    if (x1_valid_q) begin
      x2_main_q         <= x1_main_q;
      x2_aux_q          <= x1_aux_q;
      x2_launch_q       <= x1_launch_q;
      x2_context_q      <= x1_context_q;
      x2_pc_q           <= x1_pc_q;
      x2_fetched_q      <= x1_fetched_q;
      x2_word0_q        <= x1_word0_q;
      x2_word1_q        <= x1_word1_q;
      x2_aux_word_q     <= x1_aux_word_q;
      x2_next_pc_q      <= x1_next_pc_q;
      x2_condition_q    <= x1_condition_q;
      x2_repeat_start_q <= x1_repeat_start_q;
      x2_repeat_set_q   <= x1_repeat_set_q;
      x2_repeat_first_q <= x1_sequential_q;
      x2_repeat_end_q   <= x1_repeat_end_q;
      x2_repeat_count_q <= x1_repeat_count_q;
      x2_write_m_q      <= x1_write_m;
      x2_result_q       <= x1_result;
      x2_store_data_q   <= !x1_main_q.data_in_a ? {x1_r2_q, x1_r2_q}
                           : (x1_main_q.control.size == ipu_tile_pkg::SIZE_64) ? x1_d_q : {x1_d_word, x1_d_word};
      // run and runall: entry point here, vertex base in the result, and the step between vertex bases
      x2_address_q      <= x1_fault_address;
      x2_post_q         <= (x1_main_q.load || x1_main_q.store) ? x1_post : x1_vertex_step;
      x2_cause_q        <= (x1_cause_q != ipu_tile_pkg::CAUSE_NONE) ? x1_cause_q : x1_operation_cause;
    end
  end

  assign x1_vertex_step = (x1_main_q.control.unit == ipu_tile_pkg::UNIT_RUNALL) ? {x1_main_imm_q[29:0], 2'b00} : '0;

  always_comb begin
    x1_fault_address = x1_address;
    if (!x1_main_q.load && !x1_main_q.store) begin
      x1_fault_address = (x1_operation_cause == ipu_tile_pkg::CAUSE_MISALIGNED_VERTEX_BASE && x1_fault_in_r1)
                         ? x1_r1_q : x1_r0_q;
    end
  end

  always_ff @(posedge clk_i) begin
    m_cycle_q <= x2_cycle_q;
    m_word_q  <= x2_word_q;
    if (x2_valid_q) begin
      m_main_q         <= x2_main_q;
      m_aux_q          <= x2_aux_q;
      m_launch_q       <= x2_launch_q;
      m_context_q      <= x2_context_q;
      m_pc_q           <= x2_pc_q;
      m_fetched_q      <= x2_fetched_q;
      m_word0_q        <= x2_word0_q;
      m_word1_q        <= x2_word1_q;
      m_aux_word_q     <= x2_aux_word_q;
      m_next_pc_q      <= x2_next_pc_q;
      m_condition_q    <= x2_condition_q;
      m_repeat_start_q <= x2_repeat_start_q;
      m_repeat_set_q   <= x2_repeat_set_q;
      m_repeat_first_q <= x2_repeat_first_q;
      m_repeat_end_q   <= x2_repeat_end_q;
      m_repeat_count_q <= x2_repeat_count_q;
      m_write_m_q      <= x2_write_m_q;
      m_result_q       <= x2_result_q;
      m_store_data_q   <= x2_store_data_q;
      m_address_q      <= x2_address_q;
      m_post_q         <= x2_post_q;
      m_aux_result_q   <= x2_aux_result;
      m_flags_q        <= x2_aux_q.valid ? x2_flags : '0;
      m_early_cause_q  <= (x2_cause_q != ipu_tile_pkg::CAUSE_NONE) ? x2_cause_q : x2_address_cause;
    end
  end

  ipu_load_store u_load_store (
    .main_i(x1_main_q), .imm_i(x1_main_imm_q), .r0_i(x1_r0_q), .r1_i(x1_r1_q), .r2_i(x1_r2_q),
    .address_o(x1_address), .post_o(x1_post),
    .check_i(x2_main_q.load || x2_main_q.store), .check_size_i(x2_main_q.control.size),
    .check_address_i(x2_address_q), .check_cause_o(x2_address_cause),
    .data_control_i(w_main_q.control), .data_address_i(w_address_q), .data_rows_i(load_data_i),
    .data_o(w_load_data));

  // ------------------------------------------------------------------------------------- M: commit

  logic        m_tick, m_commit, m_raises, m_put, m_uput, m_exit, m_runall_error, m_timed;
  logic [5:0]  m_active;
  logic [31:0] m_get_value, m_uget_value, m_put_value, m_exchange_value, m_fault_address, m_exchange_address;
  logic        m_csr_written, m_seeded;
  logic [8:0]  m_csr_index;
  logic [31:0] m_csr_value;
  logic [127:0] m_seed;
  logic [2:0]  m_flags_after, m_enables;
  logic [125:0] worker_bases;
  logic [20:0] m_worker_base, m_vertex_base;
  logic [15:0] m_old_repeat_count;
  logic [31:0] m_old_repeat_first, m_old_repeat_end;
  logic [3:0]  m_etype;
  logic        m_except_in_repeat, m_has_address, m_float_fault;
  logic        send, select, receive, receive_outside, incomplete, last_word, exchange_idle;
  logic [20:0] send_address, receive_address;
  logic [1:0]  send_directions;
  logic [12:0] source;

  ipu_tile_pkg::cause_e m_put_cause, m_exchange_cause, m_cause;
  ipu_tile_pkg::etype_e m_fault_type;

  assign m_tick = m_tick_q && !stopped_q;

  always_comb begin
    m_float_fault  = (m_flags_q & m_enables) != '0;
    m_runall_error = 1'b0;
    m_cause        = m_early_cause_q;
    if (m_early_cause_q == ipu_tile_pkg::CAUSE_NONE) begin
      if (m_main_q.valid && m_main_q.control.unit == ipu_tile_pkg::UNIT_PUT) begin
        m_cause = m_put_cause;
      end else if (m_main_q.valid && m_main_q.control.unit == ipu_tile_pkg::UNIT_RUNALL && m_active != '0) begin
        m_cause        = ipu_tile_pkg::CAUSE_WORKERS_ACTIVE;
        m_runall_error = m_valid_q && m_tick;
      end else if (m_exchange_cause != ipu_tile_pkg::CAUSE_NONE) begin
        m_cause = m_exchange_cause;
      end else if (m_float_fault) begin
        m_cause = ipu_tile_pkg::CAUSE_FLOATING_POINT;
      end
    end
  end

  assign m_commit = m_tick && m_valid_q && m_cause == ipu_tile_pkg::CAUSE_NONE;
  assign stopping = m_tick && m_valid_q && m_cause != ipu_tile_pkg::CAUSE_NONE;
  assign m_put    = m_commit && m_main_q.valid && m_main_q.control.unit == ipu_tile_pkg::UNIT_PUT;
  assign m_uput   = m_commit && m_aux_q.valid && m_aux_q.control.op == ipu_tile_pkg::AUX_UPUT;
  assign m_exit   = m_commit && m_main_q.valid && m_main_q.control.unit == ipu_tile_pkg::UNIT_EXIT;

  // Flags of a bundle that faults otherwise are lost; those of one that faults because of them are kept.
  assign m_raises = m_tick && m_valid_q && m_flags_q != '0 &&
                    (m_cause == ipu_tile_pkg::CAUSE_NONE || m_cause == ipu_tile_pkg::CAUSE_FLOATING_POINT);

  ipu_faults u_faults (
    .cause_i(m_cause), .trap_number_i(m_word0_q[0]), .etype_o(m_fault_type), .has_address_o(m_has_address));

  assign m_fault_address = (m_cause == ipu_tile_pkg::CAUSE_EXCHANGE_ADDRESS) ? m_exchange_address : m_address_q;

  ipu_contexts u_contexts (
    .clk_i, .rst_ni, .next_worker_i(next_worker), .next_worker_pc_o(next_worker_pc), .issue_context_i(i_context),
    .issue_worker_base_o(i_worker_base), .issue_vertex_base_o(i_vertex_base),
    .issue_repeat_count_o(i_old_repeat_count), .issue_repeat_first_o(i_old_repeat_first),
    .issue_repeat_end_o(i_old_repeat_end),
    .start_i, .start_pc_i, .commit_i(m_commit), .context_i(m_context_q), .next_pc_i(m_next_pc_q), .exit_i(m_exit),
    .launch_i(m_launch_q), .entry_i(m_address_q), .vertex_base_i(m_result_q), .vertex_step_i(m_post_q),
    .worker_bases_i(worker_bases), .repeat_start_i(m_repeat_start_q), .repeat_first_i(m_repeat_first_q),
    .repeat_end_i(m_repeat_end_q), .repeat_set_i(m_repeat_set_q), .repeat_count_i(m_repeat_count_q),
    .except_i(stopping), .etype_i(m_fault_type), .active_o(m_active), .worker_base_o(m_worker_base),
    .vertex_base_o(m_vertex_base), .repeat_count_o(m_old_repeat_count), .repeat_first_o(m_old_repeat_first),
    .repeat_end_o(m_old_repeat_end), .etype_o(m_etype), .except_in_repeat_o(m_except_in_repeat));

  ipu_csr_file u_csr_file (
    .clk_i, .rst_ni, .tile_id_i, .cycle_i(m_cycle_q), .context_i(m_context_q), .pc_i(m_pc_q),
    .get_index_i(ipu_isa_pkg::field_7_0(m_word0_q)), .get_value_o(m_get_value),
    .uget_index_i(ipu_isa_pkg::field_7_0(m_aux_word_q)), .uget_value_o(m_uget_value),
    .put_i(m_put), .put_index_i(ipu_isa_pkg::field_7_0(m_word0_q)), .put_data_i(m_result_q),
    .put_value_o(m_put_value), .put_cause_o(m_put_cause), .uput_i(m_uput),
    .uput_index_i(ipu_isa_pkg::field_7_0(m_aux_word_q)), .uput_data_i(m_aux_result_q[31:0]),
    .written_o(m_csr_written), .written_index_o(m_csr_index), .written_value_o(m_csr_value),
    .seeded_o(m_seeded), .seed_o(m_seed), .launch_i(m_commit ? m_launch_q : '0), .active_i(m_active), .exit_i(m_exit),
    .exit_status_i(m_condition_q), .runall_error_i(m_runall_error), .flags_i(m_raises), .flags_raised_i(m_flags_q),
    .flags_o(m_flags_after), .enables_o(m_enables), .rnd_context_i(x1_context_q), .rnd_o(x1_rnd),
    .worker_bases_o(worker_bases), .worker_base_i(m_worker_base), .vertex_base_i(m_vertex_base),
    .repeat_count_i(m_old_repeat_count), .repeat_first_i(m_old_repeat_first), .repeat_end_i(m_old_repeat_end),
    .etype_i(m_etype), .except_in_repeat_i(m_except_in_repeat), .exchange_value_i(m_exchange_value));

  ipu_exchange u_exchange (
    .clk_i, .rst_ni, .tick_i(m_tick),
    .valid_i(m_valid_q && m_main_q.valid && m_early_cause_q == ipu_tile_pkg::CAUSE_NONE),
    .unit_i(m_main_q.control.unit), .word0_i(m_word0_q), .word1_i(m_word1_q),
    .cause_o(m_exchange_cause), .cause_address_o(m_exchange_address), .timed_o(m_timed),
    .put_i(m_put), .put_index_i(ipu_isa_pkg::field_7_0(m_word0_q)), .put_value_i(m_put_value),
    .get_index_i(ipu_isa_pkg::field_7_0(m_word0_q)), .get_value_o(m_exchange_value),
    .send_o(send), .send_address_o(send_address), .send_directions_o(send_directions), .select_o(select),
    .source_o(source), .word_valid_i(m_word_valid_q), .receive_o(receive), .receive_address_o(receive_address),
    .receive_outside_o(receive_outside), .missing_o(missing), .incomplete_o(incomplete), .last_word_o(last_word), .idle_o(exchange_idle));

  assign missing_o    = missing;
  assign load_en_o    = m_commit && m_main_q.load;
  assign load_wide_o  = m_main_q.control.size == ipu_tile_pkg::SIZE_128;
  assign load_addr_o  = m_address_q[20:0];
  assign store_addr_o = m_address_q[20:0];
  assign store_data_o = m_store_data_q;
  always_comb begin
    store_en_o = '0;
    if (m_commit && m_main_q.store) begin
      store_en_o = (m_main_q.control.size == ipu_tile_pkg::SIZE_64) ? 2'b11 : m_address_q[2] ? 2'b10 : 2'b01;
    end
  end
  assign send_en_o      = send;
  assign send_addr_o    = send_address;
  assign receive_en_o   = receive;
  assign receive_addr_o = receive_address;
  assign receive_data_o = m_word_q;

  // ---- Hazards: who uses the memory element of the received word in the same cycle

  logic clash_load_store, clash_send, clash_fetch, live;

  ipu_same_element u_load_store_clash (.a_i(receive_address), .b_i(m_address_q[20:0]), .same_o(clash_load_store));
  ipu_same_element u_send_clash (.a_i(receive_address), .b_i(send_address), .same_o(clash_send));
  ipu_same_element u_fetch_clash (.a_i(receive_address), .b_i(m_pc_q[20:0]), .same_o(clash_fetch));

  // A worker counts as active in the cycles of its launch and of its exit.
  assign live = m_active != '0 || (m_commit && m_launch_q != '0);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      stopped_q          <= 1'b0;
      words_done_cycle_q <= '0;
    end else begin
      if (stopping) stopped_q <= 1'b1;
      if (last_word) words_done_cycle_q <= m_cycle_q;
    end
  end

  // ---------------------------------------------------------------------- W: registers and report

  logic         w_commit_q, w_write_m_q, w_odd_item_q;
  logic [3:0]   w_address_q;
  logic [31:0]  w_result_q;
  logic [63:0]  w_aux_result_q;
  logic [127:0] w_load_data;

  ipu_tile_pkg::main_op_t w_main_q;
  ipu_tile_pkg::aux_op_t  w_aux_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      w_tick_o            <= 1'b0;
      w_commit_q          <= 1'b0;
      w_csr_write_o       <= 1'b0;
      w_seed_o            <= 1'b0;
      w_flags_write_o     <= 1'b0;
      w_store_o           <= 1'b0;
      w_sync_o            <= 1'b0;
      w_sans_o            <= 1'b0;
      w_timed_o           <= 1'b0;
      w_send_o            <= 1'b0;
      w_select_o          <= 1'b0;
      w_receive_o         <= 1'b0;
      w_receive_outside_o <= 1'b0;
      w_clash_access_o    <= 1'b0;
      w_clash_fetch_o     <= 1'b0;
      w_receive_live_o    <= 1'b0;
      w_send_live_o       <= 1'b0;
      w_incomplete_o      <= 1'b0;
      except_o            <= 1'b0;
    end else begin
      w_tick_o            <= m_tick;
      w_commit_q          <= m_commit;
      w_csr_write_o       <= m_csr_written;
      w_seed_o            <= m_seeded;
      w_flags_write_o     <= m_raises && m_commit;
      w_store_o           <= m_commit && m_main_q.store;
      w_sync_o            <= m_commit && m_main_q.valid && m_main_q.control.unit == ipu_tile_pkg::UNIT_SYNC;
      w_sans_o            <= m_commit && m_main_q.valid && m_main_q.control.unit == ipu_tile_pkg::UNIT_SANS;
      w_timed_o           <= m_commit && m_timed;
      w_send_o            <= send;
      w_select_o          <= select;
      w_receive_o         <= receive;
      w_receive_outside_o <= receive_outside;
      w_clash_access_o    <= receive && ((m_commit && (m_main_q.load || m_main_q.store) && clash_load_store) ||
                                         (send && clash_send));
      w_clash_fetch_o     <= receive && m_valid_q && m_fetched_q && clash_fetch;
      w_receive_live_o    <= (receive || receive_outside) && live;
      w_send_live_o       <= m_commit && m_timed && send && live;
      w_incomplete_o      <= incomplete;
      except_o            <= stopping;
    end
  end

  always_ff @(posedge clk_i) begin
    if (m_tick) begin
      w_cycle_o           <= m_cycle_q;
      w_send_directions_o <= send_directions;
      w_odd_item_q        <= send_address[2];
      w_source_o          <= source;
      w_receive_addr_o    <= receive_address;
      w_receive_word_o    <= m_word_q;
      w_incomplete_count_o <= missing;
    end
    if (m_tick && m_valid_q) begin
      w_main_q        <= m_main_q;
      w_aux_q         <= m_aux_q;
      w_context_o     <= m_context_q;
      w_pc_o          <= m_pc_q;
      w_word0_o       <= m_word0_q;
      w_word1_o       <= m_word1_q;
      w_write_m_q     <= m_write_m_q;
      w_result_q      <= (m_main_q.control.unit == ipu_tile_pkg::UNIT_GET) ? m_get_value : m_result_q;
      w_aux_result_q  <= (m_aux_q.control.op == ipu_tile_pkg::AUX_UGET) ? {32'b0, m_uget_value} : m_aux_result_q;
      w_post_data_o   <= m_post_q;
      w_address_q     <= m_address_q[3:0];
      w_csr_index_o   <= m_csr_index;
      w_csr_data_o    <= m_csr_value;
      w_seed_data_o   <= m_seed;
      w_flags_o       <= m_flags_after;
      w_store_wide_o  <= m_main_q.control.size == ipu_tile_pkg::SIZE_64;
      w_store_addr_o  <= m_address_q[20:0];
      w_store_data_o  <= m_store_data_q;
      except_type_o   <= m_fault_type;
      except_cause_o  <= m_cause;
      except_has_address_o <= m_has_address;
      except_address_o     <= m_fault_address;
    end
  end

  assign w_zone_o       = w_word0_o[3:0];
  assign w_sans_count_o = ipu_isa_pkg::field_18_0(w_word0_o);
  assign w_send_word_o  = w_odd_item_q ? send_data_i[63:32] : send_data_i[31:0];
  assign quiet_o        = schedule_quiet && exchange_idle && !x1_valid_q && !x2_valid_q && !m_valid_q && !w_commit_q &&
                          !x1_word_valid_q && !x2_word_valid_q && !m_word_valid_q;
  assign retire_o       = w_commit_q;

  ipu_writeback u_writeback (
    .commit_i(w_commit_q), .main_i(w_main_q), .main_write_i(w_write_m_q), .main_result_i(w_result_q),
    .load_data_i(w_load_data), .aux_i(w_aux_q), .aux_result_i(w_aux_result_q),
    .m_write_o(w_m_write_o), .m_index_o(w_m_index_o), .m_data_o(w_m_data_o),
    .post_write_o(w_post_write_o), .post_index_o(w_post_index_o),
    .main_a_write_o(w_main_a_write_o), .main_a_upper_o(w_main_a_upper_o), .main_a_data_o(w_main_a_data_o),
    .aux_a_write_o(w_aux_a_write_o), .aux_a_pair_o(w_aux_a_pair_o), .aux_a_data_o(w_aux_a_data_o));

  ipu_m_registers u_m_registers (
    .clk_i, .read_context_i(i_context), .r0_index_i(i_word0[23:20]), .r1_index_i(i_word0[15:12]),
    .r2_index_i(i_word0[19:16]), .worker_base_i(i_worker_base), .vertex_base_i(i_vertex_base), .r0_o(r0), .r1_o(r1),
    .r2_o(r2), .write_context_i(w_context_o), .write0_i(w_m_write_o), .write0_index_i(w_m_index_o),
    .write0_data_i(w_m_data_o), .write1_i(w_post_write_o), .write1_index_i(w_post_index_o),
    .write1_data_i(w_post_data_o));

  ipu_a_registers u_a_registers (
    .clk_i, .read_context_i(i_context), .s0_index_i(i_aux_word[23:20]), .s1_index_i(i_aux_word[15:12]),
    .d_index_i(i_word0[7:4]), .s0_o(s0), .s1_o(s1), .d_o(d), .write_context_i(w_context_o),
    .main_enable_i(w_main_a_write_o), .main_upper_i(w_main_a_upper_o), .main_data_i(w_main_a_data_o),
    .aux_enable_i(w_aux_a_write_o), .aux_pair_i(w_aux_a_pair_o), .aux_data_i(w_aux_a_data_o));

endmodule
