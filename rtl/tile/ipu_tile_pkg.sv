// SPDX-License-Identifier: Apache-2.0
// Types the tile's modules share.
package ipu_tile_pkg;

  // Contexts are numbered as in CTXT_STS: 0 is the supervisor, 1..6 are workers 0..5.

  // ---- Operations of the main lane

  typedef enum logic [4:0] {
    ALU_ADD,      // a + b
    ALU_SUB,      // b - a: the order of the assembly form
    ALU_MUL,
    ALU_ABS,
    ALU_MAX,
    ALU_MIN,
    ALU_AND,
    ALU_ANDC,     // a & ~b
    ALU_OR,
    ALU_XOR,
    ALU_XNOR,
    ALU_SHL,
    ALU_SHR,
    ALU_SHRS,
    ALU_CLZ,
    ALU_CMS,
    ALU_POPC,
    ALU_BITREV8,
    ALU_CMPEQ,
    ALU_CMPNE,
    ALU_CMPSLT,
    ALU_CMPULT,
    ALU_MOVE_B
  } alu_op_e;

  typedef enum logic [3:0] {
    PERM_SORT4X16LO,
    PERM_SORT4X16HI,
    PERM_ROLL16,
    PERM_ROLL8L,
    PERM_ROLL8R,
    PERM_SHUF8X8LO,
    PERM_SHUF8X8HI,
    PERM_SORT8X8LO,
    PERM_SORT8X8HI,
    PERM_SORT8,
    PERM_SWAP8,
    PERM_SORT4X16LO_BU,  // ARF only: upper half of x as both of its halves
    PERM_SORT4X16HI_BL   // ARF only: lower half of x as both of its halves
  } permute_op_e;

  // The unit an instruction of the main lane belongs to.
  typedef enum logic [4:0] {
    UNIT_ALU,
    UNIT_PERMUTE,
    UNIT_MOVE_IF,    // movz
    UNIT_ATOM,       // ARF to MRF
    UNIT_BRANCH,
    UNIT_REPEAT,
    UNIT_EXIT,
    UNIT_TRAP,
    UNIT_LOAD_STORE,
    UNIT_PACK,       // tapack
    UNIT_COEFFICIENT,  // ld64putcs, ld128putcs
    UNIT_GET,
    UNIT_PUT,
    UNIT_RUN,
    UNIT_RUNALL,
    UNIT_SYNC,
    UNIT_SANS,
    UNIT_DELAY,
    UNIT_DELAY_PIC,
    UNIT_DELAY_XPIC,
    UNIT_SEND,
    UNIT_SEND_ON,       // sendoff
    UNIT_SEND_CONTROL,  // sendpic
    UNIT_SEND_CONTROLS  // sendpicp
  } main_unit_e;

  // Conditions of branches and exits, on r0.
  typedef enum logic [2:0] {
    COND_ALWAYS,
    COND_ZERO,
    COND_NOT_ZERO,
    COND_NEGATIVE,
    COND_POSITIVE
  } condition_e;

  // Effective address and post-modification of a load or store, from the register fields of the word.
  typedef enum logic [1:0] {
    ADDR_OFFSET,   // r0 + r1 + offset * size
    ADDR_STEP,     // r0 + r1; r1 += stride * size
    ADDR_STM,      // r0 + r1 * 4
    ADDR_STM_STEP  // r1; r1 += r0 * 4
  } address_mode_e;

  // Where the accesses of a load or store are. Up to two loads (the first, the second) and a store.
  typedef enum logic [2:0] {
    ACCESS_PLAIN,       // one, at the effective address
    ACCESS_PACE,        // at the first, second and third packed address of the pair r1, r2
    ACCESS_DELTA,       // at r0 + r2[15:0], and at r1 for the next r2
    ACCESS_HIGH_DELTA,  // the same with r2[31:16]
    ACCESS_DELTA_PAIR,  // at r0 + r2[15:0], and at r1 for a pair
    ACCESS_HALVES       // at r0 + r2[15:0] and r0 + r2[31:16]
  } access_e;

  typedef enum logic [2:0] {  // log2 of the bytes
    SIZE_8,
    SIZE_16,
    SIZE_32,
    SIZE_64,
    SIZE_128
  } size_e;

  typedef struct packed {
    main_unit_e    unit;
    alu_op_e       alu_op;
    permute_op_e   permute_op;
    condition_e    condition;
    logic          jump;          // br: the target is r0
    address_mode_e address_mode;
    size_e         size;          // of the first load, of a store
    logic          sign_extend;
    logic          duplicate;     // ldb16, ldb8: the halfword or byte to all of the word
    access_e       access;
    logic          second;        // there is a second load
    size_e         second_size;
    logic          steps_store;   // st64pace: the selector of the third address stands where the first's does
  } main_control_t;

  // A main-lane instruction as it goes down the pipeline. r0, r1, r2 are the registers of word bits 23:20,
  // 15:12 and 19:16, d the ARF register of bits 7:4.
  typedef struct packed {
    logic          valid;
    main_control_t control;
    logic          timed;         // takes events of the exchange
    logic          use_imm;       // second ALU source, offset, stride or count is the immediate
    logic          load;
    logic          store;
    logic          data_in_a;     // the stored or loaded register is in the ARF
    logic          write_m;       // result to the MRF
    logic [3:0]    m_index;
    logic          write_post;    // post-modified address to the MRF
    logic [3:0]    post_index;
    logic [3:0]    a_index;       // first ARF register of the first load
    logic          second_in_a;   // the second load goes to the ARF
    logic [3:0]    second_index;
    logic          link;          // call: the result is the next PC
    logic          decrement;     // brnzdec: the result is r0 - 1, written when taken
  } main_op_t;

  // ---- Operations of the aux lane

  typedef enum logic [4:0] {
    AUX_NONE,
    AUX_AND,
    AUX_ANDC,
    AUX_OR,
    AUX_NOT,
    AUX_MOVE_IMM,
    AUX_PERMUTE,
    AUX_SORT4X32LO,
    AUX_SORT4X32HI,
    AUX_ROLL32,
    AUX_UGET,
    AUX_UPUT,
    AUX_RANDOM,   // of ipu_random_unit
    AUX_CLASS,    // of ipu_class_unit
    AUX_QUARTER,  // of ipu_quarter_unit
    AUX_INTEGER,  // of ipu_integer_unit
    AUX_SINGLE,   // of ipu_single_unit
    AUX_HALF,     // of ipu_half_unit
    AUX_FUNCTION  // of ipu_function_unit
  } aux_unit_e;

  typedef struct packed {
    aux_unit_e   op;
    permute_op_e permute_op;
    logic [4:0]  fn;          // of its unit: an enumeration of ipu_float_pkg, ipu_function_unit_pkg::function_e
    logic        half;        // f16 results, rounded: with FP_CTL.ESR the instruction takes a random word
    logic        magnitudes;  // sources without their signs
    logic        lateral;     // f32 sums of neighbouring f16
    logic [1:0]  first;       // ipu_float_pkg::first_e
  } aux_control_t;

  // An aux-lane instruction as it goes down the pipeline; s0 and s1 are the registers of word bits 23:20
  // and 15:12.
  typedef struct packed {
    logic         valid;
    aux_control_t control;
    logic         use_imm;    // second source is the immediate
    logic         wide;       // two f32 lanes, 64-bit logic
    logic         pair0;      // the first source is more than one register; a single one is broadcast if wide
    logic         pair1;      // the second source is
    logic         quad;       // the first source is four registers: its upper pair comes as the second source
    logic         write;
    logic [3:0]   index;      // of the result, or of the pair of results
  } aux_op_t;

  // ---- Exceptions: types, causes and what is known of them (isa/exceptions.yaml)

