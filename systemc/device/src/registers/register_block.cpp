// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/registers/register_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "ipusim/device/bytes.hpp"

namespace ipusim::device {

namespace {

constexpr std::uint32_t word_bytes = 4;

std::uint32_t bits_of(const RegisterRow& row) {
  return row.bytes >= word_bytes ? ~0U : (1U << (8 * row.bytes)) - 1;
}

[[noreturn]] void wrong(const RegisterGroup& group, std::string_view row, std::string_view what) {
  throw std::logic_error(fmt::format("registers '{}': {}: {}", group.name, row, what));
}

// One row with its behaviour, before it is added.
void check(const RegisterGroup& group, const RegisterRow& row, const Behaviour& behaviour) {
  if (row.bytes == 0 || row.offset % word_bytes + row.bytes > word_bytes) {
    wrong(group, row.name, "does not lie in one word");
  }
  const bool read = static_cast<bool>(behaviour.read);
  const bool write = static_cast<bool>(behaviour.write);
  if (behaviour.keep && (read || write)) wrong(group, row.name, "keeps a value, and has actions of its own");
  switch (row.access) {
    case Access::read_only:
    case Access::writes_ignored:
      if (write) wrong(group, row.name, "cannot be written, and has an action for it");
      break;
    case Access::write_only:
      if (read || !write) wrong(group, row.name, "is write-only: it has an action for writes alone");
      break;
    case Access::read_write:
      if (read != write)
        wrong(group, row.name, "has an action for one of reads and writes and not the other");
      break;
  }
}

}  // namespace

std::uint64_t RegisterBlock::Group::end() const {
  std::uint64_t last = 0;
  for (const Register& r : registers) last = std::max(last, std::uint64_t{r.row.offset} + r.row.bytes);
  return map.base + std::uint64_t{map.stride} * (map.count - 1) + std::max<std::uint64_t>(last, map.stride);
}

RegisterBlock::RegisterBlock(std::uint64_t bytes, unsigned most_bytes)
    : bytes_(bytes), most_bytes_(most_bytes) {}

void RegisterBlock::add(const RegisterGroup& map, std::vector<Behaviour> behaviours, Guard guard) {
  if (map.rows.empty() || map.count == 0) wrong(map, "group", "is empty");
  Group group{map, std::move(guard), {}};
  for (const RegisterRow& row : map.rows) {
    Register added{row, {}, {}};
    const auto found = std::ranges::find(behaviours, row.offset, &Behaviour::offset);
    if (found != behaviours.end()) {
      added.behaviour = std::move(*found);
      behaviours.erase(found);
    }
    check(map, row, added.behaviour);
    if (!added.behaviour.read && !added.behaviour.write) added.values.assign(map.count, row.reset);
    group.registers.push_back(std::move(added));
  }
  if (!behaviours.empty()) {
    wrong(map, fmt::format("offset {:#x}", behaviours.front().offset), "an action, and no row");
  }
  std::ranges::sort(group.registers, {}, [](const Register& r) { return r.row.offset; });
  for (std::size_t i = 1; i < group.registers.size(); ++i) {
    const RegisterRow& before = group.registers[i - 1].row;
    if (before.offset + before.bytes > group.registers[i].row.offset) {
      wrong(map, group.registers[i].row.name, fmt::format("overlaps {}", before.name));
    }
  }
  const RegisterRow& last = group.registers.back().row;
  if (map.count > 1 && last.offset + last.bytes > map.stride) wrong(map, last.name, "lies beyond the stride");
  if (group.end() > bytes_) wrong(map, last.name, fmt::format("lies beyond the bank's {:#x} bytes", bytes_));
  check_free(group);
  groups_.push_back(std::move(group));
}

// Every register must be found where it stands: a group before it would hide it.
void RegisterBlock::check_free(const Group& added) const {
  for (const Group& other : groups_) {
    for (const Register& r : added.registers) {
      for (const std::uint32_t index : {0U, added.map.count - 1}) {
        const std::uint64_t from = added.map.address(r.row.offset, index);
        const std::uint64_t to = from + r.row.bytes;
        const auto taken_by = [&](const Register& taken) {
          const std::uint64_t at = other.map.address(taken.row.offset);
          return from < at + taken.row.bytes && to > at;
        };
        const bool taken = other.map.count > 1 ? from < other.end() && to > other.map.base
                                               : std::ranges::any_of(other.registers, taken_by);
        if (taken) wrong(added.map, r.row.name, fmt::format("overlaps the registers '{}'", other.map.name));
      }
    }
  }
}

std::vector<RegisterGroup> RegisterBlock::groups() const {
  std::vector<RegisterGroup> maps;
  for (const Group& group : groups_) maps.push_back(group.map);
  return maps;
}

// --- Finding a register

RegisterBlock::Found RegisterBlock::find(std::uint64_t offset) const {
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const Group& group = groups_[g];
    if (offset < group.map.base || offset >= group.end()) continue;
    const std::uint64_t inside = offset - group.map.base;
    const bool repeated = group.map.count > 1;
    const auto index = static_cast<std::uint32_t>(repeated ? inside / group.map.stride : 0);
    const auto within = static_cast<std::uint32_t>(inside - std::uint64_t{index} * group.map.stride);
    const auto after =
        std::ranges::upper_bound(group.registers, within, {}, [](const Register& r) { return r.row.offset; });
    const bool hit = after != group.registers.begin() &&
                     within < std::prev(after)->row.offset + std::prev(after)->row.bytes;
    // A group that stands once may have another's registers between its own.
    if (!hit && !repeated) continue;
    if (group.guard) {
      const AccessResult answer = group.guard(index, within);
      if (answer != AccessResult::done) return {answer, {}};
    }
    if (!hit) return {};
    return {AccessResult::done,
            {g, static_cast<std::size_t>(std::prev(after) - group.registers.begin()), index}};
  }
  return {};
}

