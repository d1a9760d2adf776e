// SPDX-License-Identifier: Apache-2.0
// f16 to f8: two, or the eight of two pairs.
module ipu_quarter_unit (
  input  logic                     valid_i,   // else no operand is looked at
  input  logic                     quad_i,    // eight
  input  logic [63:0]              a_i,
  input  logic [63:0]              b_i,       // of a quad the upper pair
  input  logic                     f143_i,    // FP_NFMT, FP_SCL, FP_CTL and the random word of the context
  input  logic signed [5:0]        scale_i,
  input  logic [2:0]               rnd_i,
  input  logic                     stochastic_i,
  input  logic                     nanoo_i,
  input  logic [63:0]              random_i,
  output logic [63:0]              result_o,
  output ipu_float_pkg::fp_flags_t flags_o
);

  logic [127:0] halves;
  logic [23:0]  flags;

  assign halves = {b_i, a_i};

  for (genvar i = 0; i < 8; i++) begin : gen_lane
    logic                      active;
    ipu_float_pkg::f16_parts_t parts;

    assign active = valid_i && (i < 2 || quad_i);

    ipu_f16_unpack u_unpack (.value_i(active ? halves[16*i +: 16] : 16'b0), .parts_o(parts));
    ipu_f8_round u_round (
      .active_i(active), .value_i(parts), .f143_i, .scale_i, .rnd_i, .stochastic_i, .random_i(random_i[8*i +: 8]),
      .nanoo_i, .result_o(result_o[8*i +: 8]), .flags_o(flags[3*i +: 3]));
  end

  always_comb begin
    flags_o = '0;
    for (int unsigned i = 0; i < 8; i++) flags_o = flags_o | flags[3*i +: 3];
  end

endmodule
