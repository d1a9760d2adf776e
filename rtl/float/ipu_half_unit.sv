// SPDX-License-Identifier: Apache-2.0
// f16 arithmetic, compares, extremes and conversions: two or four lanes. Exact values in the first stage, f16
// rounding in the second.
module ipu_half_unit (
  input  logic                     clk_i,
  input  logic                     valid_i,       // else no operand is looked at
  input  logic [4:0]               op_i,          // ipu_float_pkg::half_op_e
  input  logic [1:0]               first_i,       // ipu_float_pkg::first_e
  input  logic                     magnitudes_i,
  input  logic                     wide_i,        // four lanes, or a pair of results
  input  logic                     pair_i,        // the first source is more than one register
  input  logic [63:0]              a_i,           // first source, a single one in the lower half
  input  logic [63:0]              b_i,           // second source, or of a quad the upper pair
  input  logic [2:0]               rnd_i,
  input  logic                     f143_i,        // f8: FP_NFMT and FP_SCL
  input  logic signed [5:0]        scale_i,

  // Second stage, in the clock behind the first: FP_CTL and the random word of the same instruction
  input  logic [2:0]               rnd_q_i,
  input  logic                     stochastic_i,
  input  logic                     nanoo_i,
  input  logic [63:0]              random_i,
  output logic [63:0]              result_o,
  output ipu_float_pkg::fp_flags_t flags_o
);

  // ---- Operands of the lanes

  /* verilator tracing_off */
  logic         narrows, widens, quarters, upper_lanes;
  logic [63:0]  x, y, z;
  logic [127:0] singles;
  /* verilator tracing_on */

  assign narrows     = valid_i && op_i == ipu_float_pkg::HALF_NARROW;
  assign widens      = op_i == ipu_float_pkg::HALF_WIDEN;
  assign quarters    = valid_i && op_i == ipu_float_pkg::HALF_QUARTER;
  assign upper_lanes = valid_i && wide_i && !widens;

  always_comb begin
    x       = '0;
    y       = '0;
    z       = '0;
    singles = '0;
    if (narrows) begin
      singles = {b_i, pair_i ? a_i[63:32] : 32'b0, a_i[31:0]};
    end else if (valid_i) begin
      x = a_i;
      y = b_i;
      z = {4{b_i[31:16]}};
      case (op_i)
        ipu_float_pkg::HALF_CLAMP: y = {4{b_i[15:0]}};
        ipu_float_pkg::HALF_MAXC: begin
          // Of one register both lanes do the same.
          x = {32'b0, pair_i ? a_i[47:32] : a_i[15:0], a_i[15:0]};
          y = {32'b0, pair_i ? a_i[63:48] : a_i[31:16], a_i[31:16]};
        end
        default: ;
      endcase
      if (first_i == ipu_float_pkg::FIRST_LOWER) x = {4{a_i[15:0]}};
      if (first_i == ipu_float_pkg::FIRST_UPPER) x = {4{a_i[31:16]}};
    end
  end

  // ---- First stage

  logic                     rounds, fractions;
  logic [3:0]               invalid;
  logic [63:0]              narrow_results, wide_results;
  logic [63:0]              halves;
  logic [11:0]              round_flags;
  logic                     rounds_q, nearest_q, duplicate_q, invalid_q;
  logic [2:0]               rnd;
  logic [63:0]              direct_q;

  assign fractions = op_i == ipu_float_pkg::HALF_FRACTION;
  assign rounds = op_i == ipu_float_pkg::HALF_ADD || op_i == ipu_float_pkg::HALF_SUB ||
                  op_i == ipu_float_pkg::HALF_MUL || op_i == ipu_float_pkg::HALF_NARROW || fractions || quarters;

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  for (genvar i = 0; i < 4; i++) begin : gen_lane
    ipu_float_pkg::f16_exact_t     computed, narrowed, widened, exact_q;
    ipu_float_pkg::f16_unrounded_t unrounded;
    logic                          active;
    logic [31:0]                   wide;

    assign active = (i < 2) ? valid_i : upper_lanes;

    ipu_f16_lane u_lane (
      .active_i(active && !narrows), .op_i, .magnitudes_i, .x_i(x[16*i +: 16]), .y_i(y[16*i +: 16]),
      .z_i(z[16*i +: 16]), .rnd_i, .exact_o(computed), .result_o(narrow_results[16*i +: 16]), .wide_o(wide),
      .invalid_o(invalid[i]));
    ipu_f8_widen u_quarter (
      .active_i(active && quarters), .value_i(a_i[8*i +: 8]), .f143_i, .scale_i, .exact_o(widened));
    ipu_f32_narrow u_narrow (.active_i(active && narrows), .value_i(singles[32*i +: 32]), .exact_o(narrowed));

    if (i < 2) begin : gen_wide
      assign wide_results[32*i +: 32] = wide;
    end else begin : gen_narrow
      logic unused_wide;
      assign unused_wide = ^wide;
    end

    always_ff @(posedge clk_i) begin
      if (valid_i && rounds) exact_q <= computed | narrowed | widened;  // what is idle is 0
    end

    ipu_f16_normalise u_normalise (.active_i(rounds_q), .value_i(exact_q), .result_o(unrounded));
    ipu_f16_round u_round (
      .active_i(rounds_q), .value_i(unrounded), .rnd_i(rnd), .stochastic_i(stochastic_i && !nearest_q), .random_i(random_i[16*i +: 16]),
      .nanoo_i, .result_o(halves[16*i +: 16]), .flags_o(round_flags[3*i +: 3]));
  end
  /* verilator tracing_on */

  // Fractions go to the nearest whatever FP_CTL says.
  assign rnd = nearest_q ? ipu_float_pkg::RND_NEAREST_EVEN : rnd_q_i;

  always_ff @(posedge clk_i) begin
    rounds_q <= valid_i && rounds;
    if (valid_i) begin
      nearest_q   <= fractions;
      duplicate_q <= narrows && !pair_i;
      // Of one f16 the upper lane is not asked.
      invalid_q   <= invalid[0] || (invalid[1] && (wide_i || !widens)) || invalid[2] || invalid[3];
      direct_q    <= widens ? wide_results : narrow_results;
    end
  end

  // ---- Second stage

  always_comb begin
    result_o    = direct_q;
    flags_o     = '0;
    flags_o.inv = invalid_q;
    if (rounds_q) begin
      result_o = duplicate_q ? {32'b0, halves[15:0], halves[15:0]} : halves;
      flags_o  = round_flags[2:0] | round_flags[5:3] | round_flags[8:6] | round_flags[11:9];
    end
  end

endmodule
