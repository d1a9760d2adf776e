// SPDX-License-Identifier: Apache-2.0
// Time, slots and issue. Decides which context may issue in the next cycle and fetches for it; holds the
// supervisor back until what it needs is there. This unit runs ahead of faults: after one nothing commits any
// more, so what it did in the meantime is never seen.
module ipu_schedule (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  ipu_isa_pkg::arch_info_t arch_i,

  // Time moves by one cycle where advance_i is set. With advance_i low the front end stands still and the
  // pipeline drains; then refetch_i repeats the fetch for the standing cycle, and skip_i (a multiple of the
  // number of slots) jumps over cycles in which quiet_o and the supervisor's wait say that nothing happens.
  input  logic        advance_i,
  input  logic        refetch_i,
  input  logic [31:0] skip_i,
  input  logic        stopped_i,     // an exception ended the run

  input  logic        start_i,       // the supervisor begins at start_pc_i, in the next fetched cycle
  input  logic [31:0] start_pc_i,
  input  logic        release_i,     // the chip releases the sync the supervisor waits in

  // The debug side, while time stands: time is set; the tile goes on from what is committed.
  input  ipu_tile_pkg::debug_request_t debug_i,
  input  ipu_tile_pkg::standing_t standing_i,

  output logic [63:0] cycle_o,       // of the bundle in the issue stage
  output logic        resting_o,     // no worker runs, and the supervisor does not issue in this cycle
  output logic        quiet_o,       // no worker runs, nothing but the supervisor's wait is counted
  output logic [19:0] wait_o,        // cycles the supervisor still waits; meaningless in a sync
  output logic        wait_chip_o,   // in a sync that the chip releases
  output logic        wait_words_o,  // in sync 0

  // Issue stage: the bundle fetched in the cycle before
  output logic        candidate_o,
  output logic [2:0]  context_o,
  output logic [31:0] pc_o,
  output logic        issue_o,
  output logic [5:0]  launch_o,      // workers this bundle launches, if it issues and does not fault
  input  logic        executable_i,  // the words are no fault
  input  ipu_tile_pkg::main_unit_e unit_i,
  input  logic        timed_i,       // takes events of the exchange
  input  logic [15:0] m_reads_i,
  input  logic [15:0] m_writes_i,
  input  logic        taken_i,       // branch
  input  logic [31:0] next_pc_i,
  input  logic [18:0] count_i,       // of a timed instruction
  input  logic [3:0]  turns_i,       // of its slot that a worker's bundle takes
  input  logic [3:0]  zone_i,        // of a sync

  // Receive count, for sync 0
  input  logic        words_missing_i,
  input  logic [63:0] words_done_cycle_i,  // the word of this cycle was the last

  // Fetch
  output logic [2:0]  next_worker_o,
  input  logic [31:0] next_worker_pc_i,
  output logic        fetch_en_o,
  output logic [20:0] fetch_addr_o
);

  // isa/timing.yaml, as the widths here want it. A wait of n cycles from issue to issue is counted from n - 1.
  localparam int unsigned SlotsT   = ipu_isa_pkg::T_SLOTS;
  localparam int unsigned Results  = ipu_isa_pkg::T_SUPERVISOR_RESULT - 1;  // issues a result is not there for
  localparam int unsigned PutT     = ipu_isa_pkg::T_SUPERVISOR_PUT - 1;
  localparam int unsigned BranchT  = ipu_isa_pkg::T_SUPERVISOR_BRANCH - 1;
  localparam int unsigned RunT     = ipu_isa_pkg::T_RUN - 1;
  localparam int unsigned RunallT  = ipu_isa_pkg::T_RUNALL - 1;
  localparam int unsigned LaunchT  = ipu_isa_pkg::T_LAUNCH - 1;
  localparam int unsigned ReturnT  = ipu_isa_pkg::T_EXIT_RETURN - 1;
  localparam int unsigned LocalT   = ipu_isa_pkg::T_SYNC_LOCAL - 1;
  localparam int unsigned ReceiveT = ipu_isa_pkg::T_SYNC_RECEIVE;
  localparam int unsigned LaunchW  = $clog2(LaunchT + 2);
  localparam int unsigned ReturnW  = $clog2(ReturnT + 2);
  localparam int unsigned LocalW   = $clog2(LocalT + 2);

  // ---- Time

  logic [63:0] cycle_q, cycle_d;
  logic [2:0]  slot_q, next_slot, target_slot;

  assign next_slot   = (slot_q == SlotsT[2:0] - 3'd1) ? 3'd0 : slot_q + 3'd1;
  assign target_slot = debug_i.jump ? debug_i.jump_slot : advance_i ? next_slot : slot_q;
  assign cycle_d     = debug_i.jump ? debug_i.jump_cycle : cycle_q + (advance_i ? 64'd1 : {32'b0, skip_i});
  assign cycle_o     = cycle_q;

  // ---- Issue

  logic        candidate_q, supervisor, hold, supervisor_issues;
  logic [2:0]  context_q;
  logic [31:0] pc_q;
  logic        free_worker;
  logic [16*Results-1:0] pending_q, pending_d;  // registers the last issues write, youngest lowest
  logic [15:0]           not_ready;

  assign supervisor = context_q == 3'd0;

  always_comb begin
    not_ready = '0;
    for (int unsigned i = 0; i < Results; i++) begin
      not_ready = not_ready | pending_q[16*i +: 16];
    end
    hold = supervisor && executable_i &&
           ((m_reads_i & not_ready) != '0 || (unit_i == ipu_tile_pkg::UNIT_RUN && !free_worker));
  end

  assign issue_o           = candidate_q && advance_i && !hold && !stopped_i;
  assign supervisor_issues = issue_o && supervisor && executable_i;
  assign candidate_o       = candidate_q;
  assign context_o         = context_q;
  assign pc_o              = pc_q;

  // The registers $m12..$m15 are never waited for.
  always_comb begin
    pending_d = pending_q;
    if (advance_i) begin
      pending_d = {pending_q[16*(Results-1)-1:0], supervisor_issues ? m_writes_i & 16'h0FFF : 16'h0000};
    end else if (skip_i != '0 || debug_i.resume) begin
      pending_d = '0;
    end
  end

  // ---- Workers

  logic [5:0]           running_q, running_d;          // from launch to exit
  logic [6*LaunchW-1:0] launch_wait_q, launch_wait_d;  // per worker: until it may issue first
  logic [6*ReturnW-1:0] return_wait_q, return_wait_d;  // per worker: until its slot has come back
  logic [LocalW-1:0]    sync_wait_q, sync_wait_d;      // since the last exit, for sync 2
  logic [5:0]           exiting, free, launch;

  always_comb begin
    for (int unsigned n = 0; n < 6; n++) begin
      free[n] = !running_q[n] && return_wait_q[ReturnW*n +: ReturnW] == '0;
    end
    free_worker = free != '0;
  end

  always_comb begin
    exiting = '0;
    if (issue_o && !supervisor && executable_i && unit_i == ipu_tile_pkg::UNIT_EXIT) exiting[slot_q] = 1'b1;
    launch_o = '0;
    if (supervisor && executable_i && unit_i == ipu_tile_pkg::UNIT_RUN) launch_o = free & (~free + 6'd1);
    if (supervisor && executable_i && unit_i == ipu_tile_pkg::UNIT_RUNALL) launch_o = 6'h3F;
    launch = issue_o ? launch_o : '0;
  end

  always_comb begin
    running_d     = (running_q | launch) & ~exiting;
    launch_wait_d = launch_wait_q;
    sync_wait_d   = sync_wait_q;
    return_wait_d = return_wait_q;
    if (advance_i) begin
      sync_wait_d = (sync_wait_q == '0) ? '0 : sync_wait_q - 1'b1;
      for (int unsigned n = 0; n < 6; n++) begin
        if (launch_wait_q[LaunchW*n +: LaunchW] != '0) begin
          launch_wait_d[LaunchW*n +: LaunchW] = launch_wait_q[LaunchW*n +: LaunchW] - 1'b1;
        end
        if (return_wait_q[ReturnW*n +: ReturnW] != '0) begin
          return_wait_d[ReturnW*n +: ReturnW] = return_wait_q[ReturnW*n +: ReturnW] - 1'b1;
        end
      end
    end
    for (int unsigned n = 0; n < 6; n++) begin
      if (launch[n]) launch_wait_d[LaunchW*n +: LaunchW] = LaunchT[LaunchW-1:0];
      if (exiting[n]) return_wait_d[ReturnW*n +: ReturnW] = ReturnT[ReturnW-1:0];
    end
    if (exiting != '0) sync_wait_d = LocalT[LocalW-1:0];
    // All that was counted is over by then.
    if (debug_i.resume) begin
      running_d     = standing_i.active;
      launch_wait_d = '0;
      sync_wait_d   = '0;
      return_wait_d = '0;
    end
  end

  // Turns of a worker's slot that its last bundle still takes. A turn is over when time leaves its cycle.
  logic [23:0] turns_q, turns_d;

  always_comb begin
    turns_d = turns_q;
    if (advance_i) begin
      for (int unsigned n = 0; n < 6; n++) begin
        if (slot_q == n[2:0] && turns_q[4*n +: 4] != '0) turns_d[4*n +: 4] = turns_q[4*n +: 4] - 4'd1;
        if (slot_q == n[2:0] && issue_o && !supervisor) turns_d[4*n +: 4] = turns_i - 4'd1;
      end
    end
    if (debug_i.resume) turns_d = '0;
  end

  // ---- Supervisor

  logic        started_q, started_d;
  logic        wait_chip_q, wait_chip_d, wait_words_q, wait_words_d, wait_workers_q, wait_workers_d;
  logic [19:0] wait_q, wait_d, elapsed;
  logic [31:0] supervisor_pc_q, supervisor_pc_d;

  always_comb begin
    started_d       = started_q || start_i;
    supervisor_pc_d = start_i ? start_pc_i : supervisor_pc_q;
    elapsed         = advance_i ? 20'd1 : skip_i[19:0];
    wait_d          = (wait_q > elapsed) ? wait_q - elapsed : '0;
    wait_chip_d     = wait_chip_q && !release_i;
    wait_words_d    = wait_words_q;
    wait_workers_d  = wait_workers_q;
    if (supervisor_issues) begin
      supervisor_pc_d = next_pc_i;
      wait_words_d    = 1'b0;
      wait_workers_d  = 1'b0;
      case (unit_i)
        ipu_tile_pkg::UNIT_BRANCH: wait_d = taken_i ? BranchT[19:0] : '0;
        ipu_tile_pkg::UNIT_PUT:    wait_d = PutT[19:0];
        ipu_tile_pkg::UNIT_RUN:    wait_d = RunT[19:0];
        ipu_tile_pkg::UNIT_RUNALL: wait_d = RunallT[19:0];
        ipu_tile_pkg::UNIT_SYNC: begin
          if (zone_i == ipu_isa_pkg::ZONE_RECEIVE) begin
            wait_words_d = 1'b1;
            wait_d       = ReceiveT[19:0] - 20'd1;
          end else if (zone_i == ipu_isa_pkg::ZONE_LOCAL) begin
            wait_workers_d = 1'b1;
            wait_d         = LocalT[19:0];
          end else begin
            wait_chip_d = 1'b1;
          end
        end
        default:                   wait_d = timed_i ? {1'b0, count_i} : '0;
      endcase
    end
    if (debug_i.resume) begin
      supervisor_pc_d = start_i ? start_pc_i : standing_i.supervisor_pc;
      wait_d          = '0;
      wait_chip_d     = standing_i.waits == ipu_tile_pkg::WAIT_CHIP;
      wait_words_d    = standing_i.waits == ipu_tile_pkg::WAIT_WORDS;
      wait_workers_d  = standing_i.waits == ipu_tile_pkg::WAIT_WORKERS;
    end
  end

  // ---- Who may issue in the target cycle: the next one, or the standing one if it is fetched again

  logic        worker_turn, supervisor_turn, words_done, in_region0;
  logic [5:0]  launched, returned;
  logic [31:0] target_pc;
  logic [63:0] target_cycle;

  always_comb begin
    target_cycle    = (advance_i || debug_i.jump) ? cycle_d : cycle_q;
    words_done      = !words_missing_i && target_cycle - words_done_cycle_i >= {32'b0, ReceiveT};
    launched        = '0;
    returned        = '0;
    for (int unsigned n = 0; n < 6; n++) begin
      launched[n] = launch_wait_d[LaunchW*n +: LaunchW] == '0;
      returned[n] = return_wait_d[ReturnW*n +: ReturnW] == '0;
    end
    worker_turn     = running_d[target_slot] && launched[target_slot] && turns_d[{target_slot, 2'b00} +: 4] == '0;
    supervisor_turn = started_d && !running_d[target_slot] && returned[target_slot] &&
                      !wait_chip_d && wait_d == '0 &&
                      !(wait_words_d && !words_done) &&
                      !(wait_workers_d && (running_d != '0 || sync_wait_d != '0));
    target_pc       = worker_turn ? next_worker_pc_i : supervisor_pc_d;
    in_region0      = target_pc >= arch_i.memory_base && target_pc < arch_i.region1_base;
  end

  assign next_worker_o = target_slot;
  assign fetch_addr_o  = target_pc[20:0];
  assign fetch_en_o    = (advance_i || refetch_i) && (worker_turn || supervisor_turn) && in_region0 && !stopped_i;

  assign wait_o       = wait_q;
  assign wait_chip_o  = wait_chip_q;
  assign wait_words_o = wait_words_q;
  assign resting_o    = running_q == '0 && !candidate_q;
  assign quiet_o      = resting_o && launch_wait_q == '0 && sync_wait_q == '0 &&
                        return_wait_q == '0;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      cycle_q         <= '0;
      slot_q          <= '0;
      candidate_q     <= 1'b0;
      context_q       <= '0;
      pc_q            <= '0;
      pending_q       <= '0;
      running_q       <= '0;
      launch_wait_q   <= '0;
      sync_wait_q     <= '0;
      return_wait_q   <= '0;
      turns_q         <= '0;
      started_q       <= 1'b0;
      wait_chip_q     <= 1'b0;
      wait_words_q    <= 1'b0;
      wait_workers_q  <= 1'b0;
      wait_q          <= '0;
      supervisor_pc_q <= '0;
    end else begin
      cycle_q         <= cycle_d;
      slot_q          <= target_slot;
      pending_q       <= pending_d;
      running_q       <= running_d;
      launch_wait_q   <= launch_wait_d;
      sync_wait_q     <= sync_wait_d;
      return_wait_q   <= return_wait_d;
      turns_q         <= turns_d;
      started_q       <= started_d;
      wait_chip_q     <= wait_chip_d;
      wait_words_q    <= wait_words_d;
      wait_workers_q  <= wait_workers_d;
      wait_q          <= wait_d;
      supervisor_pc_q <= supervisor_pc_d;
      if (advance_i || refetch_i) begin
        candidate_q <= worker_turn || supervisor_turn;
        context_q   <= worker_turn ? target_slot + 3'd1 : 3'd0;
        pc_q        <= target_pc;
      end else if (debug_i.jump) begin
        candidate_q <= 1'b0;
      end
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (rst_ni) begin
      assert (!(advance_i && skip_i != '0)) else $error("skip while time moves");
      assert (!(debug_i.jump || debug_i.resume) || (!advance_i && skip_i == '0)) else $error("the debug side while time moves");
      assert (!debug_i.jump || debug_i.jump_cycle % {61'b0, SlotsT[2:0]} == {61'b0, debug_i.jump_slot})
        else $error("a jump into another slot");
      assert (skip_i == '0 || quiet_o) else $error("skip while something happens");
      assert (skip_i % {29'b0, SlotsT[2:0]} == '0) else $error("skip of a part of the slots");
      assert (skip_i == '0 || wait_chip_q || wait_words_q || !started_q || skip_i < {12'b0, wait_q})
        else $error("skip over the supervisor's next issue");
      assert (!candidate_q || context_q == 3'd0 || context_q == slot_q + 3'd1) else $error("a worker outside its slot");
      assert (!(wait_chip_q && wait_words_q) && !(wait_chip_q && wait_workers_q) && !(wait_words_q && wait_workers_q))
        else $error("the supervisor waits in two syncs");
      assert (!issue_o || !supervisor || !running_q[slot_q]) else $error("the supervisor in a worker's slot");
      assert (unit_i != ipu_tile_pkg::UNIT_RUN || (launch & running_q) == '0) else $error("run of a worker that runs");
    end
  end
`endif

  logic unused_bits;
  assign unused_bits = ^{arch_i, debug_i, standing_i};

endmodule
