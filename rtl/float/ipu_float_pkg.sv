// SPDX-License-Identifier: Apache-2.0
// Types shared by the floating-point units.
package ipu_float_pkg;

  // Codes of FP_CTL.RND; codes 5..7 act as nearest-even.
  typedef enum logic [2:0] {
    RND_NEAREST_EVEN = 3'd0,
    RND_UP           = 3'd1,
    RND_DOWN         = 3'd2,
    RND_ZERO         = 3'd3,
    RND_NEAREST_AWAY = 3'd4
  } rnd_e;

  localparam logic [31:0] F32_NAN = 32'h7FC0_0000;
  localparam logic [15:0] F16_NAN = 16'h7E00;

  // One f32 operand taken apart, denormals already read as zero.
  typedef struct packed {
    logic        sign;
    logic [7:0]  exponent;  // biased
    logic [23:0] significand;  // with the hidden bit
    logic        zero;
    logic        inf;
    logic        nan;
  } f32_parts_t;

  // A finite sum or product before rounding, or a special result. The value is
  // significand / 2^25 * 2^(exponent - 127), bit 25 being the leading one; bit 0 is sticky.
  typedef struct packed {
    logic               sign;
    logic signed [9:0]  exponent;
    logic        [25:0] significand;
    logic               zero;
    logic               inf;
    logic               nan;
    logic               invalid;  // raises INV
  } f32_unrounded_t;

  // What ipu_single_unit does in each lane.
  typedef enum logic [3:0] {
    SINGLE_ADD,
    SINGLE_SUB,
    SINGLE_MUL,
    SINGLE_CMPEQ,
    SINGLE_CMPNE,
    SINGLE_CMPLT,
    SINGLE_CMPLE,
    SINGLE_CMPGT,
    SINGLE_CMPGE,
    SINGLE_MAX,
    SINGLE_MIN,
    SINGLE_CLAMP
  } single_op_e;

  // What ipu_integer_unit does.
  typedef enum logic [3:0] {
    INTEGER_FROM_SIGNED,
    INTEGER_FROM_UNSIGNED,
    INTEGER_TO_SIGNED,
    INTEGER_TO_UNSIGNED,
    INTEGER_INTEGRAL,  // f32 to an f32 without a fraction
    INTEGER_FRACTION   // a random integer to a fraction in [-1/2, 1/2]
  } integer_op_e;

  // What ipu_class_unit looks at.
  typedef enum logic [3:0] {
    CLASSES_OF_SINGLES,
    CLASSES_OF_HALVES,
    CLASSES_OF_QUARTERS
  } class_op_e;

  // Class codes.
  typedef enum logic [7:0] {
    CLASS_SIGNALLING_NAN = 8'd1,
    CLASS_QUIET_NAN      = 8'd2,
    CLASS_MINUS_INFINITY = 8'd3,
    CLASS_PLUS_INFINITY  = 8'd4,
    CLASS_MINUS_ZERO     = 8'd5,
    CLASS_PLUS_ZERO      = 8'd6,
    CLASS_MINUS_DENORMAL = 8'd7,
    CLASS_PLUS_DENORMAL  = 8'd8,
    CLASS_MINUS_NORMAL   = 8'd9,
    CLASS_PLUS_NORMAL    = 8'd10
  } class_e;

  // What ipu_random_unit makes of random words.
  typedef enum logic [3:0] {
    RANDOM_WORD,
    RANDOM_MASK_HALVES,
    RANDOM_MASK_SINGLES,
    RANDOM_NORMAL_HALVES,
    RANDOM_NORMAL_SINGLES
  } random_op_e;

  // ---- f16

  // What ipu_half_unit does in each lane.
  typedef enum logic [4:0] {
    HALF_ADD,
    HALF_SUB,
    HALF_MUL,
    HALF_CMPEQ,
    HALF_CMPNE,
    HALF_CMPLT,
    HALF_CMPLE,
    HALF_CMPGT,
    HALF_CMPGE,
    HALF_MAX,
    HALF_MIN,
    HALF_CLAMP,
    HALF_MAXC,   // the larger of neighbouring lanes
    HALF_WIDEN,  // f16 to f32
    HALF_NARROW,  // f32 to f16
    HALF_FRACTION,  // a random integer of 16 bits to a fraction in [-1/2, 1/2]
    HALF_QUARTER  // f8 to f16
  } half_op_e;

  // The first source of f16 operations: lane by lane, or one half of its register for all lanes.
  typedef enum logic [1:0] {
    FIRST_PLAIN,
    FIRST_LOWER,
    FIRST_UPPER
  } first_e;

  // One f16 operand taken apart. The exponent is biased, 1 for denormals; their significand lacks the hidden bit.
  typedef struct packed {
    logic        sign;
    logic [4:0]  exponent;
    logic [10:0] significand;
    logic        zero;
    logic        inf;
    logic        nan;
  } f16_parts_t;

  // An exact value that becomes an f16: significand / 2^40 * 2^exponent, not normalised; 0 is a zero.
  typedef struct packed {
    logic               sign;
    logic signed [9:0]  exponent;
    logic        [40:0] significand;
    logic               inf;
    logic               nan;
    logic               invalid;
  } f16_exact_t;

  // The same before rounding: significand / 2^27 * 2^exponent, bit 27 being the leading one; bit 0 is sticky.
  typedef struct packed {
    logic               sign;
    logic signed [9:0]  exponent;
    logic        [27:0] significand;
    logic               zero;
    logic               inf;
    logic               nan;
    logic               invalid;  // raises INV
    logic               div0;     // raises DIV0
  } f16_unrounded_t;

  // Sticky bits of FP_STS, in their order there.
  typedef struct packed {
    logic oflo;
    logic div0;
    logic inv;
  } fp_flags_t;

  // Whether a number that is cut off between `odd`, its last bit kept, and `half`, the first one lost, is rounded away
  // from zero; `sticky` tells of the bits behind.
  function automatic logic rounds_away(input logic [2:0] mode, input logic sign, input logic odd, input logic half,
                                       input logic sticky);
    case (mode)
      ipu_float_pkg::RND_UP:           rounds_away = (half | sticky) & ~sign;
      ipu_float_pkg::RND_DOWN:         rounds_away = (half | sticky) & sign;
      ipu_float_pkg::RND_ZERO:         rounds_away = 1'b0;
      ipu_float_pkg::RND_NEAREST_AWAY: rounds_away = half;
      default:                         rounds_away = half & (sticky | odd);
    endcase
  endfunction

endpackage
