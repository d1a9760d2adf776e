// SPDX-License-Identifier: Apache-2.0
// A function's requests to a host whose answers are the test's: in any order, wrong, or none.
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base_protocol_checker.hpp"
#include "ipusim/device/pcie/pcie_function.hpp"
#include "simulation_test.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::device;
using device_test::Script;

// Keeps the requests that come and answers when it is told to.
class Completer : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Completer> requests{"requests"};
  tlm_utils::simple_initiator_socket<Completer> link{"link"};
  std::deque<Payload> reads;
  std::vector<std::pair<std::uint64_t, std::vector<std::uint8_t>>> writes;
  bool at_once = false;  // END_REQ with the request; otherwise by end_request()

  explicit Completer(sc_core::sc_module_name name) : sc_core::sc_module(name) {
    requests.register_b_transport(this, &Completer::b_transport);
    requests.register_nb_transport_fw(this, &Completer::nb_transport_fw);
  }
  void end_request(std::size_t n) { backwards(n, tlm::END_REQ); }
  // The bytes of a completion: the low byte of their address.
  void complete(std::size_t n, tlm::tlm_response_status status = tlm::TLM_OK_RESPONSE) {
    tlm::tlm_generic_payload& read = *reads.at(n);
    for (unsigned i = 0; i < read.get_data_length(); ++i) {
      read.get_data_ptr()[i] = static_cast<std::uint8_t>(read.get_address() + i);
    }
    read.set_response_status(status);
    backwards(n, tlm::BEGIN_RESP);
    reads.erase(reads.begin() + static_cast<std::ptrdiff_t>(n));
  }
  TlpExtension& tlp(std::size_t n) { return *reads.at(n)->get_extension<TlpExtension>(); }
  void config_write(std::uint32_t offset, std::uint8_t value) {
    TlpExtension extension(TlpKind::config_write, {0}, requester_id(3, 0, 0));
    tlm::tlm_generic_payload t;
    t.set_command(tlm::TLM_WRITE_COMMAND);
    t.set_address(offset);
    t.set_data_ptr(&value);
    t.set_data_length(1);
    t.set_streaming_width(1);
    t.set_extension(&extension);
    sc_core::sc_time delay;
    link->b_transport(t, delay);
    t.clear_extension(&extension);
    wait(delay);
  }

 private:
  void b_transport(tlm::tlm_generic_payload& t, sc_core::sc_time&) {
    writes.push_back({t.get_address(), {t.get_data_ptr(), t.get_data_ptr() + t.get_data_length()}});
    t.set_response_status(tlm::TLM_OK_RESPONSE);
  }
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& t, tlm::tlm_phase& phase, sc_core::sc_time&) {
    reads.push_back(Payload::share(t));
    if (!at_once) return tlm::TLM_ACCEPTED;
    phase = tlm::END_REQ;
    return tlm::TLM_UPDATED;
  }
  void backwards(std::size_t n, tlm::tlm_phase phase) {
    sc_core::sc_time delay;
    requests->nb_transport_bw(*reads.at(n), phase, delay);
  }
};

class BusMastering : public device_test::SimulationTest {
 protected:
  void run(unsigned tags, std::function<void()> script) {
    FunctionDescription description;
    description.link = {100, 1e9};
    description.tags = tags;
    completer = std::make_unique<Completer>("completer");
    function = std::make_unique<PcieFunction>("function", description);
    checker = std::make_unique<tlm_test::BaseProtocolChecker>("checker");
    function->upstream().bind(checker->from_initiator);
    checker->to_target.bind(completer->requests);
    completer->link.bind(function->link);
    Script process("script", [&] {
      completer->config_write(0x04, 0x6);
      script();
    });
    sc_core::sc_start();
    EXPECT_TRUE(process.ended());
  }
  static void rest() { sc_core::wait(10, sc_core::SC_US); }
  static std::vector<std::uint8_t> low_bytes(std::uint64_t address, std::size_t bytes) {
    std::vector<std::uint8_t> data(bytes);
    for (std::size_t i = 0; i < bytes; ++i) data[i] = static_cast<std::uint8_t>(address + i);
    return data;
  }
  // But for the bit of requests without completion.
  std::uint32_t device_status() const { return function->config_space().read(0x48) >> 16U & 0xFU; }

