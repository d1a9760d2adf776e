// SPDX-License-Identifier: Apache-2.0
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

      // ---- f32: sums, products, compares, extremes
      ipu_isa_pkg::OP_F32ADD_AAAN, ipu_isa_pkg::OP_F32V2ADD_AAAN, ipu_isa_pkg::OP_F32V2ADD_AAAT: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_ADD};
      end
      ipu_isa_pkg::OP_F32SUB_AAAN, ipu_isa_pkg::OP_F32V2SUB_AAAN, ipu_isa_pkg::OP_F32V2SUB_AAAT: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_SUB};
      end
      ipu_isa_pkg::OP_F32MUL_AAAN, ipu_isa_pkg::OP_F32V2MUL_AAAN, ipu_isa_pkg::OP_F32V2MUL_AAAT: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_MUL};
      end
      ipu_isa_pkg::OP_F32ABSADD_AAAN, ipu_isa_pkg::OP_F32V2ABSADD_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn         = {1'b0, ipu_float_pkg::SINGLE_ADD};
        control_o.magnitudes = 1'b1;
      end
      ipu_isa_pkg::OP_F32CMPEQ_AAAN, ipu_isa_pkg::OP_F32V2CMPEQ_AAAN, ipu_isa_pkg::OP_F32V2CMPEQ_AAAT: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_CMPEQ};
      end
      ipu_isa_pkg::OP_F32CMPNE_AAAN, ipu_isa_pkg::OP_F32V2CMPNE_AAAN, ipu_isa_pkg::OP_F32V2CMPNE_AAAT: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_CMPNE};
      end
      ipu_isa_pkg::OP_F32CMPLT_AAAN, ipu_isa_pkg::OP_F32V2CMPLT_AAAN, ipu_isa_pkg::OP_F32V2CMPLT_AAAT: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_CMPLT};
      end
      ipu_isa_pkg::OP_F32CMPLE_AAAN, ipu_isa_pkg::OP_F32V2CMPLE_AAAN, ipu_isa_pkg::OP_F32V2CMPLE_AAAT: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_CMPLE};
      end
      ipu_isa_pkg::OP_F32CMPGT_AAAN, ipu_isa_pkg::OP_F32V2CMPGT_AAAN, ipu_isa_pkg::OP_F32V2CMPGT_AAAT: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_CMPGT};
      end
      ipu_isa_pkg::OP_F32CMPGE_AAAN, ipu_isa_pkg::OP_F32V2CMPGE_AAAN, ipu_isa_pkg::OP_F32V2CMPGE_AAAT: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_CMPGE};
      end
      ipu_isa_pkg::OP_F32MAX_AAAN, ipu_isa_pkg::OP_F32V2MAX_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_MAX};
      end
      ipu_isa_pkg::OP_F32MIN_AAAN, ipu_isa_pkg::OP_F32V2MIN_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_MIN};
      end
      ipu_isa_pkg::OP_F32CLAMP_AAAN, ipu_isa_pkg::OP_F32V2CLAMP_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn = {1'b0, ipu_float_pkg::SINGLE_CLAMP};
      end
      ipu_isa_pkg::OP_F32ABSMAX_AAAN, ipu_isa_pkg::OP_F32V2ABSMAX_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn         = {1'b0, ipu_float_pkg::SINGLE_MAX};
        control_o.magnitudes = 1'b1;
      end

      // ---- f16: sums, products, compares, extremes, conversions
      ipu_isa_pkg::OP_F16V2ADD_AAAN, ipu_isa_pkg::OP_F16V2ADD_AAAL, ipu_isa_pkg::OP_F16V2ADD_AAAU,
      ipu_isa_pkg::OP_F16V4ADD_AAAN, ipu_isa_pkg::OP_F16V4ADD_AAAL, ipu_isa_pkg::OP_F16V4ADD_AAAU: begin
        control_o.op   = ipu_tile_pkg::AUX_HALF;
        control_o.fn   = ipu_float_pkg::HALF_ADD;
        control_o.half = 1'b1;
      end
      ipu_isa_pkg::OP_F16V2SUB_AAAN, ipu_isa_pkg::OP_F16V2SUB_AAAL, ipu_isa_pkg::OP_F16V2SUB_AAAU,
      ipu_isa_pkg::OP_F16V4SUB_AAAN, ipu_isa_pkg::OP_F16V4SUB_AAAL, ipu_isa_pkg::OP_F16V4SUB_AAAU: begin
        control_o.op   = ipu_tile_pkg::AUX_HALF;
        control_o.fn   = ipu_float_pkg::HALF_SUB;
        control_o.half = 1'b1;
      end
      ipu_isa_pkg::OP_F16V2MUL_AAAN, ipu_isa_pkg::OP_F16V2MUL_AAAL, ipu_isa_pkg::OP_F16V2MUL_AAAU,
      ipu_isa_pkg::OP_F16V4MUL_AAAN, ipu_isa_pkg::OP_F16V4MUL_AAAL, ipu_isa_pkg::OP_F16V4MUL_AAAU: begin
        control_o.op   = ipu_tile_pkg::AUX_HALF;
        control_o.fn   = ipu_float_pkg::HALF_MUL;
        control_o.half = 1'b1;
      end
      ipu_isa_pkg::OP_F16V2ABSADD_AAAN, ipu_isa_pkg::OP_F16V4ABSADD_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_HALF;
        control_o.fn         = ipu_float_pkg::HALF_ADD;
        control_o.half       = 1'b1;
        control_o.magnitudes = 1'b1;
      end
      ipu_isa_pkg::OP_F16V2CMPEQ_AAAN, ipu_isa_pkg::OP_F16V2CMPEQ_AAAL, ipu_isa_pkg::OP_F16V2CMPEQ_AAAU,
      ipu_isa_pkg::OP_F16V4CMPEQ_AAAN, ipu_isa_pkg::OP_F16V4CMPEQ_AAAL, ipu_isa_pkg::OP_F16V4CMPEQ_AAAU: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_CMPEQ;
      end
      ipu_isa_pkg::OP_F16V2CMPNE_AAAN, ipu_isa_pkg::OP_F16V2CMPNE_AAAL, ipu_isa_pkg::OP_F16V2CMPNE_AAAU,
      ipu_isa_pkg::OP_F16V4CMPNE_AAAN, ipu_isa_pkg::OP_F16V4CMPNE_AAAL, ipu_isa_pkg::OP_F16V4CMPNE_AAAU: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_CMPNE;
      end
      ipu_isa_pkg::OP_F16V2CMPLT_AAAN, ipu_isa_pkg::OP_F16V2CMPLT_AAAL, ipu_isa_pkg::OP_F16V2CMPLT_AAAU,
      ipu_isa_pkg::OP_F16V4CMPLT_AAAN, ipu_isa_pkg::OP_F16V4CMPLT_AAAL, ipu_isa_pkg::OP_F16V4CMPLT_AAAU: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_CMPLT;
      end
      ipu_isa_pkg::OP_F16V2CMPLE_AAAN, ipu_isa_pkg::OP_F16V2CMPLE_AAAL, ipu_isa_pkg::OP_F16V2CMPLE_AAAU,
      ipu_isa_pkg::OP_F16V4CMPLE_AAAN, ipu_isa_pkg::OP_F16V4CMPLE_AAAL, ipu_isa_pkg::OP_F16V4CMPLE_AAAU: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_CMPLE;
      end
      ipu_isa_pkg::OP_F16V2CMPGT_AAAN, ipu_isa_pkg::OP_F16V2CMPGT_AAAL, ipu_isa_pkg::OP_F16V2CMPGT_AAAU,
      ipu_isa_pkg::OP_F16V4CMPGT_AAAN, ipu_isa_pkg::OP_F16V4CMPGT_AAAL, ipu_isa_pkg::OP_F16V4CMPGT_AAAU: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_CMPGT;
      end
      ipu_isa_pkg::OP_F16V2CMPGE_AAAN, ipu_isa_pkg::OP_F16V2CMPGE_AAAL, ipu_isa_pkg::OP_F16V2CMPGE_AAAU,
      ipu_isa_pkg::OP_F16V4CMPGE_AAAN, ipu_isa_pkg::OP_F16V4CMPGE_AAAL, ipu_isa_pkg::OP_F16V4CMPGE_AAAU: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_CMPGE;
      end
      ipu_isa_pkg::OP_F16V2MAX_AAAN, ipu_isa_pkg::OP_F16V4MAX_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_MAX;
      end
      ipu_isa_pkg::OP_F16V2MIN_AAAN, ipu_isa_pkg::OP_F16V4MIN_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_MIN;
      end
      ipu_isa_pkg::OP_F16V2CLAMP_AAAN, ipu_isa_pkg::OP_F16V4CLAMP_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_CLAMP;
      end
      ipu_isa_pkg::OP_F16V2MAXC_AAAN, ipu_isa_pkg::OP_F16V4MAXC_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_MAXC;
      end
      ipu_isa_pkg::OP_F16V2ABSMAX_AAAN, ipu_isa_pkg::OP_F16V4ABSMAX_AAAN: begin
        control_o.op         = ipu_tile_pkg::AUX_HALF;
        control_o.fn         = ipu_float_pkg::HALF_MAX;
        control_o.magnitudes = 1'b1;
      end
      ipu_isa_pkg::OP_F16TOF32_AAAN, ipu_isa_pkg::OP_F16V2TOF32_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_WIDEN;
      end
      ipu_isa_pkg::OP_F32TOF16_AAAN, ipu_isa_pkg::OP_F32V2TOF16_AAAN, ipu_isa_pkg::OP_F32V4TOF16_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_HALF;
        control_o.fn   = ipu_float_pkg::HALF_NARROW;
        control_o.half = 1'b1;
      end

      // ---- Division, roots, transcendental functions
      ipu_isa_pkg::OP_F32DIV_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn = {1'b0, ipu_function_unit_pkg::FN_DIV};
      end
      ipu_isa_pkg::OP_F32SQRT_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn = {1'b0, ipu_function_unit_pkg::FN_SQRT};
      end
      ipu_isa_pkg::OP_F32OOX_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn = {1'b0, ipu_function_unit_pkg::FN_OOX};
      end
      ipu_isa_pkg::OP_F32OORX_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn = {1'b0, ipu_function_unit_pkg::FN_OORX};
      end
      ipu_isa_pkg::OP_F32EXP_AAAN, ipu_isa_pkg::OP_F16V2EXP_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = {1'b0, ipu_function_unit_pkg::FN_EXP};
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2EXP_AAAN;
      end
      ipu_isa_pkg::OP_F32EXP2_AAAN, ipu_isa_pkg::OP_F16V2EXP2_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = {1'b0, ipu_function_unit_pkg::FN_EXP2};
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2EXP2_AAAN;
      end
      ipu_isa_pkg::OP_F32LN_AAAN, ipu_isa_pkg::OP_F16V2LN_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = {1'b0, ipu_function_unit_pkg::FN_LN};
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2LN_AAAN;
      end
      ipu_isa_pkg::OP_F32LOG2_AAAN, ipu_isa_pkg::OP_F16V2LOG2_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = {1'b0, ipu_function_unit_pkg::FN_LOG2};
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2LOG2_AAAN;
      end
      ipu_isa_pkg::OP_F32TANH_AAAN, ipu_isa_pkg::OP_F16V2TANH_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = {1'b0, ipu_function_unit_pkg::FN_TANH};
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2TANH_AAAN;
      end
      ipu_isa_pkg::OP_F32SIGM_AAAN, ipu_isa_pkg::OP_F16V2SIGM_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_FUNCTION;
        control_o.fn   = {1'b0, ipu_function_unit_pkg::FN_SIGM};
        control_o.half = opcode_i == ipu_isa_pkg::OP_F16V2SIGM_AAAN;
      end

      // ---- Integers, classes, f8, sums of lanes
      ipu_isa_pkg::OP_F32FROMI32_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_INTEGER;
        control_o.fn = {1'b0, ipu_float_pkg::INTEGER_FROM_SIGNED};
      end
      ipu_isa_pkg::OP_F32FROMUI32_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_INTEGER;
        control_o.fn = {1'b0, ipu_float_pkg::INTEGER_FROM_UNSIGNED};
      end
      ipu_isa_pkg::OP_F32TOI32_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_INTEGER;
        control_o.fn = {1'b0, ipu_float_pkg::INTEGER_TO_SIGNED};
      end
      ipu_isa_pkg::OP_F32TOUI32_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_INTEGER;
        control_o.fn = {1'b0, ipu_float_pkg::INTEGER_TO_UNSIGNED};
      end
      ipu_isa_pkg::OP_F32INT_AAAN_EF: begin
        control_o.op = ipu_tile_pkg::AUX_INTEGER;
        control_o.fn = {1'b0, ipu_float_pkg::INTEGER_INTEGRAL};
      end
      ipu_isa_pkg::OP_F32SUFROMUI_AAAN, ipu_isa_pkg::OP_F32V2SUFROMUI_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_INTEGER;
        control_o.fn = {1'b0, ipu_float_pkg::INTEGER_FRACTION};
      end
      ipu_isa_pkg::OP_F16V2SUFROMUI_AAAN, ipu_isa_pkg::OP_F16V4SUFROMUI_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_HALF;
        control_o.fn = ipu_float_pkg::HALF_FRACTION;
      end
      ipu_isa_pkg::OP_F32CLASS_AAAN, ipu_isa_pkg::OP_F32V2CLASS_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_CLASS;
        control_o.fn = {1'b0, ipu_float_pkg::CLASSES_OF_SINGLES};
      end
      ipu_isa_pkg::OP_F8V4CLASS_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_CLASS;
        control_o.fn = {1'b0, ipu_float_pkg::CLASSES_OF_QUARTERS};
      end
      ipu_isa_pkg::OP_F8V2TOF16_AAAN, ipu_isa_pkg::OP_F8V4TOF16_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_HALF;
        control_o.fn   = ipu_float_pkg::HALF_QUARTER;
        control_o.half = 1'b1;
      end
      ipu_isa_pkg::OP_F16V2TOF8_AAAN, ipu_isa_pkg::OP_F16V8TOF8_AAAN: begin
        control_o.op   = ipu_tile_pkg::AUX_QUARTER;
        control_o.half = 1'b1;
      end
      ipu_isa_pkg::OP_F16V2CLASS_AAAN, ipu_isa_pkg::OP_F16V4CLASS_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_CLASS;
        control_o.fn = {1'b0, ipu_float_pkg::CLASSES_OF_HALVES};
      end
      ipu_isa_pkg::OP_F16V2SUM_AAAN, ipu_isa_pkg::OP_F16V4SUM_AAAN: begin
        control_o.op      = ipu_tile_pkg::AUX_SINGLE;
        control_o.fn      = {1'b0, ipu_float_pkg::SINGLE_ADD};
        control_o.lateral = 1'b1;
      end

      // ---- Random words and what is made of them, CSRs
      ipu_isa_pkg::OP_URAND32_AAAN, ipu_isa_pkg::OP_URAND64_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_RANDOM;
        control_o.fn = {1'b0, ipu_float_pkg::RANDOM_WORD};
      end
      ipu_isa_pkg::OP_F16V4RMASK_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_RANDOM;
        control_o.fn = {1'b0, ipu_float_pkg::RANDOM_MASK_HALVES};
      end
      ipu_isa_pkg::OP_F32V2RMASK_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_RANDOM;
        control_o.fn = {1'b0, ipu_float_pkg::RANDOM_MASK_SINGLES};
      end
      ipu_isa_pkg::OP_F16V2GRAND_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_RANDOM;
        control_o.fn = {1'b0, ipu_float_pkg::RANDOM_NORMAL_HALVES};
      end
      ipu_isa_pkg::OP_F32V2GRAND_AAAN: begin
        control_o.op = ipu_tile_pkg::AUX_RANDOM;
        control_o.fn = {1'b0, ipu_float_pkg::RANDOM_NORMAL_SINGLES};
      end
      ipu_isa_pkg::OP_UGET_AAAN_ZI:    control_o.op = ipu_tile_pkg::AUX_UGET;
      ipu_isa_pkg::OP_UPUT_AAAN_ZI:    control_o.op = ipu_tile_pkg::AUX_UPUT;
      default:                         control_o.op = ipu_tile_pkg::AUX_NONE;
    endcase

    // f16: one half of the first source for all lanes
    case (opcode_i)
      ipu_isa_pkg::OP_F16V2ADD_AAAL, ipu_isa_pkg::OP_F16V4ADD_AAAL,
      ipu_isa_pkg::OP_F16V2SUB_AAAL, ipu_isa_pkg::OP_F16V4SUB_AAAL,
      ipu_isa_pkg::OP_F16V2MUL_AAAL, ipu_isa_pkg::OP_F16V4MUL_AAAL,
      ipu_isa_pkg::OP_F16V2CMPEQ_AAAL, ipu_isa_pkg::OP_F16V4CMPEQ_AAAL,
      ipu_isa_pkg::OP_F16V2CMPNE_AAAL, ipu_isa_pkg::OP_F16V4CMPNE_AAAL,
      ipu_isa_pkg::OP_F16V2CMPLT_AAAL, ipu_isa_pkg::OP_F16V4CMPLT_AAAL,
      ipu_isa_pkg::OP_F16V2CMPLE_AAAL, ipu_isa_pkg::OP_F16V4CMPLE_AAAL,
      ipu_isa_pkg::OP_F16V2CMPGT_AAAL, ipu_isa_pkg::OP_F16V4CMPGT_AAAL,
      ipu_isa_pkg::OP_F16V2CMPGE_AAAL, ipu_isa_pkg::OP_F16V4CMPGE_AAAL:
        control_o.first = ipu_float_pkg::FIRST_LOWER;
      ipu_isa_pkg::OP_F16V2ADD_AAAU, ipu_isa_pkg::OP_F16V4ADD_AAAU,
      ipu_isa_pkg::OP_F16V2SUB_AAAU, ipu_isa_pkg::OP_F16V4SUB_AAAU,
      ipu_isa_pkg::OP_F16V2MUL_AAAU, ipu_isa_pkg::OP_F16V4MUL_AAAU,
      ipu_isa_pkg::OP_F16V2CMPEQ_AAAU, ipu_isa_pkg::OP_F16V4CMPEQ_AAAU,
      ipu_isa_pkg::OP_F16V2CMPNE_AAAU, ipu_isa_pkg::OP_F16V4CMPNE_AAAU,
      ipu_isa_pkg::OP_F16V2CMPLT_AAAU, ipu_isa_pkg::OP_F16V4CMPLT_AAAU,
      ipu_isa_pkg::OP_F16V2CMPLE_AAAU, ipu_isa_pkg::OP_F16V4CMPLE_AAAU,
      ipu_isa_pkg::OP_F16V2CMPGT_AAAU, ipu_isa_pkg::OP_F16V4CMPGT_AAAU,
      ipu_isa_pkg::OP_F16V2CMPGE_AAAU, ipu_isa_pkg::OP_F16V4CMPGE_AAAU:
        control_o.first = ipu_float_pkg::FIRST_UPPER;
      default: ;
    endcase
  end

endmodule
