// The f32 of an f16, exactly; infinities and NaNs give a NaN.
module ipu_half_widen (
  input  logic        active_i,   // else all outputs are 0
  input  logic [15:0] half_i,
  output logic [31:0] value_o,
  output logic        invalid_o
);

  // Values on the way to the outputs are not worth a place in the waves, and cost much if they have one.
  /* verilator tracing_off */
  logic [9:0] fraction;
  logic [3:0] zeros;
  /* verilator tracing_on */

  always_comb begin
    value_o   = '0;
    invalid_o = 1'b0;
    fraction  = '0;
    zeros     = '0;
    if (active_i) begin
      value_o = {half_i[15], {3'b0, half_i[14:10]} + 8'd112, half_i[9:0], 13'b0};
      if (half_i[14:10] == 5'h1F) begin
        value_o   = ipu_float_pkg::F32_NAN;
        invalid_o = 1'b1;
      end else if (half_i[14:0] == '0) begin
        value_o = {half_i[15], 31'b0};
      end else if (half_i[14:10] == '0) begin
        for (int unsigned i = 0; i < 10; i++) begin
          if (half_i[i]) zeros = 4'd9 - i[3:0];
        end
        fraction = half_i[9:0] << zeros;
        value_o  = {half_i[15], 8'd112 - {4'b0, zeros}, fraction[8:0], 14'b0};
      end
    end
  end

  logic unused_bit;
  assign unused_bit = fraction[9];  // the leading one

endmodule
