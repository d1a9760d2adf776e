// SPDX-License-Identifier: Apache-2.0
// From the one or two words at the PC to what the two lanes do, and the faults that the words alone tell.
module ipu_decoder (
  input  ipu_isa_pkg::arch_info_t arch_i,
  input  logic                    valid_i,       // something stands at the PC
  input  logic [31:0]             word0_i,
  input  logic [31:0]             word1_i,
  input  logic                    odd_word_i,    // word0 is the upper one of its row
  input  logic                    last_word_i,   // of executable memory: there is no word1
  input  logic                    supervisor_i,
  input  logic                    repeating_i,   // REPEAT_COUNT != 0

  output logic                    two_words_o,   // bundle or two-word instruction: the next PC is 8 further
  output ipu_tile_pkg::main_op_t  main_o,
  output logic [31:0]             main_imm_o,
  output ipu_tile_pkg::aux_op_t   aux_o,
  output logic [31:0]             aux_imm_o,
  output ipu_engine_pkg::engine_op_t engine_o,   // the aux lane's, if it accumulates
  output logic [31:0]             aux_word_o,    // the word of the aux lane
  output logic [15:0]             m_reads_o,     // MRF registers the main lane reads, writes
  output logic [15:0]             m_writes_o,
  output logic                    outward_o,     // acts on more than its context and memory
  output logic [18:0]             count_o,       // count field of a timed exchange instruction
  output logic [3:0]              turns_o,       // of its slot that a worker's bundle takes
  output ipu_tile_pkg::cause_e    cause_o        // CAUSE_NONE: may execute
);

  // ---- Which instructions these are

  ipu_isa_pkg::opcode_e   opcode0, opcode1;
  ipu_isa_pkg::op_flags_t flags0, flags1;
  ipu_isa_pkg::op_ports_t ports0, ports1;
  logic                   bundle, mode_ok0, mode_ok1;

  // Bit 31 marks bundles for workers; for the supervisor it belongs to two-word instructions.
  assign bundle = word0_i[31] && !supervisor_i;

  // An instruction of the other mode only is told from a word that is none at all.
  always_comb begin
    opcode0 = ipu_isa_pkg::OP_INVALID;
    if (valid_i && supervisor_i) opcode0 = ipu_isa_pkg::decode_supervisor(word0_i);
    if (valid_i && !supervisor_i) opcode0 = ipu_isa_pkg::decode_worker(word0_i);
    mode_ok0 = opcode0 != ipu_isa_pkg::OP_INVALID;
    if (valid_i && !mode_ok0) begin
      opcode0 = supervisor_i ? ipu_isa_pkg::decode_worker(word0_i) : ipu_isa_pkg::decode_supervisor(word0_i);
    end
    opcode1  = ipu_isa_pkg::OP_INVALID;
    mode_ok1 = 1'b1;
    if (bundle) begin
      opcode1  = ipu_isa_pkg::decode_worker(word1_i);
      mode_ok1 = opcode1 != ipu_isa_pkg::OP_INVALID;
      if (!mode_ok1) opcode1 = ipu_isa_pkg::decode_supervisor(word1_i);
    end
    // Bit 31 of a two-word instruction is part of its encoding; to a worker it is the mark of a bundle.
    if (bundle && opcode0 == ipu_isa_pkg::OP_SENDPICP) opcode0 = ipu_isa_pkg::OP_INVALID;
    if (bundle && opcode1 == ipu_isa_pkg::OP_SENDPICP) opcode1 = ipu_isa_pkg::OP_INVALID;
    flags0 = ipu_isa_pkg::op_flags(opcode0);
    ports0 = ipu_isa_pkg::op_ports(opcode0);
    flags1 = ipu_isa_pkg::op_flags(opcode1);
    ports1 = ipu_isa_pkg::op_ports(opcode1);
  end

  assign two_words_o = bundle || (mode_ok0 && flags0.two_words);

  // ---- Faults, most important first

  logic misaligned, cut_off, illegal, wrong_mode, illegal_bundle, overlap, not_in_repeat, unimplemented;

  // Of one register field: span is log2 of its registers.
  function automatic logic off_boundary(input logic [1:0] index, input logic [1:0] span);
    off_boundary = (span != 2'd0 && index[0]) || (span == 2'd2 && index[1]);
  endfunction

  // Registers a field covers, one bit each.
  function automatic logic [15:0] covered(input logic [3:0] index, input logic [1:0] span);
    covered = ((span == 2'd2) ? 16'h000F : (span == 2'd1) ? 16'h0003 : 16'h0001) << index;
  endfunction

  logic        field_misaligned0, field_misaligned1;
  logic [15:0] a_writes0, a_writes1;

  always_comb begin
    field_misaligned0 = off_boundary(word0_i[21:20], ports0.f23_20.span) ||
                        off_boundary(word0_i[17:16], ports0.f19_16.span) ||
                        off_boundary(word0_i[13:12], ports0.f15_12.span) ||
                        off_boundary(word0_i[5:4], ports0.f7_4.span);
    field_misaligned1 = off_boundary(word1_i[21:20], ports1.f23_20.span) ||
                        off_boundary(word1_i[17:16], ports1.f19_16.span) ||
                        off_boundary(word1_i[13:12], ports1.f15_12.span) ||
                        off_boundary(word1_i[5:4], ports1.f7_4.span);
    a_writes0 = '0;
    a_writes1 = '0;
    if (ports0.f19_16.write && ports0.f19_16.aux) a_writes0 = covered(word0_i[19:16], ports0.f19_16.span);
    if (ports0.f15_12.write && ports0.f15_12.aux) a_writes0 |= covered(word0_i[15:12], ports0.f15_12.span);
    if (ports0.f7_4.write && ports0.f7_4.aux)     a_writes0 |= covered(word0_i[7:4], ports0.f7_4.span);
    if (ports1.f23_20.write && ports1.f23_20.aux) a_writes1 = covered(word1_i[23:20], ports1.f23_20.span);
    if (ports1.f19_16.write && ports1.f19_16.aux) a_writes1 |= covered(word1_i[19:16], ports1.f19_16.span);
    if (ports1.f7_4.write && ports1.f7_4.aux)     a_writes1 |= covered(word1_i[7:4], ports1.f7_4.span);
  end

  always_comb begin
    // A two-word instruction lies in one row, a bundle where it likes.
    misaligned     = odd_word_i && supervisor_i && two_words_o;
    cut_off        = last_word_i && bundle;
    illegal        = opcode0 == ipu_isa_pkg::OP_INVALID || (flags0.arch & arch_i.arch) == '0 || field_misaligned0 ||
                     (supervisor_i && word0_i[31] && !(mode_ok0 && flags0.two_words));
    wrong_mode     = !mode_ok0;
    illegal_bundle = 1'b0;
    overlap        = 1'b0;
    not_in_repeat  = repeating_i;
    unimplemented  = !flags0.modelled;
    if (bundle) begin
      illegal        = illegal || opcode1 == ipu_isa_pkg::OP_INVALID || (flags1.arch & arch_i.arch) == '0 || field_misaligned1;
      wrong_mode     = !mode_ok0 || !mode_ok1;
      illegal_bundle = !word1_i[31] || flags0.aux || !flags0.coissue || !flags1.aux || !flags1.coissue;
      overlap        = (a_writes0 & a_writes1) != '0;
      not_in_repeat  = repeating_i && (flags0.control || flags0.system || flags1.control || flags1.system);
      unimplemented  = !flags0.modelled || !flags1.modelled;
    end
  end

  always_comb begin
    cause_o = ipu_tile_pkg::CAUSE_NONE;
    if (misaligned)          cause_o = ipu_tile_pkg::CAUSE_MISALIGNED_PC;
    else if (cut_off)        cause_o = ipu_tile_pkg::CAUSE_INVALID_PC;
    else if (illegal)        cause_o = ipu_tile_pkg::CAUSE_ILLEGAL_INSTRUCTION;
    else if (wrong_mode)     cause_o = ipu_tile_pkg::CAUSE_ILLEGAL_IN_MODE;
    else if (illegal_bundle) cause_o = ipu_tile_pkg::CAUSE_ILLEGAL_BUNDLE;
    else if (overlap)        cause_o = ipu_tile_pkg::CAUSE_OVERLAPPING_DESTINATIONS;
    else if (not_in_repeat)  cause_o = ipu_tile_pkg::CAUSE_ILLEGAL_IN_REPEAT;
    else if (unimplemented)  cause_o = ipu_tile_pkg::CAUSE_UNIMPLEMENTED_INSTRUCTION;
  end

  // ---- Main lane

  logic                        main_valid;
  ipu_isa_pkg::opcode_e        main_opcode;
  ipu_tile_pkg::main_control_t main_control;

  assign main_valid  = cause_o == ipu_tile_pkg::CAUSE_NONE && !flags0.aux;
  assign main_opcode = main_valid ? opcode0 : ipu_isa_pkg::OP_INVALID;
  assign main_imm_o  = ipu_isa_pkg::op_immediate(main_opcode, word0_i);

  assign outward_o   = main_valid && flags0.outward;

  ipu_main_control u_main_control (.opcode_i(main_opcode), .control_o(main_control));

  always_comb begin
    main_o            = '0;
    main_o.control    = main_control;
    main_o.valid      = main_valid;
    main_o.timed      = main_valid && flags0.timed;
    main_o.load       = main_valid && flags0.load && main_control.unit != ipu_tile_pkg::UNIT_COEFFICIENT;
    main_o.store      = main_valid && flags0.store;
    main_o.a_index    = ipu_isa_pkg::field_19_16(word0_i);
    main_o.post_index = ipu_isa_pkg::field_15_12(word0_i);
    main_o.m_index    = ipu_isa_pkg::field_23_20(word0_i);
    if (main_valid) begin
      // Loads and stores take the offset from r2, the rest the second source from r1, rpt the count from r0.
      main_o.use_imm = !ports0.f15_12.read;
      // A store from the MRF has its data there instead.
      if (flags0.load || flags0.store) main_o.use_imm = !ports0.f19_16.read || (flags0.store && !ports0.f7_4.aux);
      if (main_control.unit == ipu_tile_pkg::UNIT_REPEAT) main_o.use_imm = !ports0.f23_20.read;
      main_o.data_in_a  = ports0.f7_4.aux || ports0.f19_16.aux;
      main_o.write_m    = ports0.f23_20.write || (ports0.f19_16.write && !ports0.f19_16.aux) ||
                          (ports0.f7_4.write && !ports0.f7_4.aux);
      main_o.write_post = ports0.f15_12.write;
      if (main_control.unit == ipu_tile_pkg::UNIT_MOVE_IF) begin
        main_o.write_m    = 1'b1;
        main_o.write_post = 1'b0;
        main_o.m_index    = ipu_isa_pkg::field_15_12(word0_i);
      end else if (ports0.f7_4.write) begin
        main_o.m_index = ipu_isa_pkg::field_7_4(word0_i);
        main_o.a_index = ipu_isa_pkg::field_7_4(word0_i);
      end else if (ports0.f19_16.write) begin
        main_o.m_index = ipu_isa_pkg::field_19_16(word0_i);
      end
      main_o.second_index = ipu_isa_pkg::field_7_4(word0_i);
      case (main_control.access)
        ipu_tile_pkg::ACCESS_PACE: begin
          main_o.write_m     = 1'b1;
          main_o.m_index     = ipu_isa_pkg::field_15_12(word0_i);
          main_o.post_index  = ipu_isa_pkg::field_15_12(word0_i) | 4'd1;
          main_o.a_index     = ipu_isa_pkg::field_19_16(word0_i);
          main_o.second_in_a = main_control.second;
          if (flags0.store) main_o.second_index = ipu_isa_pkg::field_19_16(word0_i) | 4'd2;
        end
        ipu_tile_pkg::ACCESS_DELTA, ipu_tile_pkg::ACCESS_HIGH_DELTA:
          main_o.m_index = ipu_isa_pkg::field_19_16(word0_i);
        ipu_tile_pkg::ACCESS_DELTA_PAIR: begin
          main_o.a_index      = ipu_isa_pkg::field_7_4(word0_i) | 4'd1;
          main_o.second_in_a  = 1'b1;
          main_o.second_index = ipu_isa_pkg::field_7_4(word0_i) | 4'd2;
        end
        ipu_tile_pkg::ACCESS_HALVES: begin
          main_o.m_index      = ipu_isa_pkg::field_15_12(word0_i);
          main_o.post_index   = ipu_isa_pkg::field_19_16(word0_i);
          main_o.second_in_a  = 1'b1;
          main_o.second_index = ipu_isa_pkg::field_7_4(word0_i) | 4'd1;
        end
        default: ;
      endcase
      if (main_control.unit == ipu_tile_pkg::UNIT_PACK) begin
        main_o.write_post = 1'b1;
        main_o.post_index = ipu_isa_pkg::field_7_4(word0_i) | 4'd1;
      end
      main_o.link      = ports0.f23_20.write && !ports0.f23_20.read &&
                         main_control.unit == ipu_tile_pkg::UNIT_BRANCH;
      main_o.decrement = ports0.f23_20.write && ports0.f23_20.read;
    end
  end

  always_comb begin
    m_reads_o  = '0;
    m_writes_o = '0;
    if (main_valid) begin
      if (ports0.f23_20.read && !ports0.f23_20.aux) m_reads_o[ipu_isa_pkg::field_23_20(word0_i)] = 1'b1;
      if (ports0.f19_16.read && !ports0.f19_16.aux) m_reads_o[ipu_isa_pkg::field_19_16(word0_i)] = 1'b1;
      if (ports0.f15_12.read && !ports0.f15_12.aux) m_reads_o[ipu_isa_pkg::field_15_12(word0_i)] = 1'b1;
      if (main_o.write_m)    m_writes_o[main_o.m_index] = 1'b1;
      if (main_o.write_post) m_writes_o[main_o.post_index] = 1'b1;
    end
  end

  always_comb begin
    case (main_control.unit)
      ipu_tile_pkg::UNIT_DELAY:      count_o = ipu_isa_pkg::field_18_0(word0_i);
      ipu_tile_pkg::UNIT_DELAY_PIC:  count_o = {12'b0, ipu_isa_pkg::field_25_19(word0_i)};
      ipu_tile_pkg::UNIT_DELAY_XPIC: count_o = {7'b0, ipu_isa_pkg::field_25_14(word0_i)};
      ipu_tile_pkg::UNIT_SEND_ON:    count_o = {7'b0, ipu_isa_pkg::field_19_14_26_21(word0_i)};
      default:                       count_o = {13'b0, ipu_isa_pkg::field_26_21(word0_i)};
    endcase
  end

  // ---- Aux lane: the second word of a bundle, or a single instruction

  logic                       aux_valid;
  ipu_isa_pkg::opcode_e       aux_opcode;
  ipu_isa_pkg::op_ports_t     aux_ports;
  ipu_tile_pkg::aux_control_t aux_control;

  assign aux_valid  = cause_o == ipu_tile_pkg::CAUSE_NONE && (bundle || flags0.aux);
  assign aux_word_o = bundle ? word1_i : word0_i;
  assign aux_ports  = bundle ? ports1 : ports0;
  assign aux_opcode = !aux_valid ? ipu_isa_pkg::OP_INVALID : bundle ? opcode1 : opcode0;
  assign aux_imm_o  = ipu_isa_pkg::op_immediate(aux_opcode, aux_word_o);

  ipu_engine_control u_engine_control (.opcode_i(aux_opcode), .imm_i(aux_imm_o), .op_o(engine_o));

  ipu_aux_control u_aux_control (.opcode_i(aux_opcode), .control_o(aux_control));

  always_comb begin
    aux_o         = '0;
    aux_o.control = aux_control;
    aux_o.valid   = aux_valid;
    aux_o.index   = ipu_isa_pkg::field_23_20(aux_word_o);
    if (aux_valid) begin
      aux_o.use_imm = !aux_ports.f15_12.read;
      aux_o.wide    = (aux_ports.f7_4.write && aux_ports.f7_4.span == 2'd1) ||
                      (aux_ports.f19_16.write && aux_ports.f19_16.span == 2'd1);
      aux_o.pair0   = aux_ports.f23_20.span != 2'd0;
      aux_o.quad    = aux_ports.f23_20.span == 2'd2;
      aux_o.pair1   = aux_ports.f15_12.span != 2'd0 || aux_o.quad;
      aux_o.write   = aux_ports.f7_4.write || aux_ports.f19_16.write || aux_ports.f23_20.write;
      if (aux_ports.f7_4.write) begin
        aux_o.index = ipu_isa_pkg::field_7_4(aux_word_o);
      end else if (aux_ports.f19_16.write) begin
        aux_o.index = ipu_isa_pkg::field_19_16(aux_word_o);
      end
    end
  end

  logic [3:0] main_turns, aux_turns;

  assign main_turns = ipu_isa_pkg::op_thread_cycles(main_opcode);
  assign aux_turns  = ipu_isa_pkg::op_thread_cycles(aux_opcode);
  assign turns_o    = (main_turns > aux_turns) ? main_turns : aux_turns;

  logic unused_flags;
  assign unused_flags = ^{arch_i, flags0, flags1};

endmodule
