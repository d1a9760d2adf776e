// SPDX-License-Identifier: Apache-2.0
// c0 + slope u with all 36 bits of u in two halves, so that products stay short. The result is not negative.
module ipu_polynomial_tail (
  input  logic                                 active_i,  // else the result is 0
  input  logic [ipu_function_pkg::C0_BITS-1:0] offset_i,
  input  logic [ipu_function_pkg::C1_BITS:0]   slope_i,
  input  logic [35:0]                          place_i,
  output logic [ipu_function_pkg::C0_BITS-1:0] value_o
);

  localparam int unsigned SlopeBits   = ipu_function_pkg::C1_BITS + 1;
  localparam int unsigned ProductBits = SlopeBits + 19;
  localparam int unsigned ValueBits   = ipu_function_pkg::C0_BITS;

  logic signed [ProductBits-1:0] slope, upper, lower, sum;

  always_comb begin
    slope   = '0;
    upper   = '0;
    lower   = '0;
    sum     = '0;
    value_o = '0;
    if (active_i) begin
      slope   = {{19{slope_i[SlopeBits-1]}}, slope_i};
      upper   = slope * $signed({{(SlopeBits+1){1'b0}}, place_i[35:18]});
      lower   = slope * $signed({{(SlopeBits+1){1'b0}}, place_i[17:0]});
      sum     = upper + (lower >>> 18);
      value_o = offset_i + {{(ValueBits-ProductBits+18){sum[ProductBits-1]}}, sum[ProductBits-1:18]};
    end
  end

  logic unused;
  assign unused = ^sum[17:0];

endmodule
