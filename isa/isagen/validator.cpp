// SPDX-License-Identifier: Apache-2.0
#include "validator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "names.hpp"

namespace ipusim::isagen {
namespace {

template <typename Spec>
void check_unique_names(const std::vector<Spec>& rows, std::string Spec::*name, const char* what,
                        Diagnostics& diagnostics) {
  std::map<std::string_view, const Spec*> seen;
  for (const Spec& row : rows) {
    const auto [first, is_new] = seen.emplace(row.*name, &row);
    if (!is_new)
      diagnostics.error(row.where, fmt::format("duplicate {} '{}', first at {}", what, row.*name,
                                               to_string(first->second->where)));
  }
}

// Encodings must be disjoint whatever the mode: decoding does not depend on it, so that an instruction of
// the wrong mode can be told from a word that encodes nothing. Bit 31 takes part only where it is fixed.
void check_encodings(const std::vector<InstructionSpec>& rows, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (((rows[i].match ^ rows[j].match) & rows[i].mask & rows[j].mask) != 0) continue;
      const std::uint32_t word = rows[i].match | rows[j].match;
      diagnostics.error(rows[i].where, fmt::format("encoding of {} overlaps {} at {}: both match {:#010x}",
                                                   rows[i].id, rows[j].id, to_string(rows[j].where), word));
    }
  }
}

void check_instruction_class(const InstructionSpec& spec, Diagnostics& diagnostics) {
  if (spec.lane == isa::Lane::aux && spec.mode != isa::Mode::worker)
    diagnostics.error(spec.where, fmt::format("{}: the auxiliary lane belongs to workers", spec.id));
  if (spec.mode != isa::Mode::worker)
    for (const OperandSpec& operand : spec.operands)
      if (is_aux_register(operand.cls))
        diagnostics.error(
            spec.where, fmt::format("{}: {} is an ARF register, which the supervisor does not have", spec.id,
                                    operand.name));
  if (spec.timed && spec.mode != isa::Mode::supervisor)
    diagnostics.error(spec.where, fmt::format("{}: only the supervisor has timed instructions", spec.id));
  if (spec.timed && (spec.operands.empty() || register_span(spec.operands.front().cls) != 0))
    diagnostics.error(spec.where,
                      fmt::format("{}: a timed instruction's first operand is its count of events", spec.id));
  if (spec.patterns.size() > 1 && spec.coissue)
    diagnostics.error(spec.where,
                      fmt::format("{}: a two-word instruction cannot be half of a bundle", spec.id));
}

bool share_a_space(isa::Mode a, isa::Mode b) {
  return a == b || a == isa::Mode::both || b == isa::Mode::both;
}

std::uint32_t bits_of(const FieldSpec& field) {
  return static_cast<std::uint32_t>(((std::uint64_t{2} << field.high) - 1) &
                                    ~((std::uint64_t{1} << field.low) - 1));
}

// Fields lie within the bits that exist, and not over each other.
void check_fields(const CsrSpec& csr, Diagnostics& diagnostics) {
  std::map<std::string_view, const FieldSpec*> seen;
  std::uint32_t taken = 0;
  for (const FieldSpec& field : csr.fields) {
    if (!seen.emplace(field.name, &field).second)
      diagnostics.error(csr.where, fmt::format("{}: field {} is stated twice", csr.name, field.name));
    if ((bits_of(field) & ~csr.mask) != 0)
      diagnostics.error(
          csr.where, fmt::format("{}: field {} has bits outside mask {:#x}", csr.name, field.name, csr.mask));
    if ((bits_of(field) & taken) != 0)
      diagnostics.error(csr.where, fmt::format("{}: field {} lies over another one", csr.name, field.name));
    taken |= bits_of(field);
  }
}

