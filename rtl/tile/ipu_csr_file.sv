// SPDX-License-Identifier: Apache-2.0
// get, put, uget and uput at the commit stage: the CSRs that are kept here, and the way to the others.
module ipu_csr_file (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  logic [10:0]  tile_id_i,

  input  logic [63:0]  cycle_i,           // of the committing bundle
  input  logic [2:0]   context_i,
  input  logic [31:0]  pc_i,

  // Reads: lower space (get), upper space (uget)
  input  logic [7:0]   get_index_i,
  output logic [31:0]  get_value_o,
  input  logic [7:0]   uget_index_i,
  output logic [31:0]  uget_value_o,

  // Writes by the supervisor (put; a worker's can only be of DBG_DATA) and by a worker (uput). put_cause_o: what forbids a put of put_data_i.
  input  logic         put_i,
  input  logic [7:0]   put_index_i,
  input  logic [31:0]  put_data_i,
  output ipu_tile_pkg::cause_e put_cause_o,
  input  logic         uput_i,
  input  logic [7:0]   uput_index_i,
  input  logic [31:0]  uput_data_i,

  // The stored value that a put or uput changed, for the retire port. A seed changes the PRNG's four words.
  output logic         written_o,
  output logic         debug_written_o,   // DBG_DATA, with put_value_o
  output logic [8:0]   written_index_o,
  output logic [31:0]  written_value_o,
  output logic         seeded_o,
  output logic [127:0] seed_o,

  // Launch, exit, runall with live workers, floating-point flags
  input  logic [5:0]   launch_i,
  input  logic [5:0]   active_i,
  input  logic         exit_i,
  input  logic         exit_status_i,
  input  logic         runall_error_i,
  input  logic         flags_i,
  input  ipu_float_pkg::fp_flags_t flags_raised_i,
  output logic [2:0]   flags_o,           // FP_STS with them
  output logic [2:0]   enables_o,         // of exceptions, by FP_CTL of context_i
  input  logic [2:0]   rnd_context_i,
  input  logic [1:0]   words_i,           // random words that rnd_context_i wants, with or without FP_CTL.ESR
  output logic [2:0]   rnd_o,             // FP_CTL.RND of rnd_context_i
  output ipu_tile_pkg::float_state_t float_o,   // what else its arithmetic goes by
  input  logic [1:0]   draws_i,           // steps that the context's random generator takes
  input  logic         write_tas_i,       // as the side effect of an instruction
  input  logic [31:0]  write_tas_data_i,
  output logic         zero_accumulators_o,   // of the context, by FP_CLR
  output logic         zero_coefficients_o,   // by CR
  output logic [125:0] worker_bases_o,

  // The address of the next load of the coefficient store, which that moves on
  output logic [31:0]  cccsload_o,
  input  logic         coefficient_i,
  input  logic         coefficient_wide_i,

  // CSRs kept elsewhere
  input  ipu_tile_pkg::context_state_t state_i,
  input  logic [3:0]   etype_i,
  input  logic         except_in_repeat_i,
  output logic [31:0]  put_value_o,       // put_data_i within the CSR's mask
  input  logic [13:0]  statuses_i,        // CTXT_STS: of the contexts
  input  logic [4:0]   error_status_i,    // and MERR, EERR, ERERR
  input  logic [31:0]  exchange_value_i,  // of get_index_i, if it is the exchange unit's
  input  logic [31:0]  debug_value_i      // or one of the breakpoints'
);

  logic unused_state;
  assign unused_state = ^state_i;

  // ---- State, by context number where a worker has its own

  logic [31:0]  fp_ctl_q [8] /* verilator public_flat_rd */;
  logic [2:0]   fp_sts_q [8] /* verilator public_flat_rd */;
  logic [127:0] prng_q [8] /* verilator public_flat_rd */;
  logic [31:0]  tas_q [8] /* verilator public_flat_rd */;
  logic         local_condition_q /* verilator public_flat_rd */;
  logic         runall_error_q /* verilator public_flat_rd */;
  logic [31:0]  fp_ictl_q /* verilator public_flat_rd */;
  logic [1:0]   fp_nfmt_q [8] /* verilator public_flat_rd */;
  logic [5:0]   fp_scl_q [8] /* verilator public_flat_rd */;
  logic [1:0]   fp_infmt_q /* verilator public_flat_rd */;
  logic [5:0]   fp_iscl_q /* verilator public_flat_rd */;
  logic [31:0]  cccsload_q /* verilator public_flat_rd */;
  logic [125:0] worker_bases_q /* verilator public_flat_rd */;

  // Fields
  localparam int unsigned Stochastic    = ipu_isa_pkg::CSR_FP_CTL_ESR_LSB;
  localparam int unsigned NanOnOverflow = ipu_isa_pkg::CSR_FP_CTL_NANOO_LSB;
  localparam int unsigned RoundLow      = ipu_isa_pkg::CSR_FP_CTL_RND_LSB;
  localparam int unsigned OfWeights     = ipu_isa_pkg::CSR_FP_NFMT_CWEI_FMT_LSB;
  localparam int unsigned OfRegisters   = ipu_isa_pkg::CSR_FP_NFMT_ARF_FMT_LSB;
  localparam int unsigned ClearLocal    = ipu_isa_pkg::CSR_CR_LC_CLR_LSB;
  localparam int unsigned SetLocal      = ipu_isa_pkg::CSR_CR_LC_SET_LSB;
  localparam int unsigned Local         = ipu_isa_pkg::CSR_SSR_LC_LSB;

  logic         supervisor;
  logic [31:0]  ssr;
  logic [31:0]  fp_ctl, rnd_ctl;

  assign supervisor     = context_i == 3'd0;
  assign ssr            = {24'b0, etype_i, runall_error_q, 2'b00, local_condition_q};
  assign fp_ctl         = fp_ctl_q[context_i];
  assign enables_o      = fp_ctl[2:0];
  assign flags_o        = fp_sts_q[context_i] | flags_raised_i;
  assign rnd_ctl        = fp_ctl_q[rnd_context_i];
  assign rnd_o          = rnd_ctl[RoundLow +: 3];
  // ---- Random words: those an instruction in X1 would use, and the steps of one that commits

  logic         draws;
  logic [1:0]   formats;
  logic [63:0]  random_word, second_word, unused_word, unused_second;
  logic [127:0] next_state, unused_next, first_step, second_step, drawn_state;

  ipu_random u_random (
    .active_i(rnd_ctl[Stochastic] || words_i != '0), .state_i(prng_q[rnd_context_i]), .word_o(random_word), .next_o(next_state));
  ipu_random u_second (.active_i(words_i[1]), .state_i(next_state), .word_o(second_word), .next_o(unused_next));
  ipu_random u_step (
    .active_i(draws), .state_i(prng_q[context_i]), .word_o(unused_word), .next_o(first_step));
  ipu_random u_second_step (
    .active_i(draws_i[1]), .state_i(first_step), .word_o(unused_second), .next_o(second_step));

  assign draws       = draws_i != '0;
  assign drawn_state = draws_i[1] ? second_step : first_step;

  logic unused_random;
  assign unused_random = ^{unused_word, unused_second, unused_next};

  assign formats = fp_nfmt_q[rnd_context_i];
  assign float_o = {rnd_ctl[Stochastic], rnd_ctl[NanOnOverflow], formats[OfWeights], formats[OfRegisters], fp_scl_q[rnd_context_i],
                    tas_q[rnd_context_i], random_word, second_word};
  assign worker_bases_o = worker_bases_q;
  assign cccsload_o     = cccsload_q;


  logic unused_ctl;
  assign unused_ctl = ^rnd_ctl;

  // ---- Reads

  logic [2:0]  base_number;
  logic [20:0] worker_base;

  always_comb begin
    base_number = get_index_i[2:0] - ipu_isa_pkg::CSR_WORKER0_BASE[2:0];
    worker_base = '0;
    for (int unsigned n = 0; n < 6; n++) begin
      if (base_number == n[2:0]) worker_base = worker_bases_q[21*n +: 21];
    end
  end

  always_comb begin
    get_value_o = '0;
    case ({1'b0, get_index_i})
      ipu_isa_pkg::CSR_PC:     get_value_o = pc_i & ipu_isa_pkg::CSR_PC_MASK;
      ipu_isa_pkg::CSR_COUNT_L: get_value_o = cycle_i[31:0];
      ipu_isa_pkg::CSR_COUNT_U: get_value_o = cycle_i[63:32];
      ipu_isa_pkg::CSR_DBG_DATA: get_value_o = debug_value_i;
      default: begin
        if (supervisor) begin
          case ({1'b0, get_index_i})
            ipu_isa_pkg::CSR_SSR:      get_value_o = ssr;
            ipu_isa_pkg::CSR_TILE_ID:  get_value_o = {21'b0, tile_id_i};
            ipu_isa_pkg::CSR_FP_ICTL:  get_value_o = fp_ictl_q;
            ipu_isa_pkg::CSR_FP_INFMT: get_value_o = {30'b0, fp_infmt_q};
            ipu_isa_pkg::CSR_FP_ISCL:  get_value_o = {26'b0, fp_iscl_q};
            ipu_isa_pkg::CSR_WORKER0_BASE, ipu_isa_pkg::CSR_WORKER1_BASE, ipu_isa_pkg::CSR_WORKER2_BASE,
            ipu_isa_pkg::CSR_WORKER3_BASE, ipu_isa_pkg::CSR_WORKER4_BASE,
            ipu_isa_pkg::CSR_WORKER5_BASE: get_value_o = {11'b0, worker_base};
            ipu_isa_pkg::CSR_CCCSLOAD: get_value_o = cccsload_q;
            ipu_isa_pkg::CSR_CTXT_STS: get_value_o = {error_status_i, 13'b0, statuses_i};
            default:                   get_value_o = exchange_value_i | debug_value_i;
          endcase
        end else begin
          case ({1'b0, get_index_i})
            ipu_isa_pkg::CSR_WSR:          get_value_o = {22'b0, except_in_repeat_i, 1'b0, etype_i, 1'b0,
                                                          context_i - 3'd1};
            ipu_isa_pkg::CSR_VERTEX_BASE:  get_value_o = {11'b0, state_i.vertex_base};
            ipu_isa_pkg::CSR_WORKER_BASE:  get_value_o = {11'b0, state_i.worker_base};
            ipu_isa_pkg::CSR_REPEAT_COUNT: get_value_o = {16'b0, state_i.repeat_count};
            ipu_isa_pkg::CSR_REPEAT_FIRST: get_value_o = state_i.repeat_first & ipu_isa_pkg::CSR_REPEAT_FIRST_MASK;
            ipu_isa_pkg::CSR_REPEAT_END:   get_value_o = state_i.repeat_end & ipu_isa_pkg::CSR_REPEAT_END_MASK;
            default:                       get_value_o = '0;
          endcase
        end
      end
    endcase
  end

  logic [127:0] prng;
  assign prng = prng_q[context_i];

  always_comb begin
    case ({1'b1, uget_index_i})
      ipu_isa_pkg::CSR_FP_STS:   uget_value_o = {29'b0, fp_sts_q[context_i]};
      ipu_isa_pkg::CSR_FP_CTL:   uget_value_o = fp_ctl;
      ipu_isa_pkg::CSR_PRNG_0_0: uget_value_o = prng[31:0];
      ipu_isa_pkg::CSR_PRNG_0_1: uget_value_o = prng[63:32];
      ipu_isa_pkg::CSR_PRNG_1_0: uget_value_o = prng[95:64];
      ipu_isa_pkg::CSR_PRNG_1_1: uget_value_o = prng[127:96];
      ipu_isa_pkg::CSR_TAS:      uget_value_o = tas_q[context_i];
      ipu_isa_pkg::CSR_FP_NFMT:  uget_value_o = {30'b0, fp_nfmt_q[context_i]};
      ipu_isa_pkg::CSR_FP_SCL:   uget_value_o = {26'b0, fp_scl_q[context_i]};
      default:                   uget_value_o = '0;
    endcase
  end

  // ---- Writes by the supervisor

  logic       is_worker_base, base_active;
  logic [2:0] put_number;

  always_comb begin
    put_value_o    = put_data_i;
    is_worker_base = 1'b0;
    case ({1'b0, put_index_i})
      ipu_isa_pkg::CSR_CR:              put_value_o = put_data_i & ipu_isa_pkg::CSR_CR_MASK;
      ipu_isa_pkg::CSR_FP_ICTL:         put_value_o = put_data_i & ipu_isa_pkg::CSR_FP_ICTL_MASK;
      ipu_isa_pkg::CSR_FP_INFMT:        put_value_o = put_data_i & ipu_isa_pkg::CSR_FP_INFMT_MASK;
      ipu_isa_pkg::CSR_FP_ISCL:         put_value_o = put_data_i & ipu_isa_pkg::CSR_FP_ISCL_MASK;
      ipu_isa_pkg::CSR_WORKER0_BASE, ipu_isa_pkg::CSR_WORKER1_BASE, ipu_isa_pkg::CSR_WORKER2_BASE,
      ipu_isa_pkg::CSR_WORKER3_BASE, ipu_isa_pkg::CSR_WORKER4_BASE, ipu_isa_pkg::CSR_WORKER5_BASE: begin
        put_value_o    = put_data_i & ipu_isa_pkg::CSR_WORKER0_BASE_MASK;
        is_worker_base = 1'b1;
      end
      ipu_isa_pkg::CSR_CCCSLOAD:        put_value_o = put_data_i & ipu_isa_pkg::CSR_CCCSLOAD_MASK;
      ipu_isa_pkg::CSR_INCOMING_MUX:    put_value_o = put_data_i & ipu_isa_pkg::CSR_INCOMING_MUX_MASK;
      ipu_isa_pkg::CSR_INCOMING_MUXPAIR: put_value_o = put_data_i & ipu_isa_pkg::CSR_INCOMING_MUXPAIR_MASK;
      ipu_isa_pkg::CSR_INCOMING_DELTA:  put_value_o = put_data_i & ipu_isa_pkg::CSR_INCOMING_DELTA_MASK;
      ipu_isa_pkg::CSR_INCOMING_FORMAT: put_value_o = put_data_i & ipu_isa_pkg::CSR_INCOMING_FORMAT_MASK;
      ipu_isa_pkg::CSR_INCOMING_BASE:   put_value_o = put_data_i & ipu_isa_pkg::CSR_INCOMING_BASE_MASK;
      ipu_isa_pkg::CSR_INCOMING_DCOUNT: put_value_o = put_data_i & ipu_isa_pkg::CSR_INCOMING_DCOUNT_MASK;
      ipu_isa_pkg::CSR_OUTGOING_BASE:   put_value_o = put_data_i & ipu_isa_pkg::CSR_OUTGOING_BASE_MASK;
      ipu_isa_pkg::CSR_OUTGOING_DELTA:  put_value_o = put_data_i & ipu_isa_pkg::CSR_OUTGOING_DELTA_MASK;
      ipu_isa_pkg::CSR_EXCHANGE_CTL:    put_value_o = put_data_i & ipu_isa_pkg::CSR_EXCHANGE_CTL_MASK;
      ipu_isa_pkg::CSR_DBG_CTL:         put_value_o = put_data_i & ipu_isa_pkg::CSR_DBG_CTL_MASK;
      ipu_isa_pkg::CSR_DBG_ECSR:        put_value_o = put_data_i & ipu_isa_pkg::CSR_DBG_ECSR_MASK;
      ipu_isa_pkg::CSR_DBG_IBRK0_CTL:   put_value_o = put_data_i & ipu_isa_pkg::CSR_DBG_IBRK0_CTL_MASK;
      ipu_isa_pkg::CSR_DBG_IBRK0_PC:    put_value_o = put_data_i & ipu_isa_pkg::CSR_DBG_IBRK0_PC_MASK;
      ipu_isa_pkg::CSR_DBG_IBRK0_VERT:  put_value_o = put_data_i & ipu_isa_pkg::CSR_DBG_IBRK0_VERT_MASK;
      ipu_isa_pkg::CSR_DBG_DBRK0_CTL:   put_value_o = put_data_i & ipu_isa_pkg::CSR_DBG_DBRK0_CTL_MASK;
      ipu_isa_pkg::CSR_DBG_DBRK0_BASE:  put_value_o = put_data_i & ipu_isa_pkg::CSR_DBG_DBRK0_BASE_MASK;
      ipu_isa_pkg::CSR_DBG_DBRK0_SIDA:  put_value_o = put_data_i & ipu_isa_pkg::CSR_DBG_DBRK0_SIDA_MASK;
      default: ;
    endcase
    put_number  = put_index_i[2:0] - ipu_isa_pkg::CSR_WORKER0_BASE[2:0];
    base_active = 1'b0;
    for (int unsigned n = 0; n < 6; n++) begin
      if (is_worker_base && put_number == n[2:0]) base_active = active_i[n];
    end
    put_cause_o = ipu_tile_pkg::CAUSE_NONE;
    if (base_active) put_cause_o = ipu_tile_pkg::CAUSE_WORKERS_ACTIVE;
    if ({1'b0, put_index_i} == ipu_isa_pkg::CSR_INCOMING_FORMAT && put_value_o == 32'd3) begin
      put_cause_o = ipu_tile_pkg::CAUSE_EXCHANGE_FORMAT;
    end
    if ({1'b0, put_index_i} == ipu_isa_pkg::CSR_DBG_DBRK0_CTL &&
        (put_value_o[ipu_isa_pkg::CSR_DBG_DBRK0_CTL_SIC_LSB] || put_value_o[ipu_isa_pkg::CSR_DBG_DBRK0_CTL_MDNR_LSB])) begin
      put_cause_o = ipu_tile_pkg::CAUSE_UNIMPLEMENTED_CSR;
    end
  end

  // ---- Writes by a worker

  logic        is_clear;
  logic [31:0] uput_value;
  logic [2:0]  cleared;

  always_comb begin
    is_clear   = {1'b1, uput_index_i} == ipu_isa_pkg::CSR_FP_CLR;
    cleared    = fp_sts_q[context_i] & ~uput_data_i[2:0];
    uput_value = uput_data_i;
    case ({1'b1, uput_index_i})
      ipu_isa_pkg::CSR_FP_CTL:  uput_value = uput_data_i & ipu_isa_pkg::CSR_FP_CTL_MASK;
      ipu_isa_pkg::CSR_FP_NFMT: uput_value = uput_data_i & ipu_isa_pkg::CSR_FP_NFMT_MASK;
      ipu_isa_pkg::CSR_FP_SCL:  uput_value = uput_data_i & ipu_isa_pkg::CSR_FP_SCL_MASK;
      default: ;
    endcase
    seeded_o   = draws || (uput_i && {1'b1, uput_index_i} == ipu_isa_pkg::CSR_PRNG_SEED);
    seed_o     = draws ? drawn_state : {~uput_data_i[18:0], uput_data_i[31:19], uput_data_i[18:0], ~uput_data_i[31:19],
                                         ~uput_data_i, uput_data_i};
  end

  assign zero_accumulators_o = uput_i && is_clear && uput_data_i[ipu_isa_pkg::CSR_FP_CLR_ZAACC_LSB];
  assign zero_coefficients_o = put_i && {1'b0, put_index_i} == ipu_isa_pkg::CSR_CR &&
                               put_value_o[ipu_isa_pkg::CSR_CR_ZCWEI_LSB];

  // The mailbox is reported beside what the other lane writes; DBG_ECLR holds nothing.
  logic put_reported;
  assign debug_written_o = put_i && {1'b0, put_index_i} == ipu_isa_pkg::CSR_DBG_DATA;
  assign put_reported    = put_i && !debug_written_o && {1'b0, put_index_i} != ipu_isa_pkg::CSR_DBG_ECLR;

  always_comb begin
    written_o       = put_reported || (uput_i && !seeded_o) || write_tas_i;
    written_index_o = {1'b0, put_index_i};
    written_value_o = put_value_o;
    if (put_i && {1'b0, put_index_i} == ipu_isa_pkg::CSR_CR) begin
      // CR itself holds nothing; what it changes is SSR.
      written_index_o    = ipu_isa_pkg::CSR_SSR;
      written_value_o    = ssr;
      written_value_o[Local] = (local_condition_q && !put_value_o[ClearLocal]) || put_value_o[SetLocal];
    end else if (write_tas_i) begin
      written_index_o = ipu_isa_pkg::CSR_TAS;
      written_value_o = write_tas_data_i;
    end else if (uput_i) begin
      written_index_o = is_clear ? ipu_isa_pkg::CSR_FP_STS : {1'b1, uput_index_i};
      written_value_o = is_clear ? {29'b0, cleared} : uput_value;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (int unsigned n = 0; n < 8; n++) begin
        fp_ctl_q[n] <= '0;
        fp_sts_q[n] <= '0;
        prng_q[n]   <= '0;
        tas_q[n]    <= '0;
        fp_nfmt_q[n] <= '0;
        fp_scl_q[n] <= '0;
      end
      local_condition_q <= 1'b0;
      runall_error_q    <= 1'b0;
      fp_ictl_q         <= '0;
      fp_infmt_q        <= '0;
      fp_iscl_q         <= '0;
      cccsload_q        <= '0;
      worker_bases_q    <= '0;
    end else begin
      if (runall_error_i) runall_error_q <= 1'b1;
      if (coefficient_i) begin
        cccsload_q <= (cccsload_q + (coefficient_wide_i ? 32'd16 : 32'd8)) & ipu_isa_pkg::CSR_CCCSLOAD_MASK;
      end
      if (exit_i) local_condition_q <= local_condition_q && exit_status_i;
      if (put_i) begin
        case ({1'b0, put_index_i})
          ipu_isa_pkg::CSR_CR:       local_condition_q <= written_value_o[Local];
          ipu_isa_pkg::CSR_FP_ICTL:  fp_ictl_q <= put_value_o;
          ipu_isa_pkg::CSR_FP_INFMT: fp_infmt_q <= put_value_o[1:0];
          ipu_isa_pkg::CSR_FP_ISCL:  fp_iscl_q <= put_value_o[5:0];
          ipu_isa_pkg::CSR_CCCSLOAD: cccsload_q <= put_value_o;
          default: begin
            for (int unsigned n = 0; n < 6; n++) begin
              if (is_worker_base && put_number == n[2:0]) worker_bases_q[21*n +: 21] <= put_value_o[20:0];
            end
          end
        endcase
      end
      if (seeded_o) prng_q[context_i] <= seed_o;
      if (uput_i) begin
        case ({1'b1, uput_index_i})
          ipu_isa_pkg::CSR_FP_CLR:   fp_sts_q[context_i] <= cleared;
          ipu_isa_pkg::CSR_FP_CTL:   fp_ctl_q[context_i] <= uput_value;
          ipu_isa_pkg::CSR_PRNG_0_0: prng_q[context_i][31:0] <= uput_value;
          ipu_isa_pkg::CSR_PRNG_0_1: prng_q[context_i][63:32] <= uput_value;
          ipu_isa_pkg::CSR_PRNG_1_0: prng_q[context_i][95:64] <= uput_value;
          ipu_isa_pkg::CSR_PRNG_1_1: prng_q[context_i][127:96] <= uput_value;
          ipu_isa_pkg::CSR_TAS:      tas_q[context_i] <= uput_value;
          ipu_isa_pkg::CSR_FP_NFMT:  fp_nfmt_q[context_i] <= uput_value[1:0];
          ipu_isa_pkg::CSR_FP_SCL:   fp_scl_q[context_i] <= uput_value[5:0];
          default: ;
        endcase
      end
      if (write_tas_i) tas_q[context_i] <= write_tas_data_i;
      if (flags_i) fp_sts_q[context_i] <= flags_o;
      for (int unsigned n = 0; n < 6; n++) begin
        if (launch_i[n]) begin
          fp_ctl_q[n+1] <= fp_ictl_q;
          fp_nfmt_q[n+1] <= fp_infmt_q;
          fp_scl_q[n+1] <= fp_iscl_q;
          fp_sts_q[n+1] <= '0;
        end
      end
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (rst_ni) begin
      assert (!put_i || supervisor || debug_written_o) else $error("put by a worker");
      assert (!(uput_i || draws || write_tas_i || flags_i || exit_i) || !supervisor)
        else $error("the supervisor has neither floating-point state nor an exit");
      // What uput writes and what an instruction of the same lane changes by the way cannot be in one bundle.
      assert (!(uput_i && (draws || write_tas_i || flags_i))) else $error("uput beside a side effect of its own lane");
      assert (put_cause_o == ipu_tile_pkg::CAUSE_NONE || !put_i) else $error("a forbidden put commits");
      assert (!(coefficient_i && put_i)) else $error("put and load of coefficients in one bundle");
    end
  end
`endif

endmodule
