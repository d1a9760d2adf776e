// SPDX-License-Identifier: Apache-2.0
#include "ipusim/random/coverage.hpp"

#include <algorithm>

#include "ipusim/isa/csr.hpp"

namespace ipusim::random {

using isa::Instruction;
using isa::OperandClass;

ValueClass classify(std::uint32_t value) {
  switch (value) {
    case 0:
      return ValueClass::zero;
    case 1:
      return ValueClass::one;
    case 0xFFFFFFFF:
      return ValueClass::all_ones;
    case 0x80000000:
      return ValueClass::most_negative;
    default:
      return (value >> 31U) != 0 ? ValueClass::negative : ValueClass::positive;
  }
}

namespace {

FloatClass classify_float(std::uint32_t exponent, std::uint32_t largest, std::uint32_t fraction) {
  if (exponent == largest) return fraction == 0 ? FloatClass::infinity : FloatClass::nan;
  if (exponent != 0) return FloatClass::normal;
  return fraction == 0 ? FloatClass::zero : FloatClass::denormal;
}

bool is_a(OperandClass cls) {
  return cls == OperandClass::AR || cls == OperandClass::ARPair || cls == OperandClass::ARQuad ||
         cls == OperandClass::BroadcastLower || cls == OperandClass::BroadcastUpper ||
         cls == OperandClass::Broadcast;
}

}  // namespace

FloatClass classify_f32(std::uint32_t v) { return classify_float((v >> 23U) & 0xFFU, 0xFF, v & 0x7FFFFFU); }
FloatClass classify_f16(std::uint32_t v) { return classify_float((v >> 10U) & 0x1FU, 0x1F, v & 0x3FFU); }

Coverage::Coverage() : instructions_(isa::all_instructions().size() + 1) {}

void Coverage::cover_operand(const Instruction& i, std::size_t n, const isa::Words& words,
                             const ContextShadow& shadow) {
  const isa::Operand& o = i.operands[n];
  if (o.direction == isa::Direction::out) return;
  const std::uint32_t value = o.value(words[0], words[1]);
  auto& counts = instructions_[static_cast<std::size_t>(i.opcode)].operands[n];
  if (!is_a(o.cls) && o.cls != OperandClass::MR && o.cls != OperandClass::MRPair) {
    // Immediates: of signed ones the sign counts, of others the extremes.
    const std::uint32_t ones = (o.width >= 32 ? 0U : 1U << o.width) - 1U;
    const bool full = o.field(words[0], words[1]) == ones;
    ++counts[static_cast<std::size_t>(full ? ValueClass::all_ones : classify(value))];
    return;
  }
  // $m12 and $m13 are not known from what a context writes.
  if (!is_a(o.cls) && (value == 12 || value == 13)) return;
  ++counts[static_cast<std::size_t>(classify(is_a(o.cls) ? shadow.a[value] : shadow.m[value]))];
}

void Coverage::cover_float(const Instruction& i, const isa::Words& words, const ContextShadow& shadow) {
  const Family family = family_of(i);
  if (family != Family::f32 && family != Family::f16) return;
  std::array<FloatClass, 2> classes{};
  std::size_t sources = 0;
  for (const isa::Operand& o : i.operands) {
    if (o.direction == isa::Direction::out || !is_a(o.cls) || sources == 2) continue;
    const std::uint32_t value = shadow.a[o.value(words[0], words[1])];
    const bool upper = o.cls == OperandClass::BroadcastUpper;
    classes[sources++] =
        family == Family::f32 ? classify_f32(value) : classify_f16(upper ? value >> 16U : value);
  }
  if (sources != 2) return;
  ++instructions_[static_cast<std::size_t>(i.opcode)]
        .floats[static_cast<std::size_t>(classes[0]) * float_classes + static_cast<std::size_t>(classes[1])];
}

void Coverage::cover_instruction(const Instruction& i, const isa::Words& words, const ContextShadow& shadow) {
  ++instructions_[static_cast<std::size_t>(i.opcode)].executed;
  for (std::size_t n = 0; n < i.operands.size(); ++n) cover_operand(i, n, words, shadow);
  cover_float(i, words, shadow);
  if (i.lane == isa::Lane::aux) {
    auto& rounding = rounding_[static_cast<std::size_t>(family_of(i))];
    ++rounding[(shadow.fp_ctl >> 16U) & 7U];
    rounding[8] += (shadow.fp_ctl >> 19U) & 1U;
    rounding[9] += (shadow.fp_ctl >> 20U) & 1U;
  }
}

// Of a bundle. Elements of region 0 begin at multiples of their size.
void Coverage::cover_place(std::uint32_t pc) {
  const std::uint32_t element_bytes = isa::arch_info(isa::Arch::ipu2).element_bytes;
  ++(pc % 8 == 0 ? on_row_ : across_rows_);
  if ((pc + 4) % element_bytes == 0) ++across_elements_;
}

void Coverage::cover_occupancy(TileShadow& tile, const tile::RetireRecord& record) {
  const std::uint64_t now = record.cycle.value();
  tile.contexts[record.context.index()].last_issue = now;
  std::size_t workers = 0;
  for (unsigned n = 0; n < Context::workers; ++n) {
    const std::uint64_t last = tile.contexts[n + 1].last_issue;
    if (last != ~std::uint64_t{0} && last + isa::timing::slots > now) ++workers;
  }
  ++(record.context.is_worker() ? workers_alone_ : workers_beside_supervisor_)[workers];
  ++slots_[now % isa::timing::slots][record.context.is_worker() ? 1 : 0];
}

// Keeps the shadow of the tile's state up with what the bundle wrote.
void Coverage::follow(TileShadow& tile, const tile::RetireRecord& record, const Instruction& main) {
  ContextShadow& shadow = tile.contexts[record.context.index()];
  const bool worker = record.context.is_worker();
  for (const tile::RegisterWrite& w : record.registers) {
    if (w.file == tile::RegisterWrite::File::m) shadow.m[w.index] = w.value;
    if (w.file == tile::RegisterWrite::File::a) shadow.a[w.index] = w.value;
    if (w.file != tile::RegisterWrite::File::csr) continue;
    if (worker && w.index == isa::csr::fp_ctl) shadow.fp_ctl = w.value;
    if (!worker && w.index == isa::csr::fp_ictl) tile.fp_ictl = w.value;
  }
  shadow.exited = main.mnemonic.starts_with("exit");
}

void Coverage::on_retire(std::size_t number, const tile::RetireRecord& record) {
  TileShadow& tile = tiles_[number];
  ContextShadow& shadow = tile.contexts[record.context.index()];
  const bool worker = record.context.is_worker();
  const isa::Mode mode = worker ? isa::Mode::worker : isa::Mode::supervisor;
  if (worker && shadow.exited) shadow.fp_ctl = tile.fp_ictl;
  const bool bundle = worker && (record.words[0] & coissue_bit) != 0;
  const isa::Opcode first = isa::decode(record.words[0], mode);
  if (first == isa::Opcode::invalid) return;
  const Instruction& main = isa::instruction(first);
  cover_instruction(main, bundle ? isa::Words{record.words[0], 0} : record.words, shadow);
  const auto access = [&](const Instruction& i, std::uint32_t word) {
    if (family_of(i) != Family::csr) return;
    const std::uint32_t space = i.mnemonic.starts_with("u") ? 0x100 : 0;
    const bool written = i.mnemonic.ends_with("put");
    ++(worker ? csr_worker_ : csr_supervisor_)[{space + i.operands[1].value(word), written}];
  };
  access(main, record.words[0]);
  if (bundle) {
    cover_place(record.pc.value());
    const isa::Opcode second = isa::decode(record.words[1], mode);
    if (second != isa::Opcode::invalid) {
      const Instruction& aux = isa::instruction(second);
      cover_instruction(aux, {record.words[1], 0}, shadow);
      access(aux, record.words[1]);
      ++bundles_[static_cast<std::size_t>(family_of(main))][static_cast<std::size_t>(family_of(aux))];
    }
  }
  cover_occupancy(tile, record);
  follow(tile, record, main);
}

void Coverage::on_hazard(const tile::Hazard& hazard) { ++hazards_[static_cast<unsigned>(hazard.kind)]; }

void Coverage::add_exception(const tile::ExceptionReport& e) {
  ++causes_[{static_cast<unsigned>(e.cause), e.context.is_worker()}];
  // Whose first word was fetched.
  if (e.cause == tile::ExceptionCause::invalid_pc && (e.words[0] & coissue_bit) != 0) ++cut_off_;
  const isa::Mode mode = e.context.is_worker() ? isa::Mode::worker : isa::Mode::supervisor;
  const isa::Opcode first = isa::decode(e.words[0], mode);
  if (first == isa::Opcode::invalid) return;
  const unsigned cause = static_cast<unsigned>(e.cause);
  ++instructions_[static_cast<std::size_t>(first)].causes[cause];
  if ((e.words[0] & coissue_bit) == 0 || !e.context.is_worker()) return;
  const isa::Opcode second = isa::decode(e.words[1], mode);
  if (second != isa::Opcode::invalid) ++instructions_[static_cast<std::size_t>(second)].causes[cause];
}

namespace {

template <std::size_t n>
void add_counts(std::array<std::uint64_t, n>& to, const std::array<std::uint64_t, n>& from) {
  for (std::size_t i = 0; i < n; ++i) to[i] += from[i];
}
template <class Map>
void add_map(Map& to, const Map& from) {
  for (const auto& [key, count] : from) to[key] += count;
}

}  // namespace

void Coverage::add(const Coverage& other) {
  for (std::size_t i = 0; i < instructions_.size(); ++i) {
    OfInstruction& to = instructions_[i];
    const OfInstruction& from = other.instructions_[i];
    to.executed += from.executed;
    for (std::size_t n = 0; n < max_operands; ++n) add_counts(to.operands[n], from.operands[n]);
    add_counts(to.floats, from.floats);
    add_map(to.causes, from.causes);
  }
  add_map(causes_, other.causes_);
  for (std::size_t f = 0; f < family_count; ++f) {
    add_counts(bundles_[f], other.bundles_[f]);
    add_counts(rounding_[f], other.rounding_[f]);
  }
  add_counts(workers_alone_, other.workers_alone_);
  add_counts(workers_beside_supervisor_, other.workers_beside_supervisor_);
  for (std::size_t s = 0; s < slots_.size(); ++s) add_counts(slots_[s], other.slots_[s]);
  on_row_ += other.on_row_;
  across_rows_ += other.across_rows_;
  across_elements_ += other.across_elements_;
  cut_off_ += other.cut_off_;
  add_map(hazards_, other.hazards_);
  add_map(csr_worker_, other.csr_worker_);
  add_map(csr_supervisor_, other.csr_supervisor_);
}

}  // namespace ipusim::random
