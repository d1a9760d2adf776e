#include "tables_emitter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <utility>

#include "names.hpp"

namespace ipusim::isagen {
namespace {

// Decoding: bits 30..24 choose a bucket; a bucket has a few groups of equal mask; a group is sorted by match.
constexpr unsigned bucket_shift = 24;
constexpr std::uint32_t bucket_mask = 0x7F;
constexpr std::uint32_t bucket_count = bucket_mask + 1;

struct Candidate {
  std::uint32_t match;
  std::size_t opcode;
};
using Bucket = std::map<std::uint32_t, std::vector<Candidate>>;  // by mask

std::vector<Bucket> fill_buckets(const Model& model) {
  std::vector<Bucket> buckets(bucket_count);
  for (std::size_t i = 0; i < model.instructions.size(); ++i) {
    const InstructionSpec& spec = model.instructions[i];
    for (std::uint32_t bucket = 0; bucket < bucket_count; ++bucket) {
      const std::uint32_t bits = bucket << bucket_shift;
      const std::uint32_t fixed = spec.mask & (bucket_mask << bucket_shift);
      if (((bits ^ spec.match) & fixed) == 0) buckets[bucket][spec.mask].push_back({spec.match, i + 1});
    }
  }
  for (Bucket& bucket : buckets)
    for (auto& [mask, candidates] : bucket)
      std::sort(candidates.begin(), candidates.end(),
                [](const Candidate& a, const Candidate& b) { return a.match < b.match; });
  return buckets;
}

std::string emit_decoder(const Model& model) {
  std::string buckets;
  std::string groups;
  std::string entries;
  std::size_t group_count = 0;
  std::size_t entry_count = 0;
  for (const Bucket& bucket : fill_buckets(model)) {
    buckets += fmt::format("    {{{}, {}}},\n", group_count, bucket.size());
    for (const auto& [mask, candidates] : bucket) {
      groups += fmt::format("    {{{:#010x}, {}, {}}},\n", mask, entry_count, candidates.size());
      for (const Candidate& candidate : candidates)
        entries += fmt::format("    {{{:#010x}, Opcode::{}}},\n", candidate.match,
                               model.instructions[candidate.opcode - 1].id);
      ++group_count;
      entry_count += candidates.size();
    }
  }
  return fmt::format(
      "constexpr DecodeEntry entry_rows[] = {{\n{}}};\n"
      "constexpr DecodeGroup group_rows[] = {{\n{}}};\n"
      "constexpr DecodeBucket bucket_rows[] = {{\n{}}};\n",
      entries, groups, buckets);
}

std::string emit_slices(const OperandSpec& operand) {
  std::string out;
  for (const isa::BitSlice& slice : operand.slices)
    out += fmt::format("{}{{{}, {}, {}, {}}}", out.empty() ? "" : ", ", slice.word, slice.word_lsb,
                       slice.width, slice.value_lsb);
  return out;
}

std::string emit_operands(const Model& model) {
  std::string out = "constexpr Operand operand_rows[] = {\n";
  for (const InstructionSpec& spec : model.instructions)
    for (const OperandSpec& operand : spec.operands)
      out += fmt::format(
          "    {{\"{}\", OperandClass::{}, Direction::{}, PostModify::{}, {}, {}, {{{{{}}}}}}},  // {}\n",
          operand.name, to_string(operand.cls), to_string(operand.direction), to_string(operand.post),
          operand.width, operand.slices.size(), emit_slices(operand), spec.id);
  return out + "};\n";
}

std::string emit_instructions(const Model& model) {
  std::string out = "constexpr Instruction instruction_rows[] = {\n";
  std::size_t first_operand = 0;
  for (const InstructionSpec& spec : model.instructions) {
    out += fmt::format(
        "    {{Opcode::{}, \"{}\", \"{}\", \"{}\",\n"
        "     {:#010x}, {:#010x}, {}, Lane::{}, Mode::{}, {}, {}, {}, {}, {}, {}, {}, {},\n"
        "     {{operand_rows + {}, {}}}}},\n",
        spec.id, spec.id, spec.mnemonic, spec.assembly, spec.match, spec.mask, spec.patterns.size(),
        to_string(spec.lane), to_string(spec.mode), spec.coissue, spec.control, spec.system, spec.load,
        spec.store, spec.arch_mask, spec.modelled, spec.thread_cycles, first_operand, spec.operands.size());
    first_operand += spec.operands.size();
  }
  return out + "};\n";
}

std::string emit_csrs(const Model& model) {
  std::string out = "constexpr Csr csr_rows[] = {\n";
  for (const CsrSpec& csr : model.csrs)
    out += fmt::format("    {{\"{}\", {:#x}, Mode::{}, CsrAccess::{}, {:#010x}, {:#x}, {}, {}}},\n", csr.name,
                       csr.index, to_string(csr.mode), to_string(csr.access), csr.mask, csr.reset,
                       csr.arch_mask, csr.modelled);
  return out + "};\n";
}

std::string emit_architectures(const Model& model) {
  std::string out = "constexpr ArchInfo arch_rows[] = {\n";
  for (const ArchSpec& arch : model.architectures)
    out += fmt::format("    {{\"{0}\", Arch::{0}, {1:#x}, {2:#x}, {3:#x}, {4}, {5:#x}, {6:#x}}},\n",
                       arch.name, arch.memory_base, arch.region1_base, arch.memory_end, arch.element_bytes,
                       arch.repeat_count_mask, arch.elf_flags);
  return out + "};\n";
}

}  // namespace

std::string TablesEmitter::emit(const Model& model) const {
  return fmt::format(
      "// Generated by isagen from isa/*.isa, isa/csr.yaml and isa/arch.yaml.\n"
      "#include \"tables.hpp\"\n\n"
      "namespace ipusim::isa::tables {{\nnamespace {{\n\n"
      "{}\n{}\n{}\n{}\n{}\n}}  // namespace\n\n"
      "const std::span<const Instruction> instructions = instruction_rows;\n"
      "const std::span<const DecodeEntry> decode_entries = entry_rows;\n"
      "const std::span<const DecodeGroup> decode_groups = group_rows;\n"
      "const std::span<const DecodeBucket> decode_buckets = bucket_rows;\n"
      "const std::span<const Csr> csrs = csr_rows;\n"
      "const std::span<const ArchInfo> architectures = arch_rows;\n\n"
      "}}  // namespace ipusim::isa::tables\n",
      emit_operands(model), emit_instructions(model), emit_decoder(model), emit_csrs(model),
      emit_architectures(model));
}

}  // namespace ipusim::isagen
