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

  // Commit stage
  input  logic         commit_i,
  input  ipu_tile_pkg::bundle_t bundle_i,
  input  logic         exit_i,
  input  logic [31:0]  entry_i,
  input  logic [31:0]  vertex_base_i,   // of worker 0, or of the one worker of `run`
  input  logic [31:0]  vertex_step_i,   // from worker to worker
  input  logic [125:0] worker_bases_i,  // WORKERn_BASE
  input  logic         except_i,
  input  ipu_tile_pkg::etype_e etype_i,

  output logic [5:0]   active_o,
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

  logic [2:0] ctx;

  assign ctx                = bundle_i.ctx;
  assign next_worker_pc_o   = pc_q[next_worker_i + 3'd1];
  assign active_o           = active_q;
  assign etype_o            = etype_q[ctx];
  assign except_in_repeat_o = except_in_repeat_q[ctx];
  assign issue_state_o      = {worker_base_q[issue_ctx_i], vertex_base_q[issue_ctx_i], repeat_count_q[issue_ctx_i],
                               repeat_first_q[issue_ctx_i], repeat_end_q[issue_ctx_i]};
  assign state_o            = {worker_base_q[ctx], vertex_base_q[ctx], repeat_count_q[ctx], repeat_first_q[ctx],
                               repeat_end_q[ctx]};

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
    end
  end

  logic unused_bits;
  assign unused_bits = ^{bundle_i, vertex_base_i[31:21], vertex_step_i[31:21]};

`ifndef SYNTHESIS
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (rst_ni) begin
      assert (!(commit_i && except_i)) else $error("a bundle commits and excepts");
      if (commit_i || except_i) begin
        assert (ctx != 3'd7) else $error("bundle of no context");
        assert (ctx == 3'd0 || active_q[ctx-3'd1]) else $error("bundle of an inactive worker");
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
