// SPDX-License-Identifier: Apache-2.0
// Types of the accumulating instructions: multiply-accumulate, AMP, SLIC, and what reads accumulators out.
package ipu_engine_pkg;

  // Two sets of eight units; unit m of a set s is unit 8 s + m. A row is one word of each of the sixteen, that of
  // unit n in bits 32 n.

  typedef enum logic [2:0] {
    ENGINE_MAC,       // sums += products of the operands
    ENGINE_AMP,
    ENGINE_SLIC,
    ENGINE_GINA,      // a row gives two and takes two
    ENGINE_READ,      // sums as f16
    ENGINE_SORT_IN,   // f16v4istacc
    ENGINE_SORT_OUT   // f16v4stacc
  } engine_kind_e;

  // What an ENGINE_MAC multiplies.
  typedef enum logic [3:0] {
    MAC_F32,          // f32mac, f32v2mac
    MAC_OUTER,        // f32v2aop
    MAC_AXPY,         // f32v2axpy
    MAC_F32_ELEMENT,  // f32v4acc ...: every element, or its magnitude or square
    MAC_PAIRS,        // f16v2cmac, f16v4cmac
    MAC_MIX,          // f16v4mix
    MAC_ELEMENT       // f16v4acc, f16v8acc ...
  } mac_form_e;

  // The units of a set that take part.
  typedef enum logic [1:0] {
    SPAN_8,
    SPAN_6,
    SPAN_4,
    SPAN_2
  } span_e;

  typedef struct packed {
    logic         valid;          // an accumulating instruction
    engine_kind_e kind;
    mac_form_e    form;
    logic         f32;            // f32 inputs
    logic         quarters;       // f8 inputs
    logic         wide;           // the form with more elements: v4 of f16v4cmac, v8 of f16v8acc, v2 of f32v2mac
    logic         absolute;
    logic         square;
    logic         both_sets;
    logic         half_partials;
    logic         half_results;
    logic         quad;           // the source is a quad: its upper pair is the second source
    span_e        span;
    logic [1:0]   column;         // of the coefficients
    logic         upper;          // the high words of a column; phase 1 of a sort
    logic         swap;           // sums and chain change places: phase 0 of AMP
    logic [1:0]   moves;          // sets whose chain (AMP) or sums (SLIC) move on
    logic         chain;          // gina: of the chain
    logic         set1;           // gina: of set 1
    logic         bad_flags;      // the flags operand names nothing
  } engine_op_t;

  // An f16 or f8 operand of a sum of products. Infinities count as NaNs. The significand of an f8 stands in bits 10:7.
  typedef struct packed {
    logic        special;
    logic        negative;
    logic [4:0]  position;     // of significand bit 0, from 2^-24 on
    logic [10:0] significand;
  } half_t;

  function automatic half_t quarter_parts(input logic [7:0] bits, input logic f143);
    quarter_parts =
        f143 ? {bits == 8'h80, bits[7], 5'd7 + {1'b0, bits[6:3]} - {4'b0, |bits[6:3]}, |bits[6:3], bits[2:0], 7'b0}
             : {bits == 8'h80, bits[7], bits[6:2] - {4'b0, |bits[6:2]}, 1'b0, |bits[6:2], bits[1:0], 7'b0};
  endfunction

  localparam logic [31:0] F32_ONE   = 32'h3F80_0000;
  localparam logic [15:0] F16_ONE   = 16'h3C00;

endpackage
