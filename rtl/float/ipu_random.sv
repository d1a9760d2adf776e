// SPDX-License-Identifier: Apache-2.0
// The random generator of a context, xoroshiro128aox: the word of a state and the state after it.
module ipu_random (
  input  logic         active_i,  // else the outputs are 0
  input  logic [127:0] state_i,
  output logic [63:0]  word_o,
  output logic [127:0] next_o
);

  logic [63:0] s0, sx, sa;

  always_comb begin
    s0     = '0;
    sx     = '0;
    sa     = '0;
    word_o = '0;
    next_o = '0;
    if (active_i) begin
      s0     = state_i[63:0];
      sx     = state_i[63:0] ^ state_i[127:64];
      sa     = state_i[63:0] & state_i[127:64];
      word_o = sx ^ ({sa[62:0], sa[63]} | {sa[61:0], sa[63:62]});
      next_o = {sx[27:0], sx[63:28], {s0[8:0], s0[63:9]} ^ sx ^ {sx[49:0], 14'b0}};
    end
  end

endmodule
