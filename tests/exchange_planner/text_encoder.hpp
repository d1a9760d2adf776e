// SPDX-License-Identifier: Apache-2.0
// Turns planned assembly texts into words by the instruction set's tables, so that the planner is tested
// without the assembler. Takes only what such texts hold; anything else throws.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/isa/isa.hpp"

namespace ipusim::planner_test {

class TextEncoder {
 public:
  // Symbols are addresses; the text's first word stands at `base`, a multiple of 8.
  TextEncoder(std::map<std::string, std::uint32_t> symbols, std::uint32_t base)
      : symbols_(std::move(symbols)), base_(base) {}

  // Branches go to labels of the same text.
  void encode(const std::string& text) {
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      encode_line(strip(std::string_view{text}.substr(begin, end - begin)));
      begin = end + 1;
    }
  }
  const std::vector<std::uint32_t>& words() const { return words_; }
  std::uint32_t address_of(const std::string& label) const { return symbols_.at(label); }

 private:
  static std::string_view strip(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
  }

  std::uint32_t here() const { return base_ + 4 * static_cast<std::uint32_t>(words_.size()); }

  void encode_line(std::string_view line) {
    if (line.empty() || line.starts_with("//")) return;
    if (line.back() == ':') {
      const std::string label{line.substr(0, line.size() - 1)};
      if (!symbols_.emplace(label, here()).second) throw std::runtime_error("label twice: " + label);
    } else if (line == ".p2align 3") {
      if (here() % 8 != 0) encode_line("nop");
    } else if (line == "nop") {
      encode_line("setzi $m14, 0");
    } else if (line.starts_with("bri ")) {
      encode_instruction("bri " + std::to_string(symbols_.at(std::string{line.substr(4)}) / 4));
    } else if (line.front() != '.') {
      encode_instruction(line);
    }
  }

  void encode_instruction(std::string_view line) {
    const std::size_t space = line.find(' ');
    const isa::Instruction& info = find(line.substr(0, space));
    std::vector<std::uint32_t> words(info.words, 0);
    words[0] = info.match;
    std::string_view form = info.assembly.substr(info.assembly.find(' '));
    std::string_view text = line.substr(space);
    for (std::size_t i = 0; i < info.operands.size(); ++i) {
      const isa::Operand& operand =
          info.operands[static_cast<std::size_t>(form.at(form.find('$') + 3) - '0')];
      insert(operand, value(strip(text.substr(0, text.find(',')))), words);
      const bool last = i + 1 == info.operands.size();
      if (last != (text.find(',') == std::string_view::npos))
        throw std::runtime_error("operands: " + std::string{line});
      if (last) break;
      form.remove_prefix(form.find(',') + 1);
      text.remove_prefix(text.find(',') + 1);
    }
    if (info.words == 2 && here() % 8 != 0) throw std::runtime_error("misaligned: " + std::string{line});
    words_.insert(words_.end(), words.begin(), words.end());
  }

  static const isa::Instruction& find(std::string_view mnemonic) {
    for (const isa::Instruction& info : isa::all_instructions()) {
      if (info.mnemonic == mnemonic && info.mode != isa::Mode::worker) return info;
    }
    throw std::runtime_error("no instruction " + std::string{mnemonic});
  }

  static void insert(const isa::Operand& operand, std::uint32_t value, std::vector<std::uint32_t>& words) {
    if (operand.width < 32 && value >> operand.width != 0) {
      throw std::runtime_error("operand out of range: " + std::to_string(value));
    }
    for (unsigned s = 0; s < operand.slice_count; ++s) {
      const isa::BitSlice& slice = operand.slices[s];
      words[slice.word] |= ((value >> slice.value_lsb) & ((1U << slice.width) - 1U)) << slice.word_lsb;
    }
  }

  std::uint32_t value(std::string_view text) const {
    if (text.starts_with("$m")) return static_cast<std::uint32_t>(std::stoul(std::string{text.substr(2)}));
    if (text.starts_with("$")) {
      const isa::Csr* csr = isa::find_csr(isa::Mode::supervisor, text.substr(1));
      if (csr == nullptr) throw std::runtime_error("no CSR " + std::string{text});
      return csr->index;
    }
    if (text.at(0) >= '0' && text.at(0) <= '9') {
      return static_cast<std::uint32_t>(std::stoul(std::string{text}, nullptr, 0));
    }
    return symbols_.at(std::string{text});
  }

  std::map<std::string, std::uint32_t> symbols_;
  std::uint32_t base_;
  std::vector<std::uint32_t> words_;
};

}  // namespace ipusim::planner_test
