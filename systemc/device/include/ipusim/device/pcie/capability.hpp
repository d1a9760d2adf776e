// SPDX-License-Identifier: Apache-2.0
// A capability of configuration space: registers that stand together behind a header of id and link. It takes
// its place, and its place in the list, when it is added to a ConfigSpace. Extended ones have a list of their
// own, from 0x100 on.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
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
  // For who owns the registers: its rows are added to them, once; otherwise std::logic_error.
  void place(RegisterBlock& registers, std::uint32_t offset);

 protected:
  Capability(std::string_view name, std::uint32_t bytes, std::vector<RegisterRow> header,
             std::vector<RegisterRow> rows);
  virtual std::vector<Behaviour> behaviours() { return {}; }
  // Of its registers, once it has been added; offsets from its start.
  std::uint32_t kept(std::uint32_t row) const { return registers_->kept(offset_ + row); }
  void keep(std::uint32_t row, std::uint32_t value) { registers_->keep(offset_ + row, value); }

 private:
  static std::vector<RegisterRow> header_of(std::uint8_t id, std::string_view name);
  std::string_view name_;
  std::uint32_t bytes_;
  std::vector<RegisterRow> rows_;
  RegisterBlock* registers_ = nullptr;
  std::uint32_t offset_ = 0;
};

class ExtendedCapability : public Capability {
 public:
  ExtendedCapability(std::string_view name, std::uint16_t id, unsigned version, std::uint32_t bytes,
                     std::vector<RegisterRow> rows)
      : Capability(name, bytes, header_of(id, version, name), std::move(rows)), version_(version) {}

 private:
  friend class ConfigSpace;
  static std::vector<RegisterRow> header_of(std::uint16_t id, unsigned version, std::string_view name);
  unsigned version_;
};

}  // namespace ipusim::device
