// SPDX-License-Identifier: Apache-2.0
// Holds both ends of a PCI Express link to the rules of transactions (base specification 4.0, chapter 2). It
// knows of the link what goes over it, and nothing of the models at its ends.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "ipusim/device/pcie/link_state.hpp"
#include "ipusim/device/pcie/link_tap.hpp"

namespace ipusim::pcie_test {

class TransactionChecker : public device::LinkTap {
 public:
  // Violations are told to `tell`, one sentence each; without it each is a failure of the running test.
  // state: of the link; null: it is always up. pcie_capability: where the function has it, to learn what the
  // host sets in it.
  using Tell = std::function<void(const std::string&)>;
  explicit TransactionChecker(sc_core::sc_module_name name, const device::LinkState* state = nullptr,
                              Tell tell = {}, std::uint32_t pcie_capability = 0x40);
  // Tells of requests that have begun and not ended.
  ~TransactionChecker() override;

  void watch(const device::LinkState& state) { state_ = &state; }
  // From now on.
  void set_tell(Tell tell) { tell_ = std::move(tell); }
  // For tests that break rules on purpose, of which others are to be told no more.
  void forgive() { open_.clear(); }
  std::size_t packets() const { return packets_; }

  // Everything that goes over the link, as packets; for tests of the checker itself too.
  void request(Way way, const device::Packet& packet, const sc_core::sc_time& at);
  void completion(Way way, const device::Packet& packet, const sc_core::sc_time& at);
  // A request has ended without a completion.
  void lost(Way way, const device::Packet& request);

 protected:
  void on_request(Way way, tlm::tlm_generic_payload& request, const sc_core::sc_time& at) override;
  void on_end(Way way, tlm::tlm_generic_payload& request, const sc_core::sc_time& at) override;

 private:
  // A request without all of its completions. Requests up and down have tags of their own.
  using Key = std::pair<Way, std::uint32_t>;
  struct Open {
    device::Packet request;
    std::uint64_t next = 0;  // address of the next byte that is to come
    std::uint32_t left = 0;  // bytes to come
  };
  static Key key_of(Way way, const device::Packet& packet);

  void tell(const std::string& what, const device::Packet& packet);
  void check_bits(const device::Packet& packet);
  void check_memory(Way way, const device::Packet& packet);
  void check_config(Way way, const device::Packet& packet);
  void check_sender(Way way, const device::Packet& packet, const sc_core::sc_time& at);
  void check_data(Way way, const device::Packet& packet, Open& open);
  void learn(const device::Packet& config_write, const sc_core::sc_time& at);

  const device::LinkState* state_;
  Tell tell_;
  std::uint32_t pcie_;
  std::size_t packets_ = 0;
  std::map<Key, Open> open_;
  // As the host has set them.
  std::uint32_t max_payload_ = 128;
  std::uint32_t max_read_request_ = 512;
  bool bus_master_ = false;
  sc_core::sc_time bus_master_changed_;
  device::RequesterId device_;
  unsigned losses_ = 0;
};

}  // namespace ipusim::pcie_test
