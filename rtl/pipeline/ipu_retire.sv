// SPDX-License-Identifier: Apache-2.0
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
  input  logic [63:0]  second_data_i,
  input  logic [63:0]  send_data_i,

  output ipu_tile_pkg::coefficient_write_t coefficients_o,

  output logic         busy_o,
  output ipu_tile_pkg::report_t report_o
);

  logic tick_q, commit_q, except_q;
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
      except_q <= 1'b0;
    end else begin
      tick_q   <= tick_i;
      commit_q <= commit_i;
      except_q <= exception_i.valid;
    end
  end

  always_ff @(posedge clk_i) begin
    if (tick_i) begin
      cycle_q    <= beat_i.cycle;
      exchange_q <= exchange_i;
    end
    if ((tick_i || bundle_i.injected) && present_i) begin
      bundle_q    <= bundle_i;
      w_q         <= committed_i;
      effects_q   <= effects_i;
    end
    if (exception_i.valid) exception_q <= exception_i;
  end

  ipu_tile_pkg::main_control_t control;
  ipu_tile_pkg::coefficient_write_t coefficients;
  logic [63:0] first_data, second_data;

  assign control = bundle_q.main.control;

  ipu_load_data u_first_data (
    .size_i(control.size), .sign_extend_i(control.sign_extend), .duplicate_i(control.duplicate),
    .address_i(w_q.address[2:0]), .row_i(load_data_i[63:0]), .data_o(first_data));
  // A halfword goes to both halves of an ARF register.
  ipu_load_data u_second_data (
    .size_i(control.second_size), .sign_extend_i(1'b0), .duplicate_i(bundle_q.main.second_in_a),
    .address_i(w_q.second_address[2:0]), .row_i(second_data_i), .data_o(second_data));

  ipu_tile_pkg::register_writes_t writes;

  ipu_writeback u_writeback (
    .commit_i(commit_q), .bundle_i(bundle_q), .committed_i(w_q), .first_data_i(first_data),
    .upper_row_i(load_data_i[127:64]), .second_data_i(second_data), .writes_o(writes));

  always_comb begin
    coefficients       = '0;
    coefficients.write = commit_q && bundle_q.main.valid && control.unit == ipu_tile_pkg::UNIT_COEFFICIENT;
    coefficients.wide  = control.size == ipu_tile_pkg::SIZE_128;
    coefficients.index = bundle_q.word0[5:0];
    coefficients.data  = load_data_i;
  end
  assign coefficients_o = coefficients;

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
    report.exception.valid = except_q;
    report.send_data     = exchange_q.send_wide  ? send_data_i
                           : exchange_q.send_odd ? {32'b0, send_data_i[63:32]} : {32'b0, send_data_i[31:0]};
  end

  assign report_o = report;
  assign busy_o   = commit_q;

  logic unused_bits;
  assign unused_bits = ^{beat_i, bundle_q, w_q, control};

`ifndef SYNTHESIS
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (rst_ni) begin
      assert (!(tick_i && tick_q) || beat_i.cycle == cycle_q + 64'd1) else $error("cycles at W are not in order");
      assert (!commit_i || ((tick_i || bundle_i.injected) && present_i)) else $error("commit of no bundle");
      assert (!(exception_i.valid && !exception_i.late && commit_i)) else $error("a bundle commits and excepts");
    end
  end
`endif

endmodule
