// SPDX-License-Identifier: Apache-2.0
// f32 to and from integers, f32 rounded to integers, and uniform fractions from random integers (one or two lanes).
// Integers and exact values in the first stage, f32 rounding in the second.
module ipu_integer_unit (
  input  logic                     clk_i,
  input  logic                     valid_i,  // else no operand is looked at
  input  logic [3:0]               op_i,     // ipu_float_pkg::integer_op_e
  input  logic                     wide_i,   // two lanes
  input  logic [63:0]              a_i,      // a single register in the lower half
  input  logic [3:0]               mode_i,   // of INTEGER_INTEGRAL, as FP_CTL.RND
  input  logic [2:0]               rnd_i,    // FP_CTL.RND

  // Second stage, in the clock behind the first: FP_CTL.RND of the same instruction
  input  logic [2:0]               rnd_q_i,
  output logic [63:0]              result_o,
  output ipu_float_pkg::fp_flags_t flags_o
);

  localparam logic [31:0] Lowest  = 32'h8000_0000;
  localparam logic [31:0] Highest = 32'h7FFF_FFFF;

  // ---- First stage

  logic from_signed, from_integer, to_signed, to_unsigned, integral, fraction, to_integer;

  assign from_signed  = valid_i && op_i == ipu_float_pkg::INTEGER_FROM_SIGNED;
  assign from_integer = from_signed || (valid_i && op_i == ipu_float_pkg::INTEGER_FROM_UNSIGNED);
  assign to_signed    = valid_i && op_i == ipu_float_pkg::INTEGER_TO_SIGNED;
  assign to_unsigned  = valid_i && op_i == ipu_float_pkg::INTEGER_TO_UNSIGNED;
  assign integral     = valid_i && op_i == ipu_float_pkg::INTEGER_INTEGRAL;
  assign fraction     = valid_i && op_i == ipu_float_pkg::INTEGER_FRACTION;
  assign to_integer   = to_signed || to_unsigned || integral;

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  ipu_float_pkg::f32_parts_t parts;
  logic [31:0] value, magnitude;
  logic [2:0]  mode;
  logic        beyond, whole;

  assign value = to_integer ? a_i[31:0] : '0;
  assign mode  = !integral ? rnd_i : mode_i[3] ? ipu_float_pkg::RND_NEAREST_EVEN : mode_i[2:0];

  ipu_f32_unpack u_unpack (.value_i(value), .parts_o(parts));
  ipu_f32_to_integer u_to_integer (
    .active_i(to_integer), .value_i(parts), .rnd_i(mode), .magnitude_o(magnitude), .beyond_o(beyond), .whole_o(whole));

  // To integers: beyond the range its end on that side, of a NaN 0; both with INV.
  logic [31:0] direct_d;
  logic        invalid_d;

  always_comb begin
    direct_d  = '0;
    invalid_d = 1'b0;
    if (to_integer) begin
      if (parts.nan) begin
        invalid_d = 1'b1;
        direct_d  = integral ? ipu_float_pkg::F32_NAN : '0;
      end else if (integral) begin
        // What has no fraction, infinities too, is itself, and so is a zero but for the sign of what became one.
        direct_d = whole ? value : {value[31], 31'b0};
      end else if (to_signed) begin
        invalid_d = beyond || magnitude > (parts.sign ? Lowest : Highest);
        direct_d  = invalid_d ? (parts.sign ? Lowest : Highest) : parts.sign ? -magnitude : magnitude;
      end else begin
        invalid_d = beyond || (parts.sign && magnitude != '0);
        direct_d  = parts.sign ? '0 : invalid_d ? 32'hFFFF_FFFF : magnitude;
      end
    end
  end

  // To f32: the integer, or what is left of an f32.
  logic                          negative;
  logic [31:0]                   source;
  ipu_float_pkg::f32_unrounded_t converted;

  always_comb begin
    negative = from_signed && a_i[31];
    source   = negative ? -a_i[31:0] : a_i[31:0];
    if (integral) begin
      negative = parts.sign;
      source   = magnitude;
    end
  end

  ipu_integer_to_f32 u_to_f32 (
    .active_i(from_integer || integral), .negative_i(negative), .magnitude_i(source), .value_o(converted));

  // Of an n-bit u, (2u - (2^n - 1)) / 2^(n+1): u without its highest bit counts the steps of 2^-n from 0, from above
  // or below.
  logic [63:0] rounded;
  logic [2:0]  rnd;

  for (genvar i = 0; i < 2; i++) begin : gen_lane
    logic        below;
    logic [31:0] steps;
    ipu_float_pkg::f32_unrounded_t spread, exact_d, exact_q;
    ipu_float_pkg::fp_flags_t      no_flags;  // 32 bits do not reach the limits of f32

    assign below = fraction && !a_i[32*i + 31];
    assign steps = !fraction ? '0 : {below ? ~a_i[32*i +: 31] : a_i[32*i +: 31], 1'b1};

    ipu_integer_to_f32 #(.SCALE(-10'sd33)) u_spread (
      .active_i(fraction && (i == 0 || wide_i)), .negative_i(below), .magnitude_i(steps), .value_o(spread));

    if (i == 0) begin : gen_first
      assign exact_d = converted | spread;  // one of them is 0
    end else begin : gen_second
      assign exact_d = spread;
    end

    always_ff @(posedge clk_i) begin
      if (valid_i) exact_q <= exact_d;
    end

    ipu_f32_round u_round (.value_i(exact_q), .rnd_i(rnd), .result_o(rounded[32*i +: 32]), .flags_o(no_flags));

    logic unused_flags;
    assign unused_flags = ^no_flags;
  end
  /* verilator tracing_on */

  logic        rounds_q, nearest_q, invalid_q;
  logic [31:0] direct_q;

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      rounds_q  <= from_integer || fraction || (integral && !parts.nan && !whole && magnitude != '0);
      nearest_q <= fraction;
      direct_q  <= direct_d;
      invalid_q <= invalid_d;
    end
  end

  // ---- Second stage

  assign rnd = nearest_q ? ipu_float_pkg::RND_NEAREST_EVEN : rnd_q_i;

  always_comb begin
    result_o    = rounds_q ? rounded : {32'b0, direct_q};
    flags_o     = '0;
    flags_o.inv = invalid_q;
  end

endmodule
