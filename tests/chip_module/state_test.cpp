// SPDX-License-Identifier: Apache-2.0
// What a module keeps beside its chip is part of its state.
#include "bench.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::Bench;
using chip_test::Host;
using control::ChipStatus;
using control::Tdi;

constexpr auto ok = tlm::TLM_OK_RESPONSE;

class ModuleState : public chip_test::SimulationTest {
 protected:
  static std::vector<std::byte> saved(const ChipModule& chip) {
    StateWriter writer;
    chip.save(writer);
    return writer.take();
  }
  static void load(ChipModule& chip, const std::vector<std::byte>& bytes) {
    StateReader reader(bytes);
    chip.load(reader);
    reader.finish();
  }
};

TEST_F(ModuleState, HoldsDebugWindowsAndMarks) {
  Bench bench({0, 53}, [&](Host& h, ChipModule& chip) {
    const auto window = [](Tdi which) { return control::tdi(TileId{53}, which); };
    EXPECT_EQ(h.write(window(Tdi::dbg_rbrk), 5), ok);
    EXPECT_EQ(h.write(window(Tdi::dbg_iowner), 3), ok);
    EXPECT_NE(h.write(window(Tdi::dbg_iexec), 0), ok);  // no instruction: INV
    EXPECT_EQ(h.write(control::gs2_mark, 7), ok);
    const auto bytes = saved(chip);
    EXPECT_EQ(h.write(window(Tdi::dbg_rbrk), 2), ok);
    EXPECT_EQ(h.write(window(Tdi::dbg_iowner), 1), ok);
    EXPECT_EQ(h.write(window(Tdi::tdi_clr), control::tdi_invalid), ok);
    load(chip, bytes);
    EXPECT_EQ(h.read(window(Tdi::dbg_rbrk)).value, 5U);
    EXPECT_EQ(h.read(window(Tdi::dbg_iowner)).value, 3U);
    EXPECT_EQ(h.read(window(Tdi::tdi_sts)).value & control::tdi_invalid, control::tdi_invalid);
    EXPECT_EQ(h.read(control::gs2_mark).value, 7U);
    EXPECT_EQ(h.read(control::chip_status).value, static_cast<std::uint32_t>(ChipStatus::reset));
    EXPECT_EQ(saved(chip), bytes);
  });
  bench.run();
}

TEST_F(ModuleState, ThatIsDamagedIsRefused) {
  Bench bench({0}, [&](Host&, ChipModule& chip) {
    const auto bytes = saved(chip);
    for (std::size_t length = 10; length < bytes.size(); length += 1 + bytes.size() / 40) {
      StateReader reader(std::span{bytes}.first(length));
      EXPECT_THROW(chip.load(reader), StateError) << length;
    }
    load(chip, bytes);
  });
  bench.run();
}

}  // namespace
