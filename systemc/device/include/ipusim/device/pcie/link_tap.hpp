// SPDX-License-Identifier: Apache-2.0
// Stands on a link between a root port and a function, forwards everything as it is and at its time, and
// tells of it who derives from it. Times are those of the host's end: a packet down when it is handed over,
// one up when it arrives.
#pragma once

#include <tlm.h>

#include <cstdint>
#include <memory>
#include <systemc>

#include "ipusim/device/pcie/tlp.hpp"

namespace ipusim::device {

class LinkTap : public sc_core::sc_module {
 public:
  enum class Way : std::uint8_t { down, up };

  tlm::tlm_target_socket<> from_host;
  tlm::tlm_initiator_socket<> to_device;
  tlm::tlm_target_socket<> from_device;
  tlm::tlm_initiator_socket<> to_host;

  explicit LinkTap(sc_core::sc_module_name name);
  ~LinkTap() override;
  LinkTap(const LinkTap&) = delete;
  LinkTap& operator=(const LinkTap&) = delete;

 protected:
  // All payloads have a TlpExtension; others go by. They may be changed.
  virtual void on_request(Way /*way*/, tlm::tlm_generic_payload& /*request*/,
                          const sc_core::sc_time& /*at*/) {}
  // A request that went `way` is over: with a completion, or `lost`.
  virtual void on_end(Way /*way*/, tlm::tlm_generic_payload& /*request*/, const sc_core::sc_time& /*at*/) {}

 private:
  class Half;
  std::unique_ptr<Half> down_;
  std::unique_ptr<Half> up_;
};

}  // namespace ipusim::device
