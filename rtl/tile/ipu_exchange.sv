// SPDX-License-Identifier: Apache-2.0
// The tile's side of the exchange, at the commit stage: the outgoing stream, the incoming mux, the receive
// pointer with its delay, the receive count, and what is reported as a hazard. Its time is tick_i: one cycle
// of the tile's time per clock in which it is set.
module ipu_exchange (
  input  logic         clk_i,
  input  logic         rst_ni,
  input  ipu_isa_pkg::arch_info_t arch_i,
  input  logic         tick_i,

  // The instruction of this cycle
  input  logic         valid_i,           // of the supervisor, and no other fault
  input  ipu_tile_pkg::main_unit_e unit_i,
  input  logic [31:0]  word0_i,
  input  logic [31:0]  word1_i,
  output ipu_tile_pkg::cause_e cause_o,
  output logic [31:0]  cause_address_o,   // first item, for CAUSE_EXCHANGE_ADDRESS

  input  logic         put_i,
  input  logic [7:0]   put_index_i,
  input  logic [31:0]  put_value_i,
  input  logic [7:0]   get_index_i,
  output logic [31:0]  get_value_o,

  // Outgoing
  output logic         send_o,
  output logic         send_wide_o,       // an item of 64 bits
  output logic [20:0]  send_address_o,
  output logic [1:0]   send_directions_o,
  output logic         select_o,          // source_o, for the tile
  output logic         select_pair_o,     // source_o, for the tile and its partner
  output logic [12:0]  source_o,
  output logic         format_set_o,      // format_o, from FormatDelay cycles later on
  output logic [1:0]   format_o,

  // Incoming
  input  logic         word_valid_i,      // a word arrives, or an item of 64 bits, as the format says
  output logic         wide_o,            // the format says items
  output logic         receive_o,         // to memory
  output logic [20:0]  receive_address_o,
  output logic         receive_outside_o, // a word arrived that memory has no place for
  output logic [16:0]  missing_o,         // before the word of this cycle
  output logic         incomplete_o,      // a sync closes a phase whose words have not all come
  output logic         last_word_o,       // the word of this cycle is the last one missing
  output logic         idle_o             // nothing changes before the next word or instruction
);

  localparam int unsigned PointerDelay = ipu_isa_pkg::T_POINTER_DELAY;
  localparam int unsigned FormatDelay  = ipu_isa_pkg::T_FORMAT_DELAY;
  localparam logic [17:0] LargestFormat = 18'd2;

  // ---- State. Addresses are word addresses.

  logic [12:0] mux_q /* verilator public_flat_rd */;
  logic [12:0] pair_q /* verilator public_flat_rd */;
  logic [18:0] outgoing_base_q /* verilator public_flat_rd */;
  logic [18:0] outgoing_delta_q /* verilator public_flat_rd */;
  logic [4:0]  control_q /* verilator public_flat_rd */;
  logic [18:0] base_put_q /* verilator public_flat_rd */;  // INCOMING_BASE as last written
  logic [18:0] base_q, pointer_q;                          // in effect
  logic [16:0] missing_q /* verilator public_flat_rd */;
  logic        count_put_q;  // INCOMING_DCOUNT was put since the last sync of the chip: it is the next phase's

  // ---- Operands and faults of the timed instructions

  logic        streams, has_pic, has_xpic, at_end, pic_selector, xpic_selector;
  logic [17:0] pic_value;
  logic [12:0] xpic_value;
  logic [2:0]  control;
  logic        wide;        // items of 64 bits
  logic [11:0] count;       // of a stream, less one
  logic [17:0] item;        // first one of send and sendpicp, from OUTGOING_BASE
  logic [31:0] delta, first, last_start, bytes;
  logic        execute;
  logic [10:0] send_on_delta;
  logic [1:0]  control_choice;
  logic [13:0] second_xpic;

  assign send_on_delta  = ipu_isa_pkg::field_13_3(word0_i);
  assign control_choice = ipu_isa_pkg::field_19_18(word0_i);
  assign second_xpic    = ipu_isa_pkg::second_31_18(word1_i);

  always_comb begin
    streams       = 1'b0;
    has_pic       = 1'b0;
    has_xpic      = 1'b0;
    at_end        = 1'b0;
    pic_selector  = 1'b0;
    xpic_selector = 1'b0;
    pic_value     = ipu_isa_pkg::field_17_0(word0_i);
    xpic_value    = ipu_isa_pkg::field_12_0(word0_i);
    control       = ipu_isa_pkg::field_2_0(word0_i);
    count         = {6'b0, ipu_isa_pkg::field_26_21(word0_i)};
    item          = ipu_isa_pkg::field_20_3(word0_i);
    wide          = control[2];
    delta         = wide ? {11'b0, item, 3'b000} : {12'b0, item, 2'b00};
    case (unit_i)
      ipu_tile_pkg::UNIT_DELAY_PIC: begin
        has_pic      = 1'b1;
        at_end       = 1'b1;
        pic_selector = ipu_isa_pkg::field_18_18(word0_i);
        count        = {5'b0, ipu_isa_pkg::field_25_19(word0_i)};
      end
      ipu_tile_pkg::UNIT_DELAY_XPIC: begin
        has_xpic      = 1'b1;
        at_end        = 1'b1;
        xpic_selector = ipu_isa_pkg::field_13_13(word0_i);
        count         = ipu_isa_pkg::field_25_14(word0_i);
      end
      ipu_tile_pkg::UNIT_SEND: streams = 1'b1;
      ipu_tile_pkg::UNIT_SEND_ON: begin
        streams = 1'b1;
        count   = ipu_isa_pkg::field_19_14_26_21(word0_i);
        delta   = {11'b0, outgoing_delta_q, 2'b00} +
                  (wide ? {{18{send_on_delta[10]}}, send_on_delta, 3'b000}
                        : {{19{send_on_delta[10]}}, send_on_delta, 2'b00});
      end
      ipu_tile_pkg::UNIT_SEND_CONTROL: begin
        streams       = 1'b1;
        control       = control_q[3:1];
        wide          = control[2];
        delta         = {11'b0, outgoing_delta_q, 2'b00};
        has_pic       = control_choice[1];
        has_xpic      = !control_choice[1];
        pic_selector  = control_choice[0];
        xpic_selector = control_choice[0];
      end
      ipu_tile_pkg::UNIT_SEND_CONTROLS: begin
        streams       = control != '0;
        has_pic       = 1'b1;
        has_xpic      = 1'b1;
        pic_selector  = ipu_isa_pkg::field_27_27(word0_i);
        pic_value     = ipu_isa_pkg::second_17_0(word1_i);
        xpic_selector = second_xpic[13];
        xpic_value    = second_xpic[12:0];
      end
      default: ;
    endcase
  end

  always_comb begin
    bytes           = wide ? {17'b0, count, 3'b000} + 32'd8 : {18'b0, count, 2'b00} + 32'd4;
    first           = {11'b0, outgoing_base_q, 2'b00} + delta;
    last_start      = arch_i.memory_end - bytes;
    cause_address_o = first;
    cause_o         = ipu_tile_pkg::CAUSE_NONE;
    if (valid_i) begin
      if (has_pic && pic_selector && pic_value > LargestFormat) begin
        cause_o = ipu_tile_pkg::CAUSE_EXCHANGE_FORMAT;
      end else if (streams && control[1:0] != '0 &&
                   (first < arch_i.memory_base || first > last_start || (wide && first[2]))) begin
        cause_o = ipu_tile_pkg::CAUSE_EXCHANGE_ADDRESS;
      end
    end
  end

  assign execute = tick_i && valid_i && cause_o == ipu_tile_pkg::CAUSE_NONE;

  // ---- Outgoing stream: item 0 leaves in the cycle of the instruction

  logic        start_stream, sending_q, send_wide_q;
  logic [18:0] item_q;
  logic [11:0] left_q;       // items after the next one
  logic [1:0]  directions_q;

  assign start_stream      = execute && streams && control[1:0] != '0;
  assign send_o            = tick_i && (start_stream || sending_q);
  assign send_address_o    = start_stream ? first[20:0] : {item_q, 2'b00};
  assign send_wide_o       = start_stream ? wide : send_wide_q;
  assign send_directions_o = start_stream ? control[1:0] : directions_q;

  // ---- Controls: at the first event of send*, at the last of delaypic and delayxpic

  logic        waiting_pic_q, waiting_xpic_q, waiting_selector_q;
  logic [11:0] events_q;     // until then
  logic [17:0] waiting_value_q;
  logic        pic, set_format, xpic, xpic_pair;
  logic [17:0] pic_now;
  logic [12:0] xpic_now;
  logic        put_mux, put_pair, put_delta, put_format, put_base, put_count;

  assign put_mux    = tick_i && put_i && {1'b0, put_index_i} == ipu_isa_pkg::CSR_INCOMING_MUX;
  assign put_pair   = tick_i && put_i && {1'b0, put_index_i} == ipu_isa_pkg::CSR_INCOMING_MUXPAIR;
  assign put_delta  = tick_i && put_i && {1'b0, put_index_i} == ipu_isa_pkg::CSR_INCOMING_DELTA;
  assign put_format = tick_i && put_i && {1'b0, put_index_i} == ipu_isa_pkg::CSR_INCOMING_FORMAT;
  assign put_base   = tick_i && put_i && {1'b0, put_index_i} == ipu_isa_pkg::CSR_INCOMING_BASE;
  assign put_count  = tick_i && put_i && {1'b0, put_index_i} == ipu_isa_pkg::CSR_INCOMING_DCOUNT;

  always_comb begin
    pic       = execute && has_pic && !pic_selector && !(at_end && count != '0);
    set_format = execute && has_pic && pic_selector && !(at_end && count != '0);
    xpic      = execute && has_xpic && !xpic_selector && !(at_end && count != '0);
    xpic_pair = execute && has_xpic && xpic_selector && !(at_end && count != '0);
    pic_now   = pic_value;
    xpic_now  = xpic_value;
    if (tick_i && events_q == 12'd1) begin
      pic       = waiting_pic_q && !waiting_selector_q;
      set_format = waiting_pic_q && waiting_selector_q;
      xpic      = waiting_xpic_q && !waiting_selector_q;
      xpic_pair = waiting_xpic_q && waiting_selector_q;
      pic_now   = waiting_value_q;
      xpic_now  = waiting_value_q[12:0];
    end
    select_o      = xpic || put_mux;
    select_pair_o = xpic_pair || put_pair;
    source_o      = (put_mux || put_pair) ? put_value_i[12:0] : xpic_now;
    format_set_o  = set_format || put_format;
    format_o      = put_format ? put_value_i[1:0] : pic_now[1:0];
  end

  // ---- Receive pointer: a change reaches it PointerDelay cycles after its event

  logic [PointerDelay-1:0]    pointer_valid_q, base_valid_q;
  logic [19*PointerDelay-1:0] change_q;  // youngest lowest; a cycle changes the pointer or the base, not both
  logic                       change;
  logic [18:0]                change_value, oldest, base_now;
  logic [18:0]                pointer_now /* verilator public_flat_rd */;
  logic [18:0]                address;
  logic                       in_memory;

  assign change = pic || put_delta || put_base;
  always_comb begin
    change_value = {1'b0, pic_now};
    if (put_delta || put_base) change_value = put_value_i[20:2];
    oldest      = change_q[19*(PointerDelay-1) +: 19];
    base_now    = base_valid_q[PointerDelay-1] ? oldest : base_q;
    pointer_now = pointer_valid_q[PointerDelay-1] ? oldest : pointer_q;
    address     = base_now + pointer_now;
    in_memory   = {address, 2'b00} >= arch_i.memory_base[20:0] &&
                  {address, 2'b00} < arch_i.memory_end[20:0] && !(wide_o && address[0]);
  end

  // ---- Format: a change reaches it FormatDelay cycles after its event

  logic [FormatDelay-1:0]   format_valid_q;
  logic [2*FormatDelay-1:0] format_change_q;  // youngest lowest
  logic [1:0]               format_q;         // in effect
  logic [1:0]               format_now /* verilator public_flat_rd */;

  assign format_now = format_valid_q[FormatDelay-1] ? format_change_q[2*(FormatDelay-1) +: 2] : format_q;
  assign wide_o     = format_now != '0;

  logic        arrives;
  logic [16:0] missing_now;
  logic [1:0]  words;  // that arrive

  assign arrives           = tick_i && word_valid_i;
  assign words             = wide_o ? 2'd2 : 2'd1;
  assign missing_now       = put_count ? put_value_i[16:0] : missing_q;
  assign receive_o         = arrives && in_memory;
  assign receive_address_o = {address, 2'b00};
  assign receive_outside_o = arrives && !in_memory;
  assign last_word_o       = arrives && missing_now != '0 && missing_now <= {15'b0, words};
  assign missing_o         = missing_q;
  assign idle_o            = !sending_q && events_q == '0 && pointer_valid_q == '0 && base_valid_q == '0 &&
                             format_valid_q == '0;

  // ---- Syncs that join tiles close a phase

  logic chip_sync;
  assign chip_sync    = execute && unit_i == ipu_tile_pkg::UNIT_SYNC && !ipu_isa_pkg::zone_of_one_tile(word0_i[3:0]);
  assign incomplete_o = chip_sync && missing_q != '0 && !count_put_q;

  // ---- Reads

  always_comb begin
    case ({1'b0, get_index_i})
      ipu_isa_pkg::CSR_INCOMING_MUX:    get_value_o = {19'b0, mux_q};
      ipu_isa_pkg::CSR_INCOMING_MUXPAIR: get_value_o = {19'b0, pair_q};
      ipu_isa_pkg::CSR_INCOMING_FORMAT: get_value_o = {30'b0, format_now};
      ipu_isa_pkg::CSR_INCOMING_DELTA:  get_value_o = {11'b0, pointer_now, 2'b00};
      ipu_isa_pkg::CSR_INCOMING_BASE:   get_value_o = {11'b0, base_put_q, 2'b00};
      ipu_isa_pkg::CSR_INCOMING_DCOUNT: get_value_o = {15'b0, missing_q};
      ipu_isa_pkg::CSR_OUTGOING_BASE:   get_value_o = {11'b0, outgoing_base_q, 2'b00};
      ipu_isa_pkg::CSR_OUTGOING_DELTA:  get_value_o = {11'b0, outgoing_delta_q, 2'b00};
      ipu_isa_pkg::CSR_EXCHANGE_CTL:    get_value_o = {27'b0, control_q};
      default:                          get_value_o = '0;
    endcase
  end

  // ---- State changes

  logic [31:0] delta_after;
  assign delta_after = delta + bytes;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      mux_q            <= ipu_isa_pkg::CSR_INCOMING_MUX_RESET[12:0];
      pair_q           <= ipu_isa_pkg::CSR_INCOMING_MUXPAIR_RESET[12:0];
      outgoing_base_q  <= '0;
      outgoing_delta_q <= '0;
      control_q        <= '0;
      base_put_q       <= '0;
      base_q           <= '0;
      pointer_q        <= '0;
      missing_q        <= '0;
      count_put_q      <= 1'b0;
      sending_q        <= 1'b0;
      send_wide_q      <= 1'b0;
      item_q           <= '0;
      left_q           <= '0;
      directions_q     <= '0;
      waiting_pic_q    <= 1'b0;
      waiting_xpic_q   <= 1'b0;
      waiting_selector_q <= 1'b0;
      waiting_value_q  <= '0;
      events_q         <= '0;
      pointer_valid_q  <= '0;
      base_valid_q     <= '0;
      change_q         <= '0;
      format_q         <= '0;
      format_valid_q   <= '0;
      format_change_q  <= '0;
    end else if (tick_i) begin
      if (select_o) mux_q <= source_o;
      if (select_pair_o) pair_q <= source_o;

      if (start_stream || sending_q) begin
        sending_q <= start_stream ? count != '0 : left_q != '0;
        left_q    <= start_stream ? count - 12'd1 : left_q - 12'd1;
        item_q    <= (start_stream ? first[20:2] : item_q) + (send_wide_o ? 19'd2 : 19'd1);
        if (start_stream) begin
          directions_q <= control[1:0];
          send_wide_q  <= wide;
        end
      end
      if (execute && streams) begin
        outgoing_delta_q <= delta_after[20:2];
        control_q[3:1]   <= control;
      end

      if (execute && at_end && count != '0) begin
        events_q        <= count;
        waiting_pic_q   <= has_pic;
        waiting_xpic_q  <= has_xpic;
        waiting_selector_q <= has_pic ? pic_selector : xpic_selector;
        waiting_value_q <= has_pic ? pic_value : {5'b0, xpic_value};
      end else if (events_q != '0) begin
        events_q <= events_q - 12'd1;
      end

      if (change || pointer_valid_q != '0 || base_valid_q != '0) begin
        pointer_valid_q <= {pointer_valid_q[PointerDelay-2:0], pic || put_delta};
        base_valid_q    <= {base_valid_q[PointerDelay-2:0], put_base};
        change_q        <= {change_q[19*(PointerDelay-1)-1:0], change_value};
      end
      if (format_set_o || format_valid_q != '0) begin
        format_valid_q  <= {format_valid_q[FormatDelay-2:0], format_set_o};
        format_change_q <= {format_change_q[2*(FormatDelay-1)-1:0], format_o};
      end
      format_q  <= format_now;
      base_q    <= base_now;
      pointer_q <= arrives ? pointer_now + {17'b0, words} : pointer_now;
      if (arrives && missing_now != '0) begin
        missing_q <= last_word_o ? '0 : missing_now - {15'b0, words};
      end else if (put_count) begin
        missing_q <= missing_now;
      end

      if (put_count) begin
        count_put_q <= 1'b1;
      end else if (chip_sync) begin
        count_put_q <= 1'b0;
      end

      if (put_i) begin
        case ({1'b0, put_index_i})
          ipu_isa_pkg::CSR_INCOMING_BASE:  base_put_q <= put_value_i[20:2];
          ipu_isa_pkg::CSR_OUTGOING_BASE:  outgoing_base_q <= put_value_i[20:2];
          ipu_isa_pkg::CSR_OUTGOING_DELTA: outgoing_delta_q <= put_value_i[20:2];
          ipu_isa_pkg::CSR_EXCHANGE_CTL:   control_q <= put_value_i[4:0];
          default: ;
        endcase
      end
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (rst_ni) begin
      // The supervisor stands still until the events of its instruction are over.
      assert (!(execute && (streams || at_end) && (sending_q || events_q > 12'd0)))
        else $error("timed instruction before the end of the last one");
    end
  end
`endif

  logic unused_bits;
  assign unused_bits = ^{arch_i, delta_after[31:21], delta_after[1:0], put_value_i[31:21], put_value_i[1:0],
                         first[31:21], first[1:0]};

endmodule
