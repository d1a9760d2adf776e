// SPDX-License-Identifier: Apache-2.0
// The checker finds each kind of wrong traffic, and nothing in right traffic.
#include "base_protocol_checker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <memory>

// gtest brings main(); SystemC's library asks for this one all the same.
int sc_main(int, char**) { return 0; }

namespace {

using ipusim::tlm_test::BaseProtocolChecker;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using tlm::tlm_generic_payload;
using tlm::tlm_phase;

// A target whose behaviour is the test's.
struct Target : sc_core::sc_module {
  tlm_utils::simple_target_socket<Target> socket{"socket"};
  std::function<void(tlm_generic_payload&, sc_core::sc_time&)> blocking = [](auto& t, auto&) {
    t.set_response_status(tlm::TLM_OK_RESPONSE);
  };
  std::function<tlm::tlm_sync_enum(tlm_generic_payload&, tlm_phase&)> forward = [](auto&, auto&) {
    return tlm::TLM_ACCEPTED;
  };
  std::function<unsigned(tlm_generic_payload&)> debug = [](auto& t) { return t.get_data_length(); };
  std::function<bool(tlm_generic_payload&, tlm::tlm_dmi&)> direct = [](auto&, auto&) { return false; };

  explicit Target(sc_core::sc_module_name name) : sc_module(name) {
    socket.register_b_transport(this, &Target::b_transport);
    socket.register_nb_transport_fw(this, &Target::nb_transport_fw);
    socket.register_transport_dbg(this, &Target::transport_dbg);
    socket.register_get_direct_mem_ptr(this, &Target::get_direct_mem_ptr);
  }
  void b_transport(tlm_generic_payload& t, sc_core::sc_time& delay) { blocking(t, delay); }
  tlm::tlm_sync_enum nb_transport_fw(tlm_generic_payload& t, tlm_phase& phase, sc_core::sc_time&) {
    return forward(t, phase);
  }
  unsigned transport_dbg(tlm_generic_payload& t) { return debug(t); }
  bool get_direct_mem_ptr(tlm_generic_payload& t, tlm::tlm_dmi& dmi) { return direct(t, dmi); }
};

struct Initiator : sc_core::sc_module {
  tlm_utils::simple_initiator_socket<Initiator> socket{"socket"};
  std::function<tlm::tlm_sync_enum(tlm_phase&)> backward = [](tlm_phase&) { return tlm::TLM_COMPLETED; };
  explicit Initiator(sc_core::sc_module_name name) : sc_module(name) {
    socket.register_nb_transport_bw(this, &Initiator::nb_transport_bw);
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm_generic_payload&, tlm_phase& phase, sc_core::sc_time&) {
    return backward(phase);
  }
};

struct Manager : tlm::tlm_mm_interface {
  void free(tlm_generic_payload*) override {}
};

class Checker : public ::testing::Test {
 protected:
  Checker() {
    sc_core::sc_curr_simcontext = new sc_core::sc_simcontext();
    sc_core::sc_default_global_context = sc_core::sc_curr_simcontext;
    initiator = std::make_unique<Initiator>("initiator");
    checker =
        std::make_unique<BaseProtocolChecker>("checker", [this](const std::string& t) { told.push_back(t); });
    target = std::make_unique<Target>("target");
    initiator->socket.bind(checker->from_initiator);
    checker->to_target.bind(target->socket);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    for (tlm_generic_payload* t : {&payload, &other}) {
      t->set_mm(&manager);
      t->acquire();
      t->set_command(tlm::TLM_READ_COMMAND);
      t->set_address(0x100);
      t->set_data_ptr(data.data());
      t->set_data_length(4);
      t->set_streaming_width(4);
    }
  }
  ~Checker() override {
    checker.reset();
    initiator.reset();
    target.reset();
    delete sc_core::sc_curr_simcontext;
    sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = nullptr;
  }
  void blocking() {
    sc_core::sc_time delay;
    initiator->socket->b_transport(payload, delay);
  }
  tlm::tlm_sync_enum forward(tlm_generic_payload& t, tlm_phase phase) {
    sc_core::sc_time delay;
    return initiator->socket->nb_transport_fw(t, phase, delay);
  }
  tlm::tlm_sync_enum backward(tlm_generic_payload& t, tlm_phase phase) {
    sc_core::sc_time delay;
    return target->socket->nb_transport_bw(t, phase, delay);
  }

