// Which registers a committed bundle writes with what. The read-only registers drop their writes.
module ipu_writeback (
  input  logic         commit_i,
  input  ipu_tile_pkg::bundle_t    bundle_i,
  input  ipu_tile_pkg::committed_t committed_i,
  input  logic [127:0] load_data_i,
  output ipu_tile_pkg::register_writes_t writes_o
);

  ipu_tile_pkg::main_op_t main_op;
  ipu_tile_pkg::aux_op_t  aux_op;
  ipu_tile_pkg::register_writes_t writes;

  assign main_op  = bundle_i.main;
  assign aux_op   = bundle_i.aux;
  assign writes_o = writes;

  logic [3:0]   lanes;
  logic [127:0] a_data;

  always_comb begin
    case (main_op.control.size)
      ipu_tile_pkg::SIZE_128: begin
        lanes  = 4'b1111;
        a_data = load_data_i;
      end
      ipu_tile_pkg::SIZE_64: begin
        lanes  = main_op.a_index[1] ? 4'b1100 : 4'b0011;
        a_data = {load_data_i[63:0], load_data_i[63:0]};
      end
      default: begin
        lanes  = 4'b0001 << main_op.a_index[1:0];
        a_data = {4{load_data_i[31:0]}};
      end
    endcase
  end

  always_comb begin
    writes            = '0;
    writes.m_write    = commit_i && committed_i.write_m && main_op.m_index[3:2] != 2'b11;
    writes.m_index    = main_op.m_index;
    writes.m_data     = main_op.load ? load_data_i[31:0] : committed_i.result;
    // Loaded data win over the increment of the same register.
    writes.post_write = commit_i && main_op.write_post && main_op.post_index[3:2] != 2'b11 &&
                        !(committed_i.write_m && main_op.m_index == main_op.post_index);
    writes.post_index = main_op.post_index;
    writes.post_data  = committed_i.post;

    writes.main_a_upper = main_op.a_index[2];
    writes.main_a_data  = a_data;
    if (commit_i && main_op.load && main_op.data_in_a && !main_op.a_index[3]) writes.main_a_write = lanes;

    writes.aux_a_pair = aux_op.index[2:1];
    writes.aux_a_data = aux_op.wide ? committed_i.aux_result
                                    : {committed_i.aux_result[31:0], committed_i.aux_result[31:0]};
    if (commit_i && aux_op.write && !aux_op.index[3]) begin
      writes.aux_a_write = aux_op.wide ? 2'b11 : aux_op.index[0] ? 2'b10 : 2'b01;
    end
  end

  logic unused_op;
  assign unused_op = ^{bundle_i, committed_i, main_op, aux_op};

endmodule
