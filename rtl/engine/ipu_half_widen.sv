// SPDX-License-Identifier: Apache-2.0
// The f32 of an f16 that enters a sum, exactly; infinities and NaNs give a NaN.
module ipu_half_widen (
  input  logic        active_i,   // else all outputs are 0
  input  logic [15:0] half_i,
  output logic [31:0] value_o,
  output logic        invalid_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  ipu_float_pkg::f16_parts_t parts, entering;
  /* verilator tracing_on */

  ipu_f16_unpack u_unpack (.value_i(active_i ? half_i : 16'b0), .parts_o(parts));

  always_comb begin
    entering     = parts;
    entering.nan = parts.nan || parts.inf;
  end

  ipu_f16_widen u_widen (.active_i, .value_i(entering), .result_o(value_o), .invalid_o);

endmodule
