// SPDX-License-Identifier: Apache-2.0
// What stops a tile besides its own bundles (docs/timing.md, 8): requests from outside, a row of memory that cannot be
// read, errors of the exchange. Silicon finds such a row by its check bits, a clock after the access; here the row is told
// from outside, and found by its address at the commit stage.
module ipu_debug_unit (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  ipu_tile_pkg::debug_request_t request_i,

  // The bundle at the commit stage, and its loads: first, second
  input  logic         valid_i,      // and from memory, not from outside
  input  ipu_tile_pkg::bundle_t bundle_i,
  input  logic [1:0]   loads_i,
  input  logic [20:0]  first_i,
  input  logic [20:0]  second_i,

  output logic         break_o,
  output logic         load_error_o,
  output logic [20:0]  load_error_address_o,

  // The cycle at the commit stage
  input  logic         tick_i,
  input  ipu_tile_pkg::exchange_report_t exchange_i,
  input  logic [20:0]  send_address_i,
  input  logic [20:0]  receive_address_i,
  input  logic         memory_exception_i,  // a bundle excepts with a memory error

  output logic         late_o,           // the tile stops at the end of the cycle
  output ipu_tile_pkg::cause_e late_cause_o,
  output logic         late_has_address_o,
  output logic [20:0]  late_address_o,

  output logic [4:0]   status_o /* verilator public_flat_rd */  // CTXT_STS: MERR, EERR, ERERR
);

  // ---- Bundles

  logic timed_exchange;

  always_comb begin
    timed_exchange = bundle_i.main.valid && bundle_i.main.timed;
    break_o = valid_i && bundle_i.fetched && request_i.contexts[bundle_i.ctx] &&
              (request_i.in_exchange || !timed_exchange);
  end

  logic [1:0]  errs;
  logic [17:0] first_row, wide;

  always_comb begin
    wide      = {17'b0, bundle_i.main.control.size == ipu_tile_pkg::SIZE_128};
    first_row = first_i[20:3];
    errs[0]   = request_i.row_valid && loads_i[0] && ((first_row ^ request_i.row) & ~wide) == '0;
    errs[1]   = request_i.row_valid && loads_i[1] && second_i[20:3] == request_i.row;
    load_error_o         = errs != '0;
    load_error_address_o = errs[0] ? first_i : second_i;
  end

  // ---- Cycles

  logic       item_error, word_stops, drive_stops;
  logic [2:0] code, code_q;
  logic       memory_error_q;

  always_comb begin
    item_error = tick_i && request_i.row_valid && exchange_i.send && send_address_i[20:3] == request_i.row;
    // Of several the lowest.
    code       = exchange_i.clash_access                            ? ipu_isa_pkg::ERERR_CLASH_WITH_ACCESS
                 : exchange_i.clash_fetch                           ? ipu_isa_pkg::ERERR_CLASH_WITH_FETCH
                 : exchange_i.receive_outside                       ? ipu_isa_pkg::ERERR_RECEIVE_ADDRESS
                 : (exchange_i.receive_live || exchange_i.send_live) ? ipu_isa_pkg::ERERR_LIVE_WORKERS : 3'd0;
    word_stops = (exchange_i.clash_access && request_i.stopping[ipu_isa_pkg::HAZARD_CLASH_WITH_ACCESS]) ||
                 (exchange_i.clash_fetch && request_i.stopping[ipu_isa_pkg::HAZARD_CLASH_WITH_FETCH]) ||
                 (exchange_i.receive_live && request_i.stopping[ipu_isa_pkg::HAZARD_LIVE_WORKERS]) ||
                 (exchange_i.receive_outside && request_i.stopping[ipu_isa_pkg::HAZARD_RECEIVE_ADDRESS]);
    drive_stops = exchange_i.send_live && request_i.stopping[ipu_isa_pkg::HAZARD_LIVE_WORKERS];
  end

  assign late_o             = item_error || (tick_i && (word_stops || drive_stops));
  assign late_cause_o       = item_error ? ipu_tile_pkg::CAUSE_MEMORY_ERROR : ipu_tile_pkg::CAUSE_EXCHANGE_ERROR;
  assign late_has_address_o = item_error || word_stops;
  assign late_address_o     = item_error ? send_address_i : receive_address_i;
  assign status_o           = {memory_error_q, code_q != '0, code_q};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      memory_error_q <= 1'b0;
      code_q         <= '0;
    end else if (request_i.clear[0]) begin
      memory_error_q <= 1'b0;
      code_q         <= '0;
    end else begin
      if (item_error || memory_exception_i) memory_error_q <= 1'b1;
      if (tick_i && code_q == '0) code_q <= code;
    end
  end

  logic unused_bits;
  assign unused_bits = ^{request_i, bundle_i, exchange_i, first_i[2:0], second_i[2:0]};

endmodule
