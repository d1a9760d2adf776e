// SPDX-License-Identifier: Apache-2.0
#include "yaml_reader.hpp"

#include <fmt/format.h>

#include <regex>

#include "names.hpp"
#include "yaml_row.hpp"

namespace ipusim::isagen {
namespace {

// `NAME [hi:lo]` and `NAME [n]` of a CSR's doc.
std::vector<FieldSpec> read_fields(Row& row, const std::string& doc) {
  static const std::regex pattern(R"(\b([A-Z][A-Z0-9_]*) \[(\d{1,2})(?::(\d{1,2}))?\])");
  std::vector<FieldSpec> fields;
  for (std::sregex_iterator i(doc.begin(), doc.end(), pattern), end; i != end; ++i) {
    const auto high = static_cast<unsigned>(std::stoul((*i)[2]));
    const auto low = (*i)[3].matched ? static_cast<unsigned>(std::stoul((*i)[3])) : high;
    if (low > high || high > 31) row.fail(fmt::format("'{}' is no range of bits of a word", (*i)[0].str()));
    fields.push_back({(*i)[1], high, low});
  }
  return fields;
}

CsrSpec read_csr(Row& row, const SourceLine& where) {
  CsrSpec csr;
  csr.where = where;
  csr.name = row.text("name");
  csr.index = row.number("index");
  csr.mode = row.choice("mode", row.text("mode"), parse_mode);
  csr.access = row.choice("access", row.text("access"), parse_access);
  csr.mask = row.number("mask");
  csr.reset = row.number_or("reset", 0);
  csr.arch_mask = row.choice("arch", row.text_or("arch", "all"), parse_arch_mask);
  const Status status = row.choice("status", row.text_or("status", "modelled"), parse_status);
  csr.fast = status.fast;
  csr.rtl = status.rtl;
  csr.doc = row.text("doc");
  csr.fields = read_fields(row, csr.doc);
  csr.source = row.text("source");
  row.reject_other_keys();
  return csr;
}

ArchSpec read_architecture(Row& row, const SourceLine& where, const std::string& name) {
  ArchSpec arch;
  arch.where = where;
  arch.name = name;
  arch.memory_base = row.number("memory_base");
  arch.region1_base = row.number("region1_base");
  arch.memory_end = row.number("memory_end");
  arch.element_bytes = row.number("element_bytes");
  arch.repeat_count_mask = row.number("repeat_count_mask");
  arch.elf_flags = row.number("elf_flags");
  row.reject_other_keys();
  return arch;
}

// Whether it is the chip that acts, not the tile by itself.
std::optional<bool> parse_chip(std::string_view name) {
  if (name == "chip") return true;
  return name == "tile" ? std::optional(false) : std::nullopt;
}

ZoneSpec read_zone(Row& row, const SourceLine& where) {
  ZoneSpec zone;
  zone.where = where;
  zone.name = row.text("name");
  zone.operand = row.number("operand");
  if (row.has("master")) zone.master = row.number("master");
  zone.scope = row.choice("scope", row.text("scope"), parse_scope);
  zone.host = row.choice("host", row.text("host"), parse_yes_no);
  zone.released_by_chip = row.choice("released_by", row.text("released_by"), parse_chip);
  zone.meaning = row.text("meaning");
  zone.source = row.text("source");
  row.reject_other_keys();
  return zone;
}

ExceptionTypeSpec read_exception_type(Row& row, const SourceLine& where) {
  ExceptionTypeSpec type;
  type.where = where;
  type.name = row.text("name");
  type.number = row.number("number");
  type.is_break = row.choice("break", row.text("break"), parse_yes_no);
  type.text = row.text("text");
  type.source = row.text("source");
  row.reject_other_keys();
  return type;
}

CauseSpec read_cause(Row& row, const SourceLine& where) {
  CauseSpec cause;
  cause.where = where;
  cause.name = row.text("name");
  cause.number = row.number("number");
  cause.type = row.text("type");
  cause.or_type = row.text_or("or_type", "");
  cause.any = row.choice("any", row.text_or("any", "false"), parse_yes_no);
  cause.address = row.choice("address", row.text_or("address", "false"), parse_yes_no);
  cause.text = row.text("text");
  row.reject_other_keys();
  return cause;
}

HazardSpec read_hazard(Row& row, const SourceLine& where) {
  HazardSpec hazard;
  hazard.where = where;
  hazard.name = row.text("name");
  hazard.number = row.number("number");
  hazard.found_by_chip = row.choice("found_by", row.text("found_by"), parse_chip);
  hazard.code = row.number("code");
  hazard.policy = row.text("policy");
  hazard.meaning = row.text("meaning");
  hazard.source = row.text("source");
  row.reject_other_keys();
  return hazard;
}

// The rows of a list that is the value of `key`.
template <typename Spec>
std::vector<Spec> read_list(const std::string& file, const char* key,
                            Spec (*read)(Row& row, const SourceLine& where), Diagnostics& diagnostics) {
  std::vector<Spec> specs;
  const auto root = load_yaml(file, diagnostics);
  if (!root) return specs;
  if (!root->IsMap() || !(*root)[key] || !(*root)[key].IsSequence()) {
    diagnostics.error({file, 1}, fmt::format("a list under the key '{}' is expected", key));
    return specs;
  }
  for (const YAML::Node& node : (*root)[key]) {
    const SourceLine where = place_in(file, node.Mark());
    const std::string name =
        node.IsMap() && node["name"] && node["name"].IsScalar() ? node["name"].Scalar() : "";
    Row row(node, where, name, diagnostics);
    Spec spec = read(row, where);
    if (row.ok()) specs.push_back(std::move(spec));
  }
  return specs;
}

}  // namespace

std::vector<CsrSpec> read_csrs(const std::string& file, Diagnostics& diagnostics) {
  return read_list(file, "csrs", read_csr, diagnostics);
}

std::vector<ZoneSpec> read_zones(const std::string& file, Diagnostics& diagnostics) {
  return read_list(file, "zones", read_zone, diagnostics);
}

std::vector<ExceptionTypeSpec> read_exception_types(const std::string& file, Diagnostics& diagnostics) {
  return read_list(file, "types", read_exception_type, diagnostics);
}

std::vector<CauseSpec> read_causes(const std::string& file, Diagnostics& diagnostics) {
  return read_list(file, "causes", read_cause, diagnostics);
}

std::vector<HazardSpec> read_hazards(const std::string& file, Diagnostics& diagnostics) {
  return read_list(file, "hazards", read_hazard, diagnostics);
}

std::vector<ArchSpec> read_architectures(const std::string& file, CommonSpec& common,
                                         Diagnostics& diagnostics) {
  std::vector<ArchSpec> architectures;
  const auto root = load_yaml(file, diagnostics);
  if (!root) return architectures;
  if (!root->IsMap()) {
    diagnostics.error({file, 1}, "a mapping of architecture names is expected");
    return architectures;
  }
  for (const auto& entry : *root) {
    const SourceLine where = place_in(file, entry.first.Mark());
    const std::string name = entry.first.Scalar();
    Row row(entry.second, where, name, diagnostics);
    if (name == "every") {
      common = {where, row.number("address_bits"), row.number("window_bits")};
      row.reject_other_keys();
      continue;
    }
    ArchSpec arch = read_architecture(row, where, name);
    if (row.ok()) architectures.push_back(std::move(arch));
  }
  return architectures;
}

std::vector<TimingSpec> read_timing(const std::string& file, Diagnostics& diagnostics) {
  std::vector<TimingSpec> timing;
  const auto root = load_yaml(file, diagnostics);
  if (!root) return timing;
  if (!root->IsMap()) {
    diagnostics.error({file, 1}, "a mapping of timing keys is expected");
    return timing;
  }
  for (const auto& entry : *root) {
    const SourceLine where = place_in(file, entry.first.Mark());
    const std::string name = entry.first.Scalar();
    Row row(entry.second, where, name, diagnostics);
    TimingSpec spec{where, name, row.number("value"), row.text("source")};
    row.reject_other_keys();
    if (row.ok()) timing.push_back(std::move(spec));
  }
  return timing;
}

}  // namespace ipusim::isagen
