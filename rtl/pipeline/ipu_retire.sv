// Stage W: load data put in place, registers written, and the report of the cycle.
module ipu_retire (
  input  logic         clk_i,
  input  logic         rst_ni,

  input  logic         tick_i,
  input  logic         present_i,
  input  logic         commit_i,
  input  ipu_tile_pkg::beat_t            beat_i,
  input  ipu_tile_pkg::bundle_t          bundle_i,
  input  ipu_tile_pkg::committed_t       committed_i,
  input  ipu_tile_pkg::effects_t         effects_i,
  input  ipu_tile_pkg::exchange_report_t exchange_i,
  input  ipu_tile_pkg::exception_t       exception_i,

  // ---- Answers of the memory to stage M
  input  logic [127:0] load_data_i,
  input  logic [63:0]  send_data_i,

  output logic         busy_o,
  output ipu_tile_pkg::report_t report_o
);

  logic tick_q, commit_q;
  logic [63:0] cycle_q;
  ipu_tile_pkg::bundle_t          bundle_q;
  ipu_tile_pkg::committed_t       w_q;
  ipu_tile_pkg::effects_t         effects_q;
  ipu_tile_pkg::exchange_report_t exchange_q;
  ipu_tile_pkg::exception_t       exception_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      tick_q   <= 1'b0;
      commit_q <= 1'b0;
    end else begin
      tick_q   <= tick_i;
      commit_q <= commit_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (tick_i) begin
      cycle_q    <= beat_i.cycle;
      exchange_q <= exchange_i;
    end
    if (tick_i && present_i) begin
      bundle_q    <= bundle_i;
      w_q         <= committed_i;
      effects_q   <= effects_i;
      exception_q <= exception_i;
    end
  end

  logic [127:0] load_data;

  ipu_load_data u_load_data (
    .control_i(bundle_q.main.control), .address_i(w_q.address[3:0]), .rows_i(load_data_i), .data_o(load_data));

  ipu_tile_pkg::register_writes_t writes;

  ipu_writeback u_writeback (
    .commit_i(commit_q), .bundle_i(bundle_q), .committed_i(w_q), .load_data_i(load_data), .writes_o(writes));

  ipu_tile_pkg::report_t report;

  always_comb begin
    report               = '0;
    report.tick          = tick_q;
    report.retire        = commit_q;
    report.ctx           = bundle_q.ctx;
    report.pc            = bundle_q.pc;
    report.word0         = bundle_q.word0;
    report.word1         = bundle_q.word1;
    report.cycle         = cycle_q;
    report.writes        = writes;
    report.effects       = effects_q;
    report.effects.sync  = commit_q && effects_q.sync;
    report.effects.sans  = commit_q && effects_q.sans;
    report.effects.timed = commit_q && effects_q.timed;
    report.exchange      = exchange_q;
    report.exception     = exception_q;
    report.send_word     = exchange_q.send_odd ? send_data_i[63:32] : send_data_i[31:0];
  end

  assign report_o = report;
  assign busy_o   = commit_q;

  logic unused_bits;
  assign unused_bits = ^{beat_i, bundle_q, w_q};

endmodule
