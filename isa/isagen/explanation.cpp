// SPDX-License-Identifier: Apache-2.0
#include "explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "names.hpp"
#include "timing_text.hpp"

namespace ipusim::isagen {
namespace {

// "$mD", "$aD:D+1", "$aA:BL", "B:s16".
std::string operand_text(const OperandSpec& operand, const std::string& name) {
  const unsigned span = register_span(operand.cls);
  if (span == 0) return name + ":" + value_kind(operand);
  const std::string range = span == 1 ? "" : fmt::format(":{}+{}", name, span - 1);
  return fmt::format("${}{}{}{}", is_main_register(operand.cls) ? 'm' : 'a', name, range,
                     broadcast_suffix(operand.cls));
}

std::string assembly_text(const InstructionSpec& form, const SemanticsSpec& entry) {
  std::string text = form.assembly;
  for (std::size_t i = 0; i < form.operands.size() && i < entry.operands.size(); ++i) {
    const std::string plain = "$" + form.operands[i].name;
    text.replace(text.find(plain), plain.size(), operand_text(form.operands[i], entry.operands[i].name));
  }
  return text;
}

std::string_view who(isa::Mode mode) {
  switch (mode) {
    case isa::Mode::worker:
      return "worker";
    case isa::Mode::supervisor:
      return "supervisor";
    default:
      return "worker or supervisor";
  }
}

std::string properties_text(const InstructionSpec& form) {
  const bool bundled = form.coissue && form.mode != isa::Mode::supervisor;
  std::string text = fmt::format("{}, {} lane", who(form.mode), to_string(form.lane));
  text += !bundled                      ? ", on its own"
          : form.control || form.system ? ", may share a bundle, not in a rpt body"
                                        : ", may share a bundle";
  text += fmt::format(", {} turn{}", form.thread_cycles, form.thread_cycles == 1 ? "" : "s");
  const std::string_view arch = arch_mask_name(form.arch_mask);
  if (arch != "all") text += fmt::format(", {}{}", arch, arch.ends_with('+') ? "" : " only");
  return text;
}

// Builds the facts of one entry: what it states and what follows from the classes of its instructions.
class Facts {
 public:
  Facts(const Model& model, const SemanticsSpec& entry, const std::vector<ExplainedForm>& forms)
      : model_(model), entry_(entry), forms_(forms) {}

  std::vector<NamedText> take() {
    if (!entry_.timing.empty()) add("Timing", with_timing(entry_.timing, model_.timing));
    for (const NamedText& flag : entry_.flags) add("Flag", flag.name + ": " + flag.text);
    std::vector<std::string> reads = entry_.reads;
    std::vector<std::string> writes = entry_.writes;
    if (!entry_.flags.empty()) {
      for (const NamedText& flag : entry_.flags) reads.push_back("FP_CTL." + flag.name);
      writes.emplace_back("FP_STS");
    }
    if (!reads.empty()) add("Reads", fmt::format("{}", fmt::join(reads, ", ")));
    if (!writes.empty()) add("Writes", fmt::format("{}", fmt::join(writes, ", ")));
    add_faults();
    for (const std::string& note : entry_.notes) add("Note", with_timing(note, model_.timing));
    return std::move(facts_);
  }

 private:
  void add(std::string name, std::string text) { facts_.push_back({std::move(name), std::move(text)}); }
  void add_fault(const std::string& name, const std::string& text) { add("Fault", name + ": " + text); }

  bool any_form(bool InstructionSpec::*property) const {
    return std::any_of(forms_.begin(), forms_.end(),
                       [&](const ExplainedForm& f) { return f.spec->*property; });
  }

  void add_faults() {
    for (const NamedText& fault : entry_.faults)
      add_fault(fault.name, with_timing(fault.text, model_.timing));
    if (!entry_.flags.empty()) add_fault("floating_point", "a flag raised that FP_CTL enables");
    add_access_faults();
    if (any_form(&InstructionSpec::control) || any_form(&InstructionSpec::system))
      add_fault("illegal_in_repeat", "in the body of a rpt");
    const isa::Mode mode = forms_.front().spec->mode;
    const bool one_mode = std::all_of(forms_.begin(), forms_.end(),
                                      [&](const ExplainedForm& f) { return f.spec->mode == mode; });
    if (one_mode && mode == isa::Mode::worker) add_fault("illegal_in_mode", "executed by the supervisor");
    if (one_mode && mode == isa::Mode::supervisor) add_fault("illegal_in_mode", "executed by a worker");
  }

