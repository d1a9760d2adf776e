// What is kept per context besides its registers and floating-point state: PC, activity, launch values,
// repeat loop, exception. Changes when a bundle commits; a context's next issue is later than that.
module ipu_contexts (
  input  logic         clk_i,
  input  logic         rst_ni,

  // Fetch
  input  logic [2:0]   next_worker_i,
  output logic [31:0]  next_worker_pc_o,

  // Issue stage
  input  logic [2:0]   issue_context_i,
  output logic [20:0]  issue_worker_base_o,
  output logic [20:0]  issue_vertex_base_o,
  output logic [15:0]  issue_repeat_count_o,
  output logic [31:0]  issue_repeat_first_o,
  output logic [31:0]  issue_repeat_end_o,

  // The supervisor begins
  input  logic         start_i,
  input  logic [31:0]  start_pc_i,

  // Commit stage
  input  logic         commit_i,
  input  logic [2:0]   context_i,
  input  logic [31:0]  next_pc_i,
  input  logic         exit_i,
  input  logic [5:0]   launch_i,
  input  logic [31:0]  entry_i,
  input  logic [31:0]  vertex_base_i,   // of worker 0, or of the one worker of `run`
  input  logic [31:0]  vertex_step_i,   // from worker to worker
  input  logic [125:0] worker_bases_i,  // WORKERn_BASE
  input  logic         repeat_start_i,
  input  logic [31:0]  repeat_first_i,
  input  logic [31:0]  repeat_end_i,
  input  logic         repeat_set_i,
  input  logic [15:0]  repeat_count_i,
  input  logic         except_i,
  input  ipu_tile_pkg::etype_e etype_i,

  output logic [5:0]   active_o,
  output logic [20:0]  worker_base_o,   // of context_i, and so on
  output logic [20:0]  vertex_base_o,
  output logic [15:0]  repeat_count_o,
  output logic [31:0]  repeat_first_o,
  output logic [31:0]  repeat_end_o,
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

  assign next_worker_pc_o     = pc_q[next_worker_i + 3'd1];
  assign issue_worker_base_o  = worker_base_q[issue_context_i];
  assign issue_vertex_base_o  = vertex_base_q[issue_context_i];
  assign issue_repeat_count_o = repeat_count_q[issue_context_i];
  assign issue_repeat_first_o = repeat_first_q[issue_context_i];
  assign issue_repeat_end_o   = repeat_end_q[issue_context_i];

  assign active_o           = active_q;
  assign worker_base_o      = worker_base_q[context_i];
  assign vertex_base_o      = vertex_base_q[context_i];
  assign repeat_count_o     = repeat_count_q[context_i];
  assign repeat_first_o     = repeat_first_q[context_i];
  assign repeat_end_o       = repeat_end_q[context_i];
  assign etype_o            = etype_q[context_i];
  assign except_in_repeat_o = except_in_repeat_q[context_i];

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
        pc_q[context_i] <= next_pc_i;
        if (repeat_set_i) repeat_count_q[context_i] <= repeat_count_i;
        if (repeat_start_i) begin
          repeat_first_q[context_i] <= repeat_first_i;
          repeat_end_q[context_i]   <= repeat_end_i;
        end
        if (exit_i) active_q[context_i - 3'd1] <= 1'b0;
        if (launch_i != '0) begin
          active_q <= active_q | launch_i;
          for (int unsigned n = 0; n < 6; n++) begin
            if (launch_i[n]) begin
              pc_q[n+1]          <= entry_i;
              worker_base_q[n+1] <= worker_bases_i[21*n +: 21];
              vertex_base_q[n+1] <= VertexMask[20:0] & (vertex_base_i[20:0] + n[20:0] * vertex_step_i[20:0]);
            end
          end
        end
      end
      if (start_i) pc_q[0] <= start_pc_i;
      if (except_i) begin
        etype_q[context_i]            <= etype_i;
        except_in_repeat_q[context_i] <= repeat_count_q[context_i] != '0;
      end
    end
  end

  logic unused_bits;
  assign unused_bits = ^{vertex_base_i[31:21], vertex_step_i[31:21]};

endmodule
