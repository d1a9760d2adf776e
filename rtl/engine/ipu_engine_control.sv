// SPDX-License-Identifier: Apache-2.0
// What an accumulating instruction does, from its opcode and its flags operand (docs/arithmetic.md, AMP and SLIC
// flags).
module ipu_engine_control (
  input  ipu_isa_pkg::opcode_e       opcode_i,
  input  logic [31:0]                imm_i,
  output ipu_engine_pkg::engine_op_t op_o
);

  logic is_amp, is_slic, upper;

  always_comb begin
    op_o    = '0;
    is_amp  = 1'b0;
    is_slic = 1'b0;
    upper   = 1'b0;
    op_o.valid = 1'b1;
    case (opcode_i)
      // ---- Multiply-accumulate
      ipu_isa_pkg::OP_F32MAC_AAAN: op_o.form = ipu_engine_pkg::MAC_F32;
      ipu_isa_pkg::OP_F32V2MAC_AAAN: begin
        op_o.form = ipu_engine_pkg::MAC_F32;
        op_o.wide = 1'b1;
      end
      ipu_isa_pkg::OP_F32V2AOP_AAAN_EF: op_o.form = ipu_engine_pkg::MAC_OUTER;
      ipu_isa_pkg::OP_F32V2AXPY_AAAN:   op_o.form = ipu_engine_pkg::MAC_AXPY;
      ipu_isa_pkg::OP_F32V4ACC_AAAN, ipu_isa_pkg::OP_F32V4ABSACC_AAAN, ipu_isa_pkg::OP_F32V4SQACC_AAAN:
                                        op_o.form = ipu_engine_pkg::MAC_F32_ELEMENT;
      ipu_isa_pkg::OP_F16V2CMAC_AAAN:   op_o.form = ipu_engine_pkg::MAC_PAIRS;
      ipu_isa_pkg::OP_F16V4CMAC_AAAN: begin
        op_o.form = ipu_engine_pkg::MAC_PAIRS;
        op_o.wide = 1'b1;
      end
      ipu_isa_pkg::OP_F16V4MIX_AAAN: begin
        op_o.form         = ipu_engine_pkg::MAC_MIX;
        op_o.half_results = 1'b1;
      end
      ipu_isa_pkg::OP_F16V4ACC_AAAN, ipu_isa_pkg::OP_F16V4ABSACC_AAAN: op_o.form = ipu_engine_pkg::MAC_ELEMENT;
      ipu_isa_pkg::OP_F16V8ACC_AAAN, ipu_isa_pkg::OP_F16V8ABSACC_AAAN, ipu_isa_pkg::OP_F16V8SQACC_AAAN: begin
        op_o.form = ipu_engine_pkg::MAC_ELEMENT;
        op_o.wide = 1'b1;
      end

      // ---- AMP and SLIC
      ipu_isa_pkg::OP_F16V4SISOAMP_AAAN_EF, ipu_isa_pkg::OP_F16V4SIHOAMP_AAAN_EF,
      ipu_isa_pkg::OP_F16V4HIHOAMP_AAAN_EF, ipu_isa_pkg::OP_F16V4HIHOV4AMP_AAAN_EF,
      ipu_isa_pkg::OP_F32SISOAMP_AAAN_EF, ipu_isa_pkg::OP_F32SISOV2AMP_AAAN_EF,
      ipu_isa_pkg::OP_F8V8HIHOV4AMP_AAAN_EF: begin
        op_o.kind = ipu_engine_pkg::ENGINE_AMP;
        is_amp    = 1'b1;
      end
      ipu_isa_pkg::OP_F16V4SISOSLIC_AAAN_EF, ipu_isa_pkg::OP_F16V4SIHOSLIC_AAAN_EF,
      ipu_isa_pkg::OP_F16V4HIHOSLIC_AAAN_EF, ipu_isa_pkg::OP_F16V4HIHOV4SLIC_AAAN_EF,
      ipu_isa_pkg::OP_F32SISOSLIC_AAAN_EF, ipu_isa_pkg::OP_F32SISOV2SLIC_AAAN_EF,
      ipu_isa_pkg::OP_F8V8HIHOV4SLIC_AAAN_EF: begin
        op_o.kind = ipu_engine_pkg::ENGINE_SLIC;
        is_slic   = 1'b1;
      end

      // ---- Read-out and sort
      ipu_isa_pkg::OP_F32V2GINA_AAAN_ZI: op_o.kind = ipu_engine_pkg::ENGINE_GINA;
      ipu_isa_pkg::OP_F16V2GINA_AAAN_ZI: begin
        op_o.kind          = ipu_engine_pkg::ENGINE_GINA;
        op_o.half_partials = 1'b1;
        op_o.half_results  = 1'b1;
      end
      ipu_isa_pkg::OP_F16V4GACC_AAAN: begin
        op_o.kind         = ipu_engine_pkg::ENGINE_READ;
        op_o.half_results = 1'b1;
      end
      ipu_isa_pkg::OP_F16V4ISTACC_AAAN_EF: op_o.kind = ipu_engine_pkg::ENGINE_SORT_IN;
      ipu_isa_pkg::OP_F16V4STACC_AAAN_EF:  op_o.kind = ipu_engine_pkg::ENGINE_SORT_OUT;
      default: op_o.valid = 1'b0;
    endcase

    // ---- Formats
    case (opcode_i)
      ipu_isa_pkg::OP_F16V4HIHOV4AMP_AAAN_EF, ipu_isa_pkg::OP_F16V4HIHOV4SLIC_AAAN_EF,
      ipu_isa_pkg::OP_F8V8HIHOV4AMP_AAAN_EF, ipu_isa_pkg::OP_F8V8HIHOV4SLIC_AAAN_EF,
      ipu_isa_pkg::OP_F32SISOV2AMP_AAAN_EF, ipu_isa_pkg::OP_F32SISOV2SLIC_AAAN_EF: op_o.both_sets = 1'b1;
      default: ;
    endcase
    case (opcode_i)
      ipu_isa_pkg::OP_F16V4SIHOAMP_AAAN_EF, ipu_isa_pkg::OP_F16V4SIHOSLIC_AAAN_EF: op_o.half_results = 1'b1;
      ipu_isa_pkg::OP_F16V4HIHOAMP_AAAN_EF, ipu_isa_pkg::OP_F16V4HIHOSLIC_AAAN_EF,
      ipu_isa_pkg::OP_F16V4HIHOV4AMP_AAAN_EF, ipu_isa_pkg::OP_F16V4HIHOV4SLIC_AAAN_EF,
      ipu_isa_pkg::OP_F8V8HIHOV4AMP_AAAN_EF, ipu_isa_pkg::OP_F8V8HIHOV4SLIC_AAAN_EF: begin
        op_o.half_partials = 1'b1;
        op_o.half_results  = 1'b1;
      end
      default: ;
    endcase
    case (opcode_i)
      ipu_isa_pkg::OP_F32MAC_AAAN, ipu_isa_pkg::OP_F32V2MAC_AAAN, ipu_isa_pkg::OP_F32V2AOP_AAAN_EF,
      ipu_isa_pkg::OP_F32V2AXPY_AAAN, ipu_isa_pkg::OP_F32V4ACC_AAAN, ipu_isa_pkg::OP_F32V4ABSACC_AAAN,
      ipu_isa_pkg::OP_F32V4SQACC_AAAN, ipu_isa_pkg::OP_F32SISOAMP_AAAN_EF, ipu_isa_pkg::OP_F32SISOV2AMP_AAAN_EF,
      ipu_isa_pkg::OP_F32SISOSLIC_AAAN_EF, ipu_isa_pkg::OP_F32SISOV2SLIC_AAAN_EF: op_o.f32 = 1'b1;
      default: ;
    endcase
    case (opcode_i)
      ipu_isa_pkg::OP_F16V4ABSACC_AAAN, ipu_isa_pkg::OP_F16V8ABSACC_AAAN,
      ipu_isa_pkg::OP_F32V4ABSACC_AAAN: op_o.absolute = 1'b1;
      ipu_isa_pkg::OP_F16V8SQACC_AAAN, ipu_isa_pkg::OP_F32V4SQACC_AAAN: op_o.square = 1'b1;
      default: ;
    endcase
    op_o.quad = op_o.form == ipu_engine_pkg::MAC_F32_ELEMENT ||
                (op_o.form == ipu_engine_pkg::MAC_ELEMENT && op_o.wide);

    op_o.quarters = opcode_i == ipu_isa_pkg::OP_F8V8HIHOV4AMP_AAAN_EF || opcode_i == ipu_isa_pkg::OP_F8V8HIHOV4SLIC_AAAN_EF;

    // ---- Flags
    if (is_amp) begin
      op_o.span = (imm_i[4:3] == 2'd0) ? ipu_engine_pkg::SPAN_8
                  : (imm_i[4:3] == 2'd1) ? ipu_engine_pkg::SPAN_4 : ipu_engine_pkg::SPAN_2;
      op_o.column    = op_o.f32 ? imm_i[2:1] : imm_i[1:0];
      op_o.swap      = imm_i[2:0] == 3'd0;
      upper          = op_o.f32 && imm_i[0];
      op_o.bad_flags = imm_i[5] || imm_i[4:3] == 2'd3 || (imm_i[2] && !op_o.f32);
    end
    if (is_slic) begin
      op_o.span      = imm_i[2] ? ipu_engine_pkg::SPAN_6 : ipu_engine_pkg::SPAN_8;
      op_o.column    = imm_i[1:0];
      upper          = op_o.f32 && imm_i[3];
      op_o.bad_flags = imm_i[5:4] != '0 || (imm_i[3] && !op_o.f32);
    end
    if (op_o.f32) begin
      // The lower issue moves set 0, the upper one set 1.
      op_o.moves = upper ? {op_o.both_sets, 1'b0} : 2'b01;
    end else begin
      op_o.moves = {op_o.both_sets, 1'b1};
    end
    if (op_o.kind == ipu_engine_pkg::ENGINE_SORT_IN || op_o.kind == ipu_engine_pkg::ENGINE_SORT_OUT) begin
      upper          = imm_i[0];
      op_o.bad_flags = imm_i[7:1] != '0;
    end
    if (op_o.kind == ipu_engine_pkg::ENGINE_GINA) begin
      op_o.chain = imm_i[0];
      op_o.set1  = imm_i[1];
    end
    op_o.upper = upper;
  end

  logic unused_imm;
  assign unused_imm = ^imm_i[31:8];

endmodule
