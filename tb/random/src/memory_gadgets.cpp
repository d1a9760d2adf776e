// SPDX-License-Identifier: Apache-2.0
#include "memory_gadgets.hpp"

namespace ipusim::random {

using isa::Direction;
using isa::Instruction;
using isa::OperandClass;

namespace {

// base, delta and offset of the three address forms, at their operand numbers; false: another form.
void set_address(const Instruction& i, std::vector<std::uint32_t>& values, std::uint32_t base,
                 std::uint32_t delta, std::uint32_t offset) {
  if (i.opcode == isa::Opcode::stm32_mmmn) {
    values[0] = base;
    values[1] = offset;
  } else if (i.opcode == isa::Opcode::stm32step_mmmn) {
    values[0] = offset;
    values[1] = base;
  } else {
    values[0] = base;
    values[1] = delta;
    if (i.operands[2].cls == OperandClass::MR) values[2] = offset;
  }
}

std::uint32_t word(const Instruction& i, const std::vector<std::uint32_t>& values) {
  return isa::encode(i, values)[0];
}

bool steps(const Instruction& i) {
  return i.operands[1].direction == Direction::inout && i.opcode != isa::Opcode::stm32step_mmmn;
}

}  // namespace

std::uint32_t random_access(Choice& choice, const Instruction& i, std::uint32_t careless) {
  std::vector<std::uint32_t> values = choice.operands_for(i);
  for (std::size_t n = 0; n < values.size(); ++n) {
    if (i.operands[n].cls == OperandClass::signed_immediate) values[n] = 16 * (choice.pick(5) - 2U);
    if (i.operands[n].cls == OperandClass::unsigned_immediate) values[n] &= 0xFFU;
  }
  if (choice.one_in(careless)) return word(i, values);
  const bool wide = access_bytes(i) == 16 || choice.one_in(2);
  const std::uint32_t base = wide ? role::wide_data : role::data;
  if (i.opcode == isa::Opcode::stm32step_mmmn) {
    set_address(i, values, base, 0, role::zero);  // the base stays
  } else if (steps(i)) {
    set_address(i, values, base, role::delta, choice.one_in(2) ? role::offset : role::zero);
  } else {
    set_address(i, values, base, choice.one_in(2) ? role::delta : role::zero, role::offset);
  }
  return word(i, values);
}

namespace {

std::uint32_t border(Choice& choice, const isa::ArchInfo& map, std::uint32_t bytes) {
  const std::uint32_t element = map.element_bytes;
  const std::uint32_t borders[] = {map.memory_base + element, map.region1_base, map.memory_end,
                                   map.region1_base + 2 * element, map.region1_base - element};
  const std::uint32_t at = choice.of(borders);
  const bool below = at == map.memory_end || choice.one_in(2);
  if (bytes == 16 && at <= map.region1_base) return map.region1_base;
  return below ? at - bytes : at;
}

std::uint32_t bad_address(Choice& choice, const isa::ArchInfo& map, std::uint32_t bytes) {
  const std::uint32_t outside[] = {
      0, map.memory_base - bytes, map.memory_end, 0x200000 - bytes, 0x200000 + map.memory_base, 0xFFFFFFF0};
  switch (choice.pick(3)) {
    case 0:
      return choice.of(outside);
    case 1:
      if (bytes == 1) return choice.of(outside);
      if (choice.one_in(2)) return border(choice, map, bytes) - 1 - choice.pick(bytes - 1);
      return map.memory_end - 1 - choice.pick(bytes - 1);
    default:
      return bytes == 16 ? map.region1_base - 16 : choice.of(outside) + bytes / 2;
  }
}

}  // namespace

void add_border_access(Choice& choice, Sequence& code, const Instruction& i, const isa::ArchInfo& map,
                       bool bad) {
  constexpr std::uint32_t address = 3, distance = 2;
  const std::uint32_t bytes = access_bytes(i);
  const std::uint32_t at = bad ? bad_address(choice, map, bytes) : border(choice, map, bytes);
  std::vector<std::uint32_t> values = choice.operands_for(i);
  std::uint32_t immediate = 0;
  for (std::size_t n = 0; n < values.size(); ++n) {
    if (i.operands[n].cls == OperandClass::unsigned_immediate)
      values[n] = immediate = choice.pick(3) * choice.pick(64);
  }
  // The sum wraps around 2^32 now and then.
  const bool with_delta = i.opcode != isa::Opcode::stm32_mmmn && i.opcode != isa::Opcode::stm32step_mmmn;
  const std::uint32_t delta = with_delta ? choice.one_in(2) ? choice.bits() : 0 : 0;
  const std::uint32_t scaled = i.operands.size() > 2 && !steps(i) ? immediate * bytes : 0;
  code.set_m(address, at - delta - scaled);
  if (delta != 0) code.set_m(distance, delta);
  set_address(i, values, address, delta != 0 ? distance : steps(i) ? distance : role::zero, role::zero);
  if (steps(i) && delta == 0) code.set_m(distance, 0);
  code.add_word(word(i, values));
}

namespace {

// Three addresses, no two of them in one element; 64 bytes and more from an element's ends.
std::array<std::uint32_t, 3> distinct_addresses(Choice& choice, const DataPlaces& places) {
  const std::uint32_t element = places.map->element_bytes;
  std::array<std::uint32_t, 3> at{};
  std::uint32_t first = choice.pick(3);
  for (std::uint32_t k = 0; k < 3; ++k) {
    at[k] = places.data - 2 * element + ((first + k) % 4) * element + 0x1000 + 16 * choice.pick(64);
  }
  if (choice.one_in(2)) at[choice.pick(3)] = places.wide_data + 0x1000 + 8 * choice.pick(64);
  return at;
}

// Two of the addresses into one element, near or far.
void clash(Choice& choice, const DataPlaces& places, std::array<std::uint32_t, 3>& at) {
  const std::uint32_t first = choice.pick(3);
  const std::uint32_t second = (first + 1 + choice.pick(2)) % 3;
  const bool wide = choice.one_in(2);
  const std::uint32_t rows = (wide ? 2U : 1U) * places.map->element_bytes / 16;
  const std::uint32_t begin = wide ? places.wide_data + 8 * choice.pick(2) : places.data;
  at[first] = begin + 16 * choice.pick(rows);
  at[second] = begin + 16 * choice.pick(rows);
}

std::uint32_t small_count(Choice& choice) { return (choice.pick(9) - 4U) & 0x3FFU; }

void set_packed(Sequence& code, const std::array<std::uint32_t, 3>& at) {
  code.set_m(role::packed, at[0] | at[2] << 21U);
  code.set_m(role::packed + 1, at[1] | at[2] >> 11U << 21U);
}

// Draws the registers of a word anew until its destinations are apart.
std::uint32_t apart(Choice& choice, const Instruction& i, std::vector<std::uint32_t> values) {
  while (true) {
    std::uint32_t seen = 0;
    bool overlap = false;
    for (std::size_t n = 0; n < values.size(); ++n) {
      const isa::Operand& o = i.operands[n];
      if (o.cls == OperandClass::MR || o.cls == OperandClass::MRPair || !is_register(o.cls)) continue;
      values[n] = choice.register_for(o);
      if (o.direction == Direction::in) continue;
      const std::uint32_t mask = (o.cls == OperandClass::AR       ? 1U
                                  : o.cls == OperandClass::ARPair ? 3U
                                                                  : 15U)
                                 << values[n];
      overlap = overlap || (seen & mask) != 0;
      seen |= mask;
    }
    if (!overlap) return word(i, values);
  }
}

}  // namespace

std::uint32_t prepare_pace(Choice& choice, Sequence& code, const Instruction& i, const DataPlaces& places,
                           bool bad) {
  std::vector<std::uint32_t> values = choice.operands_for(i);
  std::array<std::uint32_t, 3> at = distinct_addresses(choice, places);
  // Bad: in one element, or misaligned, or outside memory.
  std::uint32_t spoiled = 0;
  if (bad && choice.one_in(2)) {
    spoiled = choice.one_in(2) ? 1 + choice.pick(7) : 0x80000;
    at[choice.pick(3)] += spoiled;
  } else if (bad) {
    clash(choice, places, at);
  }
  if (i.mnemonic.find("pace") != std::string_view::npos) {
    // An address that is not accessed may be anything.
    const bool second = i.mnemonic.starts_with("ld2x") || i.mnemonic.starts_with("ld64");
    const std::array<bool, 3> accessed{i.load, second, i.store};
    for (std::size_t k = 0; k < 3; ++k) {
      if (!accessed[k]) at[k] = choice.bits() & isa::address_mask;
    }
    set_packed(code, at);
    code.set_m(role::stride, small_count(choice) | small_count(choice) << 10U | small_count(choice) << 20U);
    values[0] = choice.one_in(4) ? role::zero : role::stride;
    values[1] = role::packed;
    for (std::size_t n = 0; n < values.size(); ++n) {
      if (i.operands[n].cls == OperandClass::unsigned_immediate)
        values[n] = choice.pick(1U << i.operands[n].width);
    }
    return apart(choice, i, values);
  }
  const std::uint32_t delta = 16 * choice.pick(32) + (spoiled & 7U);
  values[0] = role::data;
  values[1] = role::delta_pointer;
  values[2] = role::deltas;
  if (i.mnemonic == "ldb16b16") {
    // Two offsets an element apart.
    code.set_m(role::delta_pointer, choice.bits());
    code.set_m(role::deltas, delta | (delta + (bad ? 2 : places.map->element_bytes)) << 16U);
  } else {
    const std::uint32_t other = spoiled > 7 ? 16 : bad ? places.data + 64 : places.wide_data + 0x1000;
    code.set_m(role::delta_pointer, other + 16 * choice.pick(32));
    code.set_m(role::deltas, i.mnemonic == "ldd16v2a32" ? delta << 16U | 16 * choice.pick(32) : delta);
  }
  return apart(choice, i, values);
}

}  // namespace ipusim::random
