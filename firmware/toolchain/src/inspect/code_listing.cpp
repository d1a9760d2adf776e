// SPDX-License-Identifier: Apache-2.0
#include "code_listing.hpp"

#include <algorithm>
#include <fstream>

namespace ipusim::toolchain {
namespace {

constexpr std::string_view label_format = "\n{:08x} <{}>:\n";

}  // namespace

CodeListing::CodeListing(const ElfView& file, const ListingOptions& options)
    : file_(file), options_(options), disassembler_(file.arch(), options.mode) {
  if (options.lines || options.source) lines_.emplace(file);
}

std::string CodeListing::section(std::size_t number) {
  out_.clear();
  const Range range = range_of(number);
  if (range.begin < range.end) {
    out_ = fmt::format("\nDisassembly of section {}:\n", file_.section_name(number));
    list(number, range);
  }
  return std::move(out_);
}

CodeListing::Range CodeListing::range_of(std::size_t number) const {
  const std::uint64_t base = file_.sections()[number]->sh_addr;
  const std::uint64_t end = base + file_.contents(number).size();
  Range range{std::max<std::uint64_t>(base, options_.first_address), std::min(end, options_.end_address)};
  if (options_.function.empty()) return range;
  for (const auto& [address, name] : file_.labels(number)) {
    if (name != options_.function) continue;
    const auto next = file_.labels(number).upper_bound(address);
    const std::uint64_t stop = next == file_.labels(number).end() ? end : next->first;
    return {std::max<std::uint64_t>(range.begin, address), std::min(range.end, stop)};
  }
  return {0, 0};
}

void CodeListing::list(std::size_t number, Range range) {
  const auto code = file_.contents(number);
  const std::uint64_t base = file_.sections()[number]->sh_addr;
  const auto& labels = file_.labels(number);
  for (std::uint64_t at = range.begin; at < range.end;) {
    const auto address = static_cast<std::uint32_t>(at);
    print_label(number, address);
    print_place(number, address);
    // What belongs to the next label is no part of this instruction.
    const auto next = labels.upper_bound(address);
    const std::uint64_t end =
        next == labels.end() ? range.end : std::min<std::uint64_t>(range.end, next->first);
    const auto bytes = code.subspan(at - base, end - at);
    const Disassembly one = disassembler_.disassemble(bytes, address);
    out_ += fmt::format("{:8x}: ", address);
    if (options_.raw_words) {
      std::string hex;
      for (unsigned i = 0; i < one.bytes; ++i) hex += fmt::format("{:02x} ", bytes[i]);
      out_ += fmt::format("{:<25} ", hex);
    }
    out_ += one.text + note_on(number, one, address) + "\n";
    print_relocations(number, address, one.bytes);
    at += one.bytes;
  }
}

void CodeListing::print_label(std::size_t number, std::uint32_t address) {
  for (auto [label, end] = file_.labels(number).equal_range(address); label != end; ++label)
    out_ += fmt::format(label_format, address, label->second);
}

void CodeListing::print_place(std::size_t number, std::uint32_t address) {
  if (!lines_) return;
  const auto location = lines_->locate(number, address);
  if (!location || (last_ && last_->file == location->file && last_->line == location->line)) return;
  last_ = location;
  if (options_.lines) out_ += fmt::format("; {}\n", location->format());
  if (!options_.source) return;
  const auto& text = source_text(location->file);
  if (location->line >= 1 && location->line <= text.size()) out_ += text[location->line - 1] + "\n";
}

// An empty text if the file is not there any more.
const std::vector<std::string>& CodeListing::source_text(const std::string& file) {
  const auto [known, inserted] = sources_.try_emplace(file);
  if (!inserted) return known->second;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) known->second.push_back(line);
  return known->second;
}

// Where a branch or call leads to, what a relocation stands for, and names of CSRs.
std::string CodeListing::note_on(std::size_t number, const Disassembly& one, std::uint32_t address) const {
  std::string note;
  bool relocated = false;
  if (const auto entries = file_.relocations().find(number); entries != file_.relocations().end())
    for (auto entry = entries->second.lower_bound(address);
         entry != entries->second.end() && entry->first < address + one.bytes; ++entry) {
      const auto& relocation = entry->second;
      std::string target = file_.target_of(relocation);
      const auto& symbols = file_.symbols();
      if (relocation.symbol < symbols.size() && symbols[relocation.symbol].type == llvm::ELF::STT_SECTION)
        target =
            file_
                .label_near(symbols[relocation.symbol].section, static_cast<std::uint32_t>(relocation.addend))
                .value_or(target);
      note += fmt::format(" <{}>", target);
      relocated = true;
    }
  if (one.target && !relocated && file_.is_executable())
    if (const auto name = file_.label_near(*one.target)) note += fmt::format(" <{}>", *name);
  if (!one.csr.empty()) note += fmt::format(" # {}", one.csr);
  return note;
}

void CodeListing::print_relocations(std::size_t number, std::uint32_t address, unsigned bytes) {
  const auto entries = file_.relocations().find(number);
  if (!options_.relocations || entries == file_.relocations().end()) return;
  for (auto entry = entries->second.lower_bound(address);
       entry != entries->second.end() && entry->first < address + bytes; ++entry)
    out_ += fmt::format("{:20x}: {} {}\n", entry->first, relocation_name(entry->second.type),
                        file_.target_of(entry->second));
}

}  // namespace ipusim::toolchain
