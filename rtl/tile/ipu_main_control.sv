// SPDX-License-Identifier: Apache-2.0
// What an instruction of the main lane does. Where registers and immediates stand in the word is told by
// ipu_isa_pkg::op_ports and op_immediate; this is the rest.
module ipu_main_control (
  input  ipu_isa_pkg::opcode_e        opcode_i,
  output ipu_tile_pkg::main_control_t control_o
);

  always_comb begin
    control_o = '0;
    case (opcode_i)
      // ---- Arithmetic, logic, comparison
      ipu_isa_pkg::OP_ADD_MMMN, ipu_isa_pkg::OP_ADD_MMMN_SI,
      ipu_isa_pkg::OP_ADD_MMMN_ZI:      control_o.alu_op = ipu_tile_pkg::ALU_ADD;
      ipu_isa_pkg::OP_SUB_MMMN, ipu_isa_pkg::OP_SUB_MMMN_SI,
      ipu_isa_pkg::OP_SUB_MMMN_ZI:      control_o.alu_op = ipu_tile_pkg::ALU_SUB;
      ipu_isa_pkg::OP_MUL_MMMN,
      ipu_isa_pkg::OP_MUL_MMMN_SI:      control_o.alu_op = ipu_tile_pkg::ALU_MUL;
      ipu_isa_pkg::OP_ABS_MMMN:         control_o.alu_op = ipu_tile_pkg::ALU_ABS;
      ipu_isa_pkg::OP_MAX_MMMN, ipu_isa_pkg::OP_MAX_MMMN_SI,
      ipu_isa_pkg::OP_MAX_MMMN_ZI:      control_o.alu_op = ipu_tile_pkg::ALU_MAX;
      ipu_isa_pkg::OP_MIN_MMMN, ipu_isa_pkg::OP_MIN_MMMN_SI,
      ipu_isa_pkg::OP_MIN_MMMN_ZI:      control_o.alu_op = ipu_tile_pkg::ALU_MIN;
      ipu_isa_pkg::OP_AND_MMMN,
      ipu_isa_pkg::OP_AND_MMMN_ZI:      control_o.alu_op = ipu_tile_pkg::ALU_AND;
      ipu_isa_pkg::OP_ANDC_MMMN,
      ipu_isa_pkg::OP_ANDC_MMMN_ZI:     control_o.alu_op = ipu_tile_pkg::ALU_ANDC;
      ipu_isa_pkg::OP_OR_MMMN, ipu_isa_pkg::OP_OR_MMMN_ZI,
      ipu_isa_pkg::OP_OR_MMMN_IZ:       control_o.alu_op = ipu_tile_pkg::ALU_OR;
      ipu_isa_pkg::OP_XOR_MMMN:         control_o.alu_op = ipu_tile_pkg::ALU_XOR;
      ipu_isa_pkg::OP_XNOR_MMMN:        control_o.alu_op = ipu_tile_pkg::ALU_XNOR;
      ipu_isa_pkg::OP_SHL_MMMN,
      ipu_isa_pkg::OP_SHL_MMMN_ZI:      control_o.alu_op = ipu_tile_pkg::ALU_SHL;
      ipu_isa_pkg::OP_SHR_MMMN,
      ipu_isa_pkg::OP_SHR_MMMN_ZI:      control_o.alu_op = ipu_tile_pkg::ALU_SHR;
      ipu_isa_pkg::OP_SHRS_MMMN,
      ipu_isa_pkg::OP_SHRS_MMMN_ZI:     control_o.alu_op = ipu_tile_pkg::ALU_SHRS;
      ipu_isa_pkg::OP_CLZ_MMMN:         control_o.alu_op = ipu_tile_pkg::ALU_CLZ;
      ipu_isa_pkg::OP_CMS_MMMN:         control_o.alu_op = ipu_tile_pkg::ALU_CMS;
      ipu_isa_pkg::OP_POPC_MMMN:        control_o.alu_op = ipu_tile_pkg::ALU_POPC;
      ipu_isa_pkg::OP_BITREV8_MMMN:     control_o.alu_op = ipu_tile_pkg::ALU_BITREV8;
      ipu_isa_pkg::OP_CMPEQ_MMMN, ipu_isa_pkg::OP_CMPEQ_MMMN_SI,
      ipu_isa_pkg::OP_CMPEQ_MMMN_ZI:    control_o.alu_op = ipu_tile_pkg::ALU_CMPEQ;
      ipu_isa_pkg::OP_CMPNE_MMMN:       control_o.alu_op = ipu_tile_pkg::ALU_CMPNE;
      ipu_isa_pkg::OP_CMPSLT_MMMN,
      ipu_isa_pkg::OP_CMPSLT_MMMN_SI:   control_o.alu_op = ipu_tile_pkg::ALU_CMPSLT;
      ipu_isa_pkg::OP_CMPULT_MMMN,
      ipu_isa_pkg::OP_CMPULT_MMMN_ZI:   control_o.alu_op = ipu_tile_pkg::ALU_CMPULT;
      ipu_isa_pkg::OP_SETZI_MMMN_ZI:    control_o.alu_op = ipu_tile_pkg::ALU_MOVE_B;
      ipu_isa_pkg::OP_MOVZ_MMMN:        control_o.unit = ipu_tile_pkg::UNIT_MOVE_IF;
      ipu_isa_pkg::OP_ATOM_MAMN:        control_o.unit = ipu_tile_pkg::UNIT_ATOM;

      // ---- Permutes
      ipu_isa_pkg::OP_SORT4X16LO_MMMN, ipu_isa_pkg::OP_SORT4X16HI_MMMN, ipu_isa_pkg::OP_ROLL16_MMMN,
      ipu_isa_pkg::OP_ROLL8L_MMMN, ipu_isa_pkg::OP_ROLL8R_MMMN, ipu_isa_pkg::OP_SHUF8X8LO_MMMN,
      ipu_isa_pkg::OP_SHUF8X8HI_MMMN, ipu_isa_pkg::OP_SORT8X8LO_MMMN, ipu_isa_pkg::OP_SORT8X8HI_MMMN,
      ipu_isa_pkg::OP_SORT8_MMMN,
      ipu_isa_pkg::OP_SWAP8_MMMN:       control_o.unit = ipu_tile_pkg::UNIT_PERMUTE;

      // ---- Control
      ipu_isa_pkg::OP_BR_MMMN: begin
        control_o.unit = ipu_tile_pkg::UNIT_BRANCH;
        control_o.jump = 1'b1;
      end
      ipu_isa_pkg::OP_BRI_MMMN_ZI, ipu_isa_pkg::OP_BRZ_MMMN_ZI, ipu_isa_pkg::OP_BRNZ_MMMN_ZI,
      ipu_isa_pkg::OP_BRNEG_MMMN_ZI, ipu_isa_pkg::OP_BRPOS_MMMN_ZI, ipu_isa_pkg::OP_BRNZDEC_MMMN_ZI,
      ipu_isa_pkg::OP_CALL_MMMN_ZI:     control_o.unit = ipu_tile_pkg::UNIT_BRANCH;
      ipu_isa_pkg::OP_EXITZ_MMMN, ipu_isa_pkg::OP_EXITNZ_MMMN, ipu_isa_pkg::OP_EXITNEG_MMMN,
      ipu_isa_pkg::OP_EXITPOS_MMMN:     control_o.unit = ipu_tile_pkg::UNIT_EXIT;
      ipu_isa_pkg::OP_RPT_MMMN_ZI,
      ipu_isa_pkg::OP_RPT_MMMN_ZI_ZI:   control_o.unit = ipu_tile_pkg::UNIT_REPEAT;
      ipu_isa_pkg::OP_TRAP_MMMN_ZI:     control_o.unit = ipu_tile_pkg::UNIT_TRAP;

      // ---- CSRs, workers, exchange
      ipu_isa_pkg::OP_GET_MMMN_ZI:      control_o.unit = ipu_tile_pkg::UNIT_GET;
      ipu_isa_pkg::OP_PUT_MMMN_ZI:      control_o.unit = ipu_tile_pkg::UNIT_PUT;
      ipu_isa_pkg::OP_RUN_MMMN_ZI:      control_o.unit = ipu_tile_pkg::UNIT_RUN;
      ipu_isa_pkg::OP_RUNALL_MMMN_ZI:   control_o.unit = ipu_tile_pkg::UNIT_RUNALL;
      ipu_isa_pkg::OP_SYNC:             control_o.unit = ipu_tile_pkg::UNIT_SYNC;
      ipu_isa_pkg::OP_SANS:             control_o.unit = ipu_tile_pkg::UNIT_SANS;
      ipu_isa_pkg::OP_DELAY:            control_o.unit = ipu_tile_pkg::UNIT_DELAY;
      ipu_isa_pkg::OP_DELAYPIC:         control_o.unit = ipu_tile_pkg::UNIT_DELAY_PIC;
      ipu_isa_pkg::OP_DELAYXPIC:        control_o.unit = ipu_tile_pkg::UNIT_DELAY_XPIC;
      ipu_isa_pkg::OP_SEND:             control_o.unit = ipu_tile_pkg::UNIT_SEND;
      ipu_isa_pkg::OP_SENDOFF:          control_o.unit = ipu_tile_pkg::UNIT_SEND_ON;
      ipu_isa_pkg::OP_SENDPIC:          control_o.unit = ipu_tile_pkg::UNIT_SEND_CONTROL;
      ipu_isa_pkg::OP_SENDPICP:         control_o.unit = ipu_tile_pkg::UNIT_SEND_CONTROLS;

      // ---- Loads and stores
      ipu_isa_pkg::OP_TAPACK_MMMN:      control_o.unit = ipu_tile_pkg::UNIT_PACK;
      ipu_isa_pkg::OP_LD64PUTCS_MMMN_ZI,
      ipu_isa_pkg::OP_LD128PUTCS_MMMN_ZI: control_o.unit = ipu_tile_pkg::UNIT_COEFFICIENT;
      default:                          control_o.unit = ipu_tile_pkg::UNIT_LOAD_STORE;
    endcase

    // ---- Permute
    case (opcode_i)
      ipu_isa_pkg::OP_SORT4X16HI_MMMN: control_o.permute_op = ipu_tile_pkg::PERM_SORT4X16HI;
      ipu_isa_pkg::OP_ROLL16_MMMN:     control_o.permute_op = ipu_tile_pkg::PERM_ROLL16;
      ipu_isa_pkg::OP_ROLL8L_MMMN:     control_o.permute_op = ipu_tile_pkg::PERM_ROLL8L;
      ipu_isa_pkg::OP_ROLL8R_MMMN:     control_o.permute_op = ipu_tile_pkg::PERM_ROLL8R;
      ipu_isa_pkg::OP_SHUF8X8LO_MMMN:  control_o.permute_op = ipu_tile_pkg::PERM_SHUF8X8LO;
      ipu_isa_pkg::OP_SHUF8X8HI_MMMN:  control_o.permute_op = ipu_tile_pkg::PERM_SHUF8X8HI;
      ipu_isa_pkg::OP_SORT8X8LO_MMMN:  control_o.permute_op = ipu_tile_pkg::PERM_SORT8X8LO;
      ipu_isa_pkg::OP_SORT8X8HI_MMMN:  control_o.permute_op = ipu_tile_pkg::PERM_SORT8X8HI;
      ipu_isa_pkg::OP_SORT8_MMMN:      control_o.permute_op = ipu_tile_pkg::PERM_SORT8;
      ipu_isa_pkg::OP_SWAP8_MMMN:      control_o.permute_op = ipu_tile_pkg::PERM_SWAP8;
      default:                         control_o.permute_op = ipu_tile_pkg::PERM_SORT4X16LO;
    endcase

    // ---- Condition of a branch or exit
    case (opcode_i)
      ipu_isa_pkg::OP_BRZ_MMMN_ZI, ipu_isa_pkg::OP_EXITZ_MMMN:     control_o.condition = ipu_tile_pkg::COND_ZERO;
      ipu_isa_pkg::OP_BRNZ_MMMN_ZI, ipu_isa_pkg::OP_BRNZDEC_MMMN_ZI,
      ipu_isa_pkg::OP_EXITNZ_MMMN:                                 control_o.condition = ipu_tile_pkg::COND_NOT_ZERO;
      ipu_isa_pkg::OP_BRNEG_MMMN_ZI, ipu_isa_pkg::OP_EXITNEG_MMMN: control_o.condition = ipu_tile_pkg::COND_NEGATIVE;
      ipu_isa_pkg::OP_BRPOS_MMMN_ZI, ipu_isa_pkg::OP_EXITPOS_MMMN: control_o.condition = ipu_tile_pkg::COND_POSITIVE;
      default:                                                     control_o.condition = ipu_tile_pkg::COND_ALWAYS;
    endcase

    // ---- Size and address of a load or store
    case (opcode_i)
      ipu_isa_pkg::OP_LDS8_MMMN, ipu_isa_pkg::OP_LDS8_MMMN_ZI, ipu_isa_pkg::OP_LDS8STEP_MMMN,
      ipu_isa_pkg::OP_LDS8STEP_MMMN_SI: begin
        control_o.size        = ipu_tile_pkg::SIZE_8;
        control_o.sign_extend = 1'b1;
      end
      ipu_isa_pkg::OP_LDZ8_MMMN, ipu_isa_pkg::OP_LDZ8_MMMN_ZI, ipu_isa_pkg::OP_LDZ8STEP_MMMN,
      ipu_isa_pkg::OP_LDZ8STEP_MMMN_SI: control_o.size = ipu_tile_pkg::SIZE_8;
      ipu_isa_pkg::OP_LDS16_MMMN, ipu_isa_pkg::OP_LDS16_MMMN_ZI, ipu_isa_pkg::OP_LDS16STEP_MMMN,
      ipu_isa_pkg::OP_LDS16STEP_MMMN_SI: begin
        control_o.size        = ipu_tile_pkg::SIZE_16;
        control_o.sign_extend = 1'b1;
      end
      ipu_isa_pkg::OP_LDZ16_MMMN, ipu_isa_pkg::OP_LDZ16_MMMN_ZI, ipu_isa_pkg::OP_LDZ16STEP_MMMN,
      ipu_isa_pkg::OP_LDZ16STEP_MMMN_SI: control_o.size = ipu_tile_pkg::SIZE_16;
      ipu_isa_pkg::OP_LDB16_MMAN, ipu_isa_pkg::OP_LDB16_MMAN_ZI, ipu_isa_pkg::OP_LDB16STEP_MMBN,
      ipu_isa_pkg::OP_LDB16STEP_MMBN_SI, ipu_isa_pkg::OP_LDD16B16_MMBN, ipu_isa_pkg::OP_LDB16B16_MMBN: begin
        control_o.size      = ipu_tile_pkg::SIZE_16;
        control_o.duplicate = 1'b1;
      end
      ipu_isa_pkg::OP_LDB8_MMAN, ipu_isa_pkg::OP_LDB8_MMAN_ZI, ipu_isa_pkg::OP_LDB8STEP_MMBN,
      ipu_isa_pkg::OP_LDB8STEP_MMBN_SI: begin
        control_o.size      = ipu_tile_pkg::SIZE_8;
        control_o.duplicate = 1'b1;
      end
      ipu_isa_pkg::OP_LD64_MMAN, ipu_isa_pkg::OP_LD64_MMAN_ZI, ipu_isa_pkg::OP_LD64STEP_MMBN,
      ipu_isa_pkg::OP_LD64STEP_MMBN_SI, ipu_isa_pkg::OP_ST64_MBMN, ipu_isa_pkg::OP_ST64_MBMN_ZI,
      ipu_isa_pkg::OP_ST64STEP_MBMN, ipu_isa_pkg::OP_ST64STEP_MBMN_SI,
      ipu_isa_pkg::OP_LD2X64PACE_MMBN_EF, ipu_isa_pkg::OP_LD64A32PACE_MMBN_EF, ipu_isa_pkg::OP_LD64B16PACE_MMBN_EF,
      ipu_isa_pkg::OP_LDST64PACE_MBBN_EF, ipu_isa_pkg::OP_LD2XST64PACE_MBBN_EF, ipu_isa_pkg::OP_ST64PACE_MBMN_EF,
      ipu_isa_pkg::OP_LDD16A64_MMBN,
      ipu_isa_pkg::OP_LD64PUTCS_MMMN_ZI: control_o.size = ipu_tile_pkg::SIZE_64;
      ipu_isa_pkg::OP_LD128_MMAN, ipu_isa_pkg::OP_LD128_MMAN_ZI, ipu_isa_pkg::OP_LD128STEP_MMBN,
      ipu_isa_pkg::OP_LD128STEP_MMBN_SI,
      ipu_isa_pkg::OP_LD128PUTCS_MMMN_ZI: control_o.size = ipu_tile_pkg::SIZE_128;
      default:                           control_o.size = ipu_tile_pkg::SIZE_32;
    endcase
    case (opcode_i)
      ipu_isa_pkg::OP_STM32_MMMN:     control_o.address_mode = ipu_tile_pkg::ADDR_STM;
      ipu_isa_pkg::OP_STM32STEP_MMMN: control_o.address_mode = ipu_tile_pkg::ADDR_STM_STEP;
      ipu_isa_pkg::OP_LD32STEP_MMMN, ipu_isa_pkg::OP_LD32STEP_MMMN_SI, ipu_isa_pkg::OP_LDS16STEP_MMMN,
      ipu_isa_pkg::OP_LDS16STEP_MMMN_SI, ipu_isa_pkg::OP_LDS8STEP_MMMN, ipu_isa_pkg::OP_LDS8STEP_MMMN_SI,
      ipu_isa_pkg::OP_LDZ16STEP_MMMN, ipu_isa_pkg::OP_LDZ16STEP_MMMN_SI, ipu_isa_pkg::OP_LDZ8STEP_MMMN,
      ipu_isa_pkg::OP_LDZ8STEP_MMMN_SI, ipu_isa_pkg::OP_ST32STEP_MMMN_SI, ipu_isa_pkg::OP_LD32STEP_MMBN,
      ipu_isa_pkg::OP_LD32STEP_MMBN_SI, ipu_isa_pkg::OP_LD64STEP_MMBN, ipu_isa_pkg::OP_LD64STEP_MMBN_SI,
      ipu_isa_pkg::OP_LD128STEP_MMBN, ipu_isa_pkg::OP_LD128STEP_MMBN_SI, ipu_isa_pkg::OP_LDB16STEP_MMBN,
      ipu_isa_pkg::OP_LDB16STEP_MMBN_SI, ipu_isa_pkg::OP_LDB8STEP_MMBN, ipu_isa_pkg::OP_LDB8STEP_MMBN_SI,
      ipu_isa_pkg::OP_ST32STEP_MBMN, ipu_isa_pkg::OP_ST32STEP_MBMN_SI,
      ipu_isa_pkg::OP_ST64STEP_MBMN,
      ipu_isa_pkg::OP_ST64STEP_MBMN_SI: control_o.address_mode = ipu_tile_pkg::ADDR_STEP;
      default:                          control_o.address_mode = ipu_tile_pkg::ADDR_OFFSET;
    endcase

    // ---- Several accesses
    control_o.access = ipu_tile_pkg::ACCESS_PLAIN;
    case (opcode_i)
      ipu_isa_pkg::OP_LD2X64PACE_MMBN_EF, ipu_isa_pkg::OP_LD2XST64PACE_MBBN_EF, ipu_isa_pkg::OP_LD64A32PACE_MMBN_EF,
      ipu_isa_pkg::OP_LD64B16PACE_MMBN_EF: begin
        control_o.access = ipu_tile_pkg::ACCESS_PACE;
        control_o.second = 1'b1;
      end
      ipu_isa_pkg::OP_LDST64PACE_MBBN_EF: control_o.access = ipu_tile_pkg::ACCESS_PACE;
      ipu_isa_pkg::OP_ST64PACE_MBMN_EF: begin
        control_o.access      = ipu_tile_pkg::ACCESS_PACE;
        control_o.steps_store = 1'b1;
      end
      ipu_isa_pkg::OP_LDD16A32_MMBN, ipu_isa_pkg::OP_LDD16A64_MMBN, ipu_isa_pkg::OP_LDD16B16_MMBN: begin
        control_o.access = ipu_tile_pkg::ACCESS_DELTA;
        control_o.second = 1'b1;
      end
      ipu_isa_pkg::OP_LDD16V2A32_MMBN: begin
        control_o.access = ipu_tile_pkg::ACCESS_HIGH_DELTA;
        control_o.second = 1'b1;
      end
      ipu_isa_pkg::OP_LD64A32_MMBN: begin
        control_o.access = ipu_tile_pkg::ACCESS_DELTA_PAIR;
        control_o.second = 1'b1;
      end
      ipu_isa_pkg::OP_LDB16B16_MMBN: begin
        control_o.access = ipu_tile_pkg::ACCESS_HALVES;
        control_o.second = 1'b1;
      end
      default: ;
    endcase
    case (opcode_i)
      ipu_isa_pkg::OP_LDD16A32_MMBN, ipu_isa_pkg::OP_LDD16A64_MMBN, ipu_isa_pkg::OP_LDD16B16_MMBN,
      ipu_isa_pkg::OP_LDB16B16_MMBN,
      ipu_isa_pkg::OP_LD64B16PACE_MMBN_EF: control_o.second_size = ipu_tile_pkg::SIZE_16;
      ipu_isa_pkg::OP_LDD16V2A32_MMBN,
      ipu_isa_pkg::OP_LD64A32PACE_MMBN_EF: control_o.second_size = ipu_tile_pkg::SIZE_32;
      default:                             control_o.second_size = ipu_tile_pkg::SIZE_64;
    endcase
  end

endmodule
