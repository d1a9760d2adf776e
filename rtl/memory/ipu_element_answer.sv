// SPDX-License-Identifier: Apache-2.0
// What a memory element answered to one of its users.
module ipu_element_answer #(
  parameter int unsigned Elements = 39,
  parameter int unsigned Bits     = 64
) (
  input  logic                     clk_i,
  input  logic [Elements-1:0]      selects_i,  // the element that is read, if any
  input  logic [Bits*Elements-1:0] rows_i,     // of the elements, in the clock after
  output logic [Bits-1:0]          data_o      // until the element reads for another
);

  logic [Elements-1:0] selects_q;

  always_ff @(posedge clk_i) begin
    if (selects_i != '0) selects_q <= selects_i;
  end

  always_comb begin
    data_o = '0;
    for (int unsigned e = 0; e < Elements; e++) begin
      if (selects_q[e]) data_o = data_o | rows_i[Bits*e +: Bits];
    end
  end

endmodule
