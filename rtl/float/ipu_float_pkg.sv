// Types shared by the f32 units.
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

  // Sticky bits of FP_STS, in their order there.
  typedef struct packed {
    logic oflo;
    logic div0;
    logic inv;
  } fp_flags_t;

endpackage