void check_csrs(const std::vector<CsrSpec>& rows, Diagnostics& diagnostics) {
  constexpr unsigned upper_space = 0x100;
  constexpr unsigned space_end = 0x200;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const CsrSpec& csr = rows[i];
    if (csr.index >= space_end)
      diagnostics.error(csr.where,
                        fmt::format("{}: index {:#x} is beyond {:#x}", csr.name, csr.index, space_end - 1));
    if (csr.index >= upper_space && csr.mode != isa::Mode::worker)
      diagnostics.error(csr.where, fmt::format("{}: only workers reach the upper space", csr.name));
    if ((csr.reset & ~csr.mask) != 0)
      diagnostics.error(csr.where, fmt::format("{}: reset {:#x} sets bits outside mask {:#x}", csr.name,
                                               csr.reset, csr.mask));
    check_fields(csr, diagnostics);
    for (std::size_t j = 0; j < i; ++j)
      if (rows[j].index == csr.index && share_a_space(rows[j].mode, csr.mode))
        diagnostics.error(csr.where, fmt::format("CSR {} has the index {:#x} of {} at {}", csr.name,
                                                 csr.index, rows[j].name, to_string(rows[j].where)));
  }
}

void check_architectures(const Model& model, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 3> expected{"ipu1", "ipu2", "ipu21"};
  bool complete = model.architectures.size() == expected.size();
  for (std::size_t i = 0; complete && i < expected.size(); ++i)
    complete = model.architectures[i].name == expected[i];
  if (!complete && !model.architectures.empty())
    diagnostics.error(model.architectures.front().where,
                      "exactly ipu1, ipu2 and ipu21 are expected, in this order");
  const CommonSpec& common = model.common;
  if (common.where.file.empty() && complete)
    diagnostics.error({model.architectures.front().where.file, 1}, "the key 'every' is missing");
  if (common.address_bits > 31 || common.window_bits > common.address_bits)
    diagnostics.error(common.where, "every: window_bits <= address_bits <= 31 is expected");
  for (const ArchSpec& arch : model.architectures)
    if (!common.where.file.empty() && common.window_bits < 32 && arch.memory_end >> common.window_bits != 0)
      diagnostics.error(arch.where, fmt::format("{}: memory_end {:#x} lies beyond a window of {} bits",
                                                arch.name, arch.memory_end, common.window_bits));
  for (const ArchSpec& arch : model.architectures)
    if (arch.memory_base >= arch.region1_base || arch.region1_base >= arch.memory_end)
      diagnostics.error(arch.where,
                        fmt::format("{}: memory_base, region1_base, memory_end must rise", arch.name));
}

// A zone is named by its operand; no two zones share one.
void check_zones(const std::vector<ZoneSpec>& rows, Diagnostics& diagnostics) {
  constexpr unsigned operands = 16;
  std::map<unsigned, const ZoneSpec*> taken;
  const auto take = [&](const ZoneSpec& zone, unsigned operand) {
    if (operand >= operands)
      diagnostics.error(zone.where,
                        fmt::format("{}: sync has operands 0..{}, not {}", zone.name, operands - 1, operand));
    const auto [first, is_new] = taken.emplace(operand, &zone);
    if (!is_new)
      diagnostics.error(zone.where, fmt::format("{}: operand {} is that of {} at {}", zone.name, operand,
                                                first->second->name, to_string(first->second->where)));
  };
  for (const ZoneSpec& zone : rows) {
    take(zone, zone.operand);
    if (zone.master) take(zone, *zone.master);
    if (zone.master && zone.scope != SyncScope::system)
      diagnostics.error(zone.where,
                        fmt::format("{}: only a zone of scope 'system' has a master form", zone.name));
    if (zone.host && zone.scope != SyncScope::system)
      diagnostics.error(zone.where, fmt::format("{}: only a zone of scope 'system' has a host", zone.name));
    if (zone.scope != SyncScope::tile && !zone.released_by_chip)
      diagnostics.error(zone.where,
                        fmt::format("{}: a zone of more than the tile is released by the chip", zone.name));
    if (&zone != &rows.front() && zone.operand < (&zone - 1)->operand)
      diagnostics.error(zone.where, fmt::format("{}: zones stand by rising operand", zone.name));
  }
}

