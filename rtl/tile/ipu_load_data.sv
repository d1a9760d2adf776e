// The bytes of a load, out of the row (or two rows) at its address, shifted and extended.
module ipu_load_data (
  input  ipu_tile_pkg::main_control_t control_i,
  input  logic [3:0]   address_i,
  input  logic [127:0] rows_i,
  output logic [127:0] data_o
);

  logic [31:0] word;
  logic [15:0] half;
  logic [7:0]  byte_data;

  always_comb begin
    word      = address_i[2] ? rows_i[63:32] : rows_i[31:0];
    half      = address_i[1] ? word[31:16] : word[15:0];
    byte_data = address_i[0] ? half[15:8] : half[7:0];
    case (control_i.size)
      ipu_tile_pkg::SIZE_8:  data_o = {96'b0, {24{control_i.sign_extend & byte_data[7]}}, byte_data};
      ipu_tile_pkg::SIZE_16: begin
        data_o = {96'b0, {16{control_i.sign_extend & half[15]}}, half};
        if (control_i.duplicate) data_o[31:16] = half;
      end
      ipu_tile_pkg::SIZE_32: data_o = {96'b0, word};
      default:               data_o = rows_i;
    endcase
  end

  logic unused_bits;
  assign unused_bits = ^{control_i, address_i[3]};

endmodule
