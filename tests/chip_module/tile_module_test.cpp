// SPDX-License-Identifier: Apache-2.0
// A tile's memory behind TLM-2.0, alone.
#include "ipusim/chip/module/tile_module.hpp"

#include "bench.hpp"
#include "ipusim/tile/fast_tile.hpp"

namespace {

using namespace ipusim;

class TileMemory : public chip_test::SimulationTest {
 protected:
  std::unique_ptr<tile::TileModel> model = tile::make_fast_tile({TileId{5}, isa::Arch::ipu2});
  std::unique_ptr<chip::TileModule> module;
  std::unique_ptr<chip_test::Host> host;

  void run(std::function<void(chip_test::Host&)> script) {
    model->reset();
    module = std::make_unique<chip::TileModule>("tile", *model);
    host = std::make_unique<chip_test::Host>("host", std::move(script));
    host->memory.bind(checker_.from_initiator);
    checker_.to_target.bind(module->memory);
    idle_ = std::make_unique<chip::TileModule>("idle", *model);
    host->control.bind(idle_->memory);
    sc_core::sc_start();
  }

 private:
  tlm_test::BaseProtocolChecker checker_{"checker"};
  std::unique_ptr<chip::TileModule> idle_;  // the host's second socket wants a partner
};

TEST_F(TileMemory, WritesAndReadsAnyLength) {
  run([this](chip_test::Host& h) {
    std::vector<std::uint8_t> out(1001);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(i * 7);
    EXPECT_EQ(h.move(tlm::TLM_WRITE_COMMAND, 0x80003, out), tlm::TLM_OK_RESPONSE);
    std::vector<std::uint8_t> in(1001);
    EXPECT_EQ(h.move(tlm::TLM_READ_COMMAND, 0x80003, in), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(in, out);
    std::byte first{};
    model->read_memory(ByteAddr{0x80004}, {&first, 1});
    EXPECT_EQ(first, std::byte{7});
  });
}

TEST_F(TileMemory, OutsideIsAnAddressError) {
  run([](chip_test::Host& h) {
    std::vector<std::uint8_t> data(8);
    EXPECT_EQ(h.move(tlm::TLM_READ_COMMAND, 0x4BFFC, data), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(h.move(tlm::TLM_READ_COMMAND, 0xE7FFC, data), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(h.move(tlm::TLM_READ_COMMAND, 0xE7FF8, data), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(h.move(tlm::TLM_WRITE_COMMAND, 0x1'0004'C000, data), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(h.move(tlm::TLM_IGNORE_COMMAND, 0x80000, data), tlm::TLM_COMMAND_ERROR_RESPONSE);
  });
}

TEST_F(TileMemory, NoByteEnablesOrStreams) {
  run([](chip_test::Host& h) {
    std::vector<unsigned char> data(8), enables(8, 0xFF);
    tlm::tlm_generic_payload t;
    t.set_command(tlm::TLM_READ_COMMAND);
    t.set_address(0x80000);
    t.set_data_ptr(data.data());
    t.set_data_length(8);
    t.set_streaming_width(4);
    sc_core::sc_time delay;
    h.memory->b_transport(t, delay);
    EXPECT_EQ(t.get_response_status(), tlm::TLM_BURST_ERROR_RESPONSE);
    t.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    t.set_streaming_width(8);
    t.set_byte_enable_ptr(enables.data());
    t.set_byte_enable_length(8);
    h.memory->b_transport(t, delay);
    EXPECT_EQ(t.get_response_status(), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    t.set_byte_enable_ptr(nullptr);
    EXPECT_EQ(h.memory->transport_dbg(t), 8U);
    t.set_address(0xE7FFC);
    EXPECT_EQ(h.memory->transport_dbg(t), 0U);
  });
}

TEST_F(TileMemory, APointerToReadWhereMemoryLiesInOnePiece) {
  run([](chip_test::Host& h) {
    EXPECT_EQ(h.put_words(0x80000, {0xCAFE0001}), tlm::TLM_OK_RESPONSE);
    tlm::tlm_generic_payload t;
    t.set_command(tlm::TLM_READ_COMMAND);
    t.set_address(0x80000);
    tlm::tlm_dmi dmi;
    ASSERT_TRUE(h.memory->get_direct_mem_ptr(t, dmi));
    EXPECT_EQ(dmi.get_start_address(), 0x4C000U);
    EXPECT_EQ(dmi.get_end_address(), 0xE7FFFU);
    EXPECT_TRUE(dmi.is_read_allowed());
    EXPECT_FALSE(dmi.is_write_allowed());
    EXPECT_EQ(dmi.get_dmi_ptr()[0x80000 - 0x4C000], 0x01);
    EXPECT_EQ(dmi.get_dmi_ptr()[0x80003 - 0x4C000], 0xCA);
    t.set_command(tlm::TLM_WRITE_COMMAND);
    EXPECT_FALSE(h.memory->get_direct_mem_ptr(t, dmi));
    t.set_command(tlm::TLM_READ_COMMAND);
    t.set_address(0xE8000);
    EXPECT_FALSE(h.memory->get_direct_mem_ptr(t, dmi));
  });
}

}  // namespace