  std::array<unsigned char, 8> data{};
  Manager manager;
  tlm_generic_payload payload, other;
  std::vector<std::string> told;
  std::unique_ptr<Initiator> initiator;
  std::unique_ptr<BaseProtocolChecker> checker;
  std::unique_ptr<Target> target;
};

TEST_F(Checker, RightTrafficIsSilent) {
  blocking();
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  initiator->socket->transport_dbg(payload);
  tlm::tlm_dmi dmi;
  initiator->socket->get_direct_mem_ptr(payload, dmi);
  EXPECT_THAT(told, IsEmpty());
  EXPECT_EQ(checker->calls(), 3U);
}

TEST_F(Checker, AnInitiatorThatCompletesTooEarly) {
  EXPECT_EQ(forward(payload, tlm::BEGIN_REQ), tlm::TLM_ACCEPTED);
  EXPECT_EQ(backward(payload, tlm::END_REQ), tlm::TLM_COMPLETED);
  EXPECT_THAT(told, ElementsAre(HasSubstr("set no response")));
}

TEST_F(Checker, FourPhasesAndTheirShortcuts) {
  initiator->backward = [](tlm_phase&) { return tlm::TLM_ACCEPTED; };
  forward(payload, tlm::BEGIN_REQ);
  backward(payload, tlm::END_REQ);
  forward(other, tlm::BEGIN_REQ);  // two under way
  backward(other, tlm::END_REQ);
  other.set_response_status(tlm::TLM_OK_RESPONSE);
  backward(other, tlm::BEGIN_RESP);  // the second comes first
  forward(other, tlm::END_RESP);
  payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  initiator->backward = [](tlm_phase&) { return tlm::TLM_COMPLETED; };
  backward(payload, tlm::BEGIN_RESP);
  other.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  target->forward = [](tlm_generic_payload& t, tlm_phase&) {
    t.set_response_status(tlm::TLM_OK_RESPONSE);
    return tlm::TLM_COMPLETED;
  };
  forward(other, tlm::BEGIN_REQ);
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(Checker, WhatAnInitiatorDoesWrong) {
  payload.set_data_length(0);
  blocking();
  payload.set_data_length(4);
  EXPECT_THAT(told, ElementsAre(HasSubstr("data length of 0")));
  told.clear();
  blocking();  // with the response of the call before
  EXPECT_THAT(told, ElementsAre(HasSubstr("not incomplete")));
  told.clear();
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  payload.set_streaming_width(0);
  payload.set_byte_enable_ptr(data.data());
  payload.set_byte_enable_length(0);
  payload.set_dmi_allowed(true);
  target->blocking = [](auto& t, auto&) {
    t.set_dmi_allowed(false);
    t.set_response_status(tlm::TLM_OK_RESPONSE);
  };
  blocking();
  EXPECT_THAT(told, ElementsAre(HasSubstr("streaming width of 0"), HasSubstr("byte enables of length 0"),
                                HasSubstr("DMI hint")));
  told.clear();
  payload.set_data_ptr(nullptr);
  initiator->socket->transport_dbg(payload);
  EXPECT_THAT(told, ElementsAre(HasSubstr("no data pointer")));
}

TEST_F(Checker, WhatATargetDoesWrong) {
  const auto wrong = [&](auto action) {
    told.clear();
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    payload.set_command(tlm::TLM_WRITE_COMMAND);
    payload.set_address(0x100);
    payload.set_dmi_allowed(false);
    target->blocking = [&](tlm_generic_payload& t, sc_core::sc_time& delay) {
      t.set_response_status(tlm::TLM_OK_RESPONSE);
      action(t, delay);
    };
    blocking();
    return told.size() == 1 ? told[0] : "not one violation";
  };
  EXPECT_THAT(wrong([](auto& t, auto&) { t.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE); }),
              HasSubstr("set no response"));
  EXPECT_THAT(wrong([](auto& t, auto&) { t.set_address(0); }), HasSubstr("address was 0x100"));
  EXPECT_THAT(wrong([](auto& t, auto&) { t.get_data_ptr()[1] ^= 1; }), HasSubstr("data of a write"));
  EXPECT_THAT(wrong([](auto& t, auto&) {
                t.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
                t.set_dmi_allowed(true);
              }),
              HasSubstr("error with a DMI hint"));
  EXPECT_THAT(
      wrong([](auto&, auto& delay) { delay = sc_core::SC_ZERO_TIME - sc_core::sc_time(1, sc_core::SC_NS); }),
      HasSubstr("delay below 0"));
  EXPECT_THAT(wrong([](auto& t, auto&) { t.set_read(); }),
              HasSubstr("not one"));  // the data is no write's any more
  EXPECT_THAT(told, testing::Contains(HasSubstr("changed the command")));
  told.clear();
  payload.set_command(tlm::TLM_READ_COMMAND);
  target->debug = [](auto&) { return 5U; };
  initiator->socket->transport_dbg(payload);
  EXPECT_THAT(told, ElementsAre(HasSubstr("more bytes")));
}

TEST_F(Checker, DmiThatPromisesTooMuch) {
  tlm::tlm_dmi dmi;
  payload.set_command(tlm::TLM_WRITE_COMMAND);
  target->direct = [](auto&, tlm::tlm_dmi& d) {
    d.set_start_address(0x200);
    d.allow_read();
    return true;
  };
  initiator->socket->get_direct_mem_ptr(payload, dmi);
  EXPECT_THAT(told, ElementsAre(HasSubstr("does not hold the address"), HasSubstr("without a pointer"),
                                HasSubstr("does not allow")));
  told.clear();
  target->socket->invalidate_direct_mem_ptr(5, 4);
  EXPECT_THAT(told, ElementsAre(HasSubstr("taken back from 0x5 to 0x4")));
}

TEST_F(Checker, PhasesOutOfOrder) {
  initiator->backward = [](tlm_phase&) { return tlm::TLM_ACCEPTED; };
  backward(payload, tlm::END_REQ);
  EXPECT_THAT(told, ElementsAre(HasSubstr("END_REQ of a transaction that is not under way")));
  told.clear();
  forward(payload, tlm::BEGIN_REQ);
  forward(other, tlm::BEGIN_REQ);
  EXPECT_THAT(told, ElementsAre(HasSubstr("before the END_REQ of another")));
  told.clear();
  forward(payload, tlm::END_RESP);
  EXPECT_THAT(told, ElementsAre(HasSubstr("END_RESP after BEGIN_REQ")));
  told.clear();
  backward(other, tlm::BEGIN_RESP);
  EXPECT_THAT(told, ElementsAre(HasSubstr("set no response")));
  told.clear();
  checker.reset();  // `other` has no END_RESP
  EXPECT_THAT(told, ElementsAre(HasSubstr("ends with BEGIN_RESP")));
}

TEST_F(Checker, NonBlockingNeedsAMemoryManager) {
  tlm_generic_payload plain;
  plain.set_data_ptr(data.data());
  plain.set_data_length(4);
  plain.set_streaming_width(4);
  target->forward = [](tlm_generic_payload& t, tlm_phase&) {
    t.set_response_status(tlm::TLM_OK_RESPONSE);
    return tlm::TLM_COMPLETED;
  };
  forward(plain, tlm::BEGIN_REQ);
  EXPECT_THAT(told, ElementsAre(HasSubstr("without a memory manager")));
  told.clear();
  target->forward = [](tlm_generic_payload&, tlm_phase&) { return tlm::TLM_UPDATED; };
  forward(payload, tlm::BEGIN_REQ);
  EXPECT_THAT(told, testing::Contains(HasSubstr("TLM_UPDATED and the same phase")));
}

}  // namespace
