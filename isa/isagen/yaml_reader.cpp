#include "yaml_reader.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <optional>
#include <set>
#include <string_view>

#include "names.hpp"

namespace ipusim::isagen {
namespace {

// The named fields of one YAML mapping. Reports missing, unknown and malformed ones.
class Row {
 public:
  Row(const YAML::Node& node, SourceLine where, std::string name, Diagnostics& diagnostics)
      : node_(node), where_(std::move(where)), name_(std::move(name)), diagnostics_(diagnostics) {
    if (!node_.IsMap()) fail("a mapping of keys is expected here");
  }

  bool ok() const { return ok_; }

  std::string text(const char* key) {
    const YAML::Node value = field(key);
    if (!ok_) return {};
    if (value.IsScalar()) return value.Scalar();
    fail(fmt::format("key '{}' must be a single value", key));
    return {};
  }

  std::string text_or(const char* key, const char* otherwise) {
    known_.insert(key);
    return ok_ && !node_[key] ? otherwise : text(key);
  }

  std::uint32_t number(const char* key) {
    const std::string value = text(key);
    if (!ok_) return 0;
    const bool hex = value.starts_with("0x");
    const char* begin = value.data() + (hex ? 2 : 0);
    const char* end = value.data() + value.size();
    std::uint32_t result = 0;
    const auto [stop, status] = std::from_chars(begin, end, result, hex ? 16 : 10);
    if (begin == end || stop != end || status != std::errc{})
      fail(fmt::format("key '{}': '{}' is not a 32-bit number", key, value));
    return result;
  }

  std::uint32_t number_or(const char* key, std::uint32_t otherwise) {
    known_.insert(key);
    return ok_ && !node_[key] ? otherwise : number(key);
  }

  // A value of a fixed set of names, through `parse`.
  template <typename Value>
  Value choice(const char* key, const std::string& name, std::optional<Value> (*parse)(std::string_view)) {
    const auto value = parse(name);
    if (ok_ && !value) fail(fmt::format("key '{}': unknown value '{}'", key, name));
    return value.value_or(Value{});
  }

  // Call after all keys have been read.
  void reject_other_keys() {
    if (!ok_) return;
    std::set<std::string, std::less<>> seen;
    for (const auto& entry : node_) {
      const std::string& key = entry.first.Scalar();
      if (!known_.contains(key)) fail(fmt::format("unknown key '{}'", key));
      if (!seen.insert(key).second) fail(fmt::format("key '{}' stands twice", key));
    }
  }

 private:
  YAML::Node field(const char* key) {
    known_.insert(key);
    if (!ok_) return {};
    const YAML::Node value = node_[key];
    if (!value) fail(fmt::format("key '{}' is missing", key));
    return value ? value : YAML::Node{};
  }

  void fail(const std::string& message) {
    ok_ = false;
    diagnostics_.error(where_, name_.empty() ? message : fmt::format("{}: {}", name_, message));
  }

  YAML::Node node_;
  SourceLine where_;
  std::string name_;
  Diagnostics& diagnostics_;
  std::set<std::string, std::less<>> known_;
  bool ok_ = true;
};

SourceLine place(const std::string& file, const YAML::Mark& mark) { return {file, mark.line + 1}; }

std::optional<YAML::Node> load(const std::string& file, Diagnostics& diagnostics) {
  try {
    return YAML::LoadFile(file);
  } catch (const YAML::BadFile&) {
    diagnostics.error({file, 0}, "cannot be read");
  } catch (const YAML::Exception& error) {
    diagnostics.error(place(file, error.mark), fmt::format("not valid YAML: {}", error.msg));
  }
  return std::nullopt;
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

}  // namespace

std::vector<CsrSpec> read_csrs(const std::string& file, Diagnostics& diagnostics) {
  std::vector<CsrSpec> csrs;
  const auto root = load(file, diagnostics);
  if (!root) return csrs;
  if (!root->IsMap() || !(*root)["csrs"] || !(*root)["csrs"].IsSequence()) {
    diagnostics.error({file, 1}, "a list under the key 'csrs' is expected");
    return csrs;
  }
  for (const YAML::Node& node : (*root)["csrs"]) {
    const SourceLine where = place(file, node.Mark());
    const std::string name =
        node.IsMap() && node["name"] && node["name"].IsScalar() ? node["name"].Scalar() : "";
    Row row(node, where, name, diagnostics);
    CsrSpec csr = read_csr(row, where);
    if (row.ok()) csrs.push_back(std::move(csr));
  }
  return csrs;
}

std::vector<ArchSpec> read_architectures(const std::string& file, Diagnostics& diagnostics) {
  std::vector<ArchSpec> architectures;
  const auto root = load(file, diagnostics);
  if (!root) return architectures;
  if (!root->IsMap()) {
    diagnostics.error({file, 1}, "a mapping of architecture names is expected");
    return architectures;
  }
  for (const auto& entry : *root) {
    const SourceLine where = place(file, entry.first.Mark());
    const std::string name = entry.first.Scalar();
    Row row(entry.second, where, name, diagnostics);
    ArchSpec arch = read_architecture(row, where, name);
    if (row.ok()) architectures.push_back(std::move(arch));
  }
  return architectures;
}

std::vector<TimingSpec> read_timing(const std::string& file, Diagnostics& diagnostics) {
  std::vector<TimingSpec> timing;
  const auto root = load(file, diagnostics);
  if (!root) return timing;
  if (!root->IsMap()) {
    diagnostics.error({file, 1}, "a mapping of timing keys is expected");
    return timing;
  }
  for (const auto& entry : *root) {
    const SourceLine where = place(file, entry.first.Mark());
    const std::string name = entry.first.Scalar();
    Row row(entry.second, where, name, diagnostics);
    TimingSpec spec{where, name, row.number("value"), row.text("source")};
    row.reject_other_keys();
    if (row.ok()) timing.push_back(std::move(spec));
  }
  return timing;
}

}  // namespace ipusim::isagen
