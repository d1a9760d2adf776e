// SPDX-License-Identifier: Apache-2.0
// A tile with its memory: the top of the simulation. Ports are those of ipu_tile.
module ipu_tile_top (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [10:0]  tile_id_i,
  input  logic [2:0]   arch_i,          // see ipu_tile

  // ---- Control of time and start; see ipu_schedule
  input  logic         advance_i,
  input  logic         refetch_i,
  input  logic [31:0]  skip_i,
  input  logic         start_i,
  input  logic [31:0]  start_pc_i,
  input  logic         release_i,
  input  logic [1:0]   fetch_replace_i,  // see ipu_tile_memory
  input  logic [63:0]  fetch_row_i,
  // ---- The debug side: ipu_tile_pkg::debug_request_t, one port per field
  input  logic [6:0]   break_contexts_i,
  input  logic         break_in_exchange_i,
  input  logic         bad_row_valid_i,
  input  logic [17:0]  bad_row_i,
  input  logic [3:0]   stopping_hazards_i,
  input  logic [6:0]   clear_i,
  input  logic         resume_i,
  input  logic         settle_i,
  input  logic         jump_i,
  input  logic [2:0]   jump_slot_i,
  input  logic [63:0]  jump_cycle_i,
  input  logic         debug_put_i,
  input  logic [7:0]   debug_put_index_i,
  input  logic [31:0]  debug_put_value_i,
  input  logic         inject_i,
  input  logic [2:0]   inject_context_i,
  input  logic [31:0]  inject_word_i,
  output logic         injected_o,
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
  input  logic [63:0]  word_i,

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
  output logic [1:0]   w_first_a_write_o,
  output logic [1:0]   w_first_a_pair_o,
  output logic [63:0]  w_first_a_data_o,
  output logic [1:0]   w_second_a_write_o,
  output logic [1:0]   w_second_a_pair_o,
  output logic [63:0]  w_second_a_data_o,
  output logic [1:0]   w_aux_a_write_o,
  output logic [1:0]   w_aux_a_pair_o,
  output logic [63:0]  w_aux_a_data_o,
  output logic         w_csr_write_o,
  output logic [8:0]   w_csr_index_o,
  output logic [31:0]  w_csr_data_o,
  output logic         w_debug_write_o,
  output logic [31:0]  w_debug_data_o,
  output logic         w_seed_o,
  output logic [127:0] w_seed_data_o,
  output logic         w_flags_write_o,
  output logic [2:0]   w_flags_o,
  output logic         w_accumulators_o,      // the worker's accumulators were written
  output logic         w_store_o,
  output logic         w_store_wide_o,
  output logic [20:0]  w_store_addr_o,
  output logic [63:0]  w_store_data_o,

  output logic         w_sync_o,
  output logic [3:0]   w_zone_o,
  output logic         w_sans_o,
  output logic [18:0]  w_sans_count_o,
  output logic         w_send_o,
  output logic         w_send_wide_o,
  output logic [63:0]  w_send_data_o,
  output logic [1:0]   w_send_directions_o,
  output logic         w_select_o,
  output logic         w_select_pair_o,
  output logic [12:0]  w_source_o,
  output logic         w_format_set_o,
  output logic [1:0]   w_format_o,
  output logic         w_receive_o,
  output logic         w_receive_wide_o,
  output logic [20:0]  w_receive_addr_o,
  output logic [63:0]  w_receive_data_o,
  output logic         w_receive_outside_o,
  output logic         w_clash_access_o,
  output logic         w_clash_fetch_o,
  output logic         w_receive_live_o,
  output logic         w_send_live_o,
  output logic         w_incomplete_o,
  output logic [16:0]  w_incomplete_count_o,
  output logic         w_timed_o,             // a timed exchange instruction

  output logic         except_o,
  output logic         except_late_o,         // no bundle's: the supervisor's, at except_pc_o
  output logic [31:0]  except_pc_o,
  output ipu_tile_pkg::etype_e except_type_o,
  output ipu_tile_pkg::cause_e except_cause_o,
  output logic         except_has_address_o,
  output logic [31:0]  except_address_o
);

  ipu_tile_pkg::report_t report;

  ipu_isa_pkg::arch_info_t arch;

  logic [1:0]   fetch_en;
  logic [20:0]  fetch_addr;
  logic [63:0]  fetch_data;
  logic         load_en;
  logic         load_wide;
  logic [20:0]  load_addr;
  logic [127:0] load_data;
  logic         second_en;
  logic [20:0]  second_addr;
  logic [63:0]  second_data;
  logic [1:0]   store_en;
  logic [20:0]  store_addr;
  logic [63:0]  store_data;
  logic         send_en;
  logic [20:0]  send_addr;
  logic [63:0]  send_data;
  logic [1:0]   receive_en;
  logic [20:0]  receive_addr;
  logic [63:0]  receive_data;

  ipu_tile_pkg::debug_request_t debug_request;

  always_comb begin
    debug_request.contexts    = break_contexts_i;
    debug_request.in_exchange = break_in_exchange_i;
    debug_request.row_valid   = bad_row_valid_i;
    debug_request.row         = bad_row_i;
    debug_request.stopping    = stopping_hazards_i;
    debug_request.clear       = clear_i;
    debug_request.resume      = resume_i;
    debug_request.settle      = settle_i;
    debug_request.jump        = jump_i;
    debug_request.put         = debug_put_i;
    debug_request.inject      = inject_i;
    debug_request.jump_slot   = jump_slot_i;
    debug_request.inject_ctx  = inject_context_i;
    debug_request.put_index   = debug_put_index_i;
    debug_request.put_value   = debug_put_value_i;
    debug_request.inject_word = inject_word_i;
    debug_request.jump_cycle  = jump_cycle_i;
  end

  ipu_tile u_tile (
    .clk_i, .rst_ni, .tile_id_i, .arch_i, .arch_o(arch), .advance_i, .refetch_i, .skip_i, .start_i, .start_pc_i, .release_i, .debug_i(debug_request), .injected_o,
    .inject_cause_o, .cycle_o,
    .resting_o, .quiet_o, .wait_o, .wait_chip_o, .wait_words_o, .missing_o, .word_valid_i, .word_i,
    .report_o(report), .fetch_en_o(fetch_en), .fetch_addr_o(fetch_addr),
    .fetch_data_i(fetch_data), .load_en_o(load_en), .load_wide_o(load_wide), .load_addr_o(load_addr),
    .load_data_i(load_data), .second_en_o(second_en), .second_addr_o(second_addr),
    .second_data_i(second_data), .store_en_o(store_en), .store_addr_o(store_addr), .store_data_o(store_data),
    .send_en_o(send_en), .send_addr_o(send_addr), .send_data_i(send_data), .receive_en_o(receive_en),
    .receive_addr_o(receive_addr), .receive_data_o(receive_data));

  ipu_tile_memory u_memory (
    .clk_i, .arch_i(arch), .fetch_en_i(fetch_en), .fetch_addr_i(fetch_addr), .fetch_data_o(fetch_data),
    .fetch_replace_i, .fetch_row_i, .load_en_i(load_en),
    .load_wide_i(load_wide), .load_addr_i(load_addr), .load_data_o(load_data),
    .second_en_i(second_en), .second_addr_i(second_addr), .second_data_o(second_data), .store_en_i(store_en),
    .store_addr_i(store_addr), .store_data_i(store_data), .send_en_i(send_en), .send_addr_i(send_addr),
    .send_data_o(send_data), .receive_en_i(receive_en), .receive_addr_i(receive_addr),
    .receive_data_i(receive_data));

  assign w_tick_o             = report.tick;
  assign w_cycle_o            = report.cycle;
  assign retire_o             = report.retire;
  assign w_context_o          = report.ctx;
  assign w_pc_o               = report.pc;
  assign w_word0_o            = report.word0;
  assign w_word1_o            = report.word1;
  assign w_m_write_o          = report.writes.m_write;
  assign w_m_index_o          = report.writes.m_index;
  assign w_m_data_o           = report.writes.m_data;
  assign w_post_write_o       = report.writes.post_write;
  assign w_post_index_o       = report.writes.post_index;
  assign w_post_data_o        = report.writes.post_data;
  assign w_first_a_write_o    = report.writes.first_a_write;
  assign w_first_a_pair_o     = report.writes.first_a_pair;
  assign w_first_a_data_o     = report.writes.first_a_data;
  assign w_second_a_write_o   = report.writes.second_a_write;
  assign w_second_a_pair_o    = report.writes.second_a_pair;
  assign w_second_a_data_o    = report.writes.second_a_data;
  assign w_aux_a_write_o      = report.writes.aux_a_write;
  assign w_aux_a_pair_o       = report.writes.aux_a_pair;
  assign w_aux_a_data_o       = report.writes.aux_a_data;
  assign w_csr_write_o        = report.effects.csr_write;
  assign w_csr_index_o        = report.effects.csr_index;
  assign w_csr_data_o         = report.effects.csr_data;
  assign w_debug_write_o      = report.effects.debug_write;
  assign w_debug_data_o       = report.effects.debug_data;
  assign w_seed_o             = report.effects.seed;
  assign w_seed_data_o        = report.effects.seed_data;
  assign w_flags_write_o      = report.effects.flags_write;
  assign w_flags_o            = report.effects.flags;
  assign w_accumulators_o     = report.effects.accumulators;
  assign w_store_o            = report.effects.store;
  assign w_store_wide_o       = report.effects.store_wide;
  assign w_store_addr_o       = report.effects.store_addr;
  assign w_store_data_o       = report.effects.store_data;
  assign w_sync_o             = report.effects.sync;
  assign w_zone_o             = report.word0[3:0];
  assign w_sans_o             = report.effects.sans;
  assign w_sans_count_o       = ipu_isa_pkg::field_18_0(report.word0);
  assign w_send_o             = report.exchange.send;
  assign w_send_wide_o        = report.exchange.send_wide;
  assign w_send_data_o        = report.send_data;
  assign w_send_directions_o  = report.exchange.send_directions;
  assign w_select_o           = report.exchange.select;
  assign w_select_pair_o      = report.exchange.select_pair;
  assign w_source_o           = report.exchange.source;
  assign w_format_set_o       = report.exchange.format_set;
  assign w_format_o           = report.exchange.format;
  assign w_receive_o          = report.exchange.receive;
  assign w_receive_addr_o     = report.exchange.receive_addr;
  assign w_receive_wide_o     = report.exchange.receive_wide;
  assign w_receive_data_o     = report.exchange.receive_data;
  assign w_receive_outside_o  = report.exchange.receive_outside;
  assign w_clash_access_o     = report.exchange.clash_access;
  assign w_clash_fetch_o      = report.exchange.clash_fetch;
  assign w_receive_live_o     = report.exchange.receive_live;
  assign w_send_live_o        = report.exchange.send_live;
  assign w_incomplete_o       = report.exchange.incomplete;
  assign w_incomplete_count_o = report.exchange.incomplete_count;
  assign w_timed_o            = report.effects.timed;
  assign except_o             = report.exception.valid;
  assign except_late_o        = report.exception.late;
  assign except_pc_o          = report.exception.pc;
  assign except_type_o        = report.exception.etype;
  assign except_cause_o       = report.exception.cause;
  assign except_has_address_o = report.exception.has_address;
  assign except_address_o     = report.exception.address;

  logic unused_report;
  assign unused_report = ^report;

endmodule
