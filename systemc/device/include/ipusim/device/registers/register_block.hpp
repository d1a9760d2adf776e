// SPDX-License-Identifier: Apache-2.0
// A bank of registers: the rows of a register map with what they do. All rules of access are here and not in
// the devices: sizes, alignment, offsets where nothing is, and reads and writes that a row does not allow. No
// SystemC.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ipusim/device/registers/register_map.hpp"

namespace ipusim::device {

// How an access ended.
enum class AccessResult : std::uint8_t {
  done,
  nothing_there,  // no register at this offset
  wrong_shape,    // not one whole aligned word (or as many as the bank takes at once)
  not_allowed,    // a read of a write-only register, a write of a read-only one
  refused         // by the register, in its present state or for this value
};

struct RegisterRead {
  AccessResult result = AccessResult::done;
  std::uint32_t value = 0;
  static RegisterRead of(std::uint32_t value) { return {AccessResult::done, value}; }
};

// `index`: the repetition of the group. A read must change nothing: debuggers read too.
using ReadAction = std::function<RegisterRead(std::uint32_t index)>;
using WriteAction = std::function<AccessResult(std::uint32_t index, std::uint32_t value)>;
// Of a register that keeps its value: what is kept of a write, of the value it had and the one it would get.
using KeepRule = std::function<std::uint32_t(std::uint32_t kept, std::uint32_t written)>;

// What a register does, beside its row. Without any of it the register keeps a value.
struct Behaviour {
  std::uint32_t offset = 0;  // the row's
  ReadAction read = {};
  WriteAction write = {};
  KeepRule keep = {};
  // After software (no debugger) has read the register, or written it.
  std::function<void(std::uint32_t index)> after_read = {};
  std::function<void(std::uint32_t index)> after_write = {};
};

class RegisterBlock {
 public:
  // Asked before an access to repetition `index` of a group, whatever stands at `offset` in it; what is not
  // `done` is the answer.
  using Guard = std::function<AccessResult(std::uint32_t index, std::uint32_t offset)>;

  // Offsets 0 .. bytes - 1. An access is of one word, or of as many aligned ones as make `most_bytes`, 4
  // or 8.
  explicit RegisterBlock(std::uint64_t bytes, unsigned most_bytes = 4);

  // Throws std::logic_error where rows overlap, lie outside or across words, or do not fit their behaviours:
  // one for an offset without a row, a read of a write-only row, a write of one that cannot be written, and a
  // row that does one and not the other of the two it must. The map's rows must outlive the block.
  void add(const RegisterGroup& group, std::vector<Behaviour> behaviours = {}, Guard guard = {});

  std::uint64_t bytes() const { return bytes_; }
  // In the order they were added.
  std::vector<RegisterGroup> groups() const;

  // One access of software; `data` is changed by a read that is done only. Several words are accessed in
  // order, up to the first that is not done.
  AccessResult read(std::uint64_t offset, std::span<std::uint8_t> data);
  AccessResult write(std::uint64_t offset, std::span<const std::uint8_t> data);
  // The same without any effect.
  AccessResult peek(std::uint64_t offset, std::span<std::uint8_t> data) const;

  // As configuration space is accessed: the word at `offset`, a multiple of 4. What is not there reads 0, and
  // nothing is refused; of a write only the bits of `mask` count.
  std::uint32_t read_word(std::uint32_t offset) const;
  void write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask = ~0U);

  // The value that a register keeps, for the device itself. std::out_of_range where there is none.
  std::uint32_t kept(std::uint32_t offset) const;
  void keep(std::uint32_t offset, std::uint32_t value);
  // Every register that keeps a value and can be written gets its reset value, but for sticky bits.
  void reset();

 private:
  struct Register {
    RegisterRow row;
    Behaviour behaviour;
    std::vector<std::uint32_t> values;  // by repetition; empty if it keeps none
    bool readable() const { return row.access != Access::write_only; }
    bool writable() const { return row.access == Access::write_only || row.access == Access::read_write; }
  };
  struct Group {
    RegisterGroup map;
    Guard guard;
    std::vector<Register> registers;  // by offset
    std::uint64_t end() const;
  };
  // Register and repetition.
  struct Place {
    std::size_t group;
    std::size_t number;
    std::uint32_t index;
  };
  struct Found {
    AccessResult result = AccessResult::nothing_there;
    Place place{};
  };

  void check_free(const Group& added) const;
  AccessResult check_shape(std::uint64_t offset, std::size_t bytes) const;
  Found find(std::uint64_t offset) const;
  const Register& at(const Place& place) const { return groups_[place.group].registers[place.number]; }
  Register& at(const Place& place) { return groups_[place.group].registers[place.number]; }
  RegisterRead value_of(const Place& place) const;
  AccessResult write(const Place& place, std::uint32_t value, std::uint32_t mask);
  Place kept_at(std::uint32_t offset) const;

  std::uint64_t bytes_;
  unsigned most_bytes_;
  std::vector<Group> groups_;
};

}  // namespace ipusim::device
