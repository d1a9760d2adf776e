// SPDX-License-Identifier: Apache-2.0
// Types of the unit for division, roots and transcendental functions.
package ipu_function_unit_pkg;

  typedef enum logic [3:0] {
    FN_EXP,
    FN_EXP2,
    FN_LN,
    FN_LOG2,
    FN_TANH,
    FN_SIGM,
    FN_DIV,
    FN_SQRT,
    FN_OOX,   // 1 / x
    FN_OORX   // 1 / sqrt(x)
  } function_e;

  // One operand taken apart: significand / 2^23 * 2^exponent, bit 23 being the leading one.
  typedef struct packed {
    logic               sign;
    logic signed [8:0]  exponent;
    logic        [23:0] significand;
    logic               zero;
    logic               inf;
    logic               nan;
  } operand_t;

  // A function's value before rounding: significand / 2^63 * 2^exponent with the leading one in bit 63, unless it is
  // zero, infinite or NaN. A value that is not exact has a bit set below those that any format keeps.
  typedef struct packed {
    logic               sign;
    logic signed [9:0]  exponent;
    logic        [63:0] significand;
    logic               zero;
    logic               inf;
    logic               nan;
    logic               invalid;  // raises INV
    logic               div0;     // raises DIV0
  } value_t;

endpackage