// Rows by number, without gaps: the generated arrays are indexed by it.
template <typename Spec>
void check_numbers(const std::vector<Spec>& rows, unsigned first, unsigned most, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t expected = first + i;
    if (rows[i].number != expected)
      diagnostics.error(rows[i].where,
                        fmt::format("{}: number {} where {} is expected: rows stand by rising number, "
                                    "without gaps",
                                    rows[i].name, rows[i].number, expected));
    if (expected > most)
      diagnostics.error(rows[i].where,
                        fmt::format("{}: {} is the largest number there is room for", rows[i].name, most));
  }
}

void check_exceptions(const Model& model, Diagnostics& diagnostics) {
  constexpr unsigned largest_type = 15;   // ETYPE has four bits
  constexpr unsigned largest_cause = 63;  // ipu_isa_pkg::cause_e has six
  check_unique_names(model.exception_types, &ExceptionTypeSpec::name, "exception type", diagnostics);
  check_unique_names(model.causes, &CauseSpec::name, "cause", diagnostics);
  check_numbers(model.exception_types, 1, largest_type, diagnostics);
  check_numbers(model.causes, 1, largest_cause, diagnostics);
  const auto check_type = [&](const CauseSpec& cause, const std::string& type) {
    if (std::none_of(model.exception_types.begin(), model.exception_types.end(),
                     [&](const ExceptionTypeSpec& spec) { return spec.name == type; }))
      diagnostics.error(cause.where, fmt::format("{}: there is no exception type '{}'", cause.name, type));
  };
  for (const CauseSpec& cause : model.causes) {
    check_type(cause, cause.type);
    if (!cause.or_type.empty()) check_type(cause, cause.or_type);
    if (cause.or_type == cause.type)
      diagnostics.error(cause.where, fmt::format("{}: type and or_type are the same", cause.name));
  }
}

void check_hazards(const std::vector<HazardSpec>& rows, Diagnostics& diagnostics) {
  constexpr unsigned largest_kind = 15;
  constexpr unsigned largest_stopping_kind = 7;  // masks of kinds that a tile stops for have eight bits
  constexpr unsigned largest_code = 7;           // ERERR has three bits
  check_unique_names(rows, &HazardSpec::name, "hazard", diagnostics);
  check_numbers(rows, 0, largest_kind, diagnostics);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].code > largest_code)
      diagnostics.error(rows[i].where,
                        fmt::format("{}: code {} is beyond {}", rows[i].name, rows[i].code, largest_code));
    if (rows[i].code != 0 && rows[i].number > largest_stopping_kind)
      diagnostics.error(rows[i].where, fmt::format("{}: {} is the largest number of one with a code",
                                                   rows[i].name, largest_stopping_kind));
    if (rows[i].code != 0 && rows[i].found_by_chip)
      diagnostics.error(rows[i].where,
                        fmt::format("{}: only what a tile finds can stop it with a code", rows[i].name));
    for (std::size_t j = 0; j < i; ++j)
      if (rows[i].code != 0 && rows[j].code == rows[i].code)
        diagnostics.error(rows[i].where, fmt::format("{}: code {} is that of {} at {}", rows[i].name,
                                                     rows[i].code, rows[j].name, to_string(rows[j].where)));
  }
}

}  // namespace

void validate(const Model& model, Diagnostics& diagnostics) {
  check_unique_names(model.instructions, &InstructionSpec::id, "instruction id", diagnostics);
  check_unique_names(model.csrs, &CsrSpec::name, "CSR name", diagnostics);
  check_unique_names(model.timing, &TimingSpec::name, "timing key", diagnostics);
  check_encodings(model.instructions, diagnostics);
  for (const InstructionSpec& spec : model.instructions) check_instruction_class(spec, diagnostics);
  check_csrs(model.csrs, diagnostics);
  check_architectures(model, diagnostics);
  check_unique_names(model.zones, &ZoneSpec::name, "zone name", diagnostics);
  check_zones(model.zones, diagnostics);
  check_exceptions(model, diagnostics);
  check_hazards(model.hazards, diagnostics);
}

}  // namespace ipusim::isagen
