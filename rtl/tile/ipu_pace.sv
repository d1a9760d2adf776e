// SPDX-License-Identifier: Apache-2.0
// Instructions with several accesses, and tapack: packed addresses and their paces, deltas, and what becomes of the
// registers that hold them (docs/timing.md, 4).
module ipu_pace (
  input  ipu_tile_pkg::main_op_t main_i,
  input  logic [31:0]            word_i,
  input  logic [31:0]            r0_i,     // strides, base, first address of tapack
  input  logic [31:0]            r1_i,     // low register of a packed pair, pointer, steps
  input  logic [31:0]            r2_i,     // high register of a packed pair, deltas
  output logic                   active_o,
  output logic [31:0]            first_o,  // addresses of the loads and the store
  output logic [31:0]            second_o,
  output logic [31:0]            third_o,
  output logic [31:0]            result_o, // to the register m_index
  output logic [31:0]            post_o    // to the register post_index
);

  // Selector 0: one access on. 1 to 3: as many as the signed field of the stride register says.
  function automatic logic [20:0] steps(input logic [1:0] selector, input logic [29:0] strides);
    case (selector)
      2'd0:    steps = 21'd1;
      2'd1:    steps = {{11{strides[9]}}, strides[9:0]};
      2'd2:    steps = {{11{strides[19]}}, strides[19:10]};
      default: steps = {{11{strides[29]}}, strides[29:20]};
    endcase
  endfunction

  logic        pack;
  logic [3:0]  four;
  logic [5:0]  six;
  logic [7:0]  eight;
  logic [1:0]  third_selector;
  logic [20:0] t0, t1, t2, n0, n1, n2;
  logic [31:0] low, high;

  assign pack     = main_i.control.unit == ipu_tile_pkg::UNIT_PACK;
  assign active_o = pack || main_i.control.access != ipu_tile_pkg::ACCESS_PLAIN;
  assign four     = ipu_isa_pkg::field_3_0(word_i);
  assign six      = ipu_isa_pkg::field_9_8_3_0(word_i);
  assign eight    = ipu_isa_pkg::field_3_0_19_16(word_i);

  // The fields of three addresses that stand in a pair of registers.
  always_comb begin
    t0 = '0;
    t1 = '0;
    t2 = '0;
    n0 = '0;
    n1 = '0;
    n2 = '0;
    third_selector = four[3:2];
    if (main_i.control.second) third_selector = six[5:4];
    if (main_i.control.steps_store) third_selector = eight[1:0];
    if (pack) begin
      n0 = r0_i[20:0];
      n1 = r1_i[20:0];
      n2 = r2_i[20:0];
    end else if (main_i.control.access == ipu_tile_pkg::ACCESS_PACE) begin
      t0 = r1_i[20:0];
      t1 = r2_i[20:0];
      t2 = {r2_i[30:21], r1_i[31:21]};
      n0 = main_i.load ? t0 + (steps(four[1:0], r0_i[29:0]) << ipu_tile_pkg::SIZE_64) : t0;
      n1 = main_i.control.second ? t1 + (steps(four[3:2], r0_i[29:0]) << main_i.control.second_size) : t1;
      n2 = main_i.store ? t2 + (steps(third_selector, r0_i[29:0]) << ipu_tile_pkg::SIZE_64) : t2;
    end
  end

  always_comb begin
    low      = '0;
    high     = '0;
    first_o  = {11'b0, t0};
    second_o = {11'b0, t1};
    third_o  = {11'b0, t2};
    result_o = {n2[10:0], n0};
    post_o   = {1'b0, n2[20:11], n1};
    case (main_i.control.access)
      ipu_tile_pkg::ACCESS_DELTA, ipu_tile_pkg::ACCESS_HIGH_DELTA, ipu_tile_pkg::ACCESS_DELTA_PAIR: begin
        low      = (main_i.control.access == ipu_tile_pkg::ACCESS_HIGH_DELTA) ? {16'b0, r2_i[31:16]}
                                                                            : {16'b0, r2_i[15:0]};
        first_o  = r0_i + low;
        second_o = r1_i;
        post_o   = r1_i + (32'd1 << main_i.control.second_size);
      end
      ipu_tile_pkg::ACCESS_HALVES: begin
        low      = {16'b0, r2_i[15:0]};
        high     = {16'b0, r2_i[31:16]};
        first_o  = r0_i + low;
        second_o = r0_i + high;
        result_o = {4'b0, r1_i[31:4]};
        post_o   = {r2_i[31:16] + 16'd2, r2_i[15:0] + {11'b0, r1_i[3:0], 1'b0}};
      end
      default: ;
    endcase
  end

  logic unused_bits;
  assign unused_bits = ^{main_i, word_i, six[3:0], eight[7:2], r0_i[31:30]};

endmodule
