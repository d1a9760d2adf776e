// SPDX-License-Identifier: Apache-2.0
// The accumulating instructions in one stage: sixteen units in two sets, each with its sum and its place in the
// output chain; what enters and leaves; f16 results. docs/arithmetic.md tells the data flow.
module ipu_engine (
  input  ipu_engine_pkg::engine_op_t op_i,         // nothing toggles unless it is valid
  input  logic [63:0]                s0_i,         // sources, a single register in the low word
  input  logic [63:0]                s1_i,
  input  logic [31:0]                tas_i,
  input  logic                       coefficients_f143_i,  // formats of f8, else F152
  input  logic                       registers_f143_i,
  input  logic signed [5:0]          scale_i,
  input  logic [1023:0]              column_i,     // coefficients
  input  logic [511:0]               sums_i,
  input  logic [511:0]               chains_i,
  input  logic [2:0]                 rnd_i,        // FP_CTL of the context
  input  logic                       stochastic_i,
  input  logic                       nan_on_overflow_i,
  input  logic [63:0]                random_i,

  output logic [63:0]                result_o,
  output ipu_float_pkg::fp_flags_t   flags_o,
  output logic                       write_sums_o,
  output logic                       write_chains_o,
  output logic [511:0]               sums_o,
  output logic [511:0]               chains_o
);

  logic is_mac, is_amp, is_slic, is_gina, is_row;  // is_row: AMP and SLIC, rows times coefficients

  assign is_mac  = op_i.valid && op_i.kind == ipu_engine_pkg::ENGINE_MAC;
  assign is_amp  = op_i.valid && op_i.kind == ipu_engine_pkg::ENGINE_AMP;
  assign is_slic = op_i.valid && op_i.kind == ipu_engine_pkg::ENGINE_SLIC;
  assign is_gina = op_i.valid && op_i.kind == ipu_engine_pkg::ENGINE_GINA;
  assign is_row  = is_amp || is_slic;

  // ---- Who takes part

  logic [7:0]   mac_units, set_units;
  logic [31:0]  mac_terms;
  logic [127:0] mac_bus;
  logic [511:0] mac_w;
  logic [15:0]  units;

  ipu_mac_operands u_mac_operands (
    .op_i, .s0_i, .s1_i, .tas_i, .units_o(mac_units), .terms_o(mac_terms), .bus_o(mac_bus), .w_o(mac_w));

  always_comb begin
    case (op_i.span)
      ipu_engine_pkg::SPAN_8: set_units = 8'hFF;
      ipu_engine_pkg::SPAN_6: set_units = 8'h3F;
      ipu_engine_pkg::SPAN_4: set_units = 8'h0F;
      default:                set_units = 8'h03;
    endcase
    units = '0;
    if (is_mac) units = {8'h00, mac_units};
    if (is_row) units = {op_i.both_sets ? set_units : 8'h00, set_units};
  end

  // ---- What enters: partial sums, or the words gina takes; two for each set

  logic [127:0] entering;
  logic [127:0] widened;
  logic [3:0]   widened_invalid;

  for (genvar i = 0; i < 4; i++) begin : gen_widen
    ipu_half_widen u_widen (
      .active_i(op_i.valid && op_i.half_partials && (i < 2 || op_i.both_sets)), .half_i(s0_i[16*i +: 16]),
      .value_o(widened[32*i +: 32]), .invalid_o(widened_invalid[i]));
  end

  always_comb begin
    entering = '0;
    if (is_row || is_gina) entering = op_i.half_partials ? widened : {s0_i, s0_i};
  end

  // ---- Rows that move: one shifter per set

  logic [511:0] standing, shifted;  // before the step and after it
  logic [1:0]   moves;

  always_comb begin
    standing = '0;
    moves    = '0;
    if (op_i.valid && !is_mac) begin
      case (op_i.kind)
        ipu_engine_pkg::ENGINE_AMP: begin
          // In phase 0 the finished sums have become the chain.
          standing = chains_i;
          for (int unsigned m = 0; m < 16; m++) begin
            if (op_i.swap && units[m]) standing[32*m +: 32] = sums_i[32*m +: 32];
          end
          moves = op_i.moves;
        end
        ipu_engine_pkg::ENGINE_SLIC: begin
          standing = sums_i;
          moves    = op_i.moves;
        end
        ipu_engine_pkg::ENGINE_GINA: begin
          standing = op_i.chain ? chains_i : sums_i;
          moves    = op_i.set1 ? 2'b10 : 2'b01;
        end
        ipu_engine_pkg::ENGINE_SORT_IN, ipu_engine_pkg::ENGINE_SORT_OUT: begin
          standing = chains_i;
          if (op_i.kind == ipu_engine_pkg::ENGINE_SORT_OUT && !op_i.upper) standing[255:0] = sums_i[255:0];
          moves = 2'b01;
        end
        default: standing = sums_i;
      endcase
    end
  end

  for (genvar s = 0; s < 2; s++) begin : gen_set
    // The words of f16v2gina are those of set 0, whichever it is that moves.
    localparam int unsigned Own = 64 * s;
    logic [63:0] words;
    assign words = (s == 1 && is_gina) ? entering[63:0] : entering[Own +: 64];
    ipu_row_shift u_shift (
      .active_i(moves[s]), .span_i(op_i.span), .row_i(standing[256*s +: 256]), .first_i(words[31:0]),
      .second_i(words[63:32]), .row_o(shifted[256*s +: 256]));
  end

  // ---- The units

  logic [511:0] base, sums;
  logic [127:0] bus;
  logic [17:0]  halves [8];  // half_t
  logic [47:0]  unit_flags;

  always_comb begin
    base = '0;
    bus  = '0;
    if (is_mac) begin
      base = sums_i;
      bus  = mac_bus;
      if (op_i.form == ipu_engine_pkg::MAC_AXPY) base[63:0] = s0_i;
      if (op_i.form == ipu_engine_pkg::MAC_MIX) base[127:0] = {4{32'h8000_0000}};  // -0 adds nothing
    end
    if (is_row) begin
      base = (is_amp && op_i.swap) ? chains_i : sums_i;
      if (is_slic && moves[0]) base[255:0] = shifted[255:0];
      if (is_slic && moves[1]) base[511:256] = shifted[511:256];
      bus  = op_i.f32 ? {4{s1_i[31:0]}} : {s1_i, s1_i};
    end
  end

  for (genvar i = 0; i < 8; i++) begin : gen_half
    ipu_engine_pkg::half_t parts;
    ipu_half_unpack u_unpack (
      .active_i(units != '0 && !op_i.f32 && !op_i.quarters), .half_i(bus[16*i +: 16]), .parts_o(parts));
    assign halves[i] = op_i.quarters ? ipu_engine_pkg::quarter_parts(bus[8*i +: 8], registers_f143_i) : parts;
  end

  for (genvar m = 0; m < 16; m++) begin : gen_unit
    localparam int unsigned Group = 4 * ((m / 4) % 2);  // of its f16 on the bus; of f8 all units take all
    logic [63:0] w;
    logic [3:0]  terms;

    if (m < 8) begin : gen_mac
      always_comb begin
        w     = '0;
        terms = '0;
        if (is_mac) begin
          w     = mac_w[64*m +: 64];
          terms = mac_terms[4*m +: 4];
        end else if (units[m]) begin
          w     = op_i.upper ? {32'b0, column_i[64*m + 32 +: 32]} : column_i[64*m +: 64];
          terms = 4'b1111;
        end
      end
    end else begin : gen_row
      always_comb begin
        w     = '0;
        terms = '0;
        if (units[m]) begin
          w     = op_i.upper ? {32'b0, column_i[64*m + 32 +: 32]} : column_i[64*m +: 64];
          terms = 4'b1111;
        end
      end
    end

    ipu_amp_unit u_unit (
      .active_i(units[m]), .f32_i(op_i.f32), .terms_i(terms), .x0_i(op_i.quarters ? halves[0] : halves[Group]),
      .x1_i(op_i.quarters ? halves[1] : halves[Group+1]), .x2_i(op_i.quarters ? halves[2] : halves[Group+2]),
      .x3_i(op_i.quarters ? halves[3] : halves[Group+3]), .x4_i(halves[4]), .x5_i(halves[5]), .x6_i(halves[6]),
      .x7_i(halves[7]), .x_i(bus[32*(m%4) +: 32]), .w_i(w), .quarters_i(op_i.quarters),
      .f143_i(coefficients_f143_i), .scale_i,
      .addend_i(base[32*m +: 32]), .result_o(sums[32*m +: 32]), .flags_o(unit_flags[3*m +: 3]));
  end

  // ---- New accumulators

  always_comb begin
    sums_o         = '0;
    chains_o       = '0;
    write_sums_o   = 1'b0;
    write_chains_o = 1'b0;
    if (op_i.valid) begin
      sums_o = sums_i;
      for (int unsigned m = 0; m < 16; m++) begin
        if (units[m]) sums_o[32*m +: 32] = sums[32*m +: 32];
      end
      write_sums_o = is_mac || is_row;
      case (op_i.kind)
        ipu_engine_pkg::ENGINE_AMP, ipu_engine_pkg::ENGINE_SORT_OUT: begin
          chains_o       = {moves[1] ? shifted[511:256] : standing[511:256], moves[0] ? shifted[255:0] : standing[255:0]};
          write_chains_o = 1'b1;
        end
        ipu_engine_pkg::ENGINE_GINA: begin
          chains_o       = {moves[1] ? shifted[511:256] : standing[511:256], moves[0] ? shifted[255:0] : standing[255:0]};
          write_chains_o = op_i.chain;
          if (!op_i.chain) sums_o = chains_o;
          write_sums_o   = !op_i.chain;
        end
        ipu_engine_pkg::ENGINE_SORT_IN: begin
          chains_o       = {standing[511:256], shifted[255:0]};
          write_chains_o = 1'b1;
          for (int unsigned j = 0; j < 4; j++) begin
            if (op_i.upper) sums_o[64*j + 32 +: 32] = {s0_i[16*j +: 16], s1_i[16*j +: 16]};
            else            sums_o[64*j +: 32]      = {s0_i[16*j +: 16], s1_i[16*j +: 16]};
          end
          write_sums_o = 1'b1;
        end
        default: ;
      endcase
    end
  end

  // ---- What leaves

  logic [127:0] leaving;  // two or four words
  logic [63:0]  narrowed;
  logic [11:0]  narrow_flags;

  always_comb begin
    leaving = '0;
    if (op_i.valid) begin
      if (is_mac || op_i.kind == ipu_engine_pkg::ENGINE_READ) begin
        leaving = sums_i[127:0];
      end else if (op_i.both_sets && !op_i.f32) begin
        leaving = {standing[319:256], standing[63:0]};
      end else if (moves[0]) begin
        leaving[63:0] = standing[63:0];
      end else if (moves[1]) begin
        leaving[63:0] = standing[319:256];
      end
    end
  end

  for (genvar i = 0; i < 4; i++) begin : gen_narrow
    ipu_half_result u_narrow (
      .active_i(op_i.valid && op_i.half_results && (i < 2 || op_i.both_sets || is_mac ||
                                                    op_i.kind == ipu_engine_pkg::ENGINE_READ)),
      .value_i(leaving[32*i +: 32]), .rnd_i, .stochastic_i, .nan_on_overflow_i, .random_i(random_i[16*i +: 16]),
      .result_o(narrowed[16*i +: 16]), .flags_o(narrow_flags[3*i +: 3]));
  end

  always_comb begin
    result_o = op_i.half_results ? narrowed : leaving[63:0];
    flags_o  = '0;
    if (op_i.valid) begin
      for (int unsigned m = 0; m < 16; m++) flags_o = flags_o | unit_flags[3*m +: 3];
      for (int unsigned i = 0; i < 4; i++) flags_o = flags_o | narrow_flags[3*i +: 3];
      flags_o.inv = flags_o.inv | (widened_invalid != '0);
    end
  end

endmodule
