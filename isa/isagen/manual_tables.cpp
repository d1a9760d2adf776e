// SPDX-License-Identifier: Apache-2.0
#include "manual_tables.hpp"

#include <fmt/format.h>

#include <functional>

#include "names.hpp"
#include "text.hpp"

namespace ipusim::isagen {
namespace {

std::string_view csr_status(const CsrSpec& csr) {
  if (csr.rtl) return "modelled";
  return csr.fast ? "fast tile only" : "unimplemented";
}

std::string emit_csr_space(const Model& model, std::string_view title,
                           const std::function<bool(const CsrSpec&)>& wanted) {
  std::string out = fmt::format(
      "\n### {}\n| number | name | access | bits | reset | arch | tiles | meaning | source |\n"
      "|---|---|---|---|---|---|---|---|---|\n",
      title);
  constexpr unsigned space_mask = 0xFF;
  for (const CsrSpec& csr : model.csrs)
    if (wanted(csr))
      out += fmt::format("| {:#04x} | {} | {} | {:#010x} | {:#x} | {} | {} | {} | {} |\n",
                         csr.index & space_mask, csr.name, to_string(csr.access), csr.mask, csr.reset,
                         arch_mask_name(csr.arch_mask), csr_status(csr), table_cell(csr.doc),
                         table_cell(csr.source));
  return out;
}

std::string emit_csrs(const Model& model) {
  constexpr unsigned upper_space = 0x100;
  const auto reached_by = [](isa::Mode mode, const CsrSpec& csr) {
    return csr.mode == isa::Mode::both || csr.mode == mode;
  };
  return "\n## Control and status registers\n"
         "Bits that do not exist read 0 and ignore writes. *write_only* registers read 0. *unimplemented*:\n"
         "an access stops with the cause \"unimplemented CSR\".\n" +
         emit_csr_space(model, "Worker, `get` and `put`",
                        [&](const CsrSpec& csr) {
                          return csr.index < upper_space && reached_by(isa::Mode::worker, csr);
                        }) +
         emit_csr_space(model, "Worker, `uget` and `uput`",
                        [](const CsrSpec& csr) { return csr.index >= upper_space; }) +
         emit_csr_space(model, "Supervisor, `get` and `put`", [&](const CsrSpec& csr) {
           return csr.index < upper_space && reached_by(isa::Mode::supervisor, csr);
         });
}

std::string emit_architectures(const Model& model) {
  std::string out =
      "\n## Architectures\nByte addresses. Region 0 holds code and data, region 1 is two-way interleaved and "
      "holds data.\n\n"
      "| name | region 0 | region 1 | end | element bytes | rpt count | ELF flags |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const ArchSpec& arch : model.architectures)
    out += fmt::format("| {} | {:#x} | {:#x} | {:#x} | {} | {} | {:#04x} |\n", arch.name, arch.memory_base,
                       arch.region1_base, arch.memory_end, arch.element_bytes, arch.repeat_count_mask,
                       arch.elf_flags);
  out += fmt::format(
      "\nAddresses have {} bits. In the host's window a tile's memory begins at its place << {}.\n",
      model.common.address_bits, model.common.window_bits);
  return out;
}

std::string emit_timing(const Model& model) {
  std::string out =
      "\n## Timing\nTile clock cycles; `timing.md` says what each one means.\n\n"
      "| key | cycles | source |\n|---|---|---|\n";
  for (const TimingSpec& timing : model.timing)
    out += fmt::format("| `{}` | {} | {} |\n", timing.name, timing.value, table_cell(timing.source));
  return out;
}

std::string emit_zones(const Model& model) {
  std::string out =
      "\n## Sync zones\nOperands of `sync`. A master form is the same zone, for the tiles that start the "
      "host's "
      "traffic. What a zone\nmeans above the tile is told by `exchange.md`.\n\n"
      "| operand | master | name | who takes part | host | released by | waits for | source |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const ZoneSpec& zone : model.zones)
    out += fmt::format("| {} | {} | `{}` | {} | {} | {} | {} | {} |\n", zone.operand,
                       zone.master ? std::to_string(*zone.master) : "-", zone.name, to_string(zone.scope),
                       zone.host ? "yes" : "no", zone.released_by_chip ? "chip" : "tile",
                       table_cell(zone.meaning), table_cell(zone.source));
  return out;
}

std::string emit_exceptions(const Model& model) {
  std::string out =
      "\n## Exceptions\nWhat the status registers show (ETYPE), and whether a debugger asked for it "
      "(CTXT_STS 2; 3 "
      "for all others).\n\n| number | type | debugger | stands for | source |\n|---|---|---|---|---|\n";
  for (const ExceptionTypeSpec& type : model.exception_types)
    out += fmt::format("| {} | `{}` | {} | {} | {} |\n", type.number, type.name, type.is_break ? "yes" : "no",
                       table_cell(type.text), table_cell(type.source));
  out +=
      "\nWhy, in finer grain: what reports name. A cause belongs to one type, or an operand picks one of "
      "two. What "
      "raises\neach is told by `instructions.md`.\n\n"
      "| number | cause | type | may name a data address |\n|---|---|---|---|\n";
  for (const CauseSpec& cause : model.causes)
    out += fmt::format("| {} | `{}` | {} | {} |\n", cause.number, cause.name, types_of(cause),
                       cause.address ? "yes" : "no");
  return out;
}

std::string emit_hazards(const Model& model) {
  std::string out =
      "\n## Hazards\nWhat hardware would answer with corrupted data or an exchange exception. *Code*: ERERR "
      "of "
      "CTXT_STS, where\nthe tile can stop for it. *Policy*: the key under `hazards` in a system file.\n\n"
      "| number | hazard | found by | code | policy | what happened | source of the code |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const HazardSpec& hazard : model.hazards)
    out += fmt::format("| {} | `{}` | {} | {} | `{}` | {} | {} |\n", hazard.number, hazard.name,
                       hazard.found_by_chip ? "chip" : "tile",
                       hazard.code == 0 ? "-" : std::to_string(hazard.code), hazard.policy,
                       table_cell(hazard.meaning), table_cell(hazard.source));
  return out;
}

}  // namespace

std::string emit_manual_tables(const Model& model) {
  return emit_csrs(model) + emit_zones(model) + emit_exceptions(model) + emit_hazards(model) +
         emit_architectures(model) + emit_timing(model);
}

}  // namespace ipusim::isagen
