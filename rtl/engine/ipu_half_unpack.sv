// SPDX-License-Identifier: Apache-2.0
// Takes an f16 apart as the units multiply it.
module ipu_half_unpack (
  input  logic                  active_i,  // else the output is 0
  input  logic [15:0]           half_i,
  output ipu_engine_pkg::half_t parts_o
);

  always_comb begin
    parts_o = '0;
    if (active_i) begin
      parts_o.special     = &half_i[14:10];
      parts_o.negative    = half_i[15];
      parts_o.position    = half_i[14:10] - {4'b0, |half_i[14:10]};
      parts_o.significand = {|half_i[14:10], half_i[9:0]};
    end
  end

endmodule
