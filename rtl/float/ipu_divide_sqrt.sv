// SPDX-License-Identifier: Apache-2.0
// x / y, sqrt(x), 1 / x and 1 / sqrt(x) of f32, one digit at a time: a quotient in the first stage, a root in the
// second. 1 / sqrt(x) is the root of the quotient. Rounding is ipu_f32_round's.
module ipu_divide_sqrt (
  input  logic                             clk_i,
  input  logic                             valid_i,     // first stage
  input  logic                             finish_i,    // second stage of what was valid in the clock before
  input  logic [3:0]                       function_i,  // ipu_function_unit_pkg::function_e
  input  ipu_function_unit_pkg::operand_t  x_i,
  input  ipu_function_unit_pkg::operand_t  y_i,      // of x / y

  // Second stage
  output ipu_float_pkg::f32_unrounded_t    value_o,
  output logic                             div0_o
);

  localparam int unsigned QuotientBits = 54;
  localparam int unsigned RootBits     = QuotientBits / 2;

  // ---- First stage: dividend / divisor, one bit before the point

  logic        has_root, is_divide, odd, even;
  logic [23:0] dividend, divisor;
  logic [QuotientBits-1:0] quotient, radicand_d;
  logic [24:0] remainder;
  logic        rest_d;

  // 1 / x divides by x. Idle, the divider sees 0 / 1.
  always_comb begin
    is_divide = function_i == ipu_function_unit_pkg::FN_DIV;
    has_root  = function_i == ipu_function_unit_pkg::FN_SQRT || function_i == ipu_function_unit_pkg::FN_OORX;
    dividend  = is_divide ? x_i.significand : 24'h800000;
    divisor   = is_divide ? y_i.significand : x_i.significand;
    if (!valid_i || function_i == ipu_function_unit_pkg::FN_SQRT) begin
      dividend = '0;
      divisor  = 24'h800000;
    end
  end

  always_comb begin
    remainder = {1'b0, dividend};
    quotient  = '0;
    if (dividend != '0) begin
      for (int unsigned i = 0; i < QuotientBits; i++) begin
        quotient = quotient << 1;
        if (remainder >= {1'b0, divisor}) begin
          remainder   = remainder - {1'b0, divisor};
          quotient[0] = 1'b1;
        end
        remainder = remainder << 1;
      end
    end
  end

  // A root is taken of an even power of two times 2^52 to 2^54. The bit of the quotient that this may drop needs no
  // look: it is only one where there is a remainder, because 1 / x has a finite quotient for powers of two alone.
  always_comb begin
    odd        = x_i.exponent[0];
    even       = !odd;
    radicand_d = quotient;
    rest_d     = remainder != '0;
    if (function_i == ipu_function_unit_pkg::FN_SQRT) begin
      radicand_d = odd ? {x_i.significand, 30'b0} : {1'b0, x_i.significand, 29'b0};
    end else if (has_root && even) begin
      radicand_d = {1'b0, quotient[QuotientBits-1:1]};
    end
  end

  // ---- Specials and exponents

  ipu_float_pkg::f32_unrounded_t special_d, special_q;
  logic              div0_d, div0_q, is_special_d, is_special_q;
  logic signed [9:0] x_exponent, y_exponent, exponent_d, exponent_q;

  always_comb begin
    special_d    = '0;
    div0_d       = 1'b0;
    is_special_d = 1'b1;
    if (!valid_i) begin
      is_special_d = 1'b0;
    end else if (is_divide) begin
      special_d.sign = x_i.sign ^ y_i.sign;
      if (x_i.nan || y_i.nan || (x_i.zero && y_i.zero) || (x_i.inf && y_i.inf)) begin
        special_d.nan = 1'b1;
      end else if (x_i.inf) begin
        special_d.inf = 1'b1;
      end else if (x_i.zero || y_i.inf) begin
        special_d.zero = 1'b1;
      end else if (y_i.zero) begin
        special_d.inf = 1'b1;
        div0_d        = 1'b1;
      end else begin
        is_special_d = 1'b0;
      end
    end else begin
      special_d.sign = x_i.sign;
      if (x_i.nan || (has_root && x_i.sign && !x_i.zero)) begin
        special_d.nan = 1'b1;
      end else if (function_i == ipu_function_unit_pkg::FN_SQRT) begin
        special_d.zero = x_i.zero;
        special_d.inf  = x_i.inf;
        is_special_d   = x_i.zero || x_i.inf;
      end else begin
        special_d.zero = x_i.inf;
        special_d.inf  = x_i.zero;
        div0_d         = x_i.zero;
        is_special_d   = x_i.zero || x_i.inf;
      end
    end
    special_d.invalid = special_d.nan;
  end

  // Biased, of a result whose leading one is in the highest place.
  always_comb begin
    x_exponent = {x_i.exponent[8], x_i.exponent};
    y_exponent = {y_i.exponent[8], y_i.exponent};
    case (function_i)
      ipu_function_unit_pkg::FN_DIV:  exponent_d = x_exponent - y_exponent + 10'sd127;
      ipu_function_unit_pkg::FN_SQRT: exponent_d = (x_exponent >>> 1) + 10'sd127;
      ipu_function_unit_pkg::FN_OOX:  exponent_d = 10'sd127 - x_exponent;
      default:                        exponent_d = 10'sd127 - ((x_exponent + 10'sd1) >>> 1);
    endcase
  end

  logic                    has_root_q, rest_q, sign_q;
  logic [QuotientBits-1:0] radicand_q;

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      has_root_q   <= has_root;
      sign_q       <= special_d.sign;
      rest_q       <= rest_d;
      radicand_q   <= radicand_d;
      exponent_q   <= exponent_d;
      special_q    <= special_d;
      is_special_q <= is_special_d;
      div0_q       <= div0_d;
    end
  end

  // ---- Second stage: the root

  logic [RootBits-1:0] root;
  logic [RootBits+1:0] root_rest, trial;

  always_comb begin
    root      = '0;
    root_rest = '0;
    trial     = '0;
    if (finish_i && has_root_q) begin
      for (int unsigned i = 0; i < RootBits; i++) begin
        root_rest = {root_rest[RootBits-1:0], radicand_q[2*(RootBits-1-i) +: 2]};
        trial     = {root, 2'b01};
        root      = root << 1;
        if (root_rest >= trial[RootBits+1:0]) begin
          root_rest = root_rest - trial[RootBits+1:0];
          root[0]   = 1'b1;
        end
      end
    end
  end

  logic [QuotientBits-1:0] digits;
  logic                    rest;

  always_comb begin
    digits  = '0;
    rest    = 1'b0;
    value_o = '0;
    div0_o  = 1'b0;
    if (finish_i) begin
      digits           = has_root_q ? {root, {(QuotientBits-RootBits){1'b0}}} : radicand_q;
      rest             = rest_q || root_rest != '0;
      value_o.sign     = sign_q;
      value_o.exponent = exponent_q;
      if (!digits[QuotientBits-1]) begin
        value_o.exponent = exponent_q - 10'sd1;
        digits           = digits << 1;
      end
      value_o.significand = {digits[QuotientBits-1 -: 25], rest || digits[QuotientBits-26:0] != '0};
      if (is_special_q) value_o = special_q;
      div0_o = div0_q;
    end
  end

`ifndef SYNTHESIS
  logic valid_q;
  always_ff @(posedge clk_i) begin
    valid_q <= valid_i;
    assert (!finish_i || valid_q) else $error("second stage of nothing");
    // The first quotient bit is one of the two highest, the first root bit is the highest.
    assert (!finish_i || is_special_q || digits[QuotientBits-1]) else $error("result without a leading one");
  end
`endif

endmodule
