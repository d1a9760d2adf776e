// SPDX-License-Identifier: Apache-2.0
#include "semantics_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "state_value.hpp"
#include "text.hpp"
#include "yaml_row.hpp"

namespace ipusim::isagen {
namespace {

// What the entries of a section have in common, unless they say otherwise.
struct Defaults {
  std::vector<NamedText> operands;
  std::vector<NamedText> flags;
  std::vector<std::string> reads;
  std::vector<std::string> writes;
  std::vector<std::string> notes;
};

void read_common(Row& row, Defaults& common) {
  if (row.has("operands")) common.operands = row.named_texts("operands");
  if (row.has("flags")) common.flags = row.named_texts("flags");
  if (row.has("reads")) common.reads = row.list("reads");
  if (row.has("writes")) common.writes = row.list("writes");
  if (row.has("notes")) {
    const auto notes = row.list("notes");
    common.notes.insert(common.notes.end(), notes.begin(), notes.end());
  }
}

std::vector<AccessSpec> read_accesses(const YAML::Node& node, Row& row) {
  std::vector<AccessSpec> accesses;
  for (const YAML::Node& item : node) {
    const auto words = item.IsScalar() ? split(item.Scalar(), ' ') : std::vector<std::string>{};
    static const std::set<std::string, std::less<>> sizes{"1", "2", "4", "8", "16"};
    if (words.size() != 2 || (words[0] != "load" && words[0] != "store") || !sizes.contains(words[1])) {
      row.fail("an access is 'load' or 'store' and 1, 2, 4, 8 or 16 bytes");
      break;
    }
    accesses.push_back({words[0] == "store", static_cast<unsigned>(std::stoul(words[1]))});
  }
  return accesses;
}

void read_all_accesses(Row& row, SemanticsSpec& entry) {
  if (!row.has("accesses")) return;
  const auto node = row.node("accesses");
  if (!node) return;
  if (node->IsSequence()) {
    for (const std::string& mnemonic : entry.mnemonics) entry.accesses[mnemonic] = read_accesses(*node, row);
  } else if (node->IsMap()) {
    for (const auto& item : *node) entry.accesses[item.first.Scalar()] = read_accesses(item.second, row);
  } else {
    row.fail("key 'accesses' must be a list, or a mapping of mnemonics to lists");
  }
}

std::vector<StateValueSpec> read_state(const char* key, Row& row, const std::vector<CsrSpec>& csrs) {
  std::vector<StateValueSpec> values;
  const auto node = row.node(key);
  if (!node) return values;
  if (!node->IsMap()) row.fail(fmt::format("key '{}' must be a mapping of places to values", key));
  for (const auto& item : *node) {
    StateValueSpec value;
    value.place = item.first.Scalar();
    std::vector<std::string> elements;
    if (item.second.IsScalar()) elements = {item.second.Scalar()};
    if (item.second.IsSequence())
      for (const YAML::Node& element : item.second) elements.push_back(element.Scalar());
    value.text = elements.size() == 1 ? elements.front() : fmt::format("({})", fmt::join(elements, ", "));
    const unsigned places = place_words(value.place, csrs);
    if (places == 0) {
      row.fail(fmt::format("key '{}': '{}' is no part of the state", key, value.place));
      continue;
    }
    const unsigned words = value.place == "sent" ? static_cast<unsigned>(elements.size()) : places;
    const auto parsed = parse_value(elements, words);
    if (const auto* wrong = std::get_if<std::string>(&parsed))
      row.fail(fmt::format("{}: {}", value.place, *wrong));
    else
      value.words = std::get<std::vector<std::uint32_t>>(parsed);
    values.push_back(std::move(value));
  }
  return values;
}

std::string first_mnemonic(const std::string& code) {
  const std::size_t begin = code.find_first_not_of(" {");
  const std::size_t end = code.find_first_of(" ;}", begin);
  return begin == std::string::npos ? "" : code.substr(begin, end - begin);
}

void read_examples(Row& row, const std::string& file, const std::vector<CsrSpec>& csrs, SemanticsSpec& entry,
                   Diagnostics& diagnostics) {
  const auto node = row.node("examples");
  if (!node) return;
  if (!node->IsSequence()) return row.fail("key 'examples' must be a list");
  for (const YAML::Node& item : *node) {
    Row example_row(item, place_in(file, item.Mark()), "example", diagnostics);
    ExampleSpec example;
    example.where = example_row.where();
    example.before = read_state("before", example_row, csrs);
    example.code = example_row.text("code");
    example.mnemonic = first_mnemonic(example.code);
    if (example_row.has("fault"))
      example.fault = example_row.text("fault");
    else
      example.after = read_state("after", example_row, csrs);
    example_row.reject_other_keys();
    if (example_row.ok()) entry.examples.push_back(std::move(example));
  }
}

SemanticsSpec read_entry(Row& row, const std::string& mnemonics, const std::string& file,
                         const Defaults& defaults, const std::vector<CsrSpec>& csrs,
                         Diagnostics& diagnostics) {
  SemanticsSpec entry;
  entry.where = row.where();
  entry.mnemonics = split(mnemonics, ',');
  entry.summary = row.text("summary");
  entry.operation = std::string(trim(row.text("operation")));
  Defaults own = defaults;
  read_common(row, own);
  entry.operands = own.operands;
  entry.flags = own.flags;
  entry.reads = own.reads;
  entry.writes = own.writes;
  entry.notes = own.notes;
  entry.timing = row.text_or("timing", "");
  if (row.has("faults")) entry.faults = row.named_texts("faults");
  read_all_accesses(row, entry);
  read_examples(row, file, csrs, entry, diagnostics);
  row.reject_other_keys();
  return entry;
}

SectionSpec read_section(const std::string& file, const std::vector<CsrSpec>& csrs,
                         Diagnostics& diagnostics) {
  SectionSpec section;
  const auto root = load_yaml(file, diagnostics);
  if (!root) return section;
  Row row(*root, {file, 1}, "", diagnostics);
  section.where = row.where();
  section.title = row.text("title");
  section.text = row.text_or("text", "");
  Defaults defaults;
  if (row.has("defaults")) {
    Row common(*row.node("defaults"), place_in(file, (*root)["defaults"].Mark()), "defaults", diagnostics);
    read_common(common, defaults);
    common.reject_other_keys();
  }
  const auto instructions = row.node("instructions");
  row.reject_other_keys();
  if (!instructions) return section;
  if (!instructions->IsMap()) {
    row.fail("key 'instructions' must be a mapping of mnemonics");
    return section;
  }
  for (const auto& item : *instructions) {
    const std::string name = item.first.Scalar();
    Row entry_row(item.second, place_in(file, item.first.Mark()), name, diagnostics);
    SemanticsSpec entry = read_entry(entry_row, name, file, defaults, csrs, diagnostics);
    if (entry_row.ok()) section.entries.push_back(std::move(entry));
  }
  return section;
}

template <typename Read>
void for_each_row(Row& root, const char* key, const std::string& file, Diagnostics& diagnostics, Read read) {
  const auto node = root.node(key);
  if (!node) return;
  if (node->IsMap()) {
    for (const auto& item : *node) {
      Row row(item.second, place_in(file, item.first.Mark()), item.first.Scalar(), diagnostics);
      read(row, item.first.Scalar());
      row.reject_other_keys();
    }
  } else if (node->IsSequence()) {
    for (const YAML::Node& item : *node) {
      Row row(item, place_in(file, item.Mark()), "", diagnostics);
      read(row, std::string());
      row.reject_other_keys();
    }
  } else {
    root.fail(fmt::format("key '{}' must be a mapping or a list", key));
  }
}

void read_general(const std::string& file, SemanticsModel& model, Diagnostics& diagnostics) {
  const auto root = load_yaml(file, diagnostics);
  if (!root) return;
  Row row(*root, {file, 1}, "", diagnostics);
  model.notation = row.named_texts("notation");
  for_each_row(row, "aliases", file, diagnostics, [&](Row& alias, const std::string&) {
    model.aliases.push_back(
        {alias.where(), alias.text("name"), alias.text("text"), alias.text("code"), alias.text("same")});
  });
  row.reject_other_keys();
}

}  // namespace

SemanticsModel read_semantics(const std::string& general_file, const std::vector<std::string>& section_files,
                              const std::vector<CsrSpec>& csrs, Diagnostics& diagnostics) {
  SemanticsModel model;
  read_general(general_file, model, diagnostics);
  for (const std::string& file : section_files)
    model.sections.push_back(read_section(file, csrs, diagnostics));
  return model;
}

}  // namespace ipusim::isagen