  std::unique_ptr<Completer> completer;
  std::unique_ptr<PcieFunction> function;
  std::unique_ptr<tlm_test::BaseProtocolChecker> checker;
};

TEST_F(BusMastering, CompletionsComeInAnyOrder) {
  std::array<std::uint8_t, 2000> data{};
  run(32, [&] {
    completer->at_once = true;
    const auto read = function->master().begin_read(0x1080, data);  // at 512: 384, 512, 512, 512, 80
    rest();
    ASSERT_EQ(completer->reads.size(), 5U);
    for (std::uint8_t n = 0; n < 5; ++n) {
      EXPECT_EQ(completer->tlp(n).tag, n);
      EXPECT_EQ(completer->tlp(n).requester, requester_id(3, 0, 0));  // as the configuration write told it
    }
    EXPECT_EQ(completer->reads[4]->get_address(), 0x1800U);
    for (const std::size_t next : {3U, 0U, 2U, 0U}) {
      completer->complete(next);
      rest();
    }
    EXPECT_FALSE(read->done());
    EXPECT_EQ(function->master().outstanding(), 1U);
    // Tags that are free again are used again, beside the one that is not.
    std::array<std::uint8_t, 8> more{};
    const auto second = function->master().begin_read(0x8000, more);
    rest();
    EXPECT_EQ(completer->tlp(1).tag, 0U);
    completer->complete(1);
    completer->complete(0);
    rest();
    EXPECT_TRUE(read->done());
    EXPECT_TRUE(second->done());
    EXPECT_EQ(read->status(), CompletionStatus::success);
    EXPECT_EQ(std::vector(data.begin(), data.end()), low_bytes(0x1080, 2000));
    EXPECT_EQ(device_status(), 0U);
  });
}

TEST_F(BusMastering, ARequestWaitsForAFreeTag) {
  std::array<std::uint8_t, 2048> data{};
  run(2, [&] {
    completer->at_once = true;
    bool issued = false;
    sc_core::sc_spawn([&] {
      function->master().begin_read(0, data);
      issued = true;
    });
    rest();
    EXPECT_EQ(completer->reads.size(), 2U);
    EXPECT_FALSE(issued);
    completer->complete(1);
    rest();
    EXPECT_EQ(completer->reads.size(), 2U);
    EXPECT_EQ(completer->tlp(1).tag, 1U);
    completer->complete(0);
    rest();
    EXPECT_TRUE(issued);
    completer->complete(1);
    completer->complete(0);
    rest();
    EXPECT_EQ(function->master().outstanding(), 0U);
  });
}

// Of the base protocol: a request begins when the one before has ended.
TEST_F(BusMastering, ASlowTargetHoldsTheNextRequestBack) {
  std::array<std::uint8_t, 1024> data{};
  run(32, [&] {
    function->master().begin_read(0, data);
    rest();
    EXPECT_EQ(completer->reads.size(), 1U);
    completer->end_request(0);
    rest();
    EXPECT_EQ(completer->reads.size(), 2U);
    completer->complete(0);
    completer->complete(0);  // BEGIN_RESP is an END_REQ too
    rest();
    EXPECT_EQ(function->master().outstanding(), 0U);
  });
}

TEST_F(BusMastering, OneFailedCompletionFailsTheRead) {
  std::array<std::uint8_t, 1024> data{};
  run(32, [&] {
    completer->at_once = true;
    const auto read = function->master().begin_read(0, data);
    rest();
    completer->complete(0, tlm::TLM_ADDRESS_ERROR_RESPONSE);
    completer->complete(0);
    rest();
    EXPECT_TRUE(read->done());
    EXPECT_EQ(read->status(), CompletionStatus::unsupported_request);
    EXPECT_EQ(std::vector(data.begin(), data.begin() + 4), (std::vector<std::uint8_t>{0, 0, 0, 0}));
    EXPECT_EQ(data[512 + 5], 5);
  });
}

