// SPDX-License-Identifier: Apache-2.0
// The engine in the pipeline. Operands come down to M beside the bundle; there it works in one piece and its
// accumulators are written, if the bundle commits. M is the stage in which a bundle finds all coefficients that
// bundles before it have loaded: those of the cycle before arrive from memory in that very clock.
module ipu_engine_lane (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic                       stopping_i,  // nothing younger than the bundle at M goes on

  // I
  input  logic                       issue_i,
  input  ipu_engine_pkg::engine_op_t op_i,
  input  logic [63:0]                s0_i,        // pairs holding the sources
  input  logic [63:0]                s1_i,
  input  logic                       s0_odd_i,    // a single source is the upper register of its pair
  input  logic                       s1_odd_i,

  // X1
  input  logic [2:0]                 rnd_i,       // FP_CTL.RND of the context
  input  ipu_tile_pkg::float_state_t float_i,

  // M
  input  logic [2:0]                 ctx_i,
  output ipu_tile_pkg::engine_result_t result_o,
  input  logic                       commit_i,
  input  logic                       zero_accumulators_i,  // of the context
  input  logic                       zero_coefficients_i,

  // W
  input  ipu_tile_pkg::coefficient_write_t coefficients_i
);

  // ---- The way to M. Without an accumulating instruction only its mark moves.

  ipu_engine_pkg::engine_op_t x1_op_q, x2_op_q, m_op_q;
  logic [63:0] x1_s0_q, x1_s1_q, x2_s0_q, x2_s1_q, m_s0_q, m_s1_q;
  logic [2:0]  x2_rnd_q, m_rnd_q;
  ipu_tile_pkg::float_state_t x2_float_q, m_float_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      x1_op_q <= '0;
      x2_op_q <= '0;
      m_op_q  <= '0;
    end else begin
      x1_op_q       <= op_i;
      x1_op_q.valid <= op_i.valid && issue_i && !stopping_i;
      x2_op_q       <= x1_op_q;
      x2_op_q.valid <= x1_op_q.valid && !stopping_i;
      m_op_q        <= x2_op_q;
      m_op_q.valid  <= x2_op_q.valid && !stopping_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (op_i.valid) begin
      x1_s0_q <= {s0_i[63:32], s0_odd_i ? s0_i[63:32] : s0_i[31:0]};
      x1_s1_q <= {s1_i[63:32], s1_odd_i ? s1_i[63:32] : s1_i[31:0]};
    end
    if (x1_op_q.valid) begin
      x2_s0_q    <= x1_s0_q;
      x2_s1_q    <= x1_s1_q;
      x2_rnd_q   <= rnd_i;
      x2_float_q <= float_i;
    end
    if (x2_op_q.valid) begin
      m_s0_q    <= x2_s0_q;
      m_s1_q    <= x2_s1_q;
      m_rnd_q   <= x2_rnd_q;
      m_float_q <= x2_float_q;
    end
  end

  // ---- M

  logic [511:0]  sums, chains, new_sums, new_chains;
  logic [1023:0] column;
  logic          write_sums, write_chains;
  logic [63:0]   result;

  ipu_float_pkg::fp_flags_t     flags;
  ipu_tile_pkg::engine_result_t engine_result;

  ipu_engine u_engine (
    .op_i(m_op_q), .s0_i(m_s0_q), .s1_i(m_s1_q), .tas_i(m_float_q.tas), .coefficients_f143_i(m_float_q.coefficients_f143),
    .registers_f143_i(m_float_q.registers_f143), .scale_i(m_float_q.scale), .column_i(column), .sums_i(sums),
    .chains_i(chains), .rnd_i(m_rnd_q), .stochastic_i(m_float_q.stochastic),
    .nan_on_overflow_i(m_float_q.nan_on_overflow), .random_i(m_float_q.random), .result_o(result), .flags_o(flags),
    .write_sums_o(write_sums), .write_chains_o(write_chains), .sums_o(new_sums), .chains_o(new_chains));

  always_comb begin
    engine_result             = '0;
    engine_result.valid       = m_op_q.valid;
    engine_result.flags       = flags;
    engine_result.accumulates = write_sums || write_chains;
    engine_result.draw        = m_op_q.valid && m_op_q.half_results && m_float_q.stochastic;
    engine_result.write_tas   = m_op_q.valid && m_op_q.f32 && m_op_q.kind != ipu_engine_pkg::ENGINE_MAC;
    engine_result.tas         = m_s1_q[31:0];  // the input
    engine_result.result      = result;
  end
  assign result_o = engine_result;

  ipu_accumulators u_accumulators (
    .clk_i, .rst_ni, .read_context_i(ctx_i), .sums_o(sums), .chains_o(chains), .write_context_i(ctx_i),
    .zero_i(commit_i && zero_accumulators_i), .write_sums_i(commit_i && write_sums),
    .write_chains_i(commit_i && write_chains), .sums_i(new_sums), .chains_i(new_chains));

  ipu_coefficients u_coefficients (
    .clk_i, .rst_ni, .zero_i(zero_coefficients_i), .write_i(coefficients_i.write),
    .write_wide_i(coefficients_i.wide), .write_index_i(coefficients_i.index), .write_data_i(coefficients_i.data),
    .column_i(m_op_q.column), .column_o(column));

  logic unused_word;  // no accumulating instruction takes two
  assign unused_word = ^m_float_q.second_random;

endmodule
