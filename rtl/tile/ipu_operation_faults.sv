// SPDX-License-Identifier: Apache-2.0
// Faults of an operation that its operands tell, before it reaches the commit stage: CSR access, trap, and the
// operands of run and runall. The main lane's come first.
module ipu_operation_faults (
  input  ipu_isa_pkg::arch_info_t arch_i,
  input  ipu_tile_pkg::main_op_t main_i,
  input  ipu_tile_pkg::aux_op_t  aux_i,
  input  logic                   engine_bad_flags_i,  // of an accumulating instruction of the aux lane
  input  logic                   supervisor_i,
  input  logic [7:0]             main_csr_i,
  input  logic [7:0]             aux_csr_i,
  input  logic [7:0]             coefficient_i,  // number in the coefficient store
  input  logic [31:0]            r0_i,
  input  logic [31:0]            r1_i,
  output ipu_tile_pkg::cause_e   cause_o,
  output logic                   address_in_r1_o  // the data address is r1, else r0
);

  ipu_isa_pkg::csr_info_t main_info, aux_info;
  ipu_tile_pkg::cause_e   main_csr_cause, aux_csr_cause;
  logic                   main_csr, aux_csr;

  assign main_csr = main_i.valid && (main_i.control.unit == ipu_tile_pkg::UNIT_GET ||
                                     main_i.control.unit == ipu_tile_pkg::UNIT_PUT);
  assign aux_csr  = aux_i.valid && (aux_i.control.op == ipu_tile_pkg::AUX_UGET ||
                                    aux_i.control.op == ipu_tile_pkg::AUX_UPUT);

  always_comb begin
    main_info      = ipu_isa_pkg::csr_info(supervisor_i, {1'b0, main_csr_i});
    main_csr_cause = ipu_tile_pkg::CAUSE_NONE;
    if ((main_info.arch & arch_i.arch) == '0) begin
      main_csr_cause = ipu_tile_pkg::CAUSE_INVALID_CSR;
    end else if (!main_info.modelled) begin
      main_csr_cause = ipu_tile_pkg::CAUSE_UNIMPLEMENTED_CSR;
    end else if (main_i.control.unit == ipu_tile_pkg::UNIT_PUT && !main_info.writable) begin
      main_csr_cause = ipu_tile_pkg::CAUSE_READ_ONLY_CSR;
    end
    aux_info      = ipu_isa_pkg::csr_info(1'b0, {1'b1, aux_csr_i});
    aux_csr_cause = ipu_tile_pkg::CAUSE_NONE;
    if ((aux_info.arch & arch_i.arch) == '0) begin
      aux_csr_cause = ipu_tile_pkg::CAUSE_INVALID_CSR;
    end else if (!aux_info.modelled) begin
      aux_csr_cause = ipu_tile_pkg::CAUSE_UNIMPLEMENTED_CSR;
    end else if (aux_i.control.op == ipu_tile_pkg::AUX_UPUT && !aux_info.writable) begin
      aux_csr_cause = ipu_tile_pkg::CAUSE_READ_ONLY_CSR;
    end
  end

  logic starts, bad_entry;
  assign starts    = main_i.valid && (main_i.control.unit == ipu_tile_pkg::UNIT_RUN ||
                                      main_i.control.unit == ipu_tile_pkg::UNIT_RUNALL);
  assign bad_entry = r0_i[1:0] != '0 || r0_i < arch_i.memory_base ||
                     r0_i >= arch_i.region1_base;

  assign address_in_r1_o = !bad_entry;

  // Two loads into one register, unless its writes are dropped. The first fills a pair.
  logic overlap, bad_coefficient;
  assign overlap = main_i.load && main_i.control.access == ipu_tile_pkg::ACCESS_PACE && main_i.second_in_a &&
                   !main_i.store && !main_i.a_index[3] && main_i.a_index[2:1] == main_i.second_index[2:1] &&
                   !main_i.second_index[3];
  assign bad_coefficient = main_i.valid && main_i.control.unit == ipu_tile_pkg::UNIT_COEFFICIENT &&
                           (coefficient_i[7:6] != '0 ||
                            (coefficient_i[0] && main_i.control.size == ipu_tile_pkg::SIZE_128));

  always_comb begin
    cause_o = ipu_tile_pkg::CAUSE_NONE;
    if (overlap) begin
      cause_o = ipu_tile_pkg::CAUSE_OVERLAPPING_DESTINATIONS;
    end else if (bad_coefficient) begin
      cause_o = ipu_tile_pkg::CAUSE_INVALID_COEFFICIENT_INDEX;
    end else if (main_csr && main_csr_cause != ipu_tile_pkg::CAUSE_NONE) begin
      cause_o = main_csr_cause;
    end else if (main_i.valid && main_i.control.unit == ipu_tile_pkg::UNIT_TRAP) begin
      cause_o = ipu_tile_pkg::CAUSE_TRAP;
    end else if (starts && bad_entry) begin
      cause_o = ipu_tile_pkg::CAUSE_INVALID_WORKER_PC;
    end else if (starts && r1_i[1:0] != '0) begin
      cause_o = ipu_tile_pkg::CAUSE_MISALIGNED_VERTEX_BASE;
    end else if (aux_csr) begin
      cause_o = aux_csr_cause;
    end else if (engine_bad_flags_i) begin
      cause_o = ipu_tile_pkg::CAUSE_INVALID_ENGINE_FLAGS;
    end
  end

  logic unused_bits;
  assign unused_bits = ^{arch_i, main_i, aux_i, main_info.readable, aux_info.readable, aux_info.writable, r1_i[31:2],
                         coefficient_i[5:1]};

endmodule
