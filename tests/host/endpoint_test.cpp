// SPDX-License-Identifier: Apache-2.0
// Requests at the endpoint: where they go, and what is refused how.
#include "bench.hpp"

namespace {

using namespace ipusim;
using device::CompletionStatus;
using device::TlpExtension;
using device::TlpKind;
using host_test::EndpointBench;

constexpr auto sc = CompletionStatus::success;
constexpr auto ur = CompletionStatus::unsupported_request;
constexpr auto ca = CompletionStatus::completer_abort;
constexpr auto control_at = EndpointBench::control_at;
constexpr auto memory_at = EndpointBench::memory_at;
constexpr auto table_at = EndpointBench::table_at;
constexpr auto pending_at = EndpointBench::pending_at;
constexpr std::uint32_t device_control = EndpointBench::pcie_at + 8;
constexpr std::uint32_t device_status = EndpointBench::pcie_at + 10;

class Endpoint : public host_test::SimulationTest {};

// Device Status, cleared by being asked for.
std::uint32_t errors(EndpointBench& b) {
  const std::uint32_t value = b.config_word(device_status, 2);
  b.set_config(device_status, 2, value);
  return value;
}

TEST_F(Endpoint, RequestsReachTheirBar) {
  EndpointBench b;
  b.chip.control_words[0x70008] = 1472;
  b.run([&] {
    b.place_bars();
    EXPECT_EQ(b.read_word(control_at + 0x70008), 1472U);
    b.write_word(memory_at + 0x5BF4'C000, 0x1234'5678);
    EXPECT_EQ(b.read_word(memory_at + 0x5BF4'C000), 0x1234'5678U);
    EXPECT_EQ(b.read(memory_at + 0x13, 7), sc);  // any alignment
    EXPECT_EQ(errors(b), 0U);
  });
  ASSERT_EQ(b.chip.memory_accesses.size(), 3U);
  EXPECT_EQ(b.chip.memory_accesses[0].address, 0x5BF4'C000U);
  EXPECT_FALSE(b.chip.memory_accesses[0].read);
  EXPECT_EQ(b.chip.memory_accesses[2].address, 0x13U);
  EXPECT_EQ(b.chip.memory_accesses[2].bytes, 7U);
  ASSERT_EQ(b.chip.control_accesses.size(), 1U);
  EXPECT_EQ(b.chip.control_accesses[0].address, 0x70008U);
}

TEST_F(Endpoint, NothingAnswersWhileMemorySpaceIsDisabled) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    b.set_config(0x04, 2, 4);  // bus master only
    EXPECT_EQ(b.read(memory_at, 4), ur);
    EXPECT_EQ(errors(b), 0x9U);
    b.write(memory_at, 4);
    EXPECT_EQ(errors(b), 0xAU);
    EXPECT_EQ(b.read(table_at, 4), ur);
    b.set_config(0x04, 2, 2);
    EXPECT_EQ(b.read(memory_at, 4), sc);
  });
  EXPECT_EQ(b.chip.memory_accesses.size(), 1U);
}

TEST_F(Endpoint, AddressesOfNobodyAreUnsupported) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    EXPECT_EQ(b.read(0x1000, 4), ur);
    EXPECT_EQ(b.read(memory_at + 0x8000'0000, 4), ur);
    EXPECT_EQ(b.read(control_at + 0x80000, 4), ur);
    EXPECT_EQ(b.read(control_at + 0x1000, 4), ur);  // the chip has no such register
    errors(b);
    b.write(control_at + 0x1000, 4);
    EXPECT_EQ(errors(b), 0xAU);
    EXPECT_EQ(b.config_word(0x06, 2), 0x0010U);  // no abort
  });
}

TEST_F(Endpoint, WhatTheChipRefusesIsAborted) {
  EndpointBench b;
  b.chip.control_words[0x70000] = 1;
  b.run([&] {
    b.place_bars();
    for (const auto response :
         {tlm::TLM_GENERIC_ERROR_RESPONSE, tlm::TLM_BURST_ERROR_RESPONSE, tlm::TLM_COMMAND_ERROR_RESPONSE}) {
      b.chip.answer = response;
      EXPECT_EQ(b.read(memory_at, 4), ca);
      EXPECT_EQ(errors(b), 0x1U);
      EXPECT_EQ(b.config_word(0x06, 2), 0x0810U);
      b.set_config(0x06, 2, 0x0800);
      EXPECT_EQ(b.config_word(0x06, 2), 0x0010U);
      b.write(control_at + 0x70000, 4);
      EXPECT_EQ(errors(b), 0x2U);
      EXPECT_EQ(b.config_word(0x06, 2), 0x0810U);
      b.set_config(0x06, 2, 0x0800);
    }
    b.chip.answer = tlm::TLM_ADDRESS_ERROR_RESPONSE;
    EXPECT_EQ(b.read(memory_at, 4), ur);
  });
}

