// SPDX-License-Identifier: Apache-2.0
#include "ipusim/toolchain/explain.hpp"

#include <fmt/format.h>
#include <llvm/ADT/StringRef.h>
#include <llvm/Support/Process.h>

#include <algorithm>
#include <span>
#include <vector>

#include "ipusim/isa/exceptions.hpp"
#include "ipusim/isa/explanation.hpp"

namespace ipusim::toolchain {
namespace {

constexpr unsigned least_columns = 40;
constexpr std::string_view notation_topic = "notation";

// Lines of text, words kept whole.
class Page {
 public:
  explicit Page(unsigned columns) : columns_(std::max(columns, least_columns)) {}

  // `lead`, then the text; its further lines begin below its first word, behind `indent` blanks.
  void paragraph(std::string_view lead, std::string_view text, std::size_t indent) {
    std::string line(lead);
    if (line.size() < indent) line.resize(indent, ' ');
    bool fresh = true;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(' '), text.size());
      const std::string_view word = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      if (word.empty()) continue;
      if (!fresh && line.size() + 1 + word.size() > columns_) {
        text_ += line + "\n";
        line.assign(indent, ' ');
        fresh = true;
      }
      if (!fresh) line += ' ';
      line += word;
      fresh = false;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text_ += line + "\n";
  }

  // Lines that keep their breaks.
  void verbatim(std::string_view text, std::size_t indent) {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      text_ += std::string(indent, ' ') + std::string(text.substr(begin, end - begin)) + "\n";
      begin = end + 1;
    }
  }

  void gap() { text_ += '\n'; }
  std::string take() { return std::move(text_); }

 private:
  unsigned columns_;
  std::string text_;
};

std::string state_text(std::span<const isa::StateValue> values) {
  std::string text;
  for (const isa::StateValue& value : values)
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", value.name, value.text);
  return text;
}

void add_example(Page& page, const isa::Example& example) {
  constexpr std::size_t indent = 4;
  page.gap();
  if (!example.before.empty()) page.paragraph("", state_text(example.before), indent);
  page.verbatim(example.code, 2 * indent);
  if (!example.fault.empty())
    page.paragraph("", fmt::format("exception {}", example.fault), indent);
  else
    page.paragraph("", example.after.empty() ? "nothing changes" : state_text(example.after), indent);
}

std::string mnemonic_page(const isa::Explanation& entry, std::string_view mnemonic, unsigned columns) {
  constexpr std::size_t indent = 2;
  Page page(columns);
  page.paragraph("", fmt::format("{}: {}", mnemonic, entry.summary), 0);
  if (entry.mnemonics.size() > 1)
    page.paragraph("", fmt::format("(explained together: {})", fmt::join(entry.mnemonics, ", ")), 0);
  page.gap();
  for (const isa::ExplainedForm& form : entry.forms) {
    if (isa::instruction(form.opcode).mnemonic != mnemonic) continue;
    page.paragraph("", form.assembly, indent);
    page.paragraph("", fmt::format("({})", form.properties), 2 * indent + indent);
  }
  for (const isa::NamedText& operand : entry.operands)
    page.paragraph(fmt::format("  {}: ", operand.name), operand.text, 2 * indent + 1);
  page.gap();
  page.verbatim(entry.operation, 2 * indent);
  page.gap();
  for (const isa::NamedText& fact : entry.facts)
    page.paragraph("", fmt::format("{}: {}", fact.name, fact.text), indent);
  if (!entry.section_text.empty()) {
    page.gap();
    page.paragraph("", fmt::format("{}: {}", entry.section, entry.section_text), indent);
  }
  page.gap();
  page.paragraph("", "Examples:", indent);
  for (const isa::Example& example : entry.examples)
    if (example.mnemonic == mnemonic) add_example(page, example);
  return page.take();
}

std::string alias_page(std::string_view name, unsigned columns) {
  Page page(columns);
  for (const isa::Alias& alias : isa::all_aliases())
    if (alias.name == name)
      page.paragraph("", fmt::format("{}: {}. {} is {}.", name, alias.text, alias.code, alias.same), 2);
  return page.take();
}

// All but `none`.
std::span<const isa::ExceptionCauseInfo> explained_causes() {
  return std::span(isa::exception_causes).subspan(1);
}

std::string cause_page(const isa::ExceptionCauseInfo& cause, unsigned columns) {
  std::string types{isa::name_of(cause.type)};
  if (cause.or_type != isa::ExceptionType::none) types += fmt::format(", {}", isa::name_of(cause.or_type));
  Page page(columns);
  page.paragraph(
      "", fmt::format("{}: a cause of exceptions of the type {}: {}.", cause.name, types, cause.text), 2);
  return page.take();
}

std::string notation_page(unsigned columns) {
  Page page(columns);
  for (const isa::NamedText& line : isa::notation())
    page.paragraph("", fmt::format("{}: {}", line.name, line.text), 2);
  return page.take();
}

// What can be asked for and is spelt most like `name`.
std::string suggestions(std::string_view name) {
  std::vector<std::string_view> names{notation_topic};
  for (const isa::Explanation& entry : isa::all_explanations())
    names.insert(names.end(), entry.mnemonics.begin(), entry.mnemonics.end());
  for (const isa::Alias& alias : isa::all_aliases()) names.push_back(alias.name);
  for (const isa::ExceptionCauseInfo& cause : explained_causes()) names.push_back(cause.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const llvm::StringRef asked(name.data(), name.size());
  const auto distance = [&](std::string_view other) {
    return asked.edit_distance(llvm::StringRef(other.data(), other.size()));
  };
  std::stable_sort(names.begin(), names.end(),
                   [&](std::string_view a, std::string_view b) { return distance(a) < distance(b); });
  constexpr std::size_t most = 3;
  const unsigned nearest = distance(names.front());
  std::string text;
  for (std::size_t i = 0; i < most && distance(names[i]) <= nearest + 1; ++i)
    text += fmt::format("{}'{}'", i == 0 ? "" : ", ", names[i]);
  return text;
}

}  // namespace

std::string explain(std::string_view name, unsigned columns) {
  if (name == notation_topic) return notation_page(columns);
  std::string text = alias_page(name, columns);
  if (const isa::Explanation* entry = isa::find_explanation(name))
    return mnemonic_page(*entry, name, columns) + (text.empty() ? "" : "\n" + text);
  for (const isa::ExceptionCauseInfo& cause : explained_causes())
    if (cause.name == name) text += cause_page(cause, columns);
  if (!text.empty()) return text;
  throw ToolError(fmt::format("there is no instruction '{}'; the most like it: {}", name, suggestions(name)));
}

std::string list_explanations(unsigned columns) {
  Page page(columns);
  std::string_view section;
  constexpr std::size_t indent = 18;
  for (const isa::Explanation& entry : isa::all_explanations()) {
    if (entry.section != section) {
      if (!section.empty()) page.gap();
      section = entry.section;
      page.paragraph("", section, 0);
    }
    for (const std::string_view mnemonic : entry.mnemonics)
      page.paragraph(fmt::format("  {} ", mnemonic), entry.summary, indent);
  }
  return page.take();
}

unsigned output_columns() {
  constexpr unsigned otherwise = 80;
  const unsigned columns = llvm::sys::Process::StandardOutColumns();
  return columns == 0 ? otherwise : columns;
}

}  // namespace ipusim::toolchain
