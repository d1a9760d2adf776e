// SPDX-License-Identifier: Apache-2.0
// An f32 as an f16 result: rounded by FP_CTL.RND, or stochastically with sixteen random bits below the last place.
// Beyond the range, infinities included: the largest number and OFLO, or a NaN, OFLO and INV. f32 denormals read
// as zero, f16 denormals are results like others.
module ipu_half_result (
  input  logic                     active_i,  // else all outputs are 0
  input  logic [31:0]              value_i,
  input  logic [2:0]               rnd_i,
  input  logic                     stochastic_i,
  input  logic                     nan_on_overflow_i,
  input  logic [15:0]              random_i,
  output logic [15:0]              result_o,
  output ipu_float_pkg::fp_flags_t flags_o
);

  ipu_float_pkg::f16_unrounded_t value;

  always_comb begin
    value = '0;
    if (active_i) begin
      value.sign        = value_i[31];
      value.exponent    = $signed({2'b0, value_i[30:23]}) - 10'sd127;
      value.significand = {1'b1, value_i[22:0], 4'b0};
      value.zero        = value_i[30:23] == '0;
      value.inf         = value_i[30:23] == 8'hFF && value_i[22:0] == '0;
      value.nan         = value_i[30:23] == 8'hFF && value_i[22:0] != '0;
      value.invalid     = value.nan;
    end
  end

  ipu_f16_round u_round (
    .active_i, .value_i(value), .rnd_i, .stochastic_i, .random_i, .nanoo_i(nan_on_overflow_i), .result_o, .flags_o);

endmodule
