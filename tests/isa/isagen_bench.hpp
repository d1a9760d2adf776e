// SPDX-License-Identifier: Apache-2.0
// Runs isagen on files written for the occasion.
#pragma once

#include <filesystem>
#include <string>

namespace ipusim::isa::test {

struct IsagenResult {
  int exit_code = -1;
  std::string output;  // stdout and stderr
};

// Every kind of input, good as they are: a test spoils one of them.
struct IsagenInput {
  std::string instructions =
      "# two instructions\n"
      "add | add $op0, $op1, $op2 | z1000100bbbb0000cccc0000aaaa0001 | op0:out:MR, op1:in:MR, op2:in:MR | "
      "main both | "
      "all | 1 | modelled\n"
      "bri | bri $op0 | z100000010000aaaaaaaaaaaaaaaaaaa | op0:in:Rel19S2 | main both control | all | 1 | "
      "modelled\n";
  std::string csrs =
      "csrs:\n"
      "  - {name: PC, index: 0x00, mode: both, access: read_only, mask: 0x1ffffc, source: x, doc: y}\n"
      "  - {name: CR, index: 0x02, mode: supervisor, access: write_only, mask: 0x7, source: x, "
      "doc: \"SET [0], MODE [2:1]\"}\n";
  std::string architectures =
      "ipu1: {memory_base: 16, region1_base: 32, memory_end: 64, element_bytes: 16, repeat_count_mask: 15, "
      "elf_flags: 1}\n"
      "ipu2: {memory_base: 16, region1_base: 32, memory_end: 64, element_bytes: 16, repeat_count_mask: 15, "
      "elf_flags: 2}\n"
      "ipu21: {memory_base: 16, region1_base: 32, memory_end: 64, element_bytes: 16, repeat_count_mask: 15, "
      "elf_flags: 3}\n"
      "every: {address_bits: 8, window_bits: 7}\n";
  std::string timing = "slots: {value: 6, source: x}\n";
  std::string zones =
      "zones:\n"
      "  - {name: local, operand: 2, scope: tile, host: false, released_by: tile, meaning: m, source: x}\n"
      "  - {name: inner, operand: 3, scope: chip, host: false, released_by: chip, meaning: m, source: x}\n"
      "  - {name: outer, operand: 5, master: 13, scope: system, host: true, released_by: chip, meaning: m, "
      "source: x}\n";
  std::string exceptions =
      "types:\n"
      "  - {name: odd, number: 1, break: true, text: t, source: x}\n"
      "  - {name: even, number: 2, break: false, text: t, source: x}\n"
      "causes:\n"
      "  - {name: number, number: 1, type: even, or_type: odd, text: a number}\n"
      "  - {name: invalid_pc, number: 2, type: odd, any: true, address: true, text: a bad address}\n";
  std::string hazards =
      "hazards:\n"
      "  - {name: clash, number: 0, found_by: tile, code: 1, policy: p, meaning: m, source: x}\n"
      "  - {name: miss, number: 1, found_by: chip, code: 0, policy: q, meaning: m, source: x}\n";
  std::string general =
      "notation: {pc: the address of the instruction}\n"
      "aliases:\n"
      "  - {name: plus, text: another name, code: \"plus $m0, $m1, $m2\", same: \"add $m0, $m1, $m2\"}\n";
  std::string semantics =
      "title: All of it\n"
      "instructions:\n"
      "  add:\n"
      "    summary: Sum.\n"
      "    operands: {D: result, A: first term, B: second term}\n"
      "    operation: D = A + B\n"
      "    examples:\n"
      "      - {before: {m1: 5, m2: 7}, code: \"add $m0, $m1, $m2\", after: {m0: 12}}\n"
      "  bri:\n"
      "    summary: Branch.\n"
      "    operands: {T: target}\n"
      "    operation: pc = T\n"
      "    timing: One in {slots} cycles.\n"
      "    faults: {invalid_pc: T is outside memory}\n"
      "    examples:\n"
      "      - {before: {}, code: bri 4, after: {pc: 0x10}}\n";
};

// A directory of its own, removed with it. The files in it: in.isa, csr.yaml, arch.yaml, timing.yaml,
// zones.yaml, exceptions.yaml, hazards.yaml, general.yaml, semantics.yaml.
class IsagenBench {
 public:
  IsagenBench();
  ~IsagenBench();
  IsagenBench(const IsagenBench&) = delete;
  IsagenBench& operator=(const IsagenBench&) = delete;

  const std::filesystem::path& directory() const { return directory_; }
  void write(const IsagenInput& input) const;
  // isagen in the directory, so that messages name the files as above; `options` are added.
  IsagenResult run(const std::string& options = "") const;
  // write() and run().
  IsagenResult run(const IsagenInput& input) const;
  std::string read(const std::string& file) const;

 private:
  std::filesystem::path directory_;
};

}  // namespace ipusim::isa::test
