// SPDX-License-Identifier: Apache-2.0
// Sparse memory, the same behind TLM-2.0, and payloads with a manager.
#include <gtest/gtest.h>

#include <array>

#include "ipusim/device/tlm/memory_target.hpp"
#include "ipusim/device/tlm/payload_pool.hpp"

namespace {

using namespace ipusim::device;

constexpr std::uint64_t page = SparseMemory::page_bytes;

TEST(SparseMemory, OnlyWrittenPagesExist) {
  SparseMemory memory(std::uint64_t{1} << 40U);
  std::array<std::uint8_t, 300> data{};
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i + 1);
  memory.write(5 * page - 100, data);  // across a page's end
  EXPECT_EQ(memory.pages(), 2U);
  std::array<std::uint8_t, 302> seen{};
  seen.fill(0xEE);
  memory.read(5 * page - 101, seen);
  EXPECT_EQ(seen.front(), 0);
  EXPECT_EQ(seen.back(), 0);
  EXPECT_TRUE(std::equal(data.begin(), data.end(), seen.begin() + 1));
  memory.read((std::uint64_t{1} << 40U) - 302, seen);
  EXPECT_EQ(seen, (std::array<std::uint8_t, 302>{}));
  EXPECT_EQ(memory.pages(), 2U);  // reads make none
}

TEST(SparseMemory, EndsWhereItEnds) {
  SparseMemory memory(page + 16);
  std::array<std::uint8_t, 16> data{};
  EXPECT_NO_THROW(memory.write(page, data));
  EXPECT_THROW(memory.write(page + 1, data), std::out_of_range);
  EXPECT_THROW(memory.read(page + 17, {}), std::out_of_range);
  EXPECT_THROW(memory.read(~0ULL, data), std::out_of_range);
  EXPECT_EQ(memory.page(page + 15).size(), 16U);
  EXPECT_THROW(memory.page(page + 16), std::out_of_range);
}

class Target : public ::testing::Test {
 protected:
  tlm::tlm_response_status access(tlm::tlm_command command, std::uint64_t address, unsigned bytes) {
    const Payload payload = pool.get(command, address, std::span{data}.first(bytes));
    target.transport(*payload);
    EXPECT_EQ(payload->is_dmi_allowed(), payload->is_response_ok());
    return payload->get_response_status();
  }
  MemoryTarget target{0x1000, 0x100};
  PayloadPool pool;
  std::array<std::uint8_t, 8> data{1, 2, 3, 4, 5, 6, 7, 8};
};

