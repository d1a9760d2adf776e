#include "yaml_reader.hpp"

#include <fmt/format.h>

#include "names.hpp"
#include "yaml_row.hpp"

namespace ipusim::isagen {
namespace {

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

// `tile` or `chip`: who releases a zone.
std::optional<bool> parse_releasing_chip(std::string_view name) {
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
  zone.released_by_chip = row.choice("released_by", row.text("released_by"), parse_releasing_chip);
  zone.meaning = row.text("meaning");
  zone.source = row.text("source");
  row.reject_other_keys();
  return zone;
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

std::vector<ArchSpec> read_architectures(const std::string& file, Diagnostics& diagnostics) {
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
