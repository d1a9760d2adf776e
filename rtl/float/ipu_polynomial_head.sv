// SPDX-License-Identifier: Apache-2.0
// The slope c1 + u (c2 + u (c3 + u (c4 + u c5))) with the upper 30 bits of u, every step rounded down.
module ipu_polynomial_head (
  input  logic                               active_i,  // else the result is 0
  input  ipu_function_pkg::row_t             row_i,
  input  logic [29:0]                        place_i,
  output logic [ipu_function_pkg::C1_BITS:0] slope_o
);

  localparam int unsigned W5 = ipu_function_pkg::C5_BITS;
  localparam int unsigned W4 = ipu_function_pkg::C4_BITS + 1;  // of a sum
  localparam int unsigned W3 = ipu_function_pkg::C3_BITS + 1;
  localparam int unsigned W2 = ipu_function_pkg::C2_BITS + 1;
  localparam int unsigned W1 = ipu_function_pkg::C1_BITS + 1;

  logic signed [W5+30:0] product4;
  logic signed [W4+30:0] product3;
  logic signed [W3+30:0] product2;
  logic signed [W2+30:0] product1;
  logic [W4-1:0] sum4;
  logic [W3-1:0] sum3;
  logic [W2-1:0] sum2;

  always_comb begin
    product4 = '0;
    product3 = '0;
    product2 = '0;
    product1 = '0;
    sum4     = '0;
    sum3     = '0;
    sum2     = '0;
    slope_o  = '0;
    if (active_i) begin
      product4 = $signed({{31{row_i.c5[W5-1]}}, row_i.c5}) * $signed({{(W5+1){1'b0}}, place_i});
      sum4     = {row_i.c4[W4-2], row_i.c4} + {{(W4-W5-1){product4[W5+30]}}, product4[W5+30:30]};
      product3 = $signed({{31{sum4[W4-1]}}, sum4}) * $signed({{(W4+1){1'b0}}, place_i});
      sum3     = {row_i.c3[W3-2], row_i.c3} + {{(W3-W4-1){product3[W4+30]}}, product3[W4+30:30]};
      product2 = $signed({{31{sum3[W3-1]}}, sum3}) * $signed({{(W3+1){1'b0}}, place_i});
      sum2     = {row_i.c2[W2-2], row_i.c2} + {{(W2-W3-1){product2[W3+30]}}, product2[W3+30:30]};
      product1 = $signed({{31{sum2[W2-1]}}, sum2}) * $signed({{(W2+1){1'b0}}, place_i});
      slope_o  = {row_i.c1[W1-2], row_i.c1} + {{(W1-W2-1){product1[W2+30]}}, product1[W2+30:30]};
    end
  end

  logic unused;
  assign unused = ^{row_i.c0, product4[29:0], product3[29:0], product2[29:0], product1[29:0]};

endmodule
