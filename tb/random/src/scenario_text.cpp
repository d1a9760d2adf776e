// SPDX-License-Identifier: Apache-2.0
#include <istream>
#include <ostream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "ipusim/random/scenario.hpp"
#include "ipusim/toolchain/disassembler.hpp"

namespace ipusim::random {
namespace {

constexpr std::size_t words_per_line = 8;

std::string text_of(const toolchain::Disassembler& disassembler, std::span<const std::uint32_t> words,
                    std::uint32_t address, unsigned& count) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(words.data());
  const auto text = disassembler.disassemble({bytes, words.size_bytes()}, address);
  count = std::min<unsigned>(text.bytes / 4, static_cast<unsigned>(words.size()));
  return text.text;
}

void write_code(const Sequence& sequence, isa::Arch arch, std::ostream& out) {
  const toolchain::Disassembler disassembler{arch};
  const std::vector<std::uint32_t> words = sequence.layout();
  out << fmt::format("code {:x}\n", sequence.base().value());
  for (std::size_t i = 0; i < words.size();) {
    unsigned count = 1;
    const std::uint32_t address = sequence.base().value() + static_cast<std::uint32_t>(4 * i);
    const std::string text = text_of(disassembler, std::span{words}.subspan(i), address, count);
    const std::string hex =
        count == 1 ? fmt::format("{:08x}", words[i]) : fmt::format("{:08x} {:08x}", words[i], words[i + 1]);
    out << fmt::format("  {:<17}  # {:x} {}\n", hex, address, text);
    i += count;
  }
}

// Memory is zero at first: only what is not.
void write_data(const Data& data, std::ostream& out) {
  for (std::size_t i = 0; i < data.words.size();) {
    if (data.words[i] == 0) {
      ++i;
      continue;
    }
    out << fmt::format("data {:x}", data.at.value() + 4 * i);
    std::size_t line = 0;
    for (; i < data.words.size() && data.words[i] != 0; ++i) {
      out << (line++ % words_per_line == 0 ? "\n  " : " ") << fmt::format("{:08x}", data.words[i]);
    }
    out << '\n';
  }
}

class Reader {
 public:
  explicit Reader(std::istream& in) : in_(in) {}

  Scenario read() {
    std::string line;
    while (std::getline(in_, line)) {
      ++line_;
      take(line);
    }
    if (scenario_.tiles.empty()) fail("no tile");
    return std::move(scenario_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw std::runtime_error("line " + std::to_string(line_) + ": " + what);
  }

  std::uint64_t number(std::istringstream& text, int base) const {
    std::string item;
    if (!(text >> item)) fail("a number is missing");
    std::size_t used = 0;
    std::uint64_t value = 0;
    try {
      value = std::stoull(item, &used, base);
    } catch (const std::exception&) {
      fail("'" + item + "' is not a number");
    }
    if (used != item.size()) fail("'" + item + "' is not a number");
    return value;
  }
  std::uint32_t hex(std::istringstream& text) const { return static_cast<std::uint32_t>(number(text, 16)); }
  std::uint64_t count(std::istringstream& text) const { return number(text, 10); }

  TileSetup& tile() {
    if (scenario_.tiles.empty()) fail("no tile yet");
    return scenario_.tiles.back();
  }

  void take(const std::string& line) {
    const std::size_t hash = line.find('#');
    if (hash == 0 && !known_)
      scenario_.comments.push_back(line.substr(std::min<std::size_t>(line.size(), 2)));
    std::istringstream text(line.substr(0, hash));
    std::string key;
    if (!(text >> key)) return;
    if (key.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos)
      return take_words(line.substr(0, hash));
    take_key(key, text);
    std::string rest;
    if (text >> rest) fail("'" + rest + "' is too much");
  }

  void take_key(const std::string& key, std::istringstream& text) {
    std::string word;
    if (key == "scenario") {
      if (count(text) != 1) fail("not a version this program reads");
      known_ = true;
    } else if (!known_) {
      fail("'scenario 1' must come first");
    } else if (key == "architecture") {
      text >> word;
      const auto arch = isa::parse_arch(word);
      if (!arch) fail("no architecture '" + word + "'");
      scenario_.arch = *arch;
    } else if (key == "limit") {
      scenario_.max_cycles = count(text);
      if (!(text >> word) || word != "syncs") fail("'syncs' is missing");
      scenario_.max_syncs = static_cast<unsigned>(count(text));
    } else if (key == "debugger") {
      scenario_.debugger = count(text);
    } else if (key == "tile") {
      TileSetup setup;
      setup.place = TileId{static_cast<std::uint16_t>(hex(text))};
      if (!(text >> word) || word != "entry") fail("'entry' is missing");
      setup.entry = ByteAddr{hex(text)};
      scenario_.tiles.push_back(std::move(setup));
      block_ = Block::none;
    } else if (key == "code") {
      tile().code.emplace_back(ByteAddr{hex(text)});
      block_ = Block::code;
    } else if (key == "data") {
      tile().data.push_back({ByteAddr{hex(text)}, {}});
      block_ = Block::data;
    } else if (key == "incoming") {
      tile();
      block_ = Block::incoming;
    } else {
      fail("unknown '" + key + "'");
    }
  }

  void take_words(const std::string& line) {
    std::istringstream text(line);
    if (block_ == Block::incoming) {
      const Cycle at{count(text)};
      tile().incoming[at] = hex(text);
      return;
    }
    if (block_ == Block::none) fail("words belong to nothing");
    while (text >> std::ws && !text.eof()) {
      const std::uint32_t word = hex(text);
      if (block_ == Block::code) {
        tile().code.back().add_word(word);
      } else {
        tile().data.back().words.push_back(word);
      }
    }
  }

  enum class Block : std::uint8_t { none, code, data, incoming };
  std::istream& in_;
  std::size_t line_ = 0;
  bool known_ = false;
  Block block_ = Block::none;
  Scenario scenario_;
};

}  // namespace

void write_scenario(const Scenario& scenario, std::ostream& out) {
  for (const std::string& comment : scenario.comments) out << "# " << comment << '\n';
  out << "scenario 1\n";
  if (scenario.arch != isa::Arch::ipu2) out << "architecture " << isa::arch_info(scenario.arch).name << '\n';
  out << fmt::format("limit {} syncs {}\n", scenario.max_cycles, scenario.max_syncs);
  if (scenario.debugger) out << fmt::format("debugger {}\n", *scenario.debugger);
  for (const TileSetup& tile : scenario.tiles) {
    out << fmt::format("tile {:x} entry {:x}\n", tile.place.value(), tile.entry.value());
    for (const Data& data : tile.data) write_data(data, out);
    for (const Sequence& sequence : tile.code) write_code(sequence, scenario.arch, out);
    if (!tile.incoming.empty()) out << "incoming\n";
    for (const auto& [at, word] : tile.incoming) out << fmt::format("  {} {:08x}\n", at.value(), word);
  }
}

Scenario read_scenario(std::istream& in) { return Reader(in).read(); }

}  // namespace ipusim::random
