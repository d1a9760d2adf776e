// SPDX-License-Identifier: Apache-2.0
// The aux lane but for the engine: ARF logic and permutes here, arithmetic in units. A unit looks at its operands in the
// first stage while its valid is set, and shows result and flags in the second, where the instruction's FP_CTL and random
// word stand for all of them.
module ipu_aux_execute (
  input  logic                     clk_i,
  input  ipu_tile_pkg::aux_op_t    op_i,
  input  logic [31:0]              imm_i,
  input  logic [63:0]              s0_i,      // pair holding the first source; see s0_odd_i
  input  logic [63:0]              s1_i,
  input  logic                     s0_odd_i,  // a single source is the upper register of its pair
  input  logic                     s1_odd_i,
  input  logic [2:0]               rnd_i,     // FP_CTL.RND of the context
  input  ipu_tile_pkg::float_state_t float_i, // its FP_CTL and random word

  output logic [1:0]               words_o,   // random words it asks for whatever FP_CTL says

  // Second stage
  output logic [63:0]              result_o,
  output ipu_float_pkg::fp_flags_t flags_o,
  output logic [1:0]               draws_o  // random words it used
);

  // ---- Operands

  logic [31:0] a0, b0, b0_register;
  logic [63:0] a, b;

  always_comb begin
    a0          = s0_odd_i ? s0_i[63:32] : s0_i[31:0];
    b0_register = s1_odd_i ? s1_i[63:32] : s1_i[31:0];
    b0          = op_i.use_imm ? imm_i : b0_register;
    a           = op_i.pair0 ? s0_i : {op_i.wide ? a0 : 32'b0, a0};
    b           = op_i.pair1 ? s1_i : {32'b0, b0};
  end

  // ---- Which unit, and what its second stage needs to know

  logic        is_single, is_half, is_function, is_integer, is_class, is_quarter, is_random, is_normal;
  logic        is_single_q, is_half_q, is_function_q, is_integer_q, is_quarter_q, is_random_q;
  logic [1:0]  words_q;
  logic [2:0]  rnd_q;
  logic        rounds_half_q, stochastic_q, nanoo_q;
  logic [63:0] random_q, random_result;

  assign is_single   = op_i.valid && op_i.control.op == ipu_tile_pkg::AUX_SINGLE;
  assign is_half     = op_i.valid && op_i.control.op == ipu_tile_pkg::AUX_HALF;
  assign is_function = op_i.valid && op_i.control.op == ipu_tile_pkg::AUX_FUNCTION;
  assign is_random   = op_i.valid && op_i.control.op == ipu_tile_pkg::AUX_RANDOM;
  assign is_integer  = op_i.valid && op_i.control.op == ipu_tile_pkg::AUX_INTEGER;
  assign is_class    = op_i.valid && op_i.control.op == ipu_tile_pkg::AUX_CLASS;
  assign is_quarter  = op_i.valid && op_i.control.op == ipu_tile_pkg::AUX_QUARTER;
  assign is_normal   = is_random && (op_i.control.fn[3:0] == ipu_float_pkg::RANDOM_NORMAL_HALVES ||
                                     op_i.control.fn[3:0] == ipu_float_pkg::RANDOM_NORMAL_SINGLES);
  assign words_o     = is_normal ? 2'd2 : is_random ? 2'd1 : 2'd0;

  always_ff @(posedge clk_i) begin
    if (op_i.valid) begin
      is_single_q   <= is_single;
      is_half_q     <= is_half;
      is_function_q <= is_function;
      is_integer_q  <= is_integer;
      is_quarter_q  <= is_quarter;
      is_random_q   <= is_random;
      words_q       <= words_o;
      rnd_q         <= rnd_i;
      rounds_half_q <= op_i.control.half;
    end
    if (is_random) random_q <= random_result;
    if (op_i.valid && op_i.control.half) begin
      stochastic_q <= float_i.stochastic;
      nanoo_q      <= float_i.nan_on_overflow;
      random_q     <= float_i.random;
    end
  end

  // ---- Units

  logic [63:0]              single_result, half_result, integer_result;
  logic [31:0]              function_result, codes;
  ipu_float_pkg::fp_flags_t single_flags, half_flags, function_flags, integer_flags;

  // Sums of neighbouring f16 are sums of two f32 each.
  logic [63:0] single_a, single_b;
  logic [63:0] even_lanes, odd_lanes;
  logic        is_lateral;

  assign is_lateral = is_single && op_i.control.lateral;

  for (genvar i = 0; i < 2; i++) begin : gen_lateral
    logic unused_even, unused_odd;  // the sum with a NaN tells
    ipu_half_widen u_even (
      .active_i(is_lateral && (i == 0 || op_i.wide)), .half_i(a[32*i +: 16]), .value_o(even_lanes[32*i +: 32]),
      .invalid_o(unused_even));
    ipu_half_widen u_odd (
      .active_i(is_lateral && (i == 0 || op_i.wide)), .half_i(a[32*i + 16 +: 16]), .value_o(odd_lanes[32*i +: 32]),
      .invalid_o(unused_odd));
  end

  assign single_a = is_lateral ? even_lanes : a;
  assign single_b = is_lateral ? odd_lanes : b;

  ipu_single_unit u_single_unit (
    .clk_i, .valid_i(is_single), .op_i(op_i.control.fn[3:0]), .magnitudes_i(op_i.control.magnitudes), .wide_i(op_i.wide),
    .a_i(single_a), .b_i(single_b), .rnd_i, .rnd_q_i(rnd_q), .result_o(single_result), .flags_o(single_flags));

  ipu_half_unit u_half_unit (
    .clk_i, .valid_i(is_half), .op_i(op_i.control.fn), .first_i(op_i.control.first),
    .magnitudes_i(op_i.control.magnitudes), .wide_i(op_i.wide), .pair_i(op_i.pair0), .a_i(a), .b_i(b), .rnd_i,
    .f143_i(float_i.registers_f143), .scale_i(float_i.scale), .rnd_q_i(rnd_q), .stochastic_i(stochastic_q), .nanoo_i(nanoo_q), .random_i(random_q), .result_o(half_result),
    .flags_o(half_flags));

  ipu_function_unit u_function_unit (
    .clk_i, .valid_i(is_function), .function_i(op_i.control.fn[3:0]), .half_i(op_i.control.half), .x_i(a0), .y_i(b0_register),
    .rnd_i(rnd_q), .stochastic_i(stochastic_q), .nanoo_i(nanoo_q), .random_i(random_q[31:0]),
    .result_o(function_result), .flags_o(function_flags));

  ipu_integer_unit u_integer_unit (
    .clk_i, .valid_i(is_integer), .op_i(op_i.control.fn[3:0]), .wide_i(op_i.wide), .a_i(a), .mode_i(imm_i[3:0]), .rnd_i,
    .rnd_q_i(rnd_q), .result_o(integer_result), .flags_o(integer_flags));

  ipu_class_unit u_class_unit (
    .valid_i(is_class), .op_i(op_i.control.fn[3:0]), .f143_i(float_i.registers_f143), .pair_i(op_i.pair0), .a_i(a),
    .codes_o(codes));

  ipu_random_unit u_random_unit (
    .valid_i(is_random), .op_i(op_i.control.fn[3:0]), .a_i(a), .p_i(b0_register), .word_i(float_i.random),
    .second_i(float_i.second_random), .result_o(random_result));

  logic [63:0]              quarters, quarters_q;
  ipu_float_pkg::fp_flags_t quarter_flags, quarter_flags_q;

  ipu_quarter_unit u_quarter_unit (
    .valid_i(is_quarter), .quad_i(op_i.quad), .a_i(a), .b_i(b), .f143_i(float_i.registers_f143), .scale_i(float_i.scale),
    .rnd_i, .stochastic_i(float_i.stochastic), .nanoo_i(float_i.nan_on_overflow), .random_i(float_i.random),
    .result_o(quarters), .flags_o(quarter_flags));

  always_ff @(posedge clk_i) begin
    if (is_quarter) begin
      quarters_q      <= quarters;
      quarter_flags_q <= quarter_flags;
    end
  end

  // ---- Logic, permutes, class codes

  logic [31:0] permuted;
  logic [63:0] logic_d, logic_q;

  ipu_permute u_permute (.op_i(op_i.control.permute_op), .x_i(a[31:0]), .y_i(b[31:0]), .result_o(permuted));

  always_comb begin
    case (op_i.control.op)
      ipu_tile_pkg::AUX_AND:        logic_d = a & b;
      ipu_tile_pkg::AUX_ANDC:       logic_d = a & ~b;
      ipu_tile_pkg::AUX_OR:         logic_d = a | b;
      ipu_tile_pkg::AUX_NOT:        logic_d = ~a;
      ipu_tile_pkg::AUX_MOVE_IMM:   logic_d = {32'b0, imm_i};
      ipu_tile_pkg::AUX_PERMUTE:    logic_d = {32'b0, permuted};
      ipu_tile_pkg::AUX_SORT4X32LO: logic_d = {b[31:0], a[31:0]};
      ipu_tile_pkg::AUX_SORT4X32HI: logic_d = {b[63:32], a[63:32]};
      ipu_tile_pkg::AUX_ROLL32:     logic_d = {b[31:0], a[63:32]};
      ipu_tile_pkg::AUX_CLASS:      logic_d = {32'b0, codes};
      ipu_tile_pkg::AUX_UPUT:       logic_d = {32'b0, a0};
      default:                      logic_d = '0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (op_i.valid) logic_q <= logic_d;
  end

  // ---- Second stage

  always_comb begin
    result_o = logic_q;
    flags_o  = '0;
    draws_o  = (rounds_half_q && stochastic_q) ? 2'd1 : words_q;
    if (is_random_q) result_o = random_q;
    if (is_single_q) begin
      result_o = single_result;
      flags_o  = single_flags;
    end
    if (is_half_q) begin
      result_o = half_result;
      flags_o  = half_flags;
    end
    if (is_quarter_q) begin
      result_o = quarters_q;
      flags_o  = quarter_flags_q;
    end
    if (is_integer_q) begin
      result_o = integer_result;
      flags_o  = integer_flags;
    end
    if (is_function_q) begin
      result_o = {32'b0, function_result};
      flags_o  = function_flags;
    end
  end

  logic unused_op;
  assign unused_op = ^{op_i, float_i};

endmodule
