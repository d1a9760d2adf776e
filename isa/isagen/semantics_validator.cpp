// SPDX-License-Identifier: Apache-2.0
#include "semantics_validator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include "timing_text.hpp"

namespace ipusim::isagen {
namespace {

class EntryCheck {
 public:
  EntryCheck(const Model& model, const SemanticsSpec& entry, Diagnostics& diagnostics)
      : model_(model), entry_(entry), diagnostics_(diagnostics) {}

  void run() {
    if (!entry_.summary.ends_with('.')) fail("the summary is a sentence and ends with a full stop");
    if (entry_.operation.empty()) fail("the operation is empty");
    check_operands();
    check_flags();
    for (const auto* list : {&entry_.reads, &entry_.writes})
      for (const std::string& name : *list) check_state(name);
    for (const NamedText& fault : entry_.faults) check_fault(fault.name);
    check_accesses();
    check_examples();
    for (const std::string& key : unknown_timing_keys(entry_.timing, model_.timing))
      fail(fmt::format("timing.yaml has no key '{}'", key));
  }

 private:
  void fail(const std::string& message) {
    diagnostics_.error(entry_.where, fmt::format("{}: {}", fmt::join(entry_.mnemonics, ", "), message));
  }

  template <typename Visit>
  void for_each_form(Visit visit) {
    for (const InstructionSpec& form : model_.instructions)
      if (std::find(entry_.mnemonics.begin(), entry_.mnemonics.end(), form.mnemonic) !=
          entry_.mnemonics.end())
        visit(form);
  }

  // Whether the word stands in a text on its own.
  static bool mentions(const std::string& text, const std::string& word) {
    const auto part = [&](std::size_t i) {
      return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_');
    };
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
      if ((at == 0 || !part(at - 1)) && !part(at + word.size())) return true;
    return false;
  }

  void check_operands() {
    for_each_form([&](const InstructionSpec& form) {
      if (form.operands.size() != entry_.operands.size())
        fail(fmt::format("{} operands are explained, {} has {} ({})", entry_.operands.size(), form.id,
                         form.operands.size(), to_string(form.where)));
    });
    std::string texts = entry_.operation;
    for (const std::string& note : entry_.notes) texts += "\n" + note;
    for (const NamedText& fault : entry_.faults) texts += "\n" + fault.text;
    for (const NamedText& operand : entry_.operands) {
      if (operand.name.size() != 1 || std::isupper(static_cast<unsigned char>(operand.name[0])) == 0)
        fail(fmt::format("'{}': the name of an operand is a capital letter", operand.name));
      if (!mentions(texts, operand.name))
        fail(fmt::format("operand {} stands neither in the operation nor in notes or faults", operand.name));
    }
  }

  void check_flags() {
    constexpr std::array<std::string_view, 3> flags{"INV", "DIV0", "OFLO"};
    for (const NamedText& flag : entry_.flags)
      if (std::find(flags.begin(), flags.end(), flag.name) == flags.end())
        fail(fmt::format("'{}' is no flag: INV, DIV0, OFLO", flag.name));
  }

  // State that entries may read and write: CSRs, whole or a field, and what is no CSR.
  void check_state(const std::string& name) {
    constexpr std::array<std::string_view, 3> other{"AACC", "CWEI", "PRNG"};
    if (std::find(other.begin(), other.end(), name) != other.end()) return;
    const std::size_t dot = name.find('.');
    const std::string csr_name = name.substr(0, dot);
    const auto csr = std::find_if(model_.csrs.begin(), model_.csrs.end(),
                                  [&](const CsrSpec& spec) { return spec.name == csr_name; });
    if (csr == model_.csrs.end())
      return fail(fmt::format("'{}' is no CSR, nor AACC, CWEI or PRNG", csr_name));
    if (dot == std::string::npos) return;
    const std::string field = name.substr(dot + 1);
    if (std::none_of(csr->fields.begin(), csr->fields.end(),
                     [&](const FieldSpec& stated) { return stated.name == field; }))
      fail(fmt::format("the CSR {} has no field '{}'", csr_name, field));
  }