`include "ipu_exceptions.svh"

  // ---- What one pipeline stage hands to the next. A new field is one line here and one in the stage that sets it.
  // Fields of 32 bits and multiples come last, so that a simulator finds them at the borders of its words.

  // One cycle of the tile's time, bundle or not.
  typedef struct packed {
    logic        tick;
    logic        word_valid;  // the exchange brings a word, or an item of 64 bits
    logic [63:0] word;
    logic [63:0] cycle;
  } beat_t;

  // A bundle from issue to commit: what the words and the context say.
  typedef struct packed {
    main_op_t main;
    aux_op_t  aux;
    logic [2:0]  ctx;
    logic        fetched;       // the words were fetched at all
    logic        straddles;     // the second one from the next row: `sequential` lies in that, too
    logic        injected;      // the word came from outside
    logic [5:0]  launch;        // workers it launches
    logic        condition;     // of a branch or exit
    logic        repeat_start;  // rpt: REPEAT_FIRST is the sequential PC
    logic        repeat_set;    // REPEAT_COUNT changes
    logic [15:0] repeat_count;
    logic [31:0] pc;
    logic [31:0] word0;
    logic [31:0] word1;         // 0 if there is none
    logic [31:0] aux_word;      // the word of the aux lane
    logic [31:0] next_pc;
    logic [31:0] sequential;    // PC behind it
    logic [31:0] repeat_end;
  } bundle_t;

  // I to X1, beside the bundle
  typedef struct packed {
    logic                 taken;  // branch
    cause_e cause;  // of the words alone
    logic                 bad_engine_flags;  // of an accumulating instruction
    logic [31:0] main_imm;
    logic [31:0] aux_imm;
    logic [31:0] r0;              // MRF registers
    logic [31:0] r1;
    logic [31:0] r2;
    logic [63:0] s0;              // ARF pairs
    logic [63:0] s1;
    logic [63:0] d;
  } issued_t;

  // CSRs of a context that its arithmetic goes by.
  typedef struct packed {
    logic        stochastic;       // FP_CTL.ESR
    logic        nan_on_overflow;  // FP_CTL.NANOO
    logic        coefficients_f143;  // FP_NFMT: formats of f8, else F152
    logic        registers_f143;
    logic signed [5:0] scale;      // FP_SCL
    logic [31:0] tas;
    logic [63:0] random;           // with ESR, or to an instruction that asks for it: the generator's word
    logic [63:0] second_random;    // to one that asks for two: the word after it
  } float_state_t;

  // What the engine hands to M of an accumulating instruction.
  typedef struct packed {
    logic        valid;
    logic [2:0]  flags;
    logic        accumulates;  // accumulators change
    logic        draw;
    logic        write_tas;
    logic [31:0] tas;
    logic [63:0] result;
  } engine_result_t;

  // Writes to the coefficient store.
  typedef struct packed {
    logic         write;
    logic         wide;   // 128 bits
    logic [5:0]   index;
    logic [127:0] data;
  } coefficient_write_t;

  // X1 to X2
  typedef struct packed {
    logic                 write_m;  // the result is written at all
    cause_e cause;
    logic [31:0] result;            // for the MRF, a CSR, or of run the vertex base
    logic [31:0] address;           // of the first load, or of run the entry point; what a fault reports
    logic [31:0] second_address;
    logic [31:0] store_address;
    logic [31:0] post;              // modified address, or of runall the step between vertex bases
    logic [63:0] store_data;
  } addressed_t;

  // X2 to M
  typedef struct packed {
    logic [2:0]  flags;  // raised by the aux lane, as ipu_float_pkg::fp_flags_t
    logic [1:0]  draws;  // random words that it used
    addressed_t  main;
    logic [63:0] aux_result;
  } executed_t;

  // M to W
  typedef struct packed {
    logic        write_m;
    logic [31:0] result;
    logic [31:0] post;
    logic [31:0] address;
    logic [31:0] second_address;
    logic [63:0] aux_result;
  } committed_t;

  // What the debug side outside wants. Levels while the tile stands still, but for the first four fields.
  typedef struct packed {
    logic [6:0]  contexts;     // shall stop (DBG_RBRK)
    logic        in_exchange;  // also at send and delay instructions
    logic        row_valid;    // this row of memory cannot be read
    logic [17:0] row;
    logic [3:0]  stopping;     // hazards that stop the tile
    logic [6:0]  clear;        // exceptions of contexts
    logic        resume;       // the tile goes on, from what is committed
    logic        settle;       // changes of the receive pointer come to pass
    logic        jump;         // time is set
    logic        put;          // a debug CSR
    logic        inject;       // a word into a context
    logic [2:0]  jump_slot;    // jump_cycle modulo the number of slots
    logic [2:0]  inject_ctx;
    logic [7:0]  put_index;
    logic [31:0] put_value;
    logic [31:0] inject_word;
    logic [63:0] jump_cycle;
  } debug_request_t;

  // Sync that the supervisor is in.
  typedef enum logic [1:0] {
    WAIT_NONE,
    WAIT_WORKERS,
    WAIT_WORDS,
    WAIT_CHIP
  } wait_e;

  // What is committed of those who issue: where a tile that was stopped goes on.
  typedef struct packed {
    logic [5:0]  active;
    wait_e       waits;
    logic [31:0] supervisor_pc;
    logic [31:0] inject_pc;      // of the context that a word is injected into
  } standing_t;

  // State of a context that its own instructions use.
  typedef struct packed {
    logic [20:0] worker_base;
    logic [20:0] vertex_base;
    logic [15:0] repeat_count;
    logic [31:0] repeat_first;
    logic [31:0] repeat_end;
  } context_state_t;

  // Register writes of a bundle.
  typedef struct packed {
    logic         m_write;
    logic [3:0]   m_index;
    logic         post_write;
    logic [3:0]   post_index;
    logic [1:0]   first_a_write;   // ARF: one enable per register of a pair; the main lane writes two pairs
    logic [1:0]   first_a_pair;
    logic [1:0]   second_a_write;
    logic [1:0]   second_a_pair;
    logic [1:0]   aux_a_write;
    logic [1:0]   aux_a_pair;
    logic [31:0]  m_data;
    logic [31:0]  post_data;
    logic [63:0]  first_a_data;
    logic [63:0]  second_a_data;
    logic [63:0]  aux_a_data;
  } register_writes_t;

  // ---- What happened in a cycle, for whoever watches; ipu_tile_top makes it ports. Meaningful with tick, the
  // effects and writes with retire.

  typedef struct packed {
    logic        csr_write;
    logic [8:0]  csr_index;
    logic        debug_write;        // DBG_DATA was put
    logic        seed;
    logic        flags_write;
    logic        accumulators;       // of the worker were written
    logic [2:0]  flags;
    logic        store;
    logic        store_wide;
    logic [20:0] store_addr;
    logic        sync;
    logic        sans;
    logic        timed;           // a timed exchange instruction
    logic [31:0] csr_data;
    logic [31:0] debug_data;
    logic [127:0] seed_data;
    logic [63:0] store_data;
  } effects_t;

  typedef struct packed {
    logic        send;
    logic        send_wide;
    logic [1:0]  send_directions;
    logic        send_odd;        // the upper word of the row
    logic        select;
    logic        select_pair;
    logic [12:0] source;
    logic        format_set;
    logic [1:0]  format;
    logic        receive;
    logic        receive_wide;
    logic [20:0] receive_addr;
    logic        receive_outside;
    logic        clash_access;
    logic        clash_fetch;
    logic        receive_live;
    logic        send_live;
    logic        incomplete;
    logic [16:0] incomplete_count;
    logic [63:0] receive_data;
  } exchange_report_t;

  typedef struct packed {
    logic        valid;
    logic        late;         // no bundle's: the supervisor's, at `pc`
    etype_e etype;
    cause_e cause;
    logic        has_address;
    logic [31:0] address;
    logic [31:0] pc;
  } exception_t;

  typedef struct packed {
    logic             tick;
    logic             retire;
    logic [2:0]       ctx;
    effects_t         effects;
    exchange_report_t exchange;
    exception_t       exception;
    register_writes_t writes;
    logic [63:0]      send_data;
    logic [31:0]      pc;
    logic [31:0]      word0;
    logic [31:0]      word1;
    logic [63:0]      cycle;
  } report_t;

endpackage
