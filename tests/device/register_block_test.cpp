// SPDX-License-Identifier: Apache-2.0
// Rules of access of a register block: the same for every device, whatever its registers do.
#include "ipusim/device/registers/register_block.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

#include "ipusim/device/bytes.hpp"
#include "ipusim/device/registers/register_target.hpp"

namespace {

using namespace ipusim::device;

constexpr std::array rows{
    RegisterRow{"STATUS", 0x10, Access::read_only, 0x55, "kept, and set by the device"},
    RegisterRow{"CONTROL", 0x14, Access::read_write, 0x80, "kept", 4, 0xF0},
    RegisterRow{"COMMAND", 0x18, Access::write_only, 0, "an action"},
    RegisterRow{"ERRORS", 0x20, Access::read_write, 0xFF, "cleared by ones", 4, 0, 0x0F},
    RegisterRow{"COUNT", 0x24, Access::read_only, 0, "an action"},
    RegisterRow{"FIXED", 0x28, Access::writes_ignored, 7, "a write changes nothing"},
};
constexpr RegisterGroup group{"toy", 0, rows};

class Registers : public ::testing::Test {
 protected:
  Registers() {
    block.add(group, {{.offset = 0x18,
                       .write =
                           [this](std::uint32_t, std::uint32_t value) {
                             commands.push_back(value);
                             return value == 13 ? AccessResult::refused : AccessResult::done;
                           }},
                      {.offset = 0x24,
                       .read = [this](std::uint32_t) { return RegisterRead::of(count); },
                       .after_read = [this](std::uint32_t) { ++count; }}});
  }
  std::uint32_t value(std::uint64_t offset) {
    std::array<std::uint8_t, 4> data{};
    EXPECT_EQ(block.read(offset, data), AccessResult::done) << offset;
    return load_word(data);
  }
  AccessResult read(std::uint64_t offset, std::size_t bytes = 4) {
    std::vector<std::uint8_t> data(bytes, 0xEE);
    const AccessResult result = block.read(offset, data);
    if (result != AccessResult::done) {
      EXPECT_EQ(data, std::vector<std::uint8_t>(bytes, 0xEE));
    }
    return result;
  }
  AccessResult write(std::uint64_t offset, std::uint32_t value) {
    std::array<std::uint8_t, 4> data{};
    store_word(data, value);
    return block.write(offset, data);
  }

