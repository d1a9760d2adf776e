// Loads and stores: effective address and post-modification, checks one stage later, and the bytes of a load
// put in place after memory.
module ipu_load_store (
  // First stage: addresses
  input  ipu_tile_pkg::main_op_t main_i,
  input  logic [31:0]            imm_i,
  input  logic [31:0]            r0_i,
  input  logic [31:0]            r1_i,
  input  logic [31:0]            r2_i,
  output logic [31:0]            address_o,
  output logic [31:0]            post_o,

  // Second stage: checks
  input  logic                   check_i,
  input  ipu_tile_pkg::size_e    check_size_i,
  input  logic [31:0]            check_address_i,
  output ipu_tile_pkg::cause_e   check_cause_o,

  // After memory: the row (two rows) at the address, shifted and extended
  input  ipu_tile_pkg::main_control_t data_control_i,
  input  logic [3:0]             data_address_i,
  input  logic [127:0]           data_rows_i,
  output logic [127:0]           data_o
);

  // ---- Addresses

  logic [31:0] count, scaled;

  always_comb begin
    count     = main_i.use_imm ? imm_i : r2_i;
    scaled    = count << main_i.control.size;
    address_o = r0_i + r1_i;
    post_o    = r1_i + scaled;
    case (main_i.control.address_mode)
      ipu_tile_pkg::ADDR_OFFSET: address_o = r0_i + r1_i + scaled;
      ipu_tile_pkg::ADDR_STM:    address_o = r0_i + {r1_i[29:0], 2'b00};
      ipu_tile_pkg::ADDR_STM_STEP: begin
        address_o = r1_i;
        post_o    = r1_i + {r0_i[29:0], 2'b00};
      end
      default: ;
    endcase
  end

  // ---- Checks: the whole access lies in memory, in the right region, at a multiple of its size

  logic [4:0]  bytes;
  logic [31:0] last;
  logic        misaligned;

  always_comb begin
    bytes      = 5'd1 << check_size_i;
    last       = ipu_isa_pkg::IPU2_MEMORY_END - {27'b0, bytes};
    misaligned = (check_address_i[3:0] & (bytes[3:0] - 4'd1)) != '0;
    check_cause_o = ipu_tile_pkg::CAUSE_NONE;
    if (check_i) begin
      if (check_address_i < ipu_isa_pkg::IPU2_MEMORY_BASE || check_address_i > last) begin
        check_cause_o = ipu_tile_pkg::CAUSE_INVALID_ADDRESS;
      end else if (check_size_i == ipu_tile_pkg::SIZE_128 && check_address_i < ipu_isa_pkg::IPU2_REGION1_BASE) begin
        check_cause_o = ipu_tile_pkg::CAUSE_INVALID_REGION;
      end else if (misaligned) begin
        check_cause_o = ipu_tile_pkg::CAUSE_MISALIGNED_ADDRESS;
      end
    end
  end

  // ---- Data

  logic [31:0] word;
  logic [15:0] half;
  logic [7:0]  byte_data;

  always_comb begin
    word      = data_address_i[2] ? data_rows_i[63:32] : data_rows_i[31:0];
    half      = data_address_i[1] ? word[31:16] : word[15:0];
    byte_data = data_address_i[0] ? half[15:8] : half[7:0];
    case (data_control_i.size)
      ipu_tile_pkg::SIZE_8:  data_o = {96'b0, {24{data_control_i.sign_extend & byte_data[7]}}, byte_data};
      ipu_tile_pkg::SIZE_16: begin
        data_o = {96'b0, {16{data_control_i.sign_extend & half[15]}}, half};
        if (data_control_i.duplicate) data_o[31:16] = half;
      end
      ipu_tile_pkg::SIZE_32: data_o = {96'b0, word};
      default:               data_o = data_rows_i;
    endcase
  end

  logic unused_bits;
  assign unused_bits = ^{main_i, data_control_i, data_address_i[3]};

endmodule
