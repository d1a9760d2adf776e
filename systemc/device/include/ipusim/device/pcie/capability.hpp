// SPDX-License-Identifier: Apache-2.0
// A capability of configuration space: registers that stand together behind a header of id and link. It takes
// its place, and its place in the list, when it is added to a ConfigSpace.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ipusim/device/registers/register_block.hpp"

namespace ipusim::device {

class Capability {
 public:
  // bytes: what it takes of configuration space. rows: behind the header, offsets from the capability's
  // start.
  Capability(std::string_view name, std::uint8_t id, std::uint32_t bytes, std::vector<RegisterRow> rows);
  virtual ~Capability() = default;
  Capability(const Capability&) = delete;
  Capability& operator=(const Capability&) = delete;

  std::string_view name() const { return name_; }
  std::uint32_t bytes() const { return bytes_; }
  // Where it stands; 0 before it has been added.
  std::uint32_t offset() const { return offset_; }

 protected:
  virtual std::vector<Behaviour> behaviours() { return {}; }
  // Of its registers, once it has been added; offsets from its start.
  std::uint32_t kept(std::uint32_t row) const { return registers_->kept(offset_ + row); }
  void keep(std::uint32_t row, std::uint32_t value) { registers_->keep(offset_ + row, value); }

 private:
  friend class ConfigSpace;
  void place(RegisterBlock& registers, std::uint32_t offset);

  std::string_view name_;
  std::uint32_t bytes_;
  std::vector<RegisterRow> rows_;
  RegisterBlock* registers_ = nullptr;
  std::uint32_t offset_ = 0;
};

}  // namespace ipusim::device
