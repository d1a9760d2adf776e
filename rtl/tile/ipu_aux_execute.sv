// The aux lane: ARF logic, permutes, and two f32 lanes. Sums and products are exact in the first stage and
// rounded in the second.
module ipu_aux_execute (
  input  logic                     clk_i,
  input  ipu_tile_pkg::aux_op_t    op_i,
  input  logic [31:0]              imm_i,
  input  logic [63:0]              s0_i,      // pair holding the first source; see s0_odd_i
  input  logic [63:0]              s1_i,
  input  logic                     s0_odd_i,  // a single source is the upper register of its pair
  input  logic                     s1_odd_i,
  input  logic [2:0]               rnd_i,     // FP_CTL.RND of the context
  input  ipu_tile_pkg::float_state_t float_i, // its FP_CTL and random word

  // Second stage
  output logic [63:0]              result_o,
  output ipu_float_pkg::fp_flags_t flags_o,
  output logic                     draw_o  // it used the random word
);

  // ---- Operands

  logic [31:0] a0, b0, b0_register;
  logic [63:0] a, b;

  always_comb begin
    a0          = s0_odd_i ? s0_i[63:32] : s0_i[31:0];
    b0_register = s1_odd_i ? s1_i[63:32] : s1_i[31:0];
    b0          = op_i.use_imm ? imm_i : b0_register;
    a           = {32'b0, a0};
    b           = {32'b0, b0};
    if (op_i.wide) begin
      a = op_i.broadcast ? {a0, a0} : s0_i;
      b = s1_i;
    end
  end

  // ---- First stage

  logic        is_sum, is_product;
  logic [31:0] permuted;
  logic [63:0] logic_d, logic_q;
  logic [1:0]  less, equal, unordered, holds;
  logic [2:0]  rnd_q;
  logic        half_q, stochastic_q, nanoo_q;
  logic [63:0] random_q;
  logic        is_sum_q, is_product_q, invalid_d, invalid_q, wide_q;
  logic [63:0] rounded;
  logic [5:0]  rounded_flags;

  ipu_permute u_permute (.op_i(op_i.control.permute_op), .x_i(a[31:0]), .y_i(b[31:0]), .result_o(permuted));

  assign is_sum     = op_i.control.op == ipu_tile_pkg::AUX_F32_ADD || op_i.control.op == ipu_tile_pkg::AUX_F32_SUB;
  assign is_product = op_i.control.op == ipu_tile_pkg::AUX_F32_MUL;

  for (genvar i = 0; i < 2; i++) begin : gen_lane
    ipu_float_pkg::f32_unrounded_t sum, product, exact_q;

    ipu_f32_add u_add (
      .a_i(a[32*i +: 32]), .b_i(b[32*i +: 32]), .subtract_i(op_i.control.op == ipu_tile_pkg::AUX_F32_SUB),
      .rnd_i, .sum_o(sum));
    ipu_f32_mul u_mul (.a_i(a[32*i +: 32]), .b_i(b[32*i +: 32]), .product_o(product));
    ipu_f32_compare u_compare (
      .a_i(a[32*i +: 32]), .b_i(b[32*i +: 32]), .less_o(less[i]), .equal_o(equal[i]),
      .unordered_o(unordered[i]));

    always_ff @(posedge clk_i) begin
      if (is_sum) exact_q <= sum;
      if (is_product) exact_q <= product;
    end

    ipu_f32_round u_round (
      .value_i(exact_q), .rnd_i(rnd_q), .result_o(rounded[32*i +: 32]), .flags_o(rounded_flags[3*i +: 3]));
  end

  always_comb begin
    case (op_i.control.op)
      ipu_tile_pkg::AUX_F32_CMPEQ: holds = equal;
      ipu_tile_pkg::AUX_F32_CMPNE: holds = ~equal;
      ipu_tile_pkg::AUX_F32_CMPLT: holds = less;
      ipu_tile_pkg::AUX_F32_CMPLE: holds = less | equal;
      ipu_tile_pkg::AUX_F32_CMPGT: holds = ~(less | equal | unordered);
      default:                     holds = ~(less | unordered);
    endcase
  end

  // ---- Division, roots, transcendental functions: both stages

  logic                     is_function, is_function_q;
  logic [31:0]              function_result;
  ipu_float_pkg::fp_flags_t function_flags;

  assign is_function = op_i.valid && op_i.control.op == ipu_tile_pkg::AUX_FUNCTION;

  ipu_function_unit u_function_unit (
    .clk_i, .valid_i(is_function), .function_i(op_i.control.fn), .half_i(op_i.control.half), .x_i(a0), .y_i(b0_register),
    .rnd_i(rnd_q), .stochastic_i(stochastic_q), .nanoo_i(nanoo_q), .random_i(random_q[31:0]),
    .result_o(function_result), .flags_o(function_flags));

  always_comb begin
    invalid_d = 1'b0;
    case (op_i.control.op)
      ipu_tile_pkg::AUX_AND:        logic_d = a & b;
      ipu_tile_pkg::AUX_ANDC:       logic_d = a & ~b;
      ipu_tile_pkg::AUX_OR:         logic_d = a | b;
      ipu_tile_pkg::AUX_NOT:        logic_d = ~a;
      ipu_tile_pkg::AUX_MOVE_IMM:   logic_d = {32'b0, imm_i};
      ipu_tile_pkg::AUX_PERMUTE:    logic_d = {32'b0, permuted};
      ipu_tile_pkg::AUX_SORT4X32LO: logic_d = {b[31:0], a[31:0]};
      ipu_tile_pkg::AUX_SORT4X32HI: logic_d = {b[63:32], a[63:32]};
      ipu_tile_pkg::AUX_ROLL32:     logic_d = {b[31:0], a[63:32]};
      ipu_tile_pkg::AUX_UPUT:       logic_d = {32'b0, a0};
      ipu_tile_pkg::AUX_F32_CMPEQ, ipu_tile_pkg::AUX_F32_CMPNE, ipu_tile_pkg::AUX_F32_CMPLT,
      ipu_tile_pkg::AUX_F32_CMPLE, ipu_tile_pkg::AUX_F32_CMPGT, ipu_tile_pkg::AUX_F32_CMPGE: begin
        logic_d   = {{32{holds[1]}}, {32{holds[0]}}};
        invalid_d = unordered[0] || (op_i.wide && unordered[1]);
      end
      default: logic_d = '0;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (op_i.valid && op_i.control.half) begin
      stochastic_q <= float_i.stochastic;
      nanoo_q      <= float_i.nan_on_overflow;
      random_q     <= float_i.random;
    end
    if (op_i.valid) begin
      logic_q       <= logic_d;
      rnd_q         <= rnd_i;
      wide_q        <= op_i.wide;
      is_sum_q      <= is_sum;
      is_product_q  <= is_product;
      is_function_q <= is_function;
      half_q        <= op_i.control.half;
      invalid_q     <= invalid_d;
    end
  end

  // ---- Second stage

  always_comb begin
    result_o    = logic_q;
    flags_o     = '0;
    flags_o.inv = invalid_q;
    draw_o      = 1'b0;
    if (is_sum_q || is_product_q) begin
      result_o = rounded;
      flags_o  = rounded_flags[2:0] | (wide_q ? rounded_flags[5:3] : 3'b000);
    end else if (is_function_q) begin
      result_o = {32'b0, function_result};
      flags_o  = function_flags;
      draw_o   = half_q && stochastic_q;
    end
  end

  logic unused_op;
  assign unused_op = ^{op_i, float_i, random_q};

endmodule