AccessResult RegisterBlock::check_shape(std::uint64_t offset, std::size_t bytes) const {
  if (offset >= bytes_) return AccessResult::nothing_there;
  const bool whole = (bytes == word_bytes || bytes == most_bytes_) && offset % bytes == 0;
  return whole && offset + bytes <= bytes_ ? AccessResult::done : AccessResult::wrong_shape;
}

RegisterRead RegisterBlock::value_of(const Place& place) const {
  const Register& r = at(place);
  return r.values.empty() ? r.behaviour.read(place.index) : RegisterRead::of(r.values[place.index]);
}

// --- Access by software

AccessResult RegisterBlock::peek(std::uint64_t offset, std::span<std::uint8_t> data) const {
  const AccessResult shape = check_shape(offset, data.size());
  if (shape != AccessResult::done) return shape;
  std::vector<std::uint8_t> gathered(data.size());
  for (std::size_t i = 0; i < data.size(); i += word_bytes) {
    const Found found = find(offset + i);
    if (found.result != AccessResult::done) return found.result;
    if (!at(found.place).readable()) return AccessResult::not_allowed;
    const RegisterRead read = value_of(found.place);
    if (read.result != AccessResult::done) return read.result;
    store_word(std::span{gathered}.subspan(i), read.value);
  }
  std::ranges::copy(gathered, data.begin());
  return AccessResult::done;
}

AccessResult RegisterBlock::read(std::uint64_t offset, std::span<std::uint8_t> data) {
  const AccessResult result = peek(offset, data);
  if (result != AccessResult::done) return result;
  for (std::size_t i = 0; i < data.size(); i += word_bytes) {
    const Place place = find(offset + i).place;
    if (at(place).behaviour.after_read) at(place).behaviour.after_read(place.index);
  }
  return AccessResult::done;
}

AccessResult RegisterBlock::write(std::uint64_t offset, std::span<const std::uint8_t> data) {
  const AccessResult shape = check_shape(offset, data.size());
  if (shape != AccessResult::done) return shape;
  for (std::size_t i = 0; i < data.size(); i += word_bytes) {
    const Found found = find(offset + i);
    if (found.result != AccessResult::done) return found.result;
    const Access access = at(found.place).row.access;
    if (access == Access::read_only) return AccessResult::not_allowed;
    if (access == Access::writes_ignored) continue;
    const AccessResult result = write(found.place, load_word(data.subspan(i)), ~0U);
    if (result != AccessResult::done) return result;
  }
  return AccessResult::done;
}

AccessResult RegisterBlock::write(const Place& place, std::uint32_t value, std::uint32_t mask) {
  Register& r = at(place);
  const auto told = [&](AccessResult result) {
    if (result == AccessResult::done && r.behaviour.after_write) r.behaviour.after_write(place.index);
    return result;
  };
  if (r.values.empty()) {
    const std::uint32_t others = mask == ~0U || !r.behaviour.read ? 0 : r.behaviour.read(place.index).value;
    return told(r.behaviour.write(place.index, (others & ~mask) | (value & mask)));
  }
  std::uint32_t& kept = r.values[place.index];
  const std::uint32_t writable = r.row.writable & ~r.row.cleared_by_one & mask & bits_of(r.row);
  std::uint32_t next = (kept & ~writable) | (value & writable);
  next &= ~(value & mask & r.row.cleared_by_one);
  kept = r.behaviour.keep ? r.behaviour.keep(kept, next) : next;
  return told(AccessResult::done);
}

// --- Access as to configuration space

std::uint32_t RegisterBlock::read_word(std::uint32_t offset) const {
  std::uint32_t value = 0;
  for (std::uint32_t byte = 0; byte < word_bytes;) {
    const Found found = offset < bytes_ ? find(offset + byte) : Found{};
    if (found.result != AccessResult::done || !at(found.place).readable()) {
      ++byte;
      continue;
    }
    value |= value_of(found.place).value << (8 * byte);
    byte += at(found.place).row.bytes;
  }
  return value;
}

void RegisterBlock::write_word(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  for (std::uint32_t byte = 0; byte < word_bytes;) {
    const Found found = offset < bytes_ ? find(offset + byte) : Found{};
    if (found.result != AccessResult::done) {
      ++byte;
      continue;
    }
    const std::uint32_t selected = mask >> (8 * byte) & bits_of(at(found.place).row);
    if (at(found.place).writable() && selected != 0) write(found.place, value >> (8 * byte), selected);
    byte += at(found.place).row.bytes;
  }
}

// --- Access by the device

RegisterBlock::Place RegisterBlock::kept_at(std::uint32_t offset) const {
  const Found found = find(offset);
  if (found.result != AccessResult::done || at(found.place).values.empty()) {
    throw std::out_of_range(fmt::format("no register keeps a value at {:#x}", offset));
  }
  return found.place;
}

std::uint32_t RegisterBlock::kept(std::uint32_t offset) const {
  const Place place = kept_at(offset);
  return at(place).values[place.index];
}

void RegisterBlock::keep(std::uint32_t offset, std::uint32_t value) {
  const Place place = kept_at(offset);
  at(place).values[place.index] = value & bits_of(at(place).row);
}

void RegisterBlock::reset() {
  for (Group& group : groups_) {
    for (Register& r : group.registers) {
      if (!r.writable()) continue;
      for (std::uint32_t& value : r.values) value = (value & r.row.sticky) | (r.row.reset & ~r.row.sticky);
    }
  }
}

}  // namespace ipusim::device
