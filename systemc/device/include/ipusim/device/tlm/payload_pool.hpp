// SPDX-License-Identifier: Apache-2.0
// Generic payloads with a memory manager: what a payload points to lives until the last of initiator, target
// and everything between has released it.
#pragma once

#include <tlm.h>

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace ipusim::device {

// One reference to a pooled payload.
class Payload {
 public:
  Payload() = default;
  // Takes a reference that the caller has.
  explicit Payload(tlm::tlm_generic_payload& held) : payload_(&held) {}
  Payload(Payload&& other) noexcept : payload_(std::exchange(other.payload_, nullptr)) {}
  Payload& operator=(Payload&& other) noexcept {
    std::swap(payload_, other.payload_);
    return *this;
  }
  ~Payload() {
    if (payload_ != nullptr) payload_->release();
  }
  // One more reference to a payload of any pool.
  static Payload share(tlm::tlm_generic_payload& payload) {
    payload.acquire();
    return Payload(payload);
  }

  tlm::tlm_generic_payload& operator*() const { return *payload_; }
  tlm::tlm_generic_payload* operator->() const { return payload_; }
  explicit operator bool() const { return payload_ != nullptr; }

 private:
  tlm::tlm_generic_payload* payload_ = nullptr;
};

class PayloadPool : public tlm::tlm_mm_interface {
 public:
  PayloadPool() = default;
  PayloadPool(const PayloadPool&) = delete;
  PayloadPool& operator=(const PayloadPool&) = delete;
  // What is still held then lives on until it is released.
  ~PayloadPool() override;

  // A payload with one reference: no byte enables, no streaming, response incomplete. `data` must outlive it.
  Payload get(tlm::tlm_command command, std::uint64_t address, std::span<std::uint8_t> data);
  // With `bytes` of its own, zeros.
  Payload get(tlm::tlm_command command, std::uint64_t address, std::size_t bytes);

  // Payloads that somebody holds.
  std::size_t in_use() const { return all_.size() - idle_.size(); }

  void free(tlm::tlm_generic_payload* payload) override;

 private:
  struct Node : tlm::tlm_generic_payload {
    using tlm_generic_payload::tlm_generic_payload;
    std::vector<std::uint8_t> bytes;
    bool idle = true;
  };
  // Manages payloads that outlive their pool.
  struct Heirs : tlm::tlm_mm_interface {
    void free(tlm::tlm_generic_payload* payload) override;
  };
  Node& take();

  std::vector<std::unique_ptr<Node>> all_;
  std::vector<Node*> idle_;
};

}  // namespace ipusim::device
