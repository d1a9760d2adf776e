// SPDX-License-Identifier: Apache-2.0
// Which registers a committed bundle writes with what. The read-only registers drop their writes.
module ipu_writeback (
  input  logic         commit_i,
  input  ipu_tile_pkg::bundle_t    bundle_i,
  input  ipu_tile_pkg::committed_t committed_i,
  input  logic [63:0]  first_data_i,   // of the first load
  input  logic [63:0]  upper_row_i,    // of 128 bits
  input  logic [63:0]  second_data_i,
  output ipu_tile_pkg::register_writes_t writes_o
);

  ipu_tile_pkg::main_op_t main_op;
  ipu_tile_pkg::aux_op_t  aux_op;
  ipu_tile_pkg::register_writes_t writes;

  assign main_op  = bundle_i.main;
  assign aux_op   = bundle_i.aux;
  assign writes_o = writes;

  // Registers of a pair that an access of this size fills.
  function automatic logic [1:0] lanes(input logic odd, input ipu_tile_pkg::size_e size);
    lanes = (size == ipu_tile_pkg::SIZE_64 || size == ipu_tile_pkg::SIZE_128) ? 2'b11 : odd ? 2'b10 : 2'b01;
  endfunction

  logic wide_load;
  assign wide_load = main_op.control.size == ipu_tile_pkg::SIZE_128;

  always_comb begin
    writes         = '0;
    writes.m_write = commit_i && committed_i.write_m && main_op.m_index[3:2] != 2'b11;
    writes.m_index = main_op.m_index;
    case (main_op.control.access)
      ipu_tile_pkg::ACCESS_PLAIN: writes.m_data = main_op.load ? first_data_i[31:0] : committed_i.result;
      ipu_tile_pkg::ACCESS_DELTA, ipu_tile_pkg::ACCESS_HIGH_DELTA: writes.m_data = second_data_i[31:0];
      default: writes.m_data = committed_i.result;
    endcase
    // Where both name one register, this one loses.
    writes.post_write = commit_i && main_op.write_post && main_op.post_index[3:2] != 2'b11 &&
                        !(committed_i.write_m && main_op.m_index == main_op.post_index);
    writes.post_index = main_op.post_index;
    writes.post_data  = committed_i.post;

    writes.first_a_pair  = main_op.a_index[2:1];
    writes.first_a_data  = {first_data_i[31:0], first_data_i[31:0]};
    if (main_op.control.size == ipu_tile_pkg::SIZE_64 || wide_load) writes.first_a_data = first_data_i;
    if (commit_i && main_op.load && main_op.data_in_a && !main_op.a_index[3]) begin
      writes.first_a_write = lanes(main_op.a_index[0], main_op.control.size);
    end

    writes.second_a_pair = main_op.second_index[2:1];
    writes.second_a_data = {second_data_i[31:0], second_data_i[31:0]};
    if (main_op.control.second_size == ipu_tile_pkg::SIZE_64) writes.second_a_data = second_data_i;
    if (wide_load) begin
      writes.second_a_pair = {main_op.a_index[2], 1'b1};
      writes.second_a_data = upper_row_i;
      if (writes.first_a_write != '0) writes.second_a_write = 2'b11;
    end else if (commit_i && main_op.second_in_a && !main_op.second_index[3]) begin
      writes.second_a_write = lanes(main_op.second_index[0], main_op.control.second_size);
    end

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
