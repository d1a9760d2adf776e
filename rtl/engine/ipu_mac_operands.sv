// SPDX-License-Identifier: Apache-2.0
// What the units multiply and add in a multiply-accumulate instruction. The bus is shared by the units: unit m
// takes word m mod 4 of it as an f32, or its lower (m < 4) or upper half as four f16. Eight units at most.
module ipu_mac_operands (
  input  ipu_engine_pkg::engine_op_t op_i,
  input  logic [63:0]                s0_i,      // sources; of a quad the two pairs
  input  logic [63:0]                s1_i,
  input  logic [31:0]                tas_i,
  output logic [7:0]                 units_o,   // that take part
  output logic [31:0]                terms_o,   // f16: products that count, four bits per unit
  output logic [127:0]               bus_o,
  output logic [511:0]               w_o
);

  // All f16 or f32 signs off.
  logic [63:0] signs;

  always_comb begin
    units_o = '0;
    terms_o = '0;
    bus_o   = '0;
    w_o     = '0;
    signs   = '0;
    if (op_i.valid && op_i.kind == ipu_engine_pkg::ENGINE_MAC) begin
      if (op_i.absolute) signs = op_i.f32 ? 64'h8000_0000_8000_0000 : 64'h8000_8000_8000_8000;
      case (op_i.form)
        ipu_engine_pkg::MAC_F32: begin
          units_o      = op_i.wide ? 8'h03 : 8'h01;
          bus_o[63:0]  = s0_i;
          w_o[31:0]    = s1_i[31:0];
          w_o[95:64]   = s1_i[63:32];
        end
        ipu_engine_pkg::MAC_OUTER: begin
          units_o = 8'h0F;
          bus_o   = {s0_i, s0_i};
          for (int unsigned m = 0; m < 4; m++) w_o[64*m +: 32] = (m < 2) ? s1_i[31:0] : s1_i[63:32];
        end
        ipu_engine_pkg::MAC_AXPY: begin
          units_o    = 8'h03;
          bus_o      = {4{tas_i}};
          w_o[31:0]  = s1_i[31:0];  // the source written first
          w_o[95:64] = s1_i[63:32];
        end
        ipu_engine_pkg::MAC_F32_ELEMENT: begin
          units_o = 8'h0F;
          bus_o   = op_i.square ? {s1_i, s0_i} : {4{ipu_engine_pkg::F32_ONE}};
          for (int unsigned m = 0; m < 2; m++) begin
            w_o[64*m +: 32]     = s0_i[32*m +: 32] & ~signs[31:0];
            w_o[64*(m+2) +: 32] = s1_i[32*m +: 32] & ~signs[31:0];
          end
        end
        ipu_engine_pkg::MAC_PAIRS: begin
          units_o      = op_i.wide ? 8'h03 : 8'h01;
          terms_o[7:0] = 8'b1100_0011;
          bus_o[63:0]  = s0_i;
          w_o[127:0]   = {s1_i, s1_i};
        end
        ipu_engine_pkg::MAC_MIX: begin
          units_o     = 8'h0F;
          bus_o[31:0] = tas_i;
          for (int unsigned m = 0; m < 4; m++) begin
            terms_o[4*m +: 4] = 4'b0011;
            w_o[64*m +: 32]   = {s1_i[16*m +: 16], s0_i[16*m +: 16]};
          end
        end
        default: begin
          units_o = op_i.wide ? 8'hFF : 8'h0F;
          terms_o = 32'h8421_8421;
          bus_o   = {s1_i & ~signs, s0_i & ~signs};
          for (int unsigned m = 0; m < 8; m++) begin
            w_o[64*m +: 64] = !op_i.square ? {4{ipu_engine_pkg::F16_ONE}} : (m < 4) ? s0_i : s1_i;
          end
        end
      endcase
    end
  end

  logic unused_op;
  assign unused_op = ^op_i;

endmodule
