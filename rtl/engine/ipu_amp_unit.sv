// SPDX-License-Identifier: Apache-2.0
// One unit of the engine: its addend plus what it multiplies, exact, rounded once to f32. In f16 mode that are up
// to four products, of f8 eight, in f32 mode one.
module ipu_amp_unit (
  input  logic                     active_i,  // else nothing toggles and the outputs are 0
  input  logic                     f32_i,
  input  logic [3:0]               terms_i,   // f16: products that count
  input  ipu_engine_pkg::half_t    x0_i,
  input  ipu_engine_pkg::half_t    x1_i,
  input  ipu_engine_pkg::half_t    x2_i,
  input  ipu_engine_pkg::half_t    x3_i,
  input  ipu_engine_pkg::half_t    x4_i,      // f8 only, as the next three
  input  ipu_engine_pkg::half_t    x5_i,
  input  ipu_engine_pkg::half_t    x6_i,
  input  ipu_engine_pkg::half_t    x7_i,
  input  logic [31:0]              x_i,       // f32
  input  logic [63:0]              w_i,       // four f16, eight f8, or an f32 in the low word
  input  logic                     quarters_i,  // f8
  input  logic                     f143_i,    // the format of w_i's
  input  logic signed [5:0]        scale_i,   // of f8: the products times 2^scale
  input  logic [31:0]              addend_i,
  output logic [31:0]              result_o,
  output ipu_float_pkg::fp_flags_t flags_o
);

  logic signed [63:0] dot_value, fused_value;
  logic signed [10:0] dot_exponent, fused_exponent;
  logic               dot_sticky, dot_minus_zero, dot_nan, dot_infinite;
  logic               fused_sticky, fused_minus_zero, fused_nan, fused_infinite, fused_infinite_negative;

  ipu_dot_sum u_dot (
    .active_i(active_i && !f32_i), .terms_i, .x0_i, .x1_i, .x2_i, .x3_i, .x4_i, .x5_i, .x6_i, .x7_i, .w_i,
    .quarters_i, .f143_i, .scale_i, .addend_i, .value_o(dot_value),
    .sticky_o(dot_sticky), .exponent_o(dot_exponent), .minus_zero_o(dot_minus_zero), .nan_o(dot_nan),
    .infinite_o(dot_infinite));

  ipu_fused_sum u_fused (
    .active_i(active_i && f32_i), .x_i, .y_i(w_i[31:0]), .addend_i, .value_o(fused_value), .sticky_o(fused_sticky),
    .exponent_o(fused_exponent), .minus_zero_o(fused_minus_zero), .nan_o(fused_nan), .infinite_o(fused_infinite),
    .infinite_negative_o(fused_infinite_negative));

  // The one that is not active gives zeros.
  ipu_sum_round u_round (
    .active_i, .value_i(dot_value | fused_value), .sticky_i(dot_sticky || fused_sticky),
    .exponent_i(dot_exponent | fused_exponent), .minus_zero_i(dot_minus_zero || fused_minus_zero),
    .nan_i(dot_nan || fused_nan), .infinite_i(dot_infinite || fused_infinite),
    .infinite_negative_i(f32_i ? fused_infinite_negative : addend_i[31]), .result_o, .flags_o);

endmodule