TEST_F(Endpoint, PayloadSizesHold) {
  EndpointBench b;
  b.link.allow_anything();
  b.run([&] {
    b.place_bars();
    b.write(memory_at, 128);
    b.write(memory_at + 1, 125);  // 32 words, with its three unused bytes
    EXPECT_EQ(errors(b), 0U);
    b.write(memory_at, 129);  // 33 words, and 128 bytes are set
    EXPECT_EQ(errors(b), 0x4U);
    b.write(memory_at + 1, 128);  // 33 words
    EXPECT_EQ(errors(b), 0x4U);
    b.set_config(device_control, 2, 0x2020);
    b.write(memory_at, 256);
    EXPECT_EQ(errors(b), 0U);
    b.write(memory_at, 260);
    EXPECT_EQ(errors(b), 0x4U);
    // The largest read request is that of the function's own: who completes does not look at it.
    EXPECT_EQ(b.read(memory_at, 512), sc);
    EXPECT_EQ(b.read(memory_at, 4096), sc);
    EXPECT_EQ(errors(b), 0U);
  });
  EXPECT_EQ(b.chip.memory_accesses.size(), 5U);
}

TEST_F(Endpoint, NoRequestCrosses4KiB) {
  EndpointBench b;
  b.link.allow_anything();
  b.run([&] {
    b.place_bars();
    EXPECT_EQ(b.read(memory_at + 0x1FFC, 4), sc);
    EXPECT_EQ(b.read(memory_at + 0x1FFE, 2), sc);
    EXPECT_EQ(errors(b), 0U);
    EXPECT_EQ(b.read(memory_at + 0x1FFC, 5), CompletionStatus::timed_out);  // dropped
    EXPECT_EQ(errors(b), 0x4U);
    b.write(memory_at + 0x1FFF, 2);
    EXPECT_EQ(errors(b), 0x4U);
  });
  EXPECT_EQ(b.chip.memory_accesses.size(), 2U);
}

