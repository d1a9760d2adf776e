// SPDX-License-Identifier: Apache-2.0
// The list of situations that should occur, and how often each did.
#include <fmt/format.h>

#include <set>

#include "choice.hpp"
#include "ipusim/random/coverage.hpp"
#include "ipusim/tile/names.hpp"

namespace ipusim::random {

using isa::Instruction;
using isa::OperandClass;
using tile::ExceptionCause;

namespace {

constexpr std::string_view value_names[] = {"zero",          "one",      "all_ones",
                                            "most_negative", "negative", "positive"};
constexpr std::string_view float_names[] = {"zero", "denormal", "normal", "infinity", "nan"};

// The values of addresses are what faults and borders are about, not classes.
bool values_matter(const Instruction& i) {
  const Family f = family_of(i);
  return f != Family::memory && f != Family::pace && f != Family::exchange && f != Family::supervisor &&
         f != Family::csr;
}

// Classes an operand can have; the field of an immediate tells.
std::set<ValueClass> possible(const Instruction& i, const isa::Operand& o) {
  using enum ValueClass;
  if (is_register(o.cls)) return {zero, one, all_ones, most_negative, negative, positive};
  if (o.cls == OperandClass::rel19s2 || o.cls == OperandClass::rel8 || i.id.ends_with("_ef")) return {};
  if (o.cls == OperandClass::signed_immediate) return {zero, one, all_ones, negative, positive};
  if (o.cls == OperandClass::high_immediate) return {zero, all_ones, most_negative, positive};
  return {zero, one, all_ones, positive};
}

// What a well-formed instruction of either mode can end with by its operands' values.
std::vector<ExceptionCause> faults_of(const Instruction& i) {
  using enum ExceptionCause;
  std::vector<ExceptionCause> causes;
  const Family f = family_of(i);
  if (i.load || i.store) {
    causes.push_back(invalid_address);
    const bool putcs = f == Family::supervisor;
    if (access_bytes(i) > 1) causes.push_back(misaligned_address);
    if (access_bytes(i) == 16) causes.push_back(invalid_region);
    if (putcs) causes.push_back(invalid_coefficient_index);
    if (f == Family::pace && i.mnemonic != "st64pace") causes.push_back(element_conflict);
  }
  if (f == Family::f32 || f == Family::f16 || f == Family::function || f == Family::accumulate) {
    causes.push_back(floating_point);
  }
  if (i.mnemonic == "trap") causes.push_back(trap);
  if (i.mnemonic.starts_with("run")) causes.insert(causes.end(), {invalid_worker_pc, misaligned_vertex_base});
  if (i.mnemonic == "runall") causes.push_back(workers_active);
  if (i.mnemonic.starts_with("send")) causes.push_back(exchange_address);
  if (i.mnemonic.find("pic") != std::string_view::npos && i.mnemonic != "delayxpic")
    causes.push_back(exchange_format);
  return causes;
}

bool possible_of(ExceptionCause cause, bool worker, isa::Arch arch) {
  using enum ExceptionCause;
  switch (cause) {
    case none:
      return false;
    case element_conflict:
      return worker && usable(isa::instruction(isa::Opcode::ld2x64pace_mmbn_ef), arch);
    case floating_point:
    case illegal_bundle:
    case illegal_in_repeat:
    case overlapping_destinations:
      return worker;
    case invalid_engine_flags: {
      for (const Instruction& i : isa::all_instructions()) {
        if (i.mnemonic.find("amp") != std::string_view::npos && usable(i, arch)) return worker;
      }
      return false;
    }
    case invalid_region:
    case invalid_coefficient_index: {
      if (worker) return cause == invalid_region;
      return usable(isa::instruction(isa::Opcode::ld128putcs_mmmn_zi), arch);
    }
    case invalid_worker_pc:
    case misaligned_vertex_base:
    case workers_active:
    case exchange_address:
    case break_on_sync:
    case exchange_format:
      return !worker;
    default:
      return true;
  }
}

}  // namespace

class CoverageWriter {
 public:
  CoverageWriter(const Coverage& coverage, isa::Arch arch) : c_(coverage), arch_(arch) {}
  CoverageReport write() {
    for (const Instruction& i : isa::all_instructions()) {
      if (usable(i, arch_)) write_instruction(i);
    }
    write_causes();
    write_bundles();
    write_occupancy();
    write_rounding();
    write_csrs();
    for (const isa::HazardInfo& hazard : isa::hazards) {
      if (hazard.found_by != isa::HazardFinder::tile) continue;
      set("hazard", std::string{hazard.name}, of(c_.hazards_, static_cast<unsigned>(hazard.kind)));
    }
    return std::move(report_);
  }

 private:
  void set(const std::string& group, const std::string& item, std::uint64_t count) {
    report_[group][item] = count;
  }
  template <class Map, class Key>
  static std::uint64_t of(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? 0 : found->second;
  }

