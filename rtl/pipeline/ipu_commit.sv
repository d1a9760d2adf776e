// SPDX-License-Identifier: Apache-2.0
// Stage M: a bundle commits or excepts. Memory, CSRs, contexts and the exchange change here and nowhere else.
module ipu_commit (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  ipu_isa_pkg::arch_info_t arch_i,
  input  logic [10:0]  tile_id_i,
  input  logic         start_i,
  input  logic [31:0]  start_pc_i,
  input  logic         release_i,
  input  ipu_tile_pkg::debug_request_t debug_i,

  input  ipu_tile_pkg::beat_t     beat_i,      // of X2
  input  logic                        valid_i,
  input  ipu_tile_pkg::bundle_t   bundle_i,
  input  ipu_tile_pkg::executed_t executed_i,
  input  ipu_tile_pkg::engine_result_t engine_i,  // of the bundle at M

  output logic         stopping_o,  // the bundle at M excepts, or its cycle is the last
  output logic         stopped_o,   // one has been
  output ipu_tile_pkg::standing_t standing_o,
  output logic         injected_o,  // a word from outside is at M
  output ipu_tile_pkg::cause_e inject_cause_o,
  output logic         busy_o,
  output logic         exchange_idle_o,

  // ---- What earlier stages ask for
  input  logic [2:0]   next_worker_i,
  output logic [31:0]  next_worker_pc_o,
  input  logic [2:0]   issue_ctx_i,
  output ipu_tile_pkg::context_state_t issue_state_o,
  input  logic [2:0]   rnd_ctx_i,
  input  logic [1:0]   words_i,
  output logic [2:0]   rnd_o,
  output ipu_tile_pkg::float_state_t float_o,
  output logic         zero_accumulators_o,   // of the context
  output logic         zero_coefficients_o,
  output logic [16:0]  missing_o,           // words, for sync 0
  output logic [63:0]  words_done_cycle_o,

  // ---- Memory
  output logic         load_en_o,
  output logic         load_wide_o,
  output logic [20:0]  load_addr_o,
  output logic         second_en_o,
  output logic [20:0]  second_addr_o,
  output logic [1:0]   store_en_o,
  output logic [20:0]  store_addr_o,
  output logic [63:0]  store_data_o,
  output logic         send_en_o,
  output logic [20:0]  send_addr_o,
  output logic [1:0]   receive_en_o,
  output logic [20:0]  receive_addr_o,
  output logic [63:0]  receive_data_o,

  output logic         tick_o,
  output logic         present_o,           // a bundle stands here
  output logic         commit_o,
  output ipu_tile_pkg::beat_t            beat_o,
  output ipu_tile_pkg::bundle_t          bundle_o,
  output ipu_tile_pkg::committed_t       committed_o,
  output ipu_tile_pkg::effects_t         effects_o,
  output ipu_tile_pkg::exchange_report_t exchange_o,
  output ipu_tile_pkg::exception_t       exception_o
);

  // ---- The stage's registers

  logic valid_q, tick_q, word_valid_q, stopped_q;
  ipu_tile_pkg::beat_t     beat_q;
  ipu_tile_pkg::bundle_t   bundle_q;
  ipu_tile_pkg::executed_t m_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      tick_q       <= 1'b0;
      valid_q      <= 1'b0;
      word_valid_q <= 1'b0;
    end else begin
      tick_q       <= beat_i.tick && !stopping_o;
      valid_q      <= valid_i && !stopping_o;
      word_valid_q <= beat_i.word_valid;
    end
  end

  always_ff @(posedge clk_i) begin
    beat_q <= beat_i;
    if (valid_i) begin
      bundle_q <= bundle_i;
      m_q      <= executed_i;
    end
  end

  // ---- Commit or except

  ipu_tile_pkg::main_op_t       main_op;
  ipu_tile_pkg::aux_op_t        aux_op;
  ipu_tile_pkg::main_unit_e     unit;
  ipu_tile_pkg::cause_e         early_cause, put_cause, exchange_cause, cause;
  ipu_tile_pkg::etype_e         etype;
  ipu_tile_pkg::context_state_t state;

  logic        tick, acts, commit, excepts, raises, put, uput, exits, runall_error, timed, float_fault, has_address;
  logic [5:0]  active;
  logic [31:0] get_value, uget_value, put_value, exchange_value, exchange_address;
  logic        csr_written, seeded;
  logic [8:0]  csr_index;
  logic [31:0] csr_value;
  logic [127:0] seed;
  logic [2:0]  flags, flags_after, enables;
  logic [125:0] worker_bases;
  logic        zero_accumulators, zero_coefficients, write_tas;

  logic        instruction_break, sync_break, data_break, debug_written;
  logic        remote_break, load_error, late, late_has_address;
  logic [20:0] load_error_address, late_address;
  logic [13:0] statuses;
  logic [4:0]  error_status;
  logic [31:0] supervisor_pc;
  ipu_tile_pkg::cause_e late_cause;
  logic [20:0] break_address;
  logic [31:0] debug_value;

  ipu_tile_pkg::float_state_t float_state;
  logic [3:0]  etype_before;
  logic        except_in_repeat;

  logic        coefficient;  // a load of the coefficient store
  logic [31:0] cccsload, coefficient_address;
  logic [1:0]  draws;
  logic [20:0] send_address, receive_address;
  ipu_tile_pkg::cause_e           coefficient_cause;
  ipu_tile_pkg::exchange_report_t report;

  assign coefficient = main_op.valid && unit == ipu_tile_pkg::UNIT_COEFFICIENT;
  assign main_op     = bundle_q.main;
  assign aux_op      = bundle_q.aux;
  assign unit        = main_op.control.unit;
  assign early_cause = m_q.main.cause;
  assign tick        = tick_q && !stopped_q;
  assign flags       = engine_i.valid ? engine_i.flags : m_q.flags;

  always_comb begin
    float_fault  = (flags & enables) != '0;
    runall_error = 1'b0;
    cause        = early_cause;
    if (remote_break) begin
      cause = ipu_tile_pkg::CAUSE_REMOTE_BREAK;
    end else if (instruction_break) begin
      cause = ipu_tile_pkg::CAUSE_INSTRUCTION_BREAK;
    end else if (early_cause == ipu_tile_pkg::CAUSE_NONE) begin
      if (main_op.valid && unit == ipu_tile_pkg::UNIT_PUT && put_cause != ipu_tile_pkg::CAUSE_NONE) begin
        cause = put_cause;
      end else if (coefficient && coefficient_cause != ipu_tile_pkg::CAUSE_NONE) begin
        cause = coefficient_cause;
      end else if (main_op.valid && unit == ipu_tile_pkg::UNIT_RUNALL && active != '0) begin
        cause        = ipu_tile_pkg::CAUSE_WORKERS_ACTIVE;
        runall_error = valid_q && tick;
      end else if (sync_break) begin
        cause = ipu_tile_pkg::CAUSE_BREAK_ON_SYNC;
      end else if (exchange_cause != ipu_tile_pkg::CAUSE_NONE) begin
        cause = exchange_cause;
      end else if (load_error) begin
        cause = ipu_tile_pkg::CAUSE_MEMORY_ERROR;
      end else if (data_break) begin
        cause = ipu_tile_pkg::CAUSE_DATA_BREAK;
      end else if (float_fault) begin
        cause = ipu_tile_pkg::CAUSE_FLOATING_POINT;
      end
    end
  end

  // Words from outside commit while time stands; what would except does nothing.
  assign acts       = tick || bundle_q.injected;
  assign commit     = acts && valid_q && cause == ipu_tile_pkg::CAUSE_NONE;
  assign excepts    = tick && valid_q && cause != ipu_tile_pkg::CAUSE_NONE;
  assign stopping_o = excepts || late;

  assign injected_o     = valid_q && bundle_q.injected;
  assign inject_cause_o = cause;
  assign timed      = main_op.valid && main_op.timed;
  assign put        = commit && main_op.valid && unit == ipu_tile_pkg::UNIT_PUT;
  assign uput       = commit && aux_op.valid && aux_op.control.op == ipu_tile_pkg::AUX_UPUT;
  assign write_tas  = commit && engine_i.write_tas;
  assign exits      = commit && main_op.valid && unit == ipu_tile_pkg::UNIT_EXIT;

  // Flags of a bundle that faults otherwise are lost; those of one that faults because of them are kept.
  assign raises = flags != '0 && (commit || (excepts && cause == ipu_tile_pkg::CAUSE_FLOATING_POINT));

  ipu_faults u_faults (
    .cause_i(excepts ? cause : late_cause), .trap_number_i(bundle_q.word0[0]), .etype_o(etype), .has_address_o(has_address));

  // ---- Loads of the coefficient store: the address is a CSR, which the one before may have moved

  ipu_address_check u_coefficient_check (
    .arch_i, .used_i({2'b00, coefficient}), .size_i(main_op.control.size), .second_size_i(ipu_tile_pkg::SIZE_8),
    .first_i(cccsload), .second_i('0), .store_i('0), .cause_o(coefficient_cause),
    .address_o(coefficient_address));

  logic unused_address;
  assign unused_address = ^coefficient_address;

  // ---- State

  ipu_contexts u_contexts (
    .clk_i, .rst_ni, .next_worker_i, .next_worker_pc_o, .issue_ctx_i, .issue_state_o, .start_i, .start_pc_i,
    .release_i, .commit_i(commit), .bundle_i(bundle_q), .exit_i(exits), .entry_i(m_q.main.address),
    .vertex_base_i(m_q.main.result), .vertex_step_i(m_q.main.post), .worker_bases_i(worker_bases),
    .except_i(excepts), .late_i(late && !excepts), .etype_i(etype), .debug_i, .active_o(active),
    .statuses_o(statuses), .standing_o, .supervisor_pc_o(supervisor_pc), .state_o(state), .etype_o(etype_before),
    .except_in_repeat_o(except_in_repeat));

  ipu_csr_file u_csr_file (
    .clk_i, .rst_ni, .tile_id_i, .cycle_i(beat_q.cycle), .context_i(bundle_q.ctx), .pc_i(bundle_q.pc),
    .get_index_i(ipu_isa_pkg::field_7_0(bundle_q.word0)), .get_value_o(get_value),
    .uget_index_i(ipu_isa_pkg::field_7_0(bundle_q.aux_word)), .uget_value_o(uget_value),
    .put_i(put), .put_index_i(ipu_isa_pkg::field_7_0(bundle_q.word0)), .put_data_i(m_q.main.result),
    .put_value_o(put_value), .debug_written_o(debug_written), .put_cause_o(put_cause), .uput_i(uput),
    .uput_index_i(ipu_isa_pkg::field_7_0(bundle_q.aux_word)), .uput_data_i(m_q.aux_result[31:0]),
    .written_o(csr_written), .written_index_o(csr_index), .written_value_o(csr_value),
    .seeded_o(seeded), .seed_o(seed), .launch_i(commit ? bundle_q.launch : '0), .active_i(active),
    .exit_i(exits), .exit_status_i(bundle_q.condition), .runall_error_i(runall_error), .flags_i(raises),
    .flags_raised_i(flags), .flags_o(flags_after), .enables_o(enables), .rnd_context_i(rnd_ctx_i), .words_i, .rnd_o,
    .float_o(float_state), .draws_i(draws), .write_tas_i(write_tas), .write_tas_data_i(engine_i.tas),
    .zero_accumulators_o(zero_accumulators), .zero_coefficients_o(zero_coefficients),
    .worker_bases_o(worker_bases), .cccsload_o(cccsload), .coefficient_i(commit && coefficient),
    .coefficient_wide_i(main_op.control.size == ipu_tile_pkg::SIZE_128), .state_i(state), .etype_i(etype_before),
    .except_in_repeat_i(except_in_repeat), .statuses_i(statuses), .error_status_i(error_status), .exchange_value_i(exchange_value), .debug_value_i(debug_value));

  ipu_breakpoints u_breakpoints (
    .clk_i, .rst_ni, .put_i(put), .put_index_i(ipu_isa_pkg::field_7_0(bundle_q.word0)), .put_value_i(put_value),
    .get_index_i(ipu_isa_pkg::field_7_0(bundle_q.word0)), .get_value_o(debug_value), .debug_i,
    .valid_i(valid_q && !bundle_q.injected),
    .bundle_i(bundle_q), .vertex_base_i(state.vertex_base),
    .accesses_i({main_op.store, main_op.load && main_op.control.second, main_op.load || coefficient}),
    .first_i(load_addr_o), .second_i(second_addr_o), .store_i(store_addr_o), .instruction_o(instruction_break),
    .sync_o(sync_break), .data_o(data_break), .data_address_o(break_address));

  ipu_debug_unit u_debug_unit (
    .clk_i, .rst_ni, .request_i(debug_i), .valid_i(valid_q && !bundle_q.injected), .bundle_i(bundle_q),
    .loads_i({main_op.load && main_op.control.second, main_op.load || coefficient}), .first_i(load_addr_o),
    .second_i(second_addr_o), .break_o(remote_break), .load_error_o(load_error),
    .load_error_address_o(load_error_address), .tick_i(tick), .exchange_i(report), .send_address_i(send_address),
    .receive_address_i(receive_address),
    .memory_exception_i(excepts && cause == ipu_tile_pkg::CAUSE_MEMORY_ERROR), .late_o(late), .late_cause_o(late_cause),
    .late_has_address_o(late_has_address), .late_address_o(late_address), .status_o(error_status));

  assign draws = !commit ? '0 : engine_i.valid ? {1'b0, engine_i.draw} : m_q.draws;

  assign float_o             = float_state;
  assign zero_accumulators_o = zero_accumulators;
  assign zero_coefficients_o = zero_coefficients;

  // ---- Exchange

  logic        send, send_wide, select, select_pair, format_set, wide, receive, receive_outside, incomplete, last_word;
  logic [1:0]  send_directions, format;
  logic [12:0] source;

  ipu_exchange u_exchange (
    .clk_i, .rst_ni, .arch_i, .tick_i(tick || debug_i.settle),
    .valid_i(valid_q && main_op.valid && early_cause == ipu_tile_pkg::CAUSE_NONE && !remote_break && !instruction_break && !sync_break),
    .unit_i(unit), .word0_i(bundle_q.word0), .word1_i(bundle_q.word1),
    .cause_o(exchange_cause), .cause_address_o(exchange_address),
    .put_i(put), .put_index_i(ipu_isa_pkg::field_7_0(bundle_q.word0)), .put_value_i(put_value),
    .get_index_i(ipu_isa_pkg::field_7_0(bundle_q.word0)), .get_value_o(exchange_value),
    .send_o(send), .send_wide_o(send_wide), .send_address_o(send_address), .send_directions_o(send_directions),
    .select_o(select), .select_pair_o(select_pair), .source_o(source), .format_set_o(format_set), .format_o(format),
    .word_valid_i(word_valid_q), .wide_o(wide), .receive_o(receive), .receive_address_o(receive_address),
    .receive_outside_o(receive_outside), .missing_o, .incomplete_o(incomplete), .last_word_o(last_word),
    .idle_o(exchange_idle_o));

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      stopped_q          <= 1'b0;
      words_done_cycle_o <= '0;
    end else begin
      if (stopping_o) stopped_q <= 1'b1;
      if (debug_i.resume) stopped_q <= 1'b0;
      if (last_word) words_done_cycle_o <= beat_q.cycle;
    end
  end
  assign stopped_o = stopped_q;
  assign busy_o    = valid_q || word_valid_q;

  // ---- Memory

  assign load_en_o     = commit && (main_op.load || coefficient);
  assign load_wide_o   = main_op.control.size == ipu_tile_pkg::SIZE_128;
  assign load_addr_o   = coefficient ? cccsload[20:0] : m_q.main.address[20:0];
  assign second_en_o   = commit && main_op.load && main_op.control.second;
  assign second_addr_o = m_q.main.second_address[20:0];
  assign store_addr_o  = m_q.main.store_address[20:0];
  assign store_data_o  = m_q.main.store_data;
  always_comb begin
    store_en_o = '0;
    if (commit && main_op.store) begin
      store_en_o = (main_op.control.size == ipu_tile_pkg::SIZE_64) ? 2'b11
                   : m_q.main.store_address[2]                     ? 2'b10 : 2'b01;
    end
  end
  assign send_en_o      = send;
  assign send_addr_o    = send_address;
  always_comb begin
    receive_en_o = '0;
    if (receive) receive_en_o = wide ? 2'b11 : receive_address[2] ? 2'b10 : 2'b01;
  end
  assign receive_addr_o = receive_address;
  assign receive_data_o = wide ? beat_q.word : {beat_q.word[31:0], beat_q.word[31:0]};

  // ---- Hazards: who uses the memory element of the received word in the same cycle

  logic clash_load, clash_second, clash_store, clash_send, clash_fetch, clash_next_row, live;

  ipu_same_element u_load_clash (.arch_i, .a_i(receive_address), .b_i(load_addr_o), .same_o(clash_load));
  ipu_same_element u_second_clash (.arch_i, .a_i(receive_address), .b_i(second_addr_o), .same_o(clash_second));
  ipu_same_element u_store_clash (.arch_i, .a_i(receive_address), .b_i(store_addr_o), .same_o(clash_store));
  ipu_same_element u_send_clash (.arch_i, .a_i(receive_address), .b_i(send_address), .same_o(clash_send));
  ipu_same_element u_fetch_clash (.arch_i, .a_i(receive_address), .b_i(bundle_q.pc[20:0]), .same_o(clash_fetch));
  ipu_same_element u_next_row_clash (
    .arch_i, .a_i(receive_address), .b_i(bundle_q.sequential[20:0]), .same_o(clash_next_row));

  // A worker counts as active in the cycles of its launch and of its exit.
  assign live = active != '0 || (commit && bundle_q.launch != '0);

  // ---- To W

  ipu_tile_pkg::committed_t       committed;
  ipu_tile_pkg::effects_t         effects;
  ipu_tile_pkg::exception_t       exception;

  always_comb begin
    committed            = '0;
    committed.write_m    = m_q.main.write_m;
    committed.result     = (unit == ipu_tile_pkg::UNIT_GET) ? get_value : m_q.main.result;
    committed.post       = m_q.main.post;
    committed.address    = m_q.main.address;
    committed.second_address = m_q.main.second_address;
    committed.aux_result = (aux_op.control.op == ipu_tile_pkg::AUX_UGET) ? {32'b0, uget_value}
                           : engine_i.valid ? engine_i.result : m_q.aux_result;
  end

  always_comb begin
    effects             = '0;
    effects.csr_write   = csr_written;
    effects.csr_index   = csr_index;
    effects.csr_data    = csr_value;
    effects.debug_write = debug_written;
    effects.debug_data  = put_value;
    effects.seed        = seeded;
    effects.seed_data   = seed;
    effects.flags_write = raises && commit;
    effects.flags       = flags_after;
    effects.accumulators      = engine_i.accumulates || zero_accumulators;
    effects.store       = commit && main_op.store;
    effects.store_wide  = main_op.control.size == ipu_tile_pkg::SIZE_64;
    effects.store_addr  = store_addr_o;
    effects.store_data  = m_q.main.store_data;
    effects.sync        = commit && main_op.valid && unit == ipu_tile_pkg::UNIT_SYNC;
    effects.sans        = commit && main_op.valid && unit == ipu_tile_pkg::UNIT_SANS;
    effects.timed       = commit && timed;
  end

  always_comb begin
    report                  = '0;
    report.send             = send;
    report.send_wide        = send_wide;
    report.send_directions  = send_directions;
    report.send_odd         = send_address[2];
    report.select           = select;
    report.select_pair      = select_pair;
    report.source           = source;
    report.format_set       = format_set;
    report.format           = format;
    report.receive          = receive;
    report.receive_addr     = receive_address;
    report.receive_wide     = wide;
    report.receive_data     = beat_q.word;
    report.receive_outside  = receive_outside;
    report.clash_access     = receive && ((load_en_o && clash_load) || (second_en_o && clash_second) ||
                                          (store_en_o != '0 && clash_store) || (send && clash_send));
    report.clash_fetch      = receive && valid_q && bundle_q.fetched &&
                              (clash_fetch || (bundle_q.straddles && clash_next_row));
    report.receive_live     = (receive || receive_outside) && live;
    report.send_live        = commit && timed && send && live;
    report.incomplete       = incomplete;
    report.incomplete_count = missing_o;
  end

  always_comb begin
    exception             = '0;
    exception.valid       = stopping_o;
    exception.late        = !excepts;
    exception.pc          = supervisor_pc;
    exception.etype       = etype;
    exception.cause       = excepts ? cause : late_cause;
    exception.has_address = excepts ? has_address : late_has_address;
    exception.address     = !excepts                                          ? {11'b0, late_address}
                          : (cause == ipu_tile_pkg::CAUSE_MEMORY_ERROR)
                            ? (bundle_q.fetched ? {11'b0, load_error_address} : {11'b0, debug_i.row, 3'b000})
                          : (cause == ipu_tile_pkg::CAUSE_EXCHANGE_ADDRESS) ? exchange_address
                          : (cause == ipu_tile_pkg::CAUSE_DATA_BREAK)       ? {11'b0, break_address}
                          : coefficient                                     ? cccsload : m_q.main.address;
  end

  assign tick_o      = tick;
  assign present_o   = valid_q;
  assign commit_o    = commit;
  assign beat_o      = beat_q;
  assign bundle_o    = bundle_q;
  assign committed_o = committed;
  assign effects_o   = effects;
  assign exchange_o  = report;
  assign exception_o = exception;

  logic unused_ops;
  assign unused_ops = ^{main_op, aux_op};

`ifndef SYNTHESIS
  // Memory trusts stage X2's address check: everything lies in it, at multiples of its size.
  function automatic logic fits(input logic [20:0] address, input ipu_tile_pkg::size_e size);
    fits = (address & ((21'd1 << size) - 21'd1)) == '0 && {11'b0, address} >= arch_i.memory_base &&
             {11'b0, address} + (32'd1 << size) <= arch_i.memory_end;
  endfunction

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (rst_ni) begin
      assert (!load_en_o || fits(load_addr_o, main_op.control.size)) else $error("load outside memory or its alignment");
      assert (!second_en_o || fits(second_addr_o, main_op.control.second_size))
        else $error("second load outside memory or its alignment");
      assert (store_en_o == '0 || fits(store_addr_o, main_op.control.size))
        else $error("store outside memory or its alignment");
      assert (!load_en_o || !load_wide_o || {11'b0, load_addr_o} >= arch_i.region1_base)
        else $error("16 bytes outside region 1");
      assert (!send_en_o || fits(send_addr_o, ipu_tile_pkg::SIZE_32)) else $error("word sent from outside memory");
      // The supervisor issues nothing before its last item has left, and a worker's access beside one is a hazard.
      assert (!(send && !timed && commit && bundle_q.ctx == 3'd0)) else $error("the supervisor issues while it sends");
      assert (receive_en_o == '0 || fits(receive_addr_o, wide ? ipu_tile_pkg::SIZE_64 : ipu_tile_pkg::SIZE_32)) else $error("word received outside memory");
      assert (!(engine_i.valid && tick) || (valid_q && aux_op.valid)) else $error("the engine works without a bundle");
      assert (!(commit && bundle_q.ctx == 3'd0) || flags == '0) else $error("floating-point flags of the supervisor");
    end
  end
`endif

endmodule
