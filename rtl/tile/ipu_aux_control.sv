// What an instruction of the aux lane does. Where registers and immediates stand in the word is told by
// ipu_isa_pkg::op_ports and op_immediate; this is the rest.
module ipu_aux_control (
  input  ipu_isa_pkg::opcode_e       opcode_i,
  output ipu_tile_pkg::aux_control_t control_o
);

  always_comb begin
    control_o = '0;
    case (opcode_i)
      // ---- Logic
      ipu_isa_pkg::OP_AND_AAAN, ipu_isa_pkg::OP_AND_AAAN_ZI, ipu_isa_pkg::OP_AND_AAAN_IZ,
      ipu_isa_pkg::OP_AND64_AAAN:      control_o.op = ipu_tile_pkg::AUX_AND;
      ipu_isa_pkg::OP_ANDC_AAAN, ipu_isa_pkg::OP_ANDC_AAAN_ZI, ipu_isa_pkg::OP_ANDC_AAAN_IZ,
      ipu_isa_pkg::OP_ANDC64_AAAN:     control_o.op = ipu_tile_pkg::AUX_ANDC;
      ipu_isa_pkg::OP_OR_AAAN, ipu_isa_pkg::OP_OR_AAAN_ZI, ipu_isa_pkg::OP_OR_AAAN_IZ,
      ipu_isa_pkg::OP_OR64_AAAN:       control_o.op = ipu_tile_pkg::AUX_OR;
      ipu_isa_pkg::OP_NOT_AAAN, ipu_isa_pkg::OP_NOT64_AAAN:
                                       control_o.op = ipu_tile_pkg::AUX_NOT;
      ipu_isa_pkg::OP_SETZI_AAAN_ZI:   control_o.op = ipu_tile_pkg::AUX_MOVE_IMM;

      // ---- Permutes
      ipu_isa_pkg::OP_SORT4X16LO_AAAN: control_o.op = ipu_tile_pkg::AUX_PERMUTE;
      ipu_isa_pkg::OP_SORT4X16HI_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_SORT4X16HI;
      end
      ipu_isa_pkg::OP_SORT4X16LO_AAAU: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_SORT4X16LO_BU;
      end
      ipu_isa_pkg::OP_SORT4X16HI_AAAL: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_SORT4X16HI_BL;
      end
      ipu_isa_pkg::OP_ROLL16_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_ROLL16;
      end
      ipu_isa_pkg::OP_ROLL8L_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_ROLL8L;
      end
      ipu_isa_pkg::OP_ROLL8R_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_ROLL8R;
      end
      ipu_isa_pkg::OP_SHUF8X8LO_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_SHUF8X8LO;
      end
      ipu_isa_pkg::OP_SHUF8X8HI_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_SHUF8X8HI;
      end
      ipu_isa_pkg::OP_SORT8X8LO_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_SORT8X8LO;
      end
      ipu_isa_pkg::OP_SORT8X8HI_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_SORT8X8HI;
      end
      ipu_isa_pkg::OP_SORT8_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_SORT8;
      end
      ipu_isa_pkg::OP_SWAP8_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_PERMUTE;
        control_o.permute_op = ipu_tile_pkg::PERM_SWAP8;
      end
      ipu_isa_pkg::OP_SORT4X32LO_AAAN: control_o.op = ipu_tile_pkg::AUX_SORT4X32LO;
      ipu_isa_pkg::OP_SORT4X32HI_AAAN: control_o.op = ipu_tile_pkg::AUX_SORT4X32HI;
      ipu_isa_pkg::OP_ROLL32_AAAN:     control_o.op = ipu_tile_pkg::AUX_ROLL32;

      // ---- f32
      ipu_isa_pkg::OP_F32ADD_AAAN, ipu_isa_pkg::OP_F32V2ADD_AAAN,
      ipu_isa_pkg::OP_F32V2ADD_AAAT:   control_o.op = ipu_tile_pkg::AUX_F32_ADD;
      ipu_isa_pkg::OP_F32SUB_AAAN, ipu_isa_pkg::OP_F32V2SUB_AAAN,
      ipu_isa_pkg::OP_F32V2SUB_AAAT:   control_o.op = ipu_tile_pkg::AUX_F32_SUB;
      ipu_isa_pkg::OP_F32MUL_AAAN, ipu_isa_pkg::OP_F32V2MUL_AAAN,
      ipu_isa_pkg::OP_F32V2MUL_AAAT:   control_o.op = ipu_tile_pkg::AUX_F32_MUL;
      ipu_isa_pkg::OP_F32CMPEQ_AAAN, ipu_isa_pkg::OP_F32V2CMPEQ_AAAN,
      ipu_isa_pkg::OP_F32V2CMPEQ_AAAT: control_o.op = ipu_tile_pkg::AUX_F32_CMPEQ;
      ipu_isa_pkg::OP_F32CMPNE_AAAN, ipu_isa_pkg::OP_F32V2CMPNE_AAAN,
      ipu_isa_pkg::OP_F32V2CMPNE_AAAT: control_o.op = ipu_tile_pkg::AUX_F32_CMPNE;
      ipu_isa_pkg::OP_F32CMPLT_AAAN, ipu_isa_pkg::OP_F32V2CMPLT_AAAN,
      ipu_isa_pkg::OP_F32V2CMPLT_AAAT: control_o.op = ipu_tile_pkg::AUX_F32_CMPLT;
      ipu_isa_pkg::OP_F32CMPLE_AAAN, ipu_isa_pkg::OP_F32V2CMPLE_AAAN,
      ipu_isa_pkg::OP_F32V2CMPLE_AAAT: control_o.op = ipu_tile_pkg::AUX_F32_CMPLE;
      ipu_isa_pkg::OP_F32CMPGT_AAAN, ipu_isa_pkg::OP_F32V2CMPGT_AAAN,
      ipu_isa_pkg::OP_F32V2CMPGT_AAAT: control_o.op = ipu_tile_pkg::AUX_F32_CMPGT;
      ipu_isa_pkg::OP_F32CMPGE_AAAN, ipu_isa_pkg::OP_F32V2CMPGE_AAAN,
      ipu_isa_pkg::OP_F32V2CMPGE_AAAT: control_o.op = ipu_tile_pkg::AUX_F32_CMPGE;

      // ---- Division, roots, transcendental functions
      ipu_isa_pkg::OP_F32DIV_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn = ipu_function_unit_pkg::FN_DIV;
      end
      ipu_isa_pkg::OP_F32SQRT_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn = ipu_function_unit_pkg::FN_SQRT;
      end
      ipu_isa_pkg::OP_F32OOX_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn = ipu_function_unit_pkg::FN_OOX;
      end
      ipu_isa_pkg::OP_F32OORX_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn = ipu_function_unit_pkg::FN_OORX;
      end
      ipu_isa_pkg::OP_F32EXP_AAAN, ipu_isa_pkg::OP_F16V2EXP_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = ipu_function_unit_pkg::FN_EXP;
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2EXP_AAAN;
      end
      ipu_isa_pkg::OP_F32EXP2_AAAN, ipu_isa_pkg::OP_F16V2EXP2_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = ipu_function_unit_pkg::FN_EXP2;
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2EXP2_AAAN;
      end
      ipu_isa_pkg::OP_F32LN_AAAN, ipu_isa_pkg::OP_F16V2LN_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = ipu_function_unit_pkg::FN_LN;
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2LN_AAAN;
      end
      ipu_isa_pkg::OP_F32LOG2_AAAN, ipu_isa_pkg::OP_F16V2LOG2_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = ipu_function_unit_pkg::FN_LOG2;
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2LOG2_AAAN;
      end
      ipu_isa_pkg::OP_F32TANH_AAAN, ipu_isa_pkg::OP_F16V2TANH_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = ipu_function_unit_pkg::FN_TANH;
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2TANH_AAAN;
      end
      ipu_isa_pkg::OP_F32SIGM_AAAN, ipu_isa_pkg::OP_F16V2SIGM_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = ipu_function_unit_pkg::FN_SIGM;
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2SIGM_AAAN;
      end

      // ---- CSRs
      ipu_isa_pkg::OP_UGET_AAAN_ZI:    control_o.op = ipu_tile_pkg::AUX_UGET;
      ipu_isa_pkg::OP_UPUT_AAAN_ZI:    control_o.op = ipu_tile_pkg::AUX_UPUT;
      default:                         control_o.op = ipu_tile_pkg::AUX_NONE;
    endcase
  end

endmodule