TEST_F(BusMastering, ACompletionOfNoRequestIsReportedAndDropped) {
  std::array<std::uint8_t, 16> data{};
  run(32, [&] {
    completer->at_once = true;
    const auto read = function->master().begin_read(0x40, data);
    rest();
    completer->tlp(0).tag = 7;
    completer->complete(0);
    rest();
    EXPECT_FALSE(read->done());
    EXPECT_EQ(device_status(), 1U);  // advisory
    EXPECT_EQ(function->master().outstanding(), 1U);
    const auto second = function->master().begin_read(0x80, data);
    rest();
    completer->tlp(0).requester = requester_id(9, 0, 0);
    completer->complete(0);
    rest();
    EXPECT_FALSE(second->done());
  });
}

// A function's reset ends the read; its tag is not given to another request while its completion may still
// come.
TEST_F(BusMastering, ATagOutlivesAReset) {
  std::array<std::uint8_t, 16> data{};
  std::array<std::uint8_t, 16> more{};
  run(1, [&] {
    completer->at_once = true;
    const auto reset = [&] {
      completer->config_write(0x49, 0xA8);
      completer->config_write(0x04, 0x6);
    };
    const auto first = function->master().begin_read(0x40, data);
    rest();
    EXPECT_EQ(function->config_space().read(0x48) >> 21U & 1U, 1U);  // transactions pending
    reset();
    EXPECT_TRUE(first->done());
    EXPECT_EQ(first->status(), CompletionStatus::discarded);
    EXPECT_EQ(function->config_space().read(0x48) >> 21U & 1U, 0U);
    CompletionStatus second = CompletionStatus::none;
    sc_core::sc_spawn([&] { second = function->master().read(0x80, more); });
    rest();
    EXPECT_EQ(completer->reads.size(), 1U);
    completer->complete(0);
    rest();
    EXPECT_EQ(device_status(), 1U);  // nobody waited for it
    EXPECT_EQ(data, (std::array<std::uint8_t, 16>{}));
    completer->complete(0);
    rest();
    EXPECT_EQ(second, CompletionStatus::success);
    EXPECT_EQ(more[1], 0x81);
    // One that never comes: after the completion timeout.
    function->master().begin_read(0x40, data);
    rest();
    reset();
    EXPECT_EQ(function->master().outstanding(), 1U);
    sc_core::wait(11, sc_core::SC_MS);
    EXPECT_EQ(function->master().outstanding(), 0U);
    EXPECT_EQ(device_status(), 0U);
    completer->complete(0);  // later still
    rest();
    EXPECT_EQ(device_status(), 1U);
  });
}

// Packets of one direction keep their order: data first, then the word that says it is there.
TEST_F(BusMastering, WritesStayInOrder) {
  run(32, [&] {
    std::vector<std::uint8_t> data(300, 1);
    function->master().write(0x0FC0, data);  // at 128: 64, 128, 108
    const std::array<std::uint8_t, 4> flag{9, 0, 0, 0};
    function->master().write(0x2000, flag);
    EXPECT_LT(completer->writes.size(), 4U);  // posted: over when they have left
    rest();
    std::vector<std::pair<std::uint64_t, std::size_t>> seen;
    for (const auto& [address, bytes] : completer->writes) seen.emplace_back(address, bytes.size());
    EXPECT_EQ(seen, (std::vector<std::pair<std::uint64_t, std::size_t>>{
                        {0x0FC0, 64}, {0x1000, 128}, {0x1080, 108}, {0x2000, 4}}));
  });
}

TEST_F(BusMastering, NothingIsNothing) {
  run(32, [&] {
    EXPECT_TRUE(function->master().begin_read(0, {})->done());
    EXPECT_EQ(function->master().read(0, {}), CompletionStatus::success);
    function->master().write(0, {});
  });
}

TEST_F(BusMastering, AFunctionHas1To32Tags) {
  for (const unsigned tags : {0U, 33U}) {
    FunctionDescription description;
    description.tags = tags;
    EXPECT_THROW(PcieFunction("function", description), std::invalid_argument);
  }
}

}  // namespace
