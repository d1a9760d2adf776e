// SPDX-License-Identifier: Apache-2.0
// Stages X1 and X2: results, addresses and the faults that operands tell; then address checks and rounding.
module ipu_execute (
  input  logic clk_i,
  input  logic rst_ni,
  input  ipu_isa_pkg::arch_info_t arch_i,
  input  logic stopping_i,  // nothing younger than the bundle at M goes on

  input  logic issue_i,
  input  ipu_tile_pkg::bundle_t bundle_i,
  input  ipu_tile_pkg::issued_t issued_i,

  output logic [2:0] rnd_ctx_o,
  output logic [1:0] words_o,    // random words it wants, with or without FP_CTL.ESR
  input  logic [2:0] rnd_i,     // FP_CTL.RND of it
  input  ipu_tile_pkg::float_state_t float_i,

  output logic busy_o,
  output logic valid_o,
  output ipu_tile_pkg::bundle_t   bundle_o,
  output ipu_tile_pkg::executed_t executed_o
);

  // --------------------------------------------------------------------------------------------- X1

  logic x1_valid_q;
  ipu_tile_pkg::bundle_t x1_bundle_q;
  ipu_tile_pkg::issued_t x1_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) x1_valid_q <= 1'b0;
    else         x1_valid_q <= issue_i && !stopping_i;
  end

  always_ff @(posedge clk_i) begin
    if (issue_i) begin
      x1_bundle_q <= bundle_i;
      x1_q        <= issued_i;
    end
  end

  ipu_tile_pkg::main_op_t main_op;
  ipu_tile_pkg::aux_op_t  aux_op;
  ipu_tile_pkg::cause_e   operation_cause;
  logic [31:0] result, address, post, vertex_step, d_word;
  logic        write_m, fault_in_r1, accesses;
  logic [1:0]  aux_draws;
  logic [63:0] aux_result;

  ipu_float_pkg::fp_flags_t flags;

  assign main_op   = x1_bundle_q.main;
  assign d_word    = x1_bundle_q.word0[4] ? x1_q.d[63:32] : x1_q.d[31:0];
  assign accesses  = main_op.load || main_op.store;
  assign rnd_ctx_o = x1_bundle_q.ctx;

  // Without a new bundle the old one stands here.
  always_comb begin
    aux_op       = x1_bundle_q.aux;
    aux_op.valid = x1_valid_q && x1_bundle_q.aux.valid;
  end

  ipu_main_execute u_main_execute (
    .arch_i, .main_i(main_op), .imm_i(x1_q.main_imm), .r0_i(x1_q.r0), .r1_i(x1_q.r1), .r2_i(x1_q.r2), .a_i(d_word),
    .sequential_i(x1_bundle_q.sequential), .taken_i(x1_q.taken), .result_o(result), .write_o(write_m));

  ipu_aux_execute u_aux_execute (
    .clk_i, .op_i(aux_op), .imm_i(x1_q.aux_imm), .s0_i(x1_q.s0), .s1_i(x1_q.s1),
    .s0_odd_i(x1_bundle_q.aux_word[20]), .s1_odd_i(x1_bundle_q.aux_word[12]), .rnd_i,
    .float_i, .words_o, .result_o(aux_result), .flags_o(flags), .draws_o(aux_draws));

  ipu_operation_faults u_operation_faults (
    .arch_i, .main_i(main_op), .aux_i(x1_bundle_q.aux), .engine_bad_flags_i(x1_q.bad_engine_flags),
    .supervisor_i(x1_bundle_q.ctx == 3'd0),
    .main_csr_i(ipu_isa_pkg::field_7_0(x1_bundle_q.word0)),
    .aux_csr_i(ipu_isa_pkg::field_7_0(x1_bundle_q.aux_word)), .r0_i(x1_q.r0), .r1_i(x1_q.r1),
    .coefficient_i(x1_q.main_imm[7:0]), .cause_o(operation_cause), .address_in_r1_o(fault_in_r1));

  ipu_address u_address (
    .main_i(main_op), .imm_i(x1_q.main_imm), .r0_i(x1_q.r0), .r1_i(x1_q.r1), .r2_i(x1_q.r2),
    .address_o(address), .post_o(post));

  logic        several;
  logic [31:0] first, second, third, packed_result, packed_post;

  ipu_pace u_pace (
    .main_i(main_op), .word_i(x1_bundle_q.word0), .r0_i(x1_q.r0), .r1_i(x1_q.r1), .r2_i(x1_q.r2),
    .active_o(several), .first_o(first), .second_o(second), .third_o(third), .result_o(packed_result),
    .post_o(packed_post));

  assign vertex_step = (main_op.control.unit == ipu_tile_pkg::UNIT_RUNALL) ? {x1_q.main_imm[29:0], 2'b00} : '0;

  ipu_tile_pkg::addressed_t x2_d;

  always_comb begin
    x2_d            = '0;
    x2_d.write_m    = write_m;
    x2_d.cause      = (x1_q.cause != ipu_tile_pkg::CAUSE_NONE) ? x1_q.cause : operation_cause;
    x2_d.result     = result;
    x2_d.post       = accesses ? post : vertex_step;
    x2_d.store_data = !main_op.data_in_a ? {x1_q.r2, x1_q.r2}
                      : (main_op.control.size == ipu_tile_pkg::SIZE_64) ? x1_q.d : {d_word, d_word};
    x2_d.address        = address;
    x2_d.second_address = second;
    x2_d.store_address  = address;
    if (several) begin
      x2_d.result        = packed_result;
      x2_d.post          = packed_post;
      x2_d.address       = first;
      x2_d.store_address = third;
    end else if (!accesses) begin
      x2_d.address = (operation_cause == ipu_tile_pkg::CAUSE_MISALIGNED_VERTEX_BASE && fault_in_r1) ? x1_q.r1
                                                                                                     : x1_q.r0;
    end
  end

  // --------------------------------------------------------------------------------------------- X2

  logic x2_valid_q;
  ipu_tile_pkg::bundle_t    x2_bundle_q;
  ipu_tile_pkg::addressed_t x2_q;
  ipu_tile_pkg::executed_t  executed;
  ipu_tile_pkg::cause_e         address_cause;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) x2_valid_q <= 1'b0;
    else         x2_valid_q <= x1_valid_q && !stopping_i;
  end

  always_ff @(posedge clk_i) begin
    if (x1_valid_q) begin
      x2_bundle_q <= x1_bundle_q;
      x2_q        <= x2_d;
    end
  end

  ipu_tile_pkg::main_op_t x2_main;
  logic [31:0]            fault_address;

  assign x2_main = x2_bundle_q.main;

  ipu_address_check u_address_check (
    .arch_i, .used_i({x2_main.store, x2_main.load && x2_main.control.second, x2_main.load}), .size_i(x2_main.control.size),
    .second_size_i(x2_main.control.second_size), .first_i(x2_q.address), .second_i(x2_q.second_address),
    .store_i(x2_q.store_address), .cause_o(address_cause), .address_o(fault_address));

  always_comb begin
    executed            = '0;
    executed.main       = x2_q;
    if (x2_q.cause == ipu_tile_pkg::CAUSE_NONE) begin
      executed.main.cause = address_cause;
      if (address_cause != ipu_tile_pkg::CAUSE_NONE) executed.main.address = fault_address;
    end
    executed.aux_result = aux_result;
    executed.flags      = x2_bundle_q.aux.valid ? flags : '0;
    executed.draws      = x2_bundle_q.aux.valid ? aux_draws : '0;
  end

  assign bundle_o   = x2_bundle_q;
  assign executed_o = executed;
  assign valid_o    = x2_valid_q;
  assign busy_o     = x1_valid_q || x2_valid_q;

  logic unused_main;
  assign unused_main = ^x2_main;

`ifndef SYNTHESIS
  // A worker has one bundle in the pipeline at most: that is why nothing is forwarded.
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (rst_ni && x1_valid_q && x1_bundle_q.ctx != 3'd0) begin
      assert (!issue_i || bundle_i.ctx != x1_bundle_q.ctx) else $error("a worker issues beside its bundle in X1");
      assert (!x2_valid_q || x2_bundle_q.ctx != x1_bundle_q.ctx) else $error("two bundles of a worker in X1 and X2");
    end
  end
`endif

endmodule