  RegisterBlock block{0x100};
  std::vector<std::uint32_t> commands;
  std::uint32_t count = 40;
};

TEST_F(Registers, KeepWhatTheirRowLets) {
  EXPECT_EQ(value(0x14), 0x80U);
  EXPECT_EQ(write(0x14, 0x1234'567A), AccessResult::done);
  EXPECT_EQ(value(0x14), 0x70U);
  EXPECT_EQ(write(0x20, 0x35), AccessResult::done);  // ones clear, where they may
  EXPECT_EQ(value(0x20), 0xFAU);
  EXPECT_EQ(write(0x28, 1), AccessResult::done);
  EXPECT_EQ(value(0x28), 7U);
  block.keep(0x10, 0x77);
  EXPECT_EQ(value(0x10), 0x77U);
  EXPECT_EQ(block.kept(0x14), 0x70U);
  EXPECT_THROW(block.kept(0x18), std::out_of_range);  // an action
  EXPECT_THROW(block.keep(0x1C, 0), std::out_of_range);
}

TEST_F(Registers, RefuseWhatTheirRowDoesNotLet) {
  EXPECT_EQ(write(0x10, 1), AccessResult::not_allowed);
  EXPECT_EQ(value(0x10), 0x55U);
  EXPECT_EQ(read(0x18), AccessResult::not_allowed);
  EXPECT_EQ(write(0x18, 13), AccessResult::refused);
  EXPECT_EQ(write(0x18, 14), AccessResult::done);
  EXPECT_EQ(commands, (std::vector<std::uint32_t>{13, 14}));
}

TEST_F(Registers, AreWholeAlignedWords) {
  EXPECT_EQ(read(0x14, 2), AccessResult::wrong_shape);
  EXPECT_EQ(read(0x14, 8), AccessResult::wrong_shape);
  EXPECT_EQ(read(0x16), AccessResult::wrong_shape);
  EXPECT_EQ(read(0x14, 0), AccessResult::wrong_shape);
  EXPECT_EQ(read(0x1C), AccessResult::nothing_there);
  EXPECT_EQ(read(0x00), AccessResult::nothing_there);
  EXPECT_EQ(read(0x100), AccessResult::nothing_there);
  EXPECT_EQ(read(0x102), AccessResult::nothing_there);
  EXPECT_EQ(write(0x1C, 0), AccessResult::nothing_there);
}

TEST_F(Registers, OnlySoftwaresReadsHaveEffects) {
  std::array<std::uint8_t, 4> data{};
  EXPECT_EQ(block.peek(0x24, data), AccessResult::done);
  EXPECT_EQ(load_word(data), 40U);
  EXPECT_EQ(value(0x24), 40U);
  EXPECT_EQ(value(0x24), 41U);
  EXPECT_EQ(block.read_word(0x24), 42U);
  EXPECT_EQ(block.read_word(0x24), 42U);
}

TEST_F(Registers, AnswerPayloadsOfTlm) {
  std::array<unsigned char, 8> data{};
  const auto answer = [&](std::uint64_t address, unsigned bytes, tlm::tlm_command command, auto change) {
    tlm::tlm_generic_payload t;
    t.set_command(command);
    t.set_address(address);
    t.set_data_ptr(data.data());
    t.set_data_length(bytes);
    t.set_streaming_width(bytes);
    change(t);
    transport(block, t);
    return t.get_response_status();
  };
  const auto plain = [](auto&) {};
  EXPECT_EQ(answer(0x10, 4, tlm::TLM_READ_COMMAND, plain), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(data[0], 0x55);
  EXPECT_EQ(answer(0x10, 4, tlm::TLM_WRITE_COMMAND, plain), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(answer(0x10, 4, tlm::TLM_IGNORE_COMMAND, plain), tlm::TLM_COMMAND_ERROR_RESPONSE);
  EXPECT_EQ(answer(0x1C, 4, tlm::TLM_READ_COMMAND, plain), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  EXPECT_EQ(answer(0x10, 8, tlm::TLM_READ_COMMAND, plain), tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(answer(0x10, 4, tlm::TLM_READ_COMMAND, [](auto& t) { t.set_streaming_width(2); }),
            tlm::TLM_BURST_ERROR_RESPONSE);
  EXPECT_EQ(answer(0x10, 4, tlm::TLM_READ_COMMAND, [&](auto& t) { t.set_byte_enable_ptr(data.data()); }),
            tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  data = {13};
  EXPECT_EQ(answer(0x18, 4, tlm::TLM_WRITE_COMMAND, plain), tlm::TLM_GENERIC_ERROR_RESPONSE);

  tlm::tlm_generic_payload t;
  t.set_command(tlm::TLM_READ_COMMAND);
  t.set_address(0x24);
  t.set_data_ptr(data.data());
  t.set_data_length(4);
  EXPECT_EQ(transport_dbg(block, t), 4U);
  EXPECT_EQ(transport_dbg(block, t), 4U);
  EXPECT_EQ(data[0], 40);  // no effect
  t.set_command(tlm::TLM_WRITE_COMMAND);
  t.set_address(0x14);
  EXPECT_EQ(transport_dbg(block, t), 0U);
  EXPECT_EQ(value(0x14), 0x80U);
}

// --- Repeated groups

constexpr std::array window_rows{
    RegisterRow{"NUMBER", 0, Access::read_only, 0, "the window's own"},
    RegisterRow{"VALUE", 8, Access::read_write, 3, "kept, one for every window"},
};
constexpr RegisterGroup windows{"windows", 0x1000, window_rows, 100, 0x10};

TEST(RepeatedRegisters, OneForEveryRepetitionThatIsThere) {
  RegisterBlock block(0x2000, 8);
  block.add(windows, {{.offset = 0, .read = [](std::uint32_t index) { return RegisterRead::of(index); }}},
            [](std::uint32_t index, std::uint32_t offset) {
              if (index == 7) return AccessResult::nothing_there;
              return index == 8 && offset != 0 ? AccessResult::refused : AccessResult::done;
            });
  std::array<std::uint8_t, 4> data{};
  EXPECT_EQ(block.read(0x1000 + 99 * 0x10, data), AccessResult::done);
  EXPECT_EQ(load_word(data), 99U);
  EXPECT_EQ(block.read(0x1000 + 100 * 0x10, data), AccessResult::nothing_there);
  EXPECT_EQ(block.read(0x1000 + 7 * 0x10, data), AccessResult::nothing_there);
  EXPECT_EQ(block.read(0x1000 + 8 * 0x10 + 8, data), AccessResult::refused);
  EXPECT_EQ(block.read(0x1000 + 8 * 0x10, data), AccessResult::done);
  EXPECT_EQ(block.read(0x1000 + 8 * 0x10 + 4, data),
            AccessResult::refused);  // asked before the row is looked for
  EXPECT_EQ(block.read(0x1000 + 4, data), AccessResult::nothing_there);
  store_word(data, 55);
  EXPECT_EQ(block.write(0x1000 + 5 * 0x10 + 8, data), AccessResult::done);
  EXPECT_EQ(block.kept(0x1000 + 5 * 0x10 + 8), 55U);
  EXPECT_EQ(block.kept(0x1000 + 6 * 0x10 + 8), 3U);
  std::array<std::uint8_t, 8> two{};
  EXPECT_EQ(block.read(0x1000, two), AccessResult::nothing_there);  // there is no second word
}

// --- As configuration space is accessed

constexpr std::array small_rows{
    RegisterRow{"ID", 0, Access::read_only, 0x1234, "", 2},
    RegisterRow{"COMMAND", 4, Access::read_write, 0, "", 2, 0x0006},
    RegisterRow{"STATUS", 6, Access::read_write, 0x0810, "", 2, 0, 0x0800},
    RegisterRow{"CLASS", 9, Access::read_only, 0x120000, "", 3},
};

TEST(RegisterWords, AreMadeOfSmallerRegisters) {
  RegisterBlock block(0x40);
  std::vector<std::uint32_t> written;
  block.add({"small", 0, small_rows},
            {{.offset = 4,
              .keep = [](std::uint32_t kept, std::uint32_t next) { return next == 6 ? kept : next; },
              .after_write = [&](std::uint32_t) { written.push_back(block.kept(4)); }}});
  EXPECT_EQ(block.read_word(0), 0x1234U);
  EXPECT_EQ(block.read_word(4), 0x0810'0000U);
  EXPECT_EQ(block.read_word(8), 0x1200'0000U);
  EXPECT_EQ(block.read_word(0x0C), 0U);
  EXPECT_EQ(block.read_word(0x40), 0U);
  block.write_word(4, ~0U, 0x0000'00FF);
  EXPECT_EQ(block.read_word(4), 0x0810'0000U);  // the rule kept COMMAND as it was, STATUS was not selected
  block.write_word(4, 0xFFFF'FFFF, 0xFFFF'0000);
  EXPECT_EQ(block.read_word(4), 0x0010'0000U);
  block.write_word(4, 0xFFFF'FFF2);
  EXPECT_EQ(block.read_word(4), 0x0010'0002U);
  EXPECT_EQ(written, (std::vector<std::uint32_t>{0, 2}));
  block.write_word(0, 0);
  block.write_word(0x0C, ~0U);
  block.write_word(0x40, ~0U);
  EXPECT_EQ(block.read_word(0), 0x1234U);
}

// --- Maps that are none

TEST(RegisterMaps, ThatContradictThemselvesAreRefused) {
  const ReadAction read = [](std::uint32_t) { return RegisterRead::of(0); };
  const WriteAction write = [](std::uint32_t, std::uint32_t) { return AccessResult::done; };
  const auto add = [](const RegisterRow& row, std::vector<Behaviour> behaviours) {
    RegisterBlock block(0x100);
    block.add({"one", 0, {&row, 1}}, std::move(behaviours));
  };
  const RegisterRow readable{"R", 8, Access::read_only};
  const RegisterRow command{"W", 8, Access::write_only};
  const RegisterRow both{"RW", 8, Access::read_write};
  EXPECT_NO_THROW(add(both, {{.offset = 8, .read = read, .write = write}}));
  EXPECT_THROW(add(both, {{.offset = 8, .read = read}}), std::logic_error);
  EXPECT_THROW(add(both, {{.offset = 4, .read = read, .write = write}}), std::logic_error);  // no such row
  EXPECT_THROW(add(readable, {{.offset = 8, .read = read, .write = write}}), std::logic_error);
  EXPECT_THROW(add(command, {}), std::logic_error);
  EXPECT_THROW(add(command, {{.offset = 8, .read = read, .write = write}}), std::logic_error);
  EXPECT_THROW(add({"far", 0x100, Access::read_only}, {}), std::logic_error);
  EXPECT_THROW(add({"odd", 6, Access::read_only}, {}), std::logic_error);

  RegisterBlock block(0x2000);
  block.add(windows, {{.offset = 0, .read = read}});
  const RegisterRow inside{"inside", 0x163C, Access::read_only};
  EXPECT_THROW(block.add({"second", 0, {&inside, 1}}), std::logic_error);  // windows reach to 0x1640
  EXPECT_NO_THROW(block.add({"third", 0x10, {&inside, 1}}));
}

}  // namespace
