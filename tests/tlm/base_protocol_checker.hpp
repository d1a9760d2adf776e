// SPDX-License-Identifier: Apache-2.0
// Stands between an initiator and a target and holds both to TLM-2.0's base protocol (IEEE 1666-2011, 11 to
// 17). It changes nothing and takes no time.
#pragma once

#include <tlm.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <systemc>
#include <vector>

namespace ipusim::tlm_test {

class BaseProtocolChecker : public sc_core::sc_module,
                            public tlm::tlm_fw_transport_if<>,
                            public tlm::tlm_bw_transport_if<> {
 public:
  tlm::tlm_target_socket<> from_initiator;
  tlm::tlm_initiator_socket<> to_target;

  // Violations are told to `tell`, one sentence each; without it each is a failure of the running test.
  using Tell = std::function<void(const std::string&)>;
  explicit BaseProtocolChecker(sc_core::sc_module_name name, Tell tell = {});
  // Tells of transactions that have begun and not ended.
  ~BaseProtocolChecker() override;

  // From now on.
  void set_tell(Tell tell) { tell_ = std::move(tell); }
  // Calls that came through, of all five kinds.
  std::size_t calls() const { return calls_; }

  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override;
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  unsigned transport_dbg(tlm::tlm_generic_payload& payload) override;
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override;
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override;
  void invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) override;

 private:
  // What a target must leave as it is.
  struct Attributes {
    explicit Attributes(const tlm::tlm_generic_payload& payload);
    tlm::tlm_command command;
    sc_dt::uint64 address;
    const unsigned char* data;
    unsigned length;
    const unsigned char* enables;
    unsigned enable_length;
    unsigned streaming_width;
    std::vector<unsigned char> written;  // the bytes of a write
  };
  struct Transaction {
    tlm::tlm_phase phase;  // the last one
    Attributes attributes;
  };

  void tell(const std::string& what, const tlm::tlm_generic_payload& payload);
  void check_request(const tlm::tlm_generic_payload& payload);
  void check_shape(const tlm::tlm_generic_payload& payload);
  void check_unchanged(const tlm::tlm_generic_payload& payload, const Attributes& before);
  void check_response(const tlm::tlm_generic_payload& payload, const Attributes& before);
  void check_delay(const sc_core::sc_time& delay, const tlm::tlm_generic_payload& payload);
  void begin(tlm::tlm_generic_payload& payload);
  // The transaction goes from its phase to `next`, by a call forwards or backwards, or by its return.
  void step(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& next, bool forwards);
  void end(tlm::tlm_generic_payload& payload);

  Tell tell_;
  std::size_t calls_ = 0;
  std::map<const tlm::tlm_generic_payload*, Transaction> transactions_;  // of nb_transport
};

}  // namespace ipusim::tlm_test