TEST_F(Endpoint, ConfigurationRequestsOfOneWordForFunctionZero) {
  EndpointBench b;
  b.link.allow_anything();
  b.run([&] {
    std::uint32_t value = 0;
    EXPECT_EQ(b.port.config_read(2, 2, value), sc);
    EXPECT_EQ(value, 0x0003U);
    EXPECT_EQ(b.port.config_read(0x0B, 1, value), sc);
    EXPECT_EQ(value, 0x12U);
    EXPECT_EQ(b.port.config_read(2, 4, value), CompletionStatus::timed_out);
    EXPECT_EQ(value, 0xFFFF'FFFFU);
    EXPECT_EQ(b.port.config_read(0x1000, 4, value), CompletionStatus::timed_out);
    EXPECT_EQ(errors(b), 0x4U);

    // Another function, another device: there is only function 0.
    for (const std::uint16_t completer : std::initializer_list<std::uint16_t>{0x0101, 0x0108}) {
      TlpExtension extension(TlpKind::config_read, {0}, {completer});
      std::array<unsigned char, 4> data{};
      tlm::tlm_generic_payload t;
      t.set_command(tlm::TLM_READ_COMMAND);
      t.set_address(0);
      t.set_data_ptr(data.data());
      t.set_data_length(4);
      t.set_streaming_width(4);
      t.set_extension(&extension);
      sc_core::sc_time delay;
      b.port.link->b_transport(t, delay);
      EXPECT_EQ(extension.status, ur);
      EXPECT_EQ(t.get_response_status(), tlm::TLM_ADDRESS_ERROR_RESPONSE);
      t.clear_extension(&extension);
      EXPECT_EQ(errors(b), 0x9U);
    }
  });
}

TEST_F(Endpoint, PayloadsThatAreNoPacket) {
  EndpointBench b;
  b.link.allow_anything();
  b.run([&] {
    b.place_bars();
    std::array<unsigned char, 4> data{};
    const auto send = [&](auto change) {
      TlpExtension extension(TlpKind::memory_read, {0});
      tlm::tlm_generic_payload t;
      t.set_command(tlm::TLM_READ_COMMAND);
      t.set_address(memory_at);
      t.set_data_ptr(data.data());
      t.set_data_length(4);
      t.set_streaming_width(4);
      t.set_extension(&extension);
      change(t);
      sc_core::sc_time delay;
      b.port.link->b_transport(t, delay);
      t.clear_extension(&extension);
      EXPECT_EQ(extension.status == CompletionStatus::none, t.get_response_status() != tlm::TLM_OK_RESPONSE);
      return t.get_response_status();
    };
    EXPECT_EQ(send([](auto&) {}), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(send([](auto& t) { t.set_command(tlm::TLM_WRITE_COMMAND); }), tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(send([](auto& t) { t.set_streaming_width(2); }), tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(send([&](auto& t) {
                t.set_byte_enable_ptr(data.data());
                t.set_byte_enable_length(4);
              }),
              tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    std::vector<std::string> told;  // what is against the base protocol too
    b.link.down.set_tell([&](const std::string& what) { told.push_back(what); });
    EXPECT_EQ(send([](auto& t) { t.set_data_length(0); }), tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(told.size(), 1U);
    b.link.down.set_tell([](const std::string& what) { ADD_FAILURE() << what; });
    TlpExtension* none = nullptr;
    EXPECT_EQ(send([&](auto& t) { t.set_extension(none); }), tlm::TLM_GENERIC_ERROR_RESPONSE);
  });
}

TEST_F(Endpoint, ReadsFollowTheWritesBeforeThem) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    const auto before = sc_core::sc_time_stamp();
    b.write_word(memory_at, 77);
    // Posted: over as soon as it is on the link, long before it arrives.
    EXPECT_LT(sc_core::sc_time_stamp() - before, sc_core::sc_time(100, sc_core::SC_NS));
    EXPECT_TRUE(b.chip.memory_accesses.empty());
    EXPECT_EQ(b.read_word(memory_at), 77U);
  });
  ASSERT_EQ(b.chip.memory_accesses.size(), 2U);
  EXPECT_LT(b.chip.memory_accesses[0].at, b.chip.memory_accesses[1].at);
}

// On a link so fast that packets take no time, a write and the read behind it arrive at the same moment.
TEST_F(Endpoint, ReadsFollowWritesThatArriveWithThem) {
  auto config = host_test::slow_link();
  config.bandwidth_bytes_per_s = 1e15;
  EndpointBench b(config);
  b.run([&] {
    b.place_bars();
    for (std::uint32_t i = 0; i < 3; ++i) b.write_word(memory_at + 4 * i, 77 + i);
    EXPECT_EQ(b.read_word(memory_at + 8), 79U);
    EXPECT_EQ(b.read_word(memory_at), 77U);
  });
}

TEST_F(Endpoint, MsixStructuresTakeAlignedWordsOnly) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    EXPECT_EQ(b.read_word(table_at + 7 * 16 + 12), 1U);  // masked after reset
    EXPECT_EQ(b.read(table_at, 8), sc);
    EXPECT_EQ(b.read(pending_at, 8), sc);
    EXPECT_EQ(b.read(table_at + 4, 8), ca);
    EXPECT_EQ(b.read(table_at, 2), ca);
    EXPECT_EQ(b.read(table_at, 16), ca);
    EXPECT_EQ(b.read(table_at + 8 * 16, 4), ur);  // eight vectors
    EXPECT_EQ(b.read(pending_at + 8, 4), ur);
    b.write_word(table_at + 16, 0xFEE0'0017);
    EXPECT_EQ(b.read_word(table_at + 16), 0xFEE0'0014U);  // messages are aligned words
    b.write_word(table_at + 12, ~0U);
    EXPECT_EQ(b.read_word(table_at + 12), 1U);
    errors(b);
    b.write_word(pending_at, ~0U);
    EXPECT_EQ(b.read_word(pending_at), 0U);  // cannot be written
    EXPECT_EQ(errors(b), 0U);
    b.write(table_at + 2, 4);
    EXPECT_EQ(errors(b), 0x2U);
  });
}

TEST_F(Endpoint, FewerVectorsThanTheChipHasAreRefused) {
  auto config = host_test::slow_link();
  config.msix_vectors = 5;
  EXPECT_THROW(host::IpuFunction("endpoint", config), std::invalid_argument);
}

}  // namespace
