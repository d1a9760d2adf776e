// SPDX-License-Identifier: Apache-2.0
// What is kept per context besides its registers and floating-point state: PC, activity, launch values,
// repeat loop, exception. Changes when a bundle commits; a context's next issue is later than that.
module ipu_contexts (
  input  logic         clk_i,
  input  logic         rst_ni,

  // Fetch
  input  logic [2:0]   next_worker_i,
  output logic [31:0]  next_worker_pc_o,

  // Issue stage
  input  logic [2:0]   issue_ctx_i,
  output ipu_tile_pkg::context_state_t issue_state_o,

  // The supervisor begins
  input  logic         start_i,
  input  logic [31:0]  start_pc_i,
  input  logic         release_i,   // the chip releases its sync

  // Commit stage
  input  logic         commit_i,
  input  ipu_tile_pkg::bundle_t bundle_i,
  input  logic         exit_i,
  input  logic [31:0]  entry_i,
  input  logic [31:0]  vertex_base_i,   // of worker 0, or of the one worker of `run`
  input  logic [31:0]  vertex_step_i,   // from worker to worker
  input  logic [125:0] worker_bases_i,  // WORKERn_BASE
  input  logic         except_i,
  input  logic         late_i,         // the supervisor excepts, whatever bundle commits
  input  ipu_tile_pkg::etype_e etype_i,
  input  ipu_tile_pkg::debug_request_t debug_i,

  output logic [5:0]   active_o,
  output logic [13:0]  statuses_o,     // CTXT_STS: two bits per context
  output ipu_tile_pkg::standing_t standing_o,  // before the bundle's commit
  output logic [31:0]  supervisor_pc_o,        // behind it
  output ipu_tile_pkg::context_state_t state_o,  // of the bundle's context
  output logic [3:0]   etype_o,
  output logic         except_in_repeat_o
);

  localparam logic [31:0] VertexMask = ipu_isa_pkg::CSR_VERTEX_BASE_MASK;

  // By context number; entry 0 of the worker values is the supervisor's, which stay 0.
  logic [31:0] pc_q [8] /* verilator public_flat_rd */;
  logic [20:0] worker_base_q [8] /* verilator public_flat_rd */;
  logic [20:0] vertex_base_q [8] /* verilator public_flat_rd */;
  logic [15:0] repeat_count_q [8] /* verilator public_flat_rd */;
  logic [31:0] repeat_first_q [8] /* verilator public_flat_rd */;
  logic [31:0] repeat_end_q [8] /* verilator public_flat_rd */;
  logic [3:0]  etype_q [8] /* verilator public_flat_rd */;
  logic [7:0]  except_in_repeat_q /* verilator public_flat_rd */;
  logic [5:0]  active_q /* verilator public_flat_rd */;
  logic        started_q;
  logic [6:0]  broke_q;  // it excepted because a debugger wanted it
  ipu_tile_pkg::wait_e waits_q, waits_d;

  logic [2:0] ctx;
  logic       is_break;

  assign ctx                = bundle_i.ctx;
  assign next_worker_pc_o   = pc_q[next_worker_i + 3'd1];
  assign active_o           = active_q;
  assign etype_o            = etype_q[ctx];
  assign except_in_repeat_o = except_in_repeat_q[ctx];
  assign issue_state_o      = {worker_base_q[issue_ctx_i], vertex_base_q[issue_ctx_i], repeat_count_q[issue_ctx_i],
                               repeat_first_q[issue_ctx_i], repeat_end_q[issue_ctx_i]};
  assign state_o            = {worker_base_q[ctx], vertex_base_q[ctx], repeat_count_q[ctx], repeat_first_q[ctx],
                               repeat_end_q[ctx]};

  always_comb begin
    is_break = ipu_tile_pkg::etype_is_break(etype_i);
    for (int unsigned n = 0; n < 7; n++) begin
      statuses_o[2*n +: 2] = (etype_q[n] != '0)                          ? {1'b1, !broke_q[n]}
                             : {1'b0, (n == 0) ? started_q : active_q[n-1]};
    end
  end

  // A sync is over for the supervisor when it is released, or issues again.
  always_comb begin
    waits_d = waits_q;
    if (release_i && waits_q == ipu_tile_pkg::WAIT_CHIP) waits_d = ipu_tile_pkg::WAIT_NONE;
    if (commit_i && ctx == 3'd0 && !bundle_i.injected) begin
      waits_d = ipu_tile_pkg::WAIT_NONE;
      if (bundle_i.main.valid && bundle_i.main.control.unit == ipu_tile_pkg::UNIT_SYNC) begin
        case (bundle_i.word0[3:0])
          ipu_isa_pkg::ZONE_RECEIVE: waits_d = ipu_tile_pkg::WAIT_WORDS;
          ipu_isa_pkg::ZONE_LOCAL:   waits_d = ipu_tile_pkg::WAIT_WORKERS;
          default:                   waits_d = ipu_tile_pkg::WAIT_CHIP;
        endcase
      end
    end
  end

  always_comb begin
    standing_o.active        = active_q;
    standing_o.waits         = waits_q;
    standing_o.supervisor_pc = pc_q[0];
    standing_o.inject_pc     = debug_i.inject ? pc_q[debug_i.inject_ctx] : '0;
  end
  assign supervisor_pc_o = (commit_i && ctx == 3'd0) ? bundle_i.next_pc : pc_q[0];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      started_q <= 1'b0;
      waits_q   <= ipu_tile_pkg::WAIT_NONE;
      broke_q   <= '0;
    end else begin
      started_q <= started_q || start_i;
      waits_q   <= waits_d;
      if (late_i) broke_q[0] <= 1'b0;
      if (except_i) broke_q[ctx] <= is_break;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      for (int unsigned n = 0; n < 8; n++) begin
        pc_q[n]           <= '0;
        worker_base_q[n]  <= '0;
        vertex_base_q[n]  <= '0;
        repeat_count_q[n] <= '0;
        repeat_first_q[n] <= '0;
        repeat_end_q[n]   <= '0;
        etype_q[n]        <= '0;
      end
      except_in_repeat_q <= '0;
      active_q           <= '0;
    end else begin
      if (commit_i) begin
        pc_q[ctx] <= bundle_i.next_pc;
        if (bundle_i.repeat_set) repeat_count_q[ctx] <= bundle_i.repeat_count;
        if (bundle_i.repeat_start) begin
          repeat_first_q[ctx] <= bundle_i.sequential;
          repeat_end_q[ctx]   <= bundle_i.repeat_end;
        end
        if (exit_i) active_q[ctx - 3'd1] <= 1'b0;
        if (bundle_i.launch != '0) begin
          active_q <= active_q | bundle_i.launch;
          for (int unsigned n = 0; n < 6; n++) begin
            if (bundle_i.launch[n]) begin
              pc_q[n+1]          <= entry_i;
              worker_base_q[n+1] <= worker_bases_i[21*n +: 21];
              vertex_base_q[n+1] <= VertexMask[20:0] & (vertex_base_i[20:0] + n[20:0] * vertex_step_i[20:0]);
            end
          end
        end
      end
      if (start_i) pc_q[0] <= start_pc_i;
      if (except_i) begin
        etype_q[ctx]            <= etype_i;
        except_in_repeat_q[ctx] <= repeat_count_q[ctx] != '0;
      end
      if (late_i) etype_q[0] <= etype_i;
      for (int unsigned n = 0; n < 7; n++) begin
        if (debug_i.clear[n]) begin
          etype_q[n]            <= '0;
          except_in_repeat_q[n] <= 1'b0;
        end
      end
    end
  end

  logic unused_bits;
  assign unused_bits = ^{bundle_i, debug_i, vertex_base_i[31:21], vertex_step_i[31:21]};

`ifndef SYNTHESIS
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (rst_ni) begin
      assert (!(commit_i && except_i)) else $error("a bundle commits and excepts");
      if (commit_i || except_i) begin
        assert (ctx != 3'd7) else $error("bundle of no context");
        assert (ctx == 3'd0 || active_q[ctx-3'd1] || bundle_i.injected) else $error("bundle of an inactive worker");
      end
      assert (!exit_i || (commit_i && ctx != 3'd0)) else $error("exit of what is no worker");
      if (commit_i && bundle_i.launch != '0) begin
        assert (ctx == 3'd0) else $error("launch by a worker");
        assert ((bundle_i.launch & active_q) == '0) else $error("launch of an active worker");
      end
    end
  end
`endif

endmodule
