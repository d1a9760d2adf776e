// SPDX-License-Identifier: Apache-2.0
// Division, roots and transcendental functions: one f32 or two f16. Operands in the first stage, results in the second.
module ipu_function_unit (
  input  logic                             clk_i,
  input  logic                             valid_i,
  input  logic [3:0]                       function_i,  // ipu_function_unit_pkg::function_e
  input  logic                             half_i,   // of two f16
  input  logic [31:0]                      x_i,
  input  logic [31:0]                      y_i,      // of x / y

  // Second stage, in the clock behind the first: FP_CTL and the random bits of the same instruction
  input  logic [2:0]                       rnd_i,
  input  logic                             stochastic_i,
  input  logic                             nanoo_i,
  input  logic [31:0]                      random_i,
  output logic [31:0]                      result_o,
  output ipu_float_pkg::fp_flags_t         flags_o
);

  logic divides, half_q, divides_q, finish_q;

  always_comb begin
    case (function_i)
      ipu_function_unit_pkg::FN_DIV, ipu_function_unit_pkg::FN_SQRT, ipu_function_unit_pkg::FN_OOX,
      ipu_function_unit_pkg::FN_OORX: divides = 1'b1;
      default:                        divides = 1'b0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    finish_q <= valid_i;
    if (valid_i) begin
      half_q    <= half_i;
      divides_q <= divides;
    end
  end

  // ---- Functions: of the f32 or the lower f16, and of the upper f16

  ipu_function_unit_pkg::operand_t operand, upper_operand;
  ipu_function_unit_pkg::value_t   value, upper_value;
  ipu_float_pkg::f16_unrounded_t   lower_half, upper_half;
  ipu_float_pkg::fp_flags_t        lower_flags, upper_flags;
  logic [31:0]                     halves;

  ipu_function_operand u_operand (.active_i(valid_i), .half_i, .value_i(x_i), .operand_o(operand));
  ipu_function_operand u_upper_operand (
    .active_i(valid_i && half_i), .half_i(1'b1), .value_i({16'b0, x_i[31:16]}), .operand_o(upper_operand));
  ipu_function_lane u_lane (
    .clk_i, .valid_i(valid_i && !divides), .finish_i(finish_q && !divides_q), .function_i, .x_i(operand), .value_o(value));
  ipu_function_lane u_upper_lane (
    .clk_i, .valid_i(valid_i && half_i), .finish_i(finish_q && half_q), .function_i, .x_i(upper_operand),
    .value_o(upper_value));
  ipu_f16_round u_lower_half (
    .active_i(finish_q && half_q), .value_i(lower_half), .rnd_i, .stochastic_i, .random_i(random_i[15:0]), .nanoo_i,
    .result_o(halves[15:0]), .flags_o(lower_flags));
  ipu_f16_round u_upper_half (
    .active_i(finish_q && half_q), .value_i(upper_half), .rnd_i, .stochastic_i, .random_i(random_i[31:16]), .nanoo_i,
    .result_o(halves[31:16]), .flags_o(upper_flags));

  always_comb begin
    lower_half.sign        = value.sign;
    lower_half.exponent    = value.exponent;
    lower_half.significand = {value.significand[63:37], value.significand[36:0] != '0};
    lower_half.zero        = value.zero;
    lower_half.inf         = value.inf;
    lower_half.nan         = value.nan;
    lower_half.invalid     = value.invalid;
    lower_half.div0        = value.div0;
    upper_half.sign        = upper_value.sign;
    upper_half.exponent    = upper_value.exponent;
    upper_half.significand = {upper_value.significand[63:37], upper_value.significand[36:0] != '0};
    upper_half.zero        = upper_value.zero;
    upper_half.inf         = upper_value.inf;
    upper_half.nan         = upper_value.nan;
    upper_half.invalid     = upper_value.invalid;
    upper_half.div0        = upper_value.div0;
  end

  // ---- Quotients and roots

  ipu_function_unit_pkg::operand_t divisor;
  ipu_float_pkg::f32_unrounded_t   divided, unrounded;
  logic                            divided_div0;

  ipu_function_operand u_divisor (.active_i(valid_i && divides), .half_i(1'b0), .value_i(y_i), .operand_o(divisor));
  ipu_divide_sqrt u_divide_sqrt (
    .clk_i, .valid_i(valid_i && divides), .finish_i(finish_q && divides_q), .function_i, .x_i(operand), .y_i(divisor),
    .value_o(divided), .div0_o(divided_div0));

  // ---- Rounding to f32

  logic [31:0] single;
  ipu_float_pkg::fp_flags_t single_flags;

  always_comb begin
    unrounded             = '0;
    unrounded.sign        = value.sign;
    unrounded.exponent    = value.exponent + 10'sd127;
    unrounded.significand = {value.significand[63:39], value.significand[38:0] != '0};
    unrounded.zero        = value.zero;
    unrounded.inf         = value.inf;
    unrounded.nan         = value.nan;
    unrounded.invalid     = value.invalid;
    if (divides_q) unrounded = divided;
  end

  ipu_f32_round u_round (.value_i(unrounded), .rnd_i, .result_o(single), .flags_o(single_flags));

  always_comb begin
    result_o = single;
    flags_o  = single_flags;
    flags_o.div0 = divides_q ? divided_div0 : value.div0;
    if (half_q) begin
      result_o = halves;
      flags_o  = lower_flags | upper_flags;
    end
  end

endmodule