  void check_fault(const std::string& name) {
    if (std::none_of(model_.causes.begin(), model_.causes.end(),
                     [&](const CauseSpec& cause) { return cause.name == name; }))
      fail(fmt::format("'{}' is no cause of an exception", name));
  }

  void check_accesses() {
    for (const auto& [mnemonic, accesses] : entry_.accesses)
      if (std::find(entry_.mnemonics.begin(), entry_.mnemonics.end(), mnemonic) == entry_.mnemonics.end())
        fail(fmt::format("accesses of '{}', which the entry does not explain", mnemonic));
    for_each_form([&](const InstructionSpec& form) {
      const auto found = entry_.accesses.find(form.mnemonic);
      const std::vector<AccessSpec> none;
      const auto& accesses = found == entry_.accesses.end() ? none : found->second;
      const bool stores =
          std::any_of(accesses.begin(), accesses.end(), [](const AccessSpec& a) { return a.store; });
      const bool loads =
          std::any_of(accesses.begin(), accesses.end(), [](const AccessSpec& a) { return !a.store; });
      if (loads != form.load || stores != form.store)
        fail(fmt::format("the accesses do not fit the class of {} ({})", form.id, to_string(form.where)));
    });
  }

  void check_examples() {
    std::set<std::string, std::less<>> shown;
    for (const ExampleSpec& example : entry_.examples) {
      shown.insert(example.mnemonic);
      if (!example.fault.empty()) check_fault(example.fault);
      if (std::find(entry_.mnemonics.begin(), entry_.mnemonics.end(), example.mnemonic) ==
          entry_.mnemonics.end())
        diagnostics_.error(
            example.where,
            fmt::format("the example begins with '{}', which the entry does not explain", example.mnemonic));
    }
    for (const std::string& mnemonic : entry_.mnemonics)
      if (!shown.contains(mnemonic)) fail(fmt::format("there is no example of {}", mnemonic));
  }

  const Model& model_;
  const SemanticsSpec& entry_;
  Diagnostics& diagnostics_;
};

// Every instruction is explained once, and nothing else is.
void check_coverage(const Model& model, Diagnostics& diagnostics) {
  std::map<std::string, const SemanticsSpec*> explained;
  std::set<std::string> known;
  for (const InstructionSpec& form : model.instructions) known.insert(form.mnemonic);
  for (const SectionSpec& section : model.semantics.sections) {
    for (const SemanticsSpec& entry : section.entries) {
      for (const std::string& mnemonic : entry.mnemonics) {
        if (!known.contains(mnemonic))
          diagnostics.error(entry.where, fmt::format("there is no instruction '{}'", mnemonic));
        const auto [first, is_new] = explained.emplace(mnemonic, &entry);
        if (!is_new)
          diagnostics.error(entry.where, fmt::format("'{}' is explained twice, first at {}", mnemonic,
                                                     to_string(first->second->where)));
      }
    }
  }
  for (const InstructionSpec& form : model.instructions)
    if (known.erase(form.mnemonic) != 0 && !explained.contains(form.mnemonic))
      diagnostics.error(form.where, fmt::format("isa/semantics does not say what '{}' does", form.mnemonic));
}

}  // namespace

void validate_semantics(const Model& model, Diagnostics& diagnostics) {
  check_coverage(model, diagnostics);
  for (const SectionSpec& section : model.semantics.sections) {
    for (const std::string& key : unknown_timing_keys(section.text, model.timing))
      diagnostics.error(section.where, fmt::format("timing.yaml has no key '{}'", key));
    for (const SemanticsSpec& entry : section.entries) EntryCheck(model, entry, diagnostics).run();
  }
}

}  // namespace ipusim::isagen