  void write_instruction(const Instruction& i) {
    const Coverage::OfInstruction& counts = c_.instructions_[static_cast<std::size_t>(i.opcode)];
    if (i.mnemonic != "trap") set("instruction", std::string{i.id}, counts.executed);
    std::size_t sources = 0;
    for (std::size_t n = 0; n < i.operands.size(); ++n) {
      const isa::Operand& o = i.operands[n];
      if (o.direction == isa::Direction::out) continue;
      if (is_register(o.cls)) ++sources;
      if (!values_matter(i)) continue;
      for (const ValueClass v : possible(i, o)) {
        set("operand", fmt::format("{} {} {}", i.id, o.name, value_names[static_cast<std::size_t>(v)]),
            counts.operands[n][static_cast<std::size_t>(v)]);
      }
    }
    for (const ExceptionCause cause : faults_of(i)) {
      set("fault", fmt::format("{} {}", i.id, tile::name_of(cause)),
          of(counts.causes, static_cast<unsigned>(cause)));
    }
    const Family family = family_of(i);
    if ((family != Family::f32 && family != Family::f16) || sources < 2) return;
    for (std::size_t x = 0; x < float_classes; ++x) {
      for (std::size_t y = 0; y < float_classes; ++y) {
        set("float", fmt::format("{} {} {}", i.id, float_names[x], float_names[y]),
            counts.floats[x * float_classes + y]);
      }
    }
  }

  void write_causes() {
    for (const isa::ExceptionCauseInfo& row : isa::exception_causes) {
      for (const bool worker : {false, true}) {
        if (!possible_of(row.cause, worker, arch_)) continue;
        set("cause", fmt::format("{} {}", worker ? "worker" : "supervisor", row.name),
            of(c_.causes_, std::pair{static_cast<unsigned>(row.cause), worker}));
      }
    }
  }

  void write_bundles() {
    std::set<Family> main, aux;
    for (const Instruction& i : isa::all_instructions()) {
      if (!usable(i, arch_) || !i.coissue || i.mode == isa::Mode::supervisor || i.mnemonic == "trap")
        continue;
      (i.lane == isa::Lane::main ? main : aux).insert(family_of(i));
    }
    for (const Family m : main) {
      for (const Family a : aux) {
        set("bundle", fmt::format("{} {}", name(m), name(a)),
            c_.bundles_[static_cast<std::size_t>(m)][static_cast<std::size_t>(a)]);
      }
    }
    set("place", "bundle on a row", c_.on_row_);
    set("place", "bundle across two rows", c_.across_rows_);
    set("place", "bundle across two elements", c_.across_elements_);
    set("place", "bundle over the end of code", c_.cut_off_);
  }

  void write_occupancy() {
    for (std::size_t n = 0; n <= Context::workers; ++n) {
      if (n != 0) set("occupancy", fmt::format("worker of {}", n), c_.workers_alone_[n]);
      if (n != Context::workers) {
        set("occupancy", fmt::format("supervisor beside {}", n), c_.workers_beside_supervisor_[n]);
      }
    }
    for (std::size_t s = 0; s < Context::workers; ++s) {
      set("occupancy", fmt::format("slot {} supervisor", s), c_.slots_[s][0]);
      set("occupancy", fmt::format("slot {} worker", s), c_.slots_[s][1]);
    }
  }

  void write_rounding() {
    for (const Family f : {Family::f32, Family::f16, Family::accumulate, Family::function}) {
      bool there = false;
      for (const Instruction& i : isa::all_instructions())
        there = there || (usable(i, arch_) && family_of(i) == f);
      if (!there) continue;
      const auto& counts = c_.rounding_[static_cast<std::size_t>(f)];
      for (std::size_t r = 0; r < 8; ++r) set("rounding", fmt::format("{} RND {}", name(f), r), counts[r]);
      set("rounding", fmt::format("{} ESR", name(f)), counts[8]);
      set("rounding", fmt::format("{} NANOO", name(f)), counts[9]);
    }
  }

  void write_csrs() {
    for (const isa::Csr& csr : isa::all_csrs()) {
      if (!usable(csr, arch_)) continue;
      for (const isa::Mode mode : {isa::Mode::worker, isa::Mode::supervisor}) {
        if (csr.mode != isa::Mode::both && csr.mode != mode) continue;
        const bool worker = mode == isa::Mode::worker;
        const auto& counts = worker ? c_.csr_worker_ : c_.csr_supervisor_;
        const std::uint32_t number = csr.index;
        const auto item = [&](std::string_view access) {
          return fmt::format("{} {} {}", worker ? "worker" : "supervisor", access, csr.name);
        };
        set("csr", item("reads"), of(counts, std::pair{number, false}));
        if (csr.access != isa::CsrAccess::read_only)
          set("csr", item("writes"), of(counts, std::pair{number, true}));
      }
    }
  }

  const Coverage& c_;
  isa::Arch arch_;
  CoverageReport report_;
};

CoverageReport Coverage::report(isa::Arch arch) const { return CoverageWriter(*this, arch).write(); }

}  // namespace ipusim::random
