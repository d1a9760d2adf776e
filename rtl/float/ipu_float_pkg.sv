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

  // ---- f16

  // What ipu_half_unit does in each lane.
  typedef enum logic [3:0] {
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
    HALF_NARROW  // f32 to f16
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

endpackage