  void add_access_faults() {
    std::set<unsigned> sizes;
    std::size_t most = 0;
    bool loads = false;
    for (const auto& [mnemonic, accesses] : entry_.accesses) {
      most = std::max(most, accesses.size());
      for (const AccessSpec& access : accesses) {
        sizes.insert(access.bytes);
        loads = loads || !access.store;
      }
    }
    if (sizes.empty()) return;
    constexpr unsigned region1_size = 16;
    add_fault("invalid_address", most > 1 ? "an address outside memory" : "the address is outside memory");
    if (sizes.size() == 1 && *sizes.begin() > 1)
      add_fault("misaligned_address", fmt::format("{} is no multiple of {}",
                                                  most > 1 ? "an address" : "the address", *sizes.begin()));
    if (sizes.size() > 1)
      add_fault("misaligned_address", "an address is no multiple of the bytes accessed there");
    if (sizes.contains(region1_size)) add_fault("invalid_region", "the address is not in region 1");
    if (most > 1) add_fault("element_conflict", "two of the addresses are in one memory element");
    if (loads) add_fault("memory_error", "the memory cannot be read there");
    add_fault("data_break", "the debug CSRs watch an address");
  }

  const Model& model_;
  const SemanticsSpec& entry_;
  const std::vector<ExplainedForm>& forms_;
  std::vector<NamedText> facts_;
};

}  // namespace

std::vector<ExplainedEntry> explain(const Model& model) {
  std::vector<ExplainedEntry> entries;
  for (const SectionSpec& section : model.semantics.sections) {
    for (const SemanticsSpec& semantics : section.entries) {
      ExplainedEntry entry{&section, &semantics, {}, {}};
      for (const std::string& mnemonic : semantics.mnemonics)
        for (const InstructionSpec& spec : model.instructions)
          if (spec.mnemonic == mnemonic)
            entry.forms.push_back({&spec, assembly_text(spec, semantics), properties_text(spec)});
      entry.facts = Facts(model, semantics, entry.forms).take();
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

std::string place_text(const std::string& place) {
  const bool numbered = place.size() > 1 && std::isdigit(static_cast<unsigned char>(place[1])) != 0;
  if ((place[0] == 'm' || place[0] == 'a') && numbered) return "$" + place;
  if (place.starts_with("0x")) return "mem32[" + place + "]";
  if (place.starts_with("AACC")) return "AACC[" + place.substr(4) + "]";
  if (place == "sync") return "waits in zone";
  if (place == "ahead") return "syncs given ahead";
  if (place == "exit") return "exits with status";
  return place;
}

std::string state_text(const std::vector<StateValueSpec>& values) {
  std::string text;
  for (const StateValueSpec& value : values)
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", place_text(value.place), value.text);
  return text;
}

std::string value_kind(const OperandSpec& operand) {
  using isa::OperandClass;
  switch (operand.cls) {
    case OperandClass::signed_immediate:
      return fmt::format("s{}", operand.width);
    case OperandClass::high_immediate:
      return fmt::format("hi{}", operand.width);
    case OperandClass::rel8:
    case OperandClass::rel16:
    case OperandClass::rel20:
      return fmt::format("rel{}", operand.width);
    case OperandClass::rel19s2:
      return fmt::format("target{}", operand.width);
    case OperandClass::run:
      return fmt::format("run{}", operand.width);
    default:
      return fmt::format("u{}", operand.width);
  }
}

std::string_view broadcast_suffix(isa::OperandClass cls) {
  switch (cls) {
    case isa::OperandClass::BroadcastLower:
      return ":BL";
    case isa::OperandClass::BroadcastUpper:
      return ":BU";
    case isa::OperandClass::Broadcast:
      return ":B";
    default:
      return "";
  }
}

}  // namespace ipusim::isagen
