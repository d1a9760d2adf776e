// The architectural type of a fault, and whether a data address belongs to it.
module ipu_faults (
  input  ipu_tile_pkg::cause_e cause_i,
  input  logic                 trap_number_i,
  output ipu_tile_pkg::etype_e etype_o,
  output logic                 has_address_o
);

  always_comb begin
    has_address_o = 1'b0;
    case (cause_i)
      ipu_tile_pkg::CAUSE_TRAP: etype_o = trap_number_i ? ipu_tile_pkg::ETYPE_PBRK1 : ipu_tile_pkg::ETYPE_PBRK0;
      ipu_tile_pkg::CAUSE_INSTRUCTION_BREAK: etype_o = ipu_tile_pkg::ETYPE_INSTRUCTION_BREAK;
      ipu_tile_pkg::CAUSE_BREAK_ON_SYNC:     etype_o = ipu_tile_pkg::ETYPE_BREAK_ON_SYNC;
      ipu_tile_pkg::CAUSE_REMOTE_BREAK:      etype_o = ipu_tile_pkg::ETYPE_RBRK;
      ipu_tile_pkg::CAUSE_MEMORY_ERROR: begin
        etype_o       = ipu_tile_pkg::ETYPE_MEMORY_ERROR;
        has_address_o = 1'b1;
      end
      ipu_tile_pkg::CAUSE_EXCHANGE_ERROR: begin
        etype_o       = ipu_tile_pkg::ETYPE_EXCHANGE_ERROR;
        has_address_o = 1'b1;
      end
      ipu_tile_pkg::CAUSE_DATA_BREAK: begin
        etype_o       = ipu_tile_pkg::ETYPE_DATA_BREAK;
        has_address_o = 1'b1;
      end
      ipu_tile_pkg::CAUSE_FLOATING_POINT:   etype_o = ipu_tile_pkg::ETYPE_FLOATING_POINT;
      ipu_tile_pkg::CAUSE_ELEMENT_CONFLICT: begin
        etype_o       = ipu_tile_pkg::ETYPE_CONFLICT;
        has_address_o = 1'b1;
      end
      ipu_tile_pkg::CAUSE_MISALIGNED_ADDRESS, ipu_tile_pkg::CAUSE_INVALID_ADDRESS,
      ipu_tile_pkg::CAUSE_INVALID_REGION: begin
        etype_o       = ipu_tile_pkg::ETYPE_INVALID_ADDRESS;
        has_address_o = 1'b1;
      end
      ipu_tile_pkg::CAUSE_MISALIGNED_PC,
      ipu_tile_pkg::CAUSE_INVALID_PC: etype_o = ipu_tile_pkg::ETYPE_INVALID_PC;
      ipu_tile_pkg::CAUSE_ILLEGAL_INSTRUCTION, ipu_tile_pkg::CAUSE_ILLEGAL_IN_MODE,
      ipu_tile_pkg::CAUSE_ILLEGAL_BUNDLE, ipu_tile_pkg::CAUSE_ILLEGAL_IN_REPEAT,
      ipu_tile_pkg::CAUSE_UNIMPLEMENTED_INSTRUCTION: etype_o = ipu_tile_pkg::ETYPE_INVALID_INSTRUCTION;
      ipu_tile_pkg::CAUSE_INVALID_WORKER_PC, ipu_tile_pkg::CAUSE_MISALIGNED_VERTEX_BASE: begin
        etype_o       = ipu_tile_pkg::ETYPE_INVALID_OPERATION;
        has_address_o = 1'b1;
      end
      ipu_tile_pkg::CAUSE_EXCHANGE_ADDRESS: begin
        etype_o       = ipu_tile_pkg::ETYPE_EXCHANGE_CONFIGURATION;
        has_address_o = 1'b1;
      end
      ipu_tile_pkg::CAUSE_UNIMPLEMENTED_EXCHANGE_MODE:
        etype_o = ipu_tile_pkg::ETYPE_EXCHANGE_CONFIGURATION;
      default: etype_o = ipu_tile_pkg::ETYPE_INVALID_OPERATION;
    endcase
  end

endmodule
