// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/link_tap.hpp"

namespace ipusim::device {

// Requests of one way, with what comes back for them.
class LinkTap::Half : public tlm::tlm_fw_transport_if<>, public tlm::tlm_bw_transport_if<> {
 public:
  Half(LinkTap& tap, Way way, tlm::tlm_target_socket<>& from, tlm::tlm_initiator_socket<>& to)
      : tap_(tap), way_(way), from_(from), to_(to) {
    from_.bind(*this);
    to_.bind(*this);
  }

  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) override {
    request(payload, delay);
    to_->b_transport(payload, delay);
    end(payload, delay);
  }
  tlm::tlm_sync_enum nb_transport_fw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override {
    if (phase == tlm::BEGIN_REQ) request(payload, delay);
    const bool begins = phase == tlm::BEGIN_REQ;
    const auto answer = to_->nb_transport_fw(payload, phase, delay);
    if (begins &&
        (answer == tlm::TLM_COMPLETED || (answer == tlm::TLM_UPDATED && phase == tlm::BEGIN_RESP))) {
      end(payload, delay);
    }
    return answer;
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay) override {
    if (phase == tlm::BEGIN_RESP) end(payload, delay);
    return from_->nb_transport_bw(payload, phase, delay);
  }
  unsigned transport_dbg(tlm::tlm_generic_payload& payload) override { return to_->transport_dbg(payload); }
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) override {
    return to_->get_direct_mem_ptr(payload, dmi);
  }
  void invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) override {
    from_->invalidate_direct_mem_ptr(start, end);
  }

 private:
  void request(tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay) {
    if (payload.get_extension<TlpExtension>() == nullptr) return;
    tap_.on_request(way_, payload, sc_core::sc_time_stamp() + delay);
  }
  void end(tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay) {
    const auto* tlp = payload.get_extension<TlpExtension>();
    if (tlp == nullptr || is_posted(tlp->kind)) return;
    tap_.on_end(way_, payload, sc_core::sc_time_stamp() + delay);
  }

  LinkTap& tap_;
  Way way_;
  tlm::tlm_target_socket<>& from_;
  tlm::tlm_initiator_socket<>& to_;
};

LinkTap::LinkTap(sc_core::sc_module_name name)
    : sc_core::sc_module(name),
      from_host("from_host"),
      to_device("to_device"),
      from_device("from_device"),
      to_host("to_host"),
      down_(std::make_unique<Half>(*this, Way::down, from_host, to_device)),
      up_(std::make_unique<Half>(*this, Way::up, from_device, to_host)) {}

LinkTap::~LinkTap() = default;

}  // namespace ipusim::device
