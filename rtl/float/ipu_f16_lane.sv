// SPDX-License-Identifier: Apache-2.0
// One lane of f16 instructions, first stage: a value that is still to be rounded, or the result itself.
module ipu_f16_lane (
  input  logic                      active_i,      // else all outputs are 0
  input  logic [4:0]                op_i,          // ipu_float_pkg::half_op_e, of those with an f16 source
  input  logic                      magnitudes_i,  // of the sources
  input  logic [15:0]               x_i,
  input  logic [15:0]               y_i,           // of a clamp the lower bound
  input  logic [15:0]               z_i,           // its upper bound
  input  logic [2:0]                rnd_i,
  output ipu_float_pkg::f16_exact_t exact_o,
  output logic [15:0]               result_o,      // of compares and extremes
  output logic [31:0]               wide_o,        // of a widening
  output logic                      invalid_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic        adds, multiplies, compares, selects, clamps, widens, fractions;
  logic [15:0] x, y;

  always_comb begin
    adds       = 1'b0;
    multiplies = 1'b0;
    compares   = 1'b0;
    selects    = 1'b0;
    clamps     = 1'b0;
    widens     = 1'b0;
    fractions  = 1'b0;
    x          = '0;
    y          = '0;
    if (active_i) begin
      x = {x_i[15] && !magnitudes_i, x_i[14:0]};
      y = {y_i[15] && !magnitudes_i, y_i[14:0]};
      case (op_i)
        ipu_float_pkg::HALF_ADD: adds = 1'b1;
        ipu_float_pkg::HALF_SUB: begin
          adds  = 1'b1;
          y[15] = !y_i[15];
        end
        ipu_float_pkg::HALF_MUL:   multiplies = 1'b1;
        ipu_float_pkg::HALF_WIDEN: widens = 1'b1;
        ipu_float_pkg::HALF_MAX, ipu_float_pkg::HALF_MIN, ipu_float_pkg::HALF_MAXC: selects = 1'b1;
        ipu_float_pkg::HALF_CLAMP: begin
          selects = 1'b1;
          clamps  = 1'b1;
        end
        ipu_float_pkg::HALF_FRACTION: fractions = 1'b1;
        ipu_float_pkg::HALF_NARROW, ipu_float_pkg::HALF_QUARTER: ;
        default: compares = 1'b1;
      endcase
    end
  end

  ipu_float_pkg::f16_parts_t x_parts, y_parts;
  ipu_float_pkg::f16_exact_t sum, product;
  logic [15:0] extreme, bounded;
  logic        less, equal, unordered, extreme_invalid, bound_invalid, widen_invalid, holds;

  ipu_f16_unpack u_unpack_x (.value_i(x), .parts_o(x_parts));
  ipu_f16_unpack u_unpack_y (.value_i(y), .parts_o(y_parts));
  ipu_f16_add u_add (.active_i(adds), .a_i(x_parts), .b_i(y_parts), .rnd_i, .sum_o(sum));
  ipu_f16_mul u_mul (.active_i(multiplies), .a_i(x_parts), .b_i(y_parts), .product_o(product));
  ipu_f16_compare u_compare (
    .active_i(compares), .a_i(x), .b_i(y), .less_o(less), .equal_o(equal), .unordered_o(unordered));
  ipu_extreme #(.EXPONENT(5), .FRACTION(10), .FLUSH(1'b0)) u_extreme (
    .active_i(selects), .minimum_i(op_i == ipu_float_pkg::HALF_MIN), .a_i(x), .b_i(y), .result_o(extreme),
    .invalid_o(extreme_invalid));
  ipu_extreme #(.EXPONENT(5), .FRACTION(10), .FLUSH(1'b0)) u_bound (
    .active_i(clamps), .minimum_i(1'b1), .a_i(extreme), .b_i(z_i), .result_o(bounded), .invalid_o(bound_invalid));
  ipu_f16_widen u_widen (.active_i(widens), .value_i(x_parts), .result_o(wide_o), .invalid_o(widen_invalid));

  // (2u - 65535) / 2^17: u without its highest bit counts the steps of 2^-16 from 0, from above or below.
  ipu_float_pkg::f16_exact_t fraction;

  always_comb begin
    fraction = '0;
    if (fractions) begin
      fraction.sign        = !x_i[15];
      fraction.exponent    = -10'sd2;
      fraction.significand = {x_i[15] ? x_i[14:0] : ~x_i[14:0], 1'b1, 25'b0};
    end
  end
  /* verilator tracing_on */

  always_comb begin
    case (op_i)
      ipu_float_pkg::HALF_CMPEQ: holds = equal;
      ipu_float_pkg::HALF_CMPNE: holds = !equal;
      ipu_float_pkg::HALF_CMPLT: holds = less;
      ipu_float_pkg::HALF_CMPLE: holds = less || equal;
      ipu_float_pkg::HALF_CMPGT: holds = !(less || equal || unordered);
      default:                   holds = !(less || unordered);
    endcase
    result_o = clamps ? bounded : extreme;
    if (compares) result_o = {16{holds}};
    exact_o   = sum | product | fraction;  // what is idle is 0
    invalid_o = unordered || extreme_invalid || bound_invalid || widen_invalid;
  end

endmodule
