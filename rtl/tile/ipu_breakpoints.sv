// SPDX-License-Identifier: Apache-2.0
// The debug CSRs, and where they stop the bundle at the commit stage (docs/debug.md): at an address, at an access to a
// block of memory, at a sync. Only the first channel exists.
module ipu_breakpoints (
  input  logic         clk_i,
  input  logic         rst_ni,

  input  logic         put_i,
  input  logic [7:0]   put_index_i,
  input  logic [31:0]  put_value_i,
  input  logic [7:0]   get_index_i,
  output logic [31:0]  get_value_o,

  input  ipu_tile_pkg::debug_request_t debug_i,  // which puts some of them too

  // The bundle at the commit stage. Accesses: first load, second load, store, from bit 0; each at a multiple of its size.
  input  logic         valid_i,
  input  ipu_tile_pkg::bundle_t bundle_i,
  input  logic [20:0]  vertex_base_i,
  input  logic [2:0]   accesses_i,
  input  logic [20:0]  first_i,
  input  logic [20:0]  second_i,
  input  logic [20:0]  store_i,

  output logic         instruction_o,
  output logic         sync_o,
  output logic         data_o,
  output logic [20:0]  data_address_o
);

  // Fields
  localparam int unsigned ChannelEnable = ipu_isa_pkg::CSR_DBG_CTL_CHAN_EN_LSB;  // the one channel there is
  localparam int unsigned OnSync        = ipu_isa_pkg::CSR_DBG_ECSR_BOS_LSB;
  localparam int unsigned Supervisor    = ipu_isa_pkg::CSR_DBG_IBRK0_CTL_ENS_LSB;
  localparam int unsigned Workers       = ipu_isa_pkg::CSR_DBG_IBRK0_CTL_ENW_LSB;
  localparam int unsigned VertexMatch   = ipu_isa_pkg::CSR_DBG_IBRK0_CTL_EVM_LSB;
  localparam int unsigned Loads         = ipu_isa_pkg::CSR_DBG_DBRK0_CTL_MLD_LSB;
  localparam int unsigned Stores        = ipu_isa_pkg::CSR_DBG_DBRK0_CTL_MSTNI_LSB;
  localparam int unsigned SizeLow       = ipu_isa_pkg::CSR_DBG_DBRK0_CTL_SIZE_LSB;
  localparam int unsigned ContextsLow   = ipu_isa_pkg::CSR_DBG_DBRK0_CTL_CTXT_LSB;

  logic [31:0] debug_data_q /* verilator public_flat_rd */;
  logic [31:0] dbg_ctl_q /* verilator public_flat_rd */;
  logic [31:0] ecsr_q /* verilator public_flat_rd */;
  logic [31:0] ibrk_ctl_q /* verilator public_flat_rd */;
  logic [31:0] ibrk_pc_q /* verilator public_flat_rd */;
  logic [31:0] ibrk_vert_q /* verilator public_flat_rd */;
  logic [31:0] dbrk_ctl_q /* verilator public_flat_rd */;
  logic [31:0] dbrk_base_q /* verilator public_flat_rd */;
  logic [31:0] dbrk_sida_q /* verilator public_flat_rd */;

  logic        put;
  logic [7:0]  put_index;
  logic [31:0] put_value;

  assign put       = put_i || debug_i.put;
  assign put_index = debug_i.put ? debug_i.put_index : put_index_i;
  assign put_value = debug_i.put ? debug_i.put_value : put_value_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      debug_data_q <= '0;
      dbg_ctl_q    <= '0;
      ecsr_q       <= '0;
      ibrk_ctl_q   <= '0;
      ibrk_pc_q    <= '0;
      ibrk_vert_q  <= '0;
      dbrk_ctl_q   <= '0;
      dbrk_base_q  <= '0;
      dbrk_sida_q  <= '0;
    end else if (put) begin
      case ({1'b0, put_index})
        ipu_isa_pkg::CSR_DBG_DATA:       debug_data_q <= put_value;
        ipu_isa_pkg::CSR_DBG_CTL:        dbg_ctl_q    <= put_value;
        ipu_isa_pkg::CSR_DBG_ECSR:       ecsr_q       <= put_value;
        ipu_isa_pkg::CSR_DBG_IBRK0_CTL:  ibrk_ctl_q   <= put_value;
        ipu_isa_pkg::CSR_DBG_IBRK0_PC:   ibrk_pc_q    <= put_value;
        ipu_isa_pkg::CSR_DBG_IBRK0_VERT: ibrk_vert_q  <= put_value;
        ipu_isa_pkg::CSR_DBG_DBRK0_CTL:  dbrk_ctl_q   <= put_value;
        ipu_isa_pkg::CSR_DBG_DBRK0_BASE: dbrk_base_q  <= put_value;
        ipu_isa_pkg::CSR_DBG_DBRK0_SIDA: dbrk_sida_q  <= put_value;
        default: ;
      endcase
    end
  end

  always_comb begin
    case ({1'b0, get_index_i})
      ipu_isa_pkg::CSR_DBG_DATA:       get_value_o = debug_data_q;
      ipu_isa_pkg::CSR_DBG_CTL:        get_value_o = dbg_ctl_q;
      ipu_isa_pkg::CSR_DBG_ECSR:       get_value_o = ecsr_q;
      ipu_isa_pkg::CSR_DBG_IBRK0_CTL:  get_value_o = ibrk_ctl_q;
      ipu_isa_pkg::CSR_DBG_IBRK0_PC:   get_value_o = ibrk_pc_q;
      ipu_isa_pkg::CSR_DBG_IBRK0_VERT: get_value_o = ibrk_vert_q;
      ipu_isa_pkg::CSR_DBG_DBRK0_CTL:  get_value_o = dbrk_ctl_q;
      ipu_isa_pkg::CSR_DBG_DBRK0_BASE: get_value_o = dbrk_base_q;
      ipu_isa_pkg::CSR_DBG_DBRK0_SIDA: get_value_o = dbrk_sida_q;
      default:                         get_value_o = '0;
    endcase
  end

  // ---- What stops the bundle

  // What is not watched for does not reach a comparator.
  logic supervisor, kind_enabled, vertex_matches;
  logic [20:0] pc;

  always_comb begin
    supervisor     = bundle_i.ctx == 3'd0;
    kind_enabled   = supervisor ? ibrk_ctl_q[Supervisor] : ibrk_ctl_q[Workers];
    pc             = (valid_i && kind_enabled && dbg_ctl_q[ChannelEnable]) ? bundle_i.pc[20:0] : '0;
    vertex_matches = supervisor || !ibrk_ctl_q[VertexMatch] || vertex_base_i == ibrk_vert_q[20:0];
    instruction_o  = valid_i && bundle_i.fetched && dbg_ctl_q[ChannelEnable] && kind_enabled &&
                     pc == ibrk_pc_q[20:0] && vertex_matches;
    sync_o         = valid_i && bundle_i.main.valid && bundle_i.main.control.unit == ipu_tile_pkg::UNIT_SYNC && ecsr_q[OnSync];
  end

  // Both blocks are powers of two at multiples of their size: they overlap where the smaller lies in the larger.
  function automatic logic [6:0] bytes_below(input logic [2:0] size);
    bytes_below = (7'd1 << size) - 7'd1;
  endfunction

  function automatic logic watched(input logic [20:0] address, input logic [20:0] base, input logic [6:0] ignored);
    watched = ((address ^ base) & ~{14'b0, ignored}) == '0;
  endfunction

  logic [2:0]  used, hit;
  logic [6:0]  block;
  logic        context_enabled;
  logic [20:0] first, second, store;

  always_comb begin
    block           = bytes_below(dbrk_ctl_q[SizeLow +: 3]);
    context_enabled = valid_i && dbg_ctl_q[ChannelEnable] && dbrk_ctl_q[ContextsLow + {29'b0, bundle_i.ctx}];
    used            = accesses_i & {dbrk_ctl_q[Stores], dbrk_ctl_q[Loads], dbrk_ctl_q[Loads]} & {3{context_enabled}};
    first           = used[0] ? first_i : '0;
    second          = used[1] ? second_i : '0;
    store           = used[2] ? store_i : '0;
    hit[0] = used[0] && watched(first, dbrk_base_q[20:0], block | bytes_below(bundle_i.main.control.size));
    hit[1] = used[1] && watched(second, dbrk_base_q[20:0], block | bytes_below(bundle_i.main.control.second_size));
    hit[2] = used[2] && watched(store, dbrk_base_q[20:0], block | bytes_below(bundle_i.main.control.size));
    data_o         = hit != '0;
    data_address_o = hit[0] ? first : hit[1] ? second : store;
  end

  logic unused_bits;
  assign unused_bits = ^{bundle_i, debug_i, ibrk_pc_q, ibrk_vert_q, dbrk_base_q};

endmodule
