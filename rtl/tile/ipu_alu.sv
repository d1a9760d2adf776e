// SPDX-License-Identifier: Apache-2.0
// Integer arithmetic, logic and comparison of the main lane.
module ipu_alu (
  input  ipu_tile_pkg::alu_op_e op_i,
  input  logic [31:0]           a_i,  // first source
  input  logic [31:0]           b_i,  // second source or immediate
  output logic [31:0]           result_o
);

  // ---- Adder, shared by add, sub (b - a) and the comparisons (a - b)
  logic        negate_a, negate_b;
  logic [31:0] sum;
  logic [31:0] x, y;
  logic        carry;
  logic        less_signed, less_unsigned;

  always_comb begin
    negate_a       = op_i == ipu_tile_pkg::ALU_SUB;
    negate_b       = op_i != ipu_tile_pkg::ALU_SUB && op_i != ipu_tile_pkg::ALU_ADD;
    x              = a_i ^ {32{negate_a}};
    y              = b_i ^ {32{negate_b}};
    {carry, sum}   = {1'b0, x} + {1'b0, y} + {32'b0, negate_a | negate_b};
    less_unsigned  = ~carry;
    less_signed    = (a_i[31] != b_i[31]) ? a_i[31] : less_unsigned;
  end

  // ---- Shifter: right shifts only, left ones on the mirrored word
  logic [31:0] mirrored, shift_in, shift_out, shift_out_mirrored;
  logic        fill, too_far;

  always_comb begin
    for (int unsigned i = 0; i < 32; i++) begin
      mirrored[i]           = a_i[31 - i];
      shift_out_mirrored[i] = shift_out[31 - i];
    end
  end

  assign shift_in  = (op_i == ipu_tile_pkg::ALU_SHL) ? mirrored : a_i;
  assign fill      = op_i == ipu_tile_pkg::ALU_SHRS && a_i[31];
  assign too_far   = b_i[31:5] != '0;
  always_comb begin
    shift_out = shift_in;
    if (b_i[0]) shift_out = {fill, shift_out[31:1]};
    if (b_i[1]) shift_out = {{2{fill}}, shift_out[31:2]};
    if (b_i[2]) shift_out = {{4{fill}}, shift_out[31:4]};
    if (b_i[3]) shift_out = {{8{fill}}, shift_out[31:8]};
    if (b_i[4]) shift_out = {{16{fill}}, shift_out[31:16]};
    if (too_far) shift_out = {32{fill}};
  end

  // ---- Bit counts
  logic [31:0] sign_run;
  logic [5:0]  leading_zeros, ones;

  // cms: the bits equal to the sign, below the sign, are the leading zeros of this word but one.
  assign sign_run = (op_i == ipu_tile_pkg::ALU_CMS) ? {1'b0, a_i[30:0] ^ {31{a_i[31]}}} : a_i;
  always_comb begin
    leading_zeros = 6'd32;
    ones          = '0;
    for (int unsigned i = 0; i < 32; i++) begin
      if (sign_run[i]) leading_zeros = 6'd31 - i[5:0];
      ones = ones + {5'b0, a_i[i]};
    end
  end

  // ---- Multiplier: the low half does not depend on signs
  logic [31:0] product;
  assign product = (op_i == ipu_tile_pkg::ALU_MUL) ? a_i * b_i : '0;

  always_comb begin
    result_o = '0;
    unique case (op_i)
      ipu_tile_pkg::ALU_ADD, ipu_tile_pkg::ALU_SUB: result_o = sum;
      ipu_tile_pkg::ALU_MUL:     result_o = product;
      // The most negative number has no absolute value: 0.
      ipu_tile_pkg::ALU_ABS:     result_o = a_i[31] ? ((a_i[30:0] == '0) ? '0 : ~a_i + 32'd1) : a_i;
      ipu_tile_pkg::ALU_MAX:     result_o = less_signed ? b_i : a_i;
      ipu_tile_pkg::ALU_MIN:     result_o = less_signed ? a_i : b_i;
      ipu_tile_pkg::ALU_AND:     result_o = a_i & b_i;
      ipu_tile_pkg::ALU_ANDC:    result_o = a_i & ~b_i;
      ipu_tile_pkg::ALU_OR:      result_o = a_i | b_i;
      ipu_tile_pkg::ALU_XOR:     result_o = a_i ^ b_i;
      ipu_tile_pkg::ALU_XNOR:    result_o = ~(a_i ^ b_i);
      ipu_tile_pkg::ALU_SHL:     result_o = shift_out_mirrored;
      ipu_tile_pkg::ALU_SHR, ipu_tile_pkg::ALU_SHRS: result_o = shift_out;
      ipu_tile_pkg::ALU_CLZ:     result_o = {26'b0, leading_zeros};
      ipu_tile_pkg::ALU_CMS:     result_o = {26'b0, leading_zeros} - 32'd1;
      ipu_tile_pkg::ALU_POPC:    result_o = {26'b0, ones};
      ipu_tile_pkg::ALU_BITREV8: begin
        for (int unsigned i = 0; i < 32; i++) result_o[i] = a_i[(i & 32'h18) + 7 - (i & 32'h7)];
      end
      ipu_tile_pkg::ALU_CMPEQ:   result_o = {31'b0, a_i == b_i};
      ipu_tile_pkg::ALU_CMPNE:   result_o = {31'b0, a_i != b_i};
      ipu_tile_pkg::ALU_CMPSLT:  result_o = {31'b0, less_signed};
      ipu_tile_pkg::ALU_CMPULT:  result_o = {31'b0, less_unsigned};
      ipu_tile_pkg::ALU_MOVE_B:  result_o = b_i;
      default: result_o = '0;
    endcase
  end

endmodule
