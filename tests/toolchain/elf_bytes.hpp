// SPDX-License-Identifier: Apache-2.0
// Executables made byte by byte after the System V ABI (ELF32), so that tests of the loader need no linker of
// ours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ipusim::toolchain_test {

struct ElfSegment {
  std::uint32_t address = 0;
  std::vector<std::uint32_t> words;  // of the file
  std::uint32_t bytes = 0;           // in memory; 0: as many as in the file
  std::uint32_t flags = 5;           // PF_R + PF_X
  std::uint32_t type = 1;            // PT_LOAD
};

struct ElfFile {
  std::uint32_t entry = 0;
  std::vector<ElfSegment> segments;
  struct Symbol {
    std::string name;
    std::uint32_t value;
    std::uint32_t size;
  };
  std::vector<Symbol> symbols;  // global; without any the file has no sections
  std::uint8_t elf_class = 1;   // ELFCLASS32
  std::uint8_t data = 1;        // ELFDATA2LSB
  std::uint16_t type = 2;       // ET_EXEC
  std::uint16_t machine = 248;  // EM_GRAPHCORE_IPU
  std::uint32_t flags = 2;      // ipu2

  std::vector<std::uint8_t> bytes() const {
    constexpr std::uint32_t header_bytes = 52, segment_header_bytes = 32;
    Writer out;
    out.raw({0x7F, 'E', 'L', 'F', elf_class, data, 1, 255, 0, 0, 0, 0, 0, 0, 0, 0});
    out.half(type);
    out.half(machine);
    out.word(1);  // e_version
    out.word(entry);
    out.word(header_bytes);  // e_phoff
    const std::size_t section_offset = out.bytes.size();
    out.word(0);  // e_shoff
    out.word(flags);
    out.half(header_bytes);
    out.half(segment_header_bytes);
    out.half(static_cast<std::uint16_t>(segments.size()));
    out.half(symbols.empty() ? 0 : 40);
    out.half(symbols.empty() ? 0 : 3);
    out.half(symbols.empty() ? 0 : 2);
    std::uint32_t offset = header_bytes + segment_header_bytes * static_cast<std::uint32_t>(segments.size());
    for (const ElfSegment& segment : segments) {
      const auto in_file = 4 * static_cast<std::uint32_t>(segment.words.size());
      out.word(segment.type);
      out.word(offset);
      out.word(segment.address);
      out.word(segment.address);
      out.word(in_file);
      out.word(segment.bytes == 0 ? in_file : segment.bytes);
      out.word(segment.flags);
      out.word(4);
      offset += in_file;
    }
    for (const ElfSegment& segment : segments) {
      for (const std::uint32_t word : segment.words) out.word(word);
    }
    if (!symbols.empty()) add_sections(out, section_offset);
    return out.bytes;
  }

 private:
  struct Writer {
    std::vector<std::uint8_t> bytes;
    void raw(const std::vector<std::uint8_t>& more) { bytes.insert(bytes.end(), more.begin(), more.end()); }
    void half(std::uint16_t value) {
      raw({static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8U)});
    }
    void word(std::uint32_t value) {
      half(static_cast<std::uint16_t>(value));
      half(static_cast<std::uint16_t>(value >> 16U));
    }
    std::uint32_t here() const { return static_cast<std::uint32_t>(bytes.size()); }
  };

  // Symbol table, strings, and the three section headers: none, SYMTAB, STRTAB (for section names, too).
  void add_sections(Writer& out, std::size_t section_offset) const {
    std::string strings(1, '\0');
    const std::uint32_t table = out.here();
    for (int i = 0; i < 4; ++i) out.word(0);
    for (const Symbol& symbol : symbols) {
      out.word(static_cast<std::uint32_t>(strings.size()));
      out.word(symbol.value);
      out.word(symbol.size);
      out.raw({0x10, 0});  // global
      out.half(0xFFF1);    // SHN_ABS
      strings += symbol.name + '\0';
    }
    const std::uint32_t text = out.here();
    out.raw({strings.begin(), strings.end()});
    while (out.bytes.size() % 4 != 0) out.raw({0});
    const std::uint32_t headers = out.here();
    for (int i = 0; i < 10; ++i) out.word(0);
    for (const std::uint32_t field : {0U, 2U, 0U, 0U, table, text - table, 2U, 1U, 4U, 16U}) out.word(field);
    for (const std::uint32_t field :
         {0U, 3U, 0U, 0U, text, static_cast<std::uint32_t>(strings.size()), 0U, 0U, 1U, 0U}) {
      out.word(field);
    }
    for (unsigned i = 0; i < 4; ++i) {
      out.bytes[section_offset + i] = static_cast<std::uint8_t>(headers >> (8 * i));
    }
  }
};

// Meets the host, stores 42 at `answer`, meets the host again, and rests. Words from the published encodings.
inline ElfFile answering_executable() {
  constexpr std::uint32_t code = 0x4C000, answer = 0x4C100;
  ElfFile file;
  file.entry = code;
  file.segments = {{.address = code,
                    .words = {0x41800007,                          // sync 7
                              0x19000000 | 42,                     // setzi $m0, 42
                              0x19100000 | answer,                 // setzi $m1, answer
                              0x4F10F000,                          // st32 $m0, $m1, $mzero, 0
                              0x41800007, 0x41800007,              // sync 7, twice
                              0x40800000 | ((code + 0x14) / 4)}},  // bri: to the last
                   {.address = answer, .words = {7}, .bytes = 8, .flags = 6}};
  file.symbols = {{"answer", answer, 4}, {"behind", answer + 4, 4}};
  return file;
}

}  // namespace ipusim::toolchain_test
