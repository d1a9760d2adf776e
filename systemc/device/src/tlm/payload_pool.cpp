// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/tlm/payload_pool.hpp"

namespace ipusim::device {

namespace {

Payload filled(tlm::tlm_generic_payload& payload, tlm::tlm_command command, std::uint64_t address,
               std::span<std::uint8_t> data) {
  payload.set_command(command);
  payload.set_address(address);
  payload.set_data_ptr(data.data());
  payload.set_data_length(static_cast<unsigned>(data.size()));
  payload.set_streaming_width(static_cast<unsigned>(data.size()));
  payload.set_byte_enable_ptr(nullptr);
  payload.set_dmi_allowed(false);
  payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  return Payload(payload);
}

}  // namespace

PayloadPool::~PayloadPool() {
  static Heirs heirs;
  for (auto& node : all_) {
    if (!node->idle) node.release()->set_mm(&heirs);
  }
}

void PayloadPool::Heirs::free(tlm::tlm_generic_payload* payload) { delete static_cast<Node*>(payload); }

// With the one reference that the caller gets.
PayloadPool::Node& PayloadPool::take() {
  if (idle_.empty()) {
    all_.push_back(std::make_unique<Node>(this));
    idle_.push_back(all_.back().get());
  }
  Node& node = *idle_.back();
  idle_.pop_back();
  node.idle = false;
  node.acquire();
  return node;
}

Payload PayloadPool::get(tlm::tlm_command command, std::uint64_t address, std::span<std::uint8_t> data) {
  return filled(take(), command, address, data);
}

Payload PayloadPool::get(tlm::tlm_command command, std::uint64_t address, std::size_t bytes) {
  Node& node = take();
  node.bytes.assign(bytes, 0);
  return filled(node, command, address, node.bytes);
}

void PayloadPool::free(tlm::tlm_generic_payload* payload) {
  payload->reset();  // automatic extensions go
  auto* node = static_cast<Node*>(payload);
  node->idle = true;
  idle_.push_back(node);
}

}  // namespace ipusim::device
