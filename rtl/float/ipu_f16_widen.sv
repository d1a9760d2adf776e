// SPDX-License-Identifier: Apache-2.0
// The f32 of an f16: exact. An infinity stays one.
module ipu_f16_widen (
  input  logic                      active_i,  // else all outputs are 0
  input  ipu_float_pkg::f16_parts_t value_i,
  output logic [31:0]               result_o,
  output logic                      invalid_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic [3:0]  zeros;
  logic [10:0] normalised;
  /* verilator tracing_on */

  always_comb begin
    zeros      = '0;
    normalised = '0;
    result_o   = '0;
    invalid_o  = 1'b0;
    if (active_i) begin
      for (int unsigned i = 0; i < 11; i++) begin
        if (value_i.significand[i]) zeros = 4'd10 - i[3:0];
      end
      normalised = value_i.significand << zeros;
      result_o   = {value_i.sign, 8'd112 + {3'b0, value_i.exponent} - {4'b0, zeros}, normalised[9:0], 13'b0};
      invalid_o  = value_i.nan;
      if (value_i.nan)       result_o = ipu_float_pkg::F32_NAN;
      else if (value_i.inf)  result_o = {value_i.sign, 8'hFF, 23'b0};
      else if (value_i.zero) result_o = {value_i.sign, 31'b0};
    end
  end

  logic unused_one;
  assign unused_one = normalised[10];  // the leading one

endmodule
