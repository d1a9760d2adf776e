// SPDX-License-Identifier: Apache-2.0
// f32 sums, products, compares and extremes: one or two lanes. Sums and products are exact in the first stage and
// rounded in the second.
module ipu_single_unit (
  input  logic                     clk_i,
  input  logic                     valid_i,       // else no operand is looked at
  input  logic [3:0]               op_i,          // ipu_float_pkg::single_op_e
  input  logic                     magnitudes_i,  // of the sources
  input  logic                     wide_i,        // two lanes
  input  logic [63:0]              a_i,           // a single register in the lower half
  input  logic [63:0]              b_i,           // of a clamp the bounds, the lower bound first
  input  logic [2:0]               rnd_i,

  // Second stage, in the clock behind the first: FP_CTL.RND of the same instruction
  input  logic [2:0]               rnd_q_i,
  output logic [63:0]              result_o,
  output ipu_float_pkg::fp_flags_t flags_o
);

  // ---- First stage

  logic        is_sum, is_product, selects, clamps, compares;
  logic [63:0] a, b, direct_d, direct_q, rounded, extreme;
  logic [1:0]  less, equal, unordered, holds, extreme_invalid;
  logic [5:0]  rounded_flags;
  logic        rounds_q, wide_q, invalid_d, invalid_q;

  assign is_sum     = valid_i && (op_i == ipu_float_pkg::SINGLE_ADD || op_i == ipu_float_pkg::SINGLE_SUB);
  assign is_product = valid_i && op_i == ipu_float_pkg::SINGLE_MUL;
  assign clamps     = valid_i && op_i == ipu_float_pkg::SINGLE_CLAMP;
  assign selects    = clamps || (valid_i && (op_i == ipu_float_pkg::SINGLE_MAX || op_i == ipu_float_pkg::SINGLE_MIN));

  assign compares   = valid_i && !is_sum && !is_product && !selects;

  always_comb begin
    a = '0;
    b = '0;
    if (valid_i) begin
      a = a_i;
      b = clamps ? {2{b_i[31:0]}} : b_i;
      if (magnitudes_i) begin
        a = a_i & 64'h7FFF_FFFF_7FFF_FFFF;
        b = b_i & 64'h7FFF_FFFF_7FFF_FFFF;
      end
    end
  end

  for (genvar i = 0; i < 2; i++) begin : gen_lane
    ipu_float_pkg::f32_unrounded_t sum, product, exact_q;
    logic [31:0] raised, bounded;
    logic        raised_invalid, bounded_invalid;

    ipu_f32_add u_add (
      .active_i(is_sum), .a_i(a[32*i +: 32]), .b_i(b[32*i +: 32]), .subtract_i(op_i == ipu_float_pkg::SINGLE_SUB),
      .rnd_i, .sum_o(sum));
    ipu_f32_mul u_mul (.active_i(is_product), .a_i(a[32*i +: 32]), .b_i(b[32*i +: 32]), .product_o(product));
    ipu_f32_compare u_compare (
      .active_i(compares), .a_i(a[32*i +: 32]), .b_i(b[32*i +: 32]), .less_o(less[i]), .equal_o(equal[i]),
      .unordered_o(unordered[i]));
    ipu_extreme u_extreme (
      .active_i(selects), .minimum_i(op_i == ipu_float_pkg::SINGLE_MIN), .a_i(a[32*i +: 32]), .b_i(b[32*i +: 32]),
      .result_o(raised), .invalid_o(raised_invalid));
    ipu_extreme u_bound (
      .active_i(clamps), .minimum_i(1'b1), .a_i(raised), .b_i(b_i[63:32]), .result_o(bounded),
      .invalid_o(bounded_invalid));
    assign extreme[32*i +: 32] = clamps ? bounded : raised;
    assign extreme_invalid[i]  = raised_invalid || bounded_invalid;

    always_ff @(posedge clk_i) begin
      if (is_sum || is_product) exact_q <= sum | product;  // what is idle is 0
    end

    ipu_f32_round u_round (
      .value_i(exact_q), .rnd_i(rnd_q_i), .result_o(rounded[32*i +: 32]), .flags_o(rounded_flags[3*i +: 3]));
  end

  always_comb begin
    case (op_i)
      ipu_float_pkg::SINGLE_CMPEQ: holds = equal;
      ipu_float_pkg::SINGLE_CMPNE: holds = ~equal;
      ipu_float_pkg::SINGLE_CMPLT: holds = less;
      ipu_float_pkg::SINGLE_CMPLE: holds = less | equal;
      ipu_float_pkg::SINGLE_CMPGT: holds = ~(less | equal | unordered);
      default:                     holds = ~(less | unordered);
    endcase
    direct_d  = {{32{holds[1]}}, {32{holds[0]}}};
    invalid_d = unordered[0] || (wide_i && unordered[1]);
    if (selects) begin
      direct_d  = extreme;
      invalid_d = extreme_invalid[0] || (wide_i && extreme_invalid[1]);
    end
  end

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      direct_q  <= direct_d;
      invalid_q <= invalid_d;
      rounds_q  <= is_sum || is_product;
      wide_q    <= wide_i;
    end
  end

  // ---- Second stage

  always_comb begin
    result_o    = direct_q;
    flags_o     = '0;
    flags_o.inv = invalid_q;
    if (rounds_q) begin
      result_o = rounded;
      flags_o  = rounded_flags[2:0] | (wide_q ? rounded_flags[5:3] : 3'b000);
    end
  end

endmodule
