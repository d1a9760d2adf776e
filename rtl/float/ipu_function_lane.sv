// SPDX-License-Identifier: Apache-2.0
// One exponential, logarithm, tanh or logistic function, as systemc/arith/src/functions.cpp computes it: the argument
// is reduced and the polynomials begun in the first stage, finished and put together in the second.
module ipu_function_lane (
  input  logic                             clk_i,
  input  logic                             valid_i,     // first stage
  input  logic                             finish_i,    // second stage of what was valid in the clock before
  input  logic [3:0]                       function_i,  // ipu_function_unit_pkg::function_e
  input  ipu_function_unit_pkg::operand_t  x_i,

  // Second stage; 0 when there is none
  output ipu_function_unit_pkg::value_t    value_o
);

  // ---- First stage: where the polynomials are to be taken

  logic is_power, is_log, is_tanh, is_sigm, natural;

  assign is_power = function_i == ipu_function_unit_pkg::FN_EXP || function_i == ipu_function_unit_pkg::FN_EXP2;
  assign is_log   = function_i == ipu_function_unit_pkg::FN_LN || function_i == ipu_function_unit_pkg::FN_LOG2;
  assign is_tanh  = function_i == ipu_function_unit_pkg::FN_TANH;
  assign is_sigm  = function_i == ipu_function_unit_pkg::FN_SIGM;
  assign natural  = function_i != ipu_function_unit_pkg::FN_EXP2 && function_i != ipu_function_unit_pkg::FN_LOG2;

  logic signed [9:0] power_exponent;
  logic [40:0]       power_fraction;
  logic              power_exact, has_power, has_quotient;

  assign has_power    = valid_i && (is_power || is_sigm);
  assign has_quotient = valid_i && !is_power;

  ipu_power_reduce u_power_reduce (
    .active_i(has_power), .natural_i(natural), .x_i, .exponent_o(power_exponent), .fraction_o(power_fraction),
    .exact_o(power_exact));

  logic              below_one;
  logic signed [8:0] whole;
  logic [23:0]       factor;      // what the polynomial is multiplied by
  logic signed [8:0] y_exponent;
  logic [8:0]        y_left, y_right;
  logic [35:0]       y, place;
  logic              y_beyond;
  logic [8:0]        segment;

  always_comb begin
    below_one  = 1'b0;
    whole      = '0;
    factor     = '0;
    y_exponent = '0;
    y_left     = '0;
    y_right    = '0;
    y          = '0;
    y_beyond   = 1'b0;
    place      = '0;
    segment    = '0;
    if (has_quotient && is_log) begin
      // x = 2^whole m, m in [0.75, 1.5), times t = |m - 1| in units of 2^-24.
      below_one = x_i.significand[22];
      whole     = x_i.exponent + $signed({8'b0, below_one});
      factor    = below_one ? -x_i.significand : {x_i.significand[22:0], 1'b0};
      place     = {x_i.significand[17:0], 18'b0};
      segment   = {3'b000, !natural, x_i.significand[22:18]};
    end else if (has_quotient) begin
      // tanh(y), y = x or x / 2 below 16, with 32 places.
      y_exponent = x_i.exponent - (is_sigm ? 9'sd1 : 9'sd0);
      y_beyond   = y_exponent > 9'sd3;
      y_left     = y_exponent + 9'sd9;
      y_right    = -9'sd9 - y_exponent;
      y          = {12'b0, x_i.significand} << y_left[3:0];
      if (y_left[8]) y = {12'b0, x_i.significand} >> ((y_right > 9'd24) ? 9'd24 : y_right);
      factor  = x_i.significand;
      place   = {y[27:0], 8'b0};
      segment = {1'b1, y[35:28]};
    end
  end

  ipu_function_pkg::row_t row, power_row;
  logic [ipu_function_pkg::C1_BITS:0] slope, power_slope;

  ipu_quotient_table u_table (.active_i(has_quotient), .row_i(segment), .row_o(row));
  ipu_power_table u_power_table (.active_i(has_power), .row_i(power_fraction[40:36]), .row_o(power_row));
  ipu_polynomial_head u_head (.active_i(has_quotient), .row_i(row), .place_i(place[35:6]), .slope_o(slope));
  ipu_polynomial_head u_power_head (
    .active_i(has_power), .row_i(power_row), .place_i(power_fraction[35:6]), .slope_o(power_slope));

  // ---- Specials

  ipu_function_unit_pkg::value_t special_d, special_q;
  logic is_special_d, is_special_q;

  always_comb begin
    special_d             = '0;
    special_d.significand = 64'h8000_0000_0000_0000;
    is_special_d          = x_i.zero || x_i.inf || x_i.nan;
    if (!valid_i) begin
      is_special_d = 1'b0;
    end else if (x_i.nan) begin
      special_d.nan     = 1'b1;
      special_d.invalid = 1'b1;
    end else if (is_log) begin
      if (x_i.zero) begin
        special_d.inf  = 1'b1;
        special_d.sign = 1'b1;
        special_d.div0 = 1'b1;
      end else if (x_i.sign) begin
        is_special_d      = 1'b1;
        special_d.nan     = 1'b1;
        special_d.invalid = 1'b1;
      end else if (x_i.inf) begin
        special_d.inf = 1'b1;
      end else if (factor == '0 && whole == '0) begin
        is_special_d   = 1'b1;
        special_d.zero = 1'b1;
      end
    end else if (is_tanh) begin
      special_d.sign = x_i.sign;
      special_d.zero = x_i.zero;
    end else if (x_i.zero) begin
      special_d.exponent = is_sigm ? -10'sd1 : 10'sd0;
    end else begin
      special_d.zero = x_i.sign;
      special_d.inf  = !x_i.sign && is_power;
    end
  end

  // ---- Second stage

  logic              is_power_q, is_log_q, is_tanh_q, natural_q, sign_q, power_exact_q, y_beyond_q, below_one_q;
  logic signed [8:0] whole_q, y_exponent_q;
  logic signed [9:0] power_exponent_q;
  logic [23:0]       factor_q;
  logic [35:0]       place_q, power_place_q;
  logic [ipu_function_pkg::C1_BITS:0]   slope_q, power_slope_q;
  logic [ipu_function_pkg::C0_BITS-1:0] offset_q, power_offset_q, quotient, mantissa;

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      is_power_q       <= is_power;
      is_log_q         <= is_log;
      is_tanh_q        <= is_tanh;
      natural_q        <= natural;
      sign_q           <= x_i.sign;
      power_exact_q    <= power_exact;
      y_beyond_q       <= y_beyond;
      below_one_q      <= below_one;
      whole_q          <= whole;
      y_exponent_q     <= y_exponent;
      power_exponent_q <= power_exponent;
      factor_q         <= factor;
      place_q          <= place;
      power_place_q    <= power_fraction[35:0];
      slope_q          <= slope;
      power_slope_q    <= power_slope;
      offset_q         <= row.c0;
      power_offset_q   <= power_row.c0;
      special_q        <= special_d;
      is_special_q     <= is_special_d;
    end
  end

  ipu_polynomial_tail u_tail (
    .active_i(finish_i && !is_power_q), .offset_i(offset_q), .slope_i(slope_q), .place_i(place_q), .value_o(quotient));
  ipu_polynomial_tail u_power_tail (
    .active_i(finish_i && !is_log_q && !is_tanh_q), .offset_i(power_offset_q), .slope_i(power_slope_q),
    .place_i(power_place_q), .value_o(mantissa));

  logic        [63:0] product, tangent, sum_magnitude, logistic, upper_product, lower_product;
  logic signed [63:0] sum, term, whole_log;
  logic               y_below_one, exact, sign;
  logic        [8:0]  tangent_drop;
  logic        [63:0] value;     // in units of 2^exponent
  logic signed [9:0]  exponent;
  logic        [5:0]  zeros;

  always_comb begin
    product       = '0;
    tangent       = '0;
    y_below_one   = y_exponent_q < 9'sd0;
    term          = '0;
    whole_log     = '0;
    sum           = '0;
    sum_magnitude = '0;
    tangent_drop  = '0;
    logistic      = '0;
    upper_product = '0;
    lower_product = '0;
    value         = '0;
    exponent      = '0;
    exact         = 1'b0;
    sign          = 1'b0;
    zeros         = '0;
    value_o       = '0;

    if (finish_i && is_power_q) begin
      value    = {19'b0, mantissa, 1'b0};
      exponent = power_exponent_q - 10'sd43;
      exact    = power_exact_q;
    end else if (finish_i) begin
      product = {40'b0, factor_q} * {22'b0, quotient[43:2]};
    end

    if (finish_i && is_log_q) begin
      value    = product;
      exponent = -10'sd64;
      sign     = below_one_q;
      if (whole_q != '0) begin
        // whole * log 2 and the product, in units of 2^-50.
        term          = $signed({14'b0, product[63:14]});
        whole_log     = natural_q ? $signed({{55{whole_q[8]}}, whole_q}) * $signed(ipu_function_pkg::LN_2)
                                  : $signed({{5{whole_q[8]}}, whole_q, 50'b0});
        sum           = below_one_q ? whole_log - term : whole_log + term;
        sum_magnitude = sum[63] ? -sum : sum;
        value         = {sum_magnitude[62:0], 1'b0};
        exponent      = -10'sd51;
        sign          = sum[63];
        exact         = !natural_q && factor_q == '0;
      end
    end else if (finish_i && !is_power_q) begin
      // tanh(y) in units of 2^-63, or of 2^(exponent - 63) if y < 1.
      tangent = product;
      if (y_beyond_q || (!y_below_one && product[63])) tangent = {1'b0, {63{1'b1}}};
      value    = tangent;
      exponent = y_below_one ? {y_exponent_q[8], y_exponent_q} - 10'sd63 : -10'sd63;
      sign     = sign_q;
      if (!is_tanh_q) begin
        // (1 + tanh(y)) / 2 in units of 2^-63, then times e^x if x is negative.
        tangent_drop = y_below_one ? 9'd1 - y_exponent_q : 9'd1;
        logistic     = 64'h4000_0000_0000_0000 + (tangent >> ((tangent_drop > 9'd63) ? 9'd63 : tangent_drop));
        if (y_beyond_q) logistic = {1'b0, {63{1'b1}}};
        value    = logistic;
        exponent = -10'sd63;
        sign     = 1'b0;
        if (sign_q) begin
          upper_product = {20'b0, mantissa} * {44'b0, logistic[62:43]};
          lower_product = {20'b0, mantissa} * {44'b0, logistic[42:23]};
          value         = upper_product + (lower_product >> 20);
          exponent      = power_exponent_q - 10'sd62;
        end
      end
    end

    if (finish_i) begin
      if (!exact) value[0] = 1'b1;
      for (int unsigned i = 0; i < 6; i++) begin
        if ((value >> (64 - (64 >> (i + 1)))) == '0) begin
          value = value << (64 >> (i + 1));
          zeros = zeros | (6'd32 >> i);
        end
      end
      value_o.sign        = sign;
      value_o.exponent    = exponent + 10'sd63 - $signed({4'b0, zeros});
      value_o.significand = value;
      if (is_special_q) value_o = special_q;
    end
  end

  logic unused;
  assign unused = ^{y_left, quotient[1:0], logistic[63], logistic[22:0], sum_magnitude[63]};

endmodule
