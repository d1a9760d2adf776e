// The engine in the pipeline: operands arrive at X1, it works in X2, and what it found is written at M if the
// bundle commits. Accumulators and coefficients belong to it.
module ipu_engine_lane (
  input  logic                       clk_i,
  input  logic                       rst_ni,

  // X1
  input  logic                       valid_i,
  input  ipu_engine_pkg::engine_op_t op_i,
  input  logic [2:0]                 context_i,
  input  logic [63:0]                s0_i,       // pairs holding the sources
  input  logic [63:0]                s1_i,
  input  logic                       s0_odd_i,   // a single source is the upper register of its pair
  input  logic                       s1_odd_i,
  input  logic [31:0]                tas_i,      // CSRs of the context
  input  logic [2:0]                 rnd_i,
  input  logic                       stochastic_i,
  input  logic                       nan_on_overflow_i,
  input  logic [63:0]                random_i,   // the word a stochastic rounding uses

  // X2
  output logic                       valid_o,    // the result is the aux lane's
  output logic [63:0]                result_o,
  output ipu_float_pkg::fp_flags_t   flags_o,
  output logic                       accumulates_o,
  output logic                       draw_o,       // it used the random word
  output logic                       write_tas_o,  // the input is left in TAS
  output logic [31:0]                tas_o,

  // M
  input  logic                       commit_i,
  input  logic [2:0]                 commit_context_i,
  input  logic                       zero_i,     // the accumulators of the context

  // W
  input  ipu_tile_pkg::coefficient_write_t coefficients_i
);

  // ---- X1 to X2

  ipu_engine_pkg::engine_op_t op_q;
  logic [2:0]  context_q, rnd_q;
  logic [63:0] s0_q, s1_q, random_q;
  logic [31:0] tas_q;
  logic        stochastic_q, nan_on_overflow_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      op_q <= '0;
    end else begin
      op_q       <= op_i;
      op_q.valid <= op_i.valid && valid_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (op_i.valid) begin
      context_q         <= context_i;
      s0_q              <= {s0_i[63:32], s0_odd_i ? s0_i[63:32] : s0_i[31:0]};
      s1_q              <= {s1_i[63:32], s1_odd_i ? s1_i[63:32] : s1_i[31:0]};
      tas_q             <= tas_i;
      rnd_q             <= rnd_i;
      stochastic_q      <= stochastic_i;
      nan_on_overflow_q <= nan_on_overflow_i;
      random_q          <= random_i;
    end
  end

  // ---- X2

  logic [511:0]  sums, chains, sums_d, chains_d, sums_q, chains_q;
  logic [1023:0] column;
  logic          write_sums, write_chains;

  ipu_engine u_engine (
    .op_i(op_q), .s0_i(s0_q), .s1_i(s1_q), .tas_i(tas_q), .column_i(column), .sums_i(sums), .chains_i(chains),
    .rnd_i(rnd_q), .stochastic_i(stochastic_q), .nan_on_overflow_i(nan_on_overflow_q), .random_i(random_q), .result_o,
    .flags_o, .write_sums_o(write_sums), .write_chains_o(write_chains), .sums_o(sums_d), .chains_o(chains_d));

  assign valid_o       = op_q.valid;
  assign draw_o        = op_q.valid && op_q.half_results && stochastic_q;
  assign accumulates_o = write_sums || write_chains;
  assign write_tas_o   = op_q.valid && op_q.f32 && op_q.kind != ipu_engine_pkg::ENGINE_MAC;
  assign tas_o         = s1_q[31:0];

  // ---- X2 to M

  logic write_sums_q, write_chains_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      write_sums_q   <= 1'b0;
      write_chains_q <= 1'b0;
    end else begin
      write_sums_q   <= write_sums;
      write_chains_q <= write_chains;
    end
  end

  always_ff @(posedge clk_i) begin
    if (write_sums) sums_q <= sums_d;
    if (write_chains) chains_q <= chains_d;
  end

  // ---- M

  ipu_accumulators u_accumulators (
    .clk_i, .rst_ni, .read_context_i(context_q), .sums_o(sums), .chains_o(chains), .write_context_i(commit_context_i),
    .zero_i(commit_i && zero_i), .write_sums_i(commit_i && write_sums_q), .write_chains_i(commit_i && write_chains_q),
    .sums_i(sums_q), .chains_i(chains_q));

  ipu_coefficients u_coefficients (
    .clk_i, .rst_ni, .zero_i(coefficients_i.zero), .write_i(coefficients_i.write), .write_wide_i(coefficients_i.wide),
    .write_index_i(coefficients_i.index), .write_data_i(coefficients_i.data),
    .column_i(op_q.column), .column_o(column));

endmodule
