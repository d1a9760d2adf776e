// SPDX-License-Identifier: Apache-2.0
// A step of a set's row: its first two words leave, those behind move up by two, two enter behind the last unit
// that takes part. Units that do not take part keep their words.
module ipu_row_shift (
  input  logic                  active_i,  // else the output is 0
  input  ipu_engine_pkg::span_e span_i,
  input  logic [255:0]          row_i,
  input  logic [31:0]           first_i,
  input  logic [31:0]           second_i,
  output logic [255:0]          row_o
);

  always_comb begin
    row_o = '0;
    if (active_i) begin
      row_o[255:192] = row_i[255:192];
      case (span_i)
        ipu_engine_pkg::SPAN_8: begin
          row_o[191:0]   = row_i[255:64];
          row_o[223:192] = first_i;
          row_o[255:224] = second_i;
        end
        ipu_engine_pkg::SPAN_6: begin
          row_o[127:0]   = row_i[191:64];
          row_o[159:128] = first_i;
          row_o[191:160] = second_i;
        end
        ipu_engine_pkg::SPAN_4: begin
          row_o[191:128] = row_i[191:128];
          row_o[63:0]    = row_i[127:64];
          row_o[95:64]   = first_i;
          row_o[127:96]  = second_i;
        end
        default: begin
          row_o[191:64]  = row_i[191:64];
          row_o[31:0]    = first_i;
          row_o[63:32]   = second_i;
        end
      endcase
    end
  end

  logic unused_row;
  assign unused_row = ^row_i;  // what leaves

endmodule
