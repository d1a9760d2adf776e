// SPDX-License-Identifier: Apache-2.0
// The argument of an exponential: x, or x log2(e), as a whole exponent and a fraction of 41 places, rounded down.
module ipu_power_reduce (
  input  logic                            active_i,   // else all outputs are 0
  input  logic                            natural_i,  // e^x, else 2^x
  input  ipu_function_unit_pkg::operand_t x_i,        // neither zero nor special
  output logic signed [9:0]               exponent_o,
  output logic        [40:0]              fraction_o,
  output logic                            exact_o     // nothing was cut off, and the fraction is zero
);

  localparam logic [63:0] Log2E = ipu_function_pkg::LOG2_E;

  logic [51:0] high;
  logic [47:0] low;
  logic [59:0] product, magnitude, lost_bits;
  logic [8:0]  drop;
  logic        lost;
  logic [50:0] fixed;

  always_comb begin
    high       = '0;
    low        = '0;
    product    = '0;
    drop       = '0;
    magnitude  = '0;
    lost_bits  = '0;
    lost       = 1'b0;
    fixed      = '0;
    exponent_o = '0;
    fraction_o = '0;
    exact_o    = 1'b0;
    if (active_i) begin
      // In units of 2^(exponent - 58).
      product = {1'b0, x_i.significand, 35'b0};
      if (natural_i) begin
        high    = {28'b0, x_i.significand} * {24'b0, Log2E[51:24]};
        low     = {24'b0, x_i.significand} * {24'b0, Log2E[23:0]};
        product = {high, 8'b0} + {28'b0, low[47:16]};
      end
      drop = 9'd17 - x_i.exponent;
      if (drop > 9'd60) drop = 9'd60;
      magnitude  = product >> drop;
      lost_bits  = product ^ (magnitude << drop);
      lost       = natural_i || lost_bits != '0;
      fixed      = x_i.sign ? ~magnitude[50:0] + {50'b0, !lost} : magnitude[50:0];
      exponent_o = fixed[50:41];
      fraction_o = fixed[40:0];
      exact_o    = !lost && fixed[40:0] == '0;
      // From 256 on nothing but overflow or zero can result.
      if (x_i.exponent >= 9'sd8) begin
        exponent_o = x_i.sign ? -10'sd300 : 10'sd300;
        fraction_o = '0;
        exact_o    = 1'b0;
      end
    end
  end

  logic unused;
  assign unused = ^{x_i, low[15:0], magnitude[59:51]};

endmodule
