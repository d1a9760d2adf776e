// Which registers a committed bundle writes with what. The read-only registers drop their writes.
module ipu_writeback (
  input  logic                   commit_i,
  input  ipu_tile_pkg::main_op_t main_i,
  input  logic                   main_write_i,
  input  logic [31:0]            main_result_i,
  input  logic [127:0]           load_data_i,
  input  ipu_tile_pkg::aux_op_t  aux_i,
  input  logic [63:0]            aux_result_i,

  output logic                   m_write_o,
  output logic [3:0]             m_index_o,
  output logic [31:0]            m_data_o,
  output logic                   post_write_o,
  output logic [3:0]             post_index_o,
  output logic [3:0]             main_a_write_o,
  output logic                   main_a_upper_o,
  output logic [127:0]           main_a_data_o,
  output logic [1:0]             aux_a_write_o,
  output logic [1:0]             aux_a_pair_o,
  output logic [63:0]            aux_a_data_o
);

  assign m_index_o    = main_i.m_index;
  assign m_write_o    = commit_i && main_write_i && main_i.m_index[3:2] != 2'b11;
  assign m_data_o     = main_i.load ? load_data_i[31:0] : main_result_i;
  assign post_index_o = main_i.post_index;
  // Loaded data win over the increment of the same register.
  assign post_write_o = commit_i && main_i.write_post && main_i.post_index[3:2] != 2'b11 &&
                        !(main_write_i && main_i.m_index == main_i.post_index);

  logic [3:0] lanes;

  always_comb begin
    case (main_i.control.size)
      ipu_tile_pkg::SIZE_128: begin
        lanes         = 4'b1111;
        main_a_data_o = load_data_i;
      end
      ipu_tile_pkg::SIZE_64: begin
        lanes         = main_i.a_index[1] ? 4'b1100 : 4'b0011;
        main_a_data_o = {load_data_i[63:0], load_data_i[63:0]};
      end
      default: begin
        lanes         = 4'b0001 << main_i.a_index[1:0];
        main_a_data_o = {4{load_data_i[31:0]}};
      end
    endcase
  end

  assign main_a_upper_o = main_i.a_index[2];
  assign main_a_write_o = (commit_i && main_i.load && main_i.data_in_a && !main_i.a_index[3]) ? lanes : '0;

  always_comb begin
    aux_a_write_o = '0;
    if (commit_i && aux_i.write && !aux_i.index[3]) begin
      aux_a_write_o = aux_i.wide ? 2'b11 : aux_i.index[0] ? 2'b10 : 2'b01;
    end
    aux_a_pair_o = aux_i.index[2:1];
    aux_a_data_o = aux_i.wide ? aux_result_i : {aux_result_i[31:0], aux_result_i[31:0]};
  end

  logic unused_op;
  assign unused_op = ^{main_i, aux_i};

endmodule