TEST_F(Target, AnswersInItsRangeOnly) {
  EXPECT_EQ(access(tlm::TLM_WRITE_COMMAND, 0x1000, 8), tlm::TLM_OK_RESPONSE);
  data.fill(0);
  EXPECT_EQ(access(tlm::TLM_READ_COMMAND, 0x1004, 4), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(data[0], 5);
  EXPECT_EQ(access(tlm::TLM_READ_COMMAND, 0x10F8, 8), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(access(tlm::TLM_READ_COMMAND, 0x10FC, 8), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  EXPECT_EQ(access(tlm::TLM_READ_COMMAND, 0xFFC, 8), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  EXPECT_EQ(access(tlm::TLM_WRITE_COMMAND, ~0ULL, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
  EXPECT_EQ(access(tlm::TLM_IGNORE_COMMAND, 0x1000, 4), tlm::TLM_COMMAND_ERROR_RESPONSE);
  const Payload payload = pool.get(tlm::TLM_READ_COMMAND, 0x1000, data);
  payload->set_streaming_width(4);
  target.transport(*payload);
  EXPECT_EQ(payload->get_response_status(), tlm::TLM_BURST_ERROR_RESPONSE);
  payload->set_byte_enable_ptr(data.data());
  target.transport(*payload);
  EXPECT_EQ(payload->get_response_status(), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
}

TEST_F(Target, DirectAccessIsForOnePage) {
  tlm::tlm_dmi dmi;
  const Payload payload = pool.get(tlm::TLM_WRITE_COMMAND, 0x1008, data);
  ASSERT_TRUE(target.get_direct_mem_ptr(*payload, dmi));
  EXPECT_EQ(dmi.get_start_address(), 0x1000U);
  EXPECT_EQ(dmi.get_end_address(), 0x10FFU);
  EXPECT_TRUE(dmi.is_read_write_allowed());
  dmi.get_dmi_ptr()[3] = 99;
  EXPECT_EQ(access(tlm::TLM_READ_COMMAND, 0x1003, 1), tlm::TLM_OK_RESPONSE);
  EXPECT_EQ(data[0], 99);
  payload->set_address(0x1100);
  EXPECT_FALSE(target.get_direct_mem_ptr(*payload, dmi));
  EXPECT_EQ(dmi.get_start_address(), 0x1100U);
  payload->set_address(0);
  EXPECT_FALSE(target.get_direct_mem_ptr(*payload, dmi));
  EXPECT_EQ(dmi.get_end_address(), 0xFFFU);
}

struct Note : tlm::tlm_extension<Note> {
  explicit Note(int* freed) : count(freed) {}
  ~Note() override { ++*count; }
  tlm_extension_base* clone() const override { return nullptr; }
  void copy_from(const tlm_extension_base&) override {}
  int* count;
};

TEST(Payloads, LiveUntilTheLastReferenceGoes) {
  PayloadPool pool;
  int freed = 0;
  tlm::tlm_generic_payload* first = nullptr;
  {
    Payload mine = pool.get(tlm::TLM_WRITE_COMMAND, 0x40, std::size_t{16});
    first = &*mine;
    mine->set_auto_extension(new Note(&freed));
    EXPECT_TRUE(mine->has_mm());
    EXPECT_EQ(mine->get_ref_count(), 1);
    Payload theirs = Payload::share(*mine);
    EXPECT_EQ(mine->get_ref_count(), 2);
    mine = Payload();
    EXPECT_EQ(theirs->get_address(), 0x40U);
    EXPECT_EQ(theirs->get_data_length(), 16U);
    EXPECT_EQ(theirs->get_data_ptr()[15], 0);
    EXPECT_EQ(pool.in_use(), 1U);
    theirs->get_data_ptr()[0] = 7;
    theirs->set_response_status(tlm::TLM_OK_RESPONSE);
  }
  EXPECT_EQ(freed, 1);
  EXPECT_EQ(pool.in_use(), 0U);
  const Payload again = pool.get(tlm::TLM_READ_COMMAND, 0, std::size_t{4});
  EXPECT_EQ(&*again, first);  // used again, and as new
  EXPECT_EQ(again->get_data_ptr()[0], 0);
  EXPECT_EQ(again->get_response_status(), tlm::TLM_INCOMPLETE_RESPONSE);
  EXPECT_EQ(again->get_extension<Note>(), nullptr);
  const Payload other = pool.get(tlm::TLM_READ_COMMAND, 0, std::size_t{4});
  EXPECT_NE(&*other, first);
  EXPECT_EQ(pool.in_use(), 2U);
}

TEST(Payloads, OutliveTheirPoolIfSomebodyHoldsThem) {
  int freed = 0;
  Payload left;
  {
    PayloadPool pool;
    left = pool.get(tlm::TLM_WRITE_COMMAND, 0x40, std::size_t{16});
    left->set_auto_extension(new Note(&freed));
    const Payload gone = pool.get(tlm::TLM_WRITE_COMMAND, 0x80, std::size_t{16});
  }
  left->get_data_ptr()[15] = 1;
  EXPECT_EQ(left->get_address(), 0x40U);
  EXPECT_EQ(freed, 0);
  left = Payload();
  EXPECT_EQ(freed, 1);
}

}  // namespace
