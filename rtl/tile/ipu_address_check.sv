// Whether an access lies in memory, in the right region, at a multiple of its size.
module ipu_address_check (
  input  ipu_tile_pkg::main_op_t main_i,
  input  logic [31:0]            address_i,
  output ipu_tile_pkg::cause_e   cause_o
);

  logic [4:0]  bytes;
  logic [31:0] last;
  logic        misaligned;

  always_comb begin
    bytes      = 5'd1 << main_i.control.size;
    last       = ipu_isa_pkg::IPU2_MEMORY_END - {27'b0, bytes};
    misaligned = (address_i[3:0] & (bytes[3:0] - 4'd1)) != '0;
    cause_o = ipu_tile_pkg::CAUSE_NONE;
    if (main_i.load || main_i.store) begin
      if (address_i < ipu_isa_pkg::IPU2_MEMORY_BASE || address_i > last) begin
        cause_o = ipu_tile_pkg::CAUSE_INVALID_ADDRESS;
      end else if (main_i.control.size == ipu_tile_pkg::SIZE_128 && address_i < ipu_isa_pkg::IPU2_REGION1_BASE) begin
        cause_o = ipu_tile_pkg::CAUSE_INVALID_REGION;
      end else if (misaligned) begin
        cause_o = ipu_tile_pkg::CAUSE_MISALIGNED_ADDRESS;
      end
    end
  end

  logic unused_bits;
  assign unused_bits = ^main_i;

endmodule
