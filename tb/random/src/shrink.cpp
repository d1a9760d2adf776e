// SPDX-License-Identifier: Apache-2.0
#include "ipusim/random/shrink.hpp"

#include <algorithm>
#include <stdexcept>

namespace ipusim::random {
namespace {

class Shrinker {
 public:
  Shrinker(Scenario scenario, const Differs& differs, std::uint64_t max_runs)
      : best_(std::move(scenario)), differs_(differs), max_runs_(max_runs) {}

  ShrinkResult go() {
    bool smaller = true;
    while (smaller && runs_ < max_runs_) {
      smaller = false;
      smaller |= drop_tiles();
      for (std::size_t t = 0; t < best_.tiles.size(); ++t) smaller |= shrink_tile(t);
    }
    return {std::move(best_), runs_};
  }

 private:
  // Keeps the change if the models still differ.
  bool accept(Scenario changed) {
    if (runs_ >= max_runs_) return false;
    ++runs_;
    try {
      if (!differs_(changed)) return false;
    } catch (const std::invalid_argument&) {
      return false;  // a branch does not reach
    }
    best_ = std::move(changed);
    return true;
  }

  bool drop_tiles() {
    bool smaller = false;
    for (std::size_t t = best_.tiles.size(); t-- > 0 && best_.tiles.size() > 1;) {
      Scenario changed = best_;
      changed.tiles.erase(changed.tiles.begin() + static_cast<std::ptrdiff_t>(t));
      smaller |= accept(std::move(changed));
    }
    return smaller;
  }

  bool shrink_tile(std::size_t t) {
    bool smaller = false;
    for (std::size_t c = best_.tiles[t].code.size(); c-- > 0;) {
      smaller |= drop_ranges([&](Scenario & s) -> auto& { return s.tiles[t].code[c].parts(); });
    }
    smaller |= drop_empty_code(t);
    for (std::size_t c = 0; c < best_.tiles[t].code.size(); ++c) {
      for (std::size_t p = 0; p < best_.tiles[t].code[c].parts().size(); ++p) smaller |= simplify(t, c, p);
    }
    smaller |= drop_incoming(t);
    for (std::size_t d = best_.tiles[t].data.size(); d-- > 0;) smaller |= clear_data(t, d);
    return smaller;
  }

  // Takes out ranges of a vector, longest first.
  template <class Get>
  bool drop_ranges(const Get& get) {
    bool smaller = false;
    for (std::size_t length = get(best_).size(); length > 0; length /= 2) {
      for (std::size_t end = get(best_).size(); end > 0;) {
        const std::size_t begin = end - std::min(end, length);
        Scenario changed = best_;
        auto& items = get(changed);
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(begin),
                    items.begin() + static_cast<std::ptrdiff_t>(end));
        smaller |= accept(std::move(changed));
        end = begin;
      }
    }
    return smaller;
  }

  bool drop_empty_code(std::size_t t) {
    auto& code = best_.tiles[t].code;
    return std::erase_if(code, [](const Sequence& s) { return s.parts().empty(); }) != 0;
  }

  Part& part(Scenario& s, std::size_t t, std::size_t c, std::size_t p) {
    return s.tiles[t].code[c].parts()[p];
  }

  bool try_part(std::size_t t, std::size_t c, std::size_t p, const Part& simpler) {
    Scenario changed = best_;
    part(changed, t, c, p) = simpler;
    return accept(std::move(changed));
  }

  bool simplify(std::size_t t, std::size_t c, std::size_t p) {
    bool smaller = false;
    const Part before = part(best_, t, c, p);
    if (before.bundle) {
      Part alone = before;
      alone.count = 1;
      alone.place = Place::anywhere;
      alone.bundle = false;
      alone.words = {before.words[0] & ~coissue_bit, 0};
      if (try_part(t, c, p, alone)) return true;
      alone.words = {before.words[1] & ~coissue_bit, 0};
      alone.target.reset();
      if (try_part(t, c, p, alone)) return true;
      smaller |= to_idle(t, c, p, 0, nop_word() | coissue_bit);
      smaller |= to_idle(t, c, p, 1, fnop_word() | coissue_bit);
      smaller |= simplify_operands(t, c, p, 1, isa::Mode::worker);
      return smaller | simplify_operands(t, c, p, 0, isa::Mode::worker);
    }
    return smaller | simplify_operands(t, c, p, 0, isa::Mode::supervisor);
  }

  bool to_idle(std::size_t t, std::size_t c, std::size_t p, std::size_t word, std::uint32_t idle) {
    Part simpler = part(best_, t, c, p);
    if (simpler.words[word] == idle) return false;
    simpler.words[word] = idle;
    if (word == 0) simpler.target.reset();
    return try_part(t, c, p, simpler);
  }

  // Registers to those that read 0, immediates to 0, and destinations to $m0, $a0.
  bool simplify_operands(std::size_t t, std::size_t c, std::size_t p, std::size_t word, isa::Mode mode) {
    const isa::Opcode opcode = isa::decode(part(best_, t, c, p).words[word], mode);
    if (opcode == isa::Opcode::invalid) return false;
    const isa::Instruction& instruction = isa::instruction(opcode);
    bool smaller = false;
    for (const isa::Operand& operand : instruction.operands) {
      if (operand.cls == isa::OperandClass::rel19s2) continue;
      for (const std::uint32_t value : simple_values(operand)) {
        Part simpler = part(best_, t, c, p);
        const bool two = instruction.words == 2;
        const isa::Words now{simpler.words[word], two ? simpler.words[1] : 0};
        const std::uint32_t present = operand.value(now[0], now[1]);
        if (present == value) break;
        try {
          const isa::Words changed = isa::with_operand(operand, now, value);
          simpler.words[word] = changed[0];
          if (two) simpler.words[1] = changed[1];
        } catch (const std::invalid_argument&) {
          continue;
        }
        if (!try_part(t, c, p, simpler)) continue;
        smaller = true;
        break;
      }
    }
    return smaller;
  }
  static std::vector<std::uint32_t> simple_values(const isa::Operand& operand) {
    using isa::OperandClass;
    if (operand.direction != isa::Direction::in) return {0};
    switch (operand.cls) {
      case OperandClass::MRPair:
      case OperandClass::ARPair:
        return {14, 0};
      case OperandClass::ARQuad:
        return {12, 0};
      default:
        return operand.cls <= OperandClass::Broadcast ? std::vector<std::uint32_t>{15, 0}
                                                      : std::vector<std::uint32_t>{0, 1};
    }
  }

  bool drop_incoming(std::size_t t) {
    bool smaller = false;
    const auto drop = [&](std::size_t length) {
      for (std::size_t begin = 0; begin < best_.tiles[t].incoming.size();) {
        Scenario changed = best_;
        auto& words = changed.tiles[t].incoming;
        const auto from = std::next(words.begin(), static_cast<std::ptrdiff_t>(begin));
        words.erase(from,
                    std::next(from, static_cast<std::ptrdiff_t>(std::min(length, words.size() - begin))));
        if (accept(std::move(changed))) {
          smaller = true;
        } else {
          begin += length;
        }
        if (runs_ >= max_runs_) return;
      }
    };
    for (std::size_t length = best_.tiles[t].incoming.size(); length > 0; length /= 2) drop(length);
    return smaller;
  }

  bool clear_data(std::size_t t, std::size_t d) {
    bool smaller = false;
    const auto size = [&] { return best_.tiles[t].data[d].words.size(); };
    for (std::size_t length = size(); length > 0; length /= 2) {
      for (std::size_t begin = 0; begin < size(); begin += length) {
        const std::size_t end = std::min(size(), begin + length);
        Scenario changed = best_;
        auto& words = changed.tiles[t].data[d].words;
        const auto first = words.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto last = words.begin() + static_cast<std::ptrdiff_t>(end);
        if (std::all_of(first, last, [](std::uint32_t w) { return w == 0; })) continue;
        std::fill(first, last, 0U);
        smaller |= accept(std::move(changed));
      }
    }
    return smaller;
  }

  Scenario best_;
  const Differs& differs_;
  std::uint64_t max_runs_;
  std::uint64_t runs_ = 0;
};

}  // namespace

ShrinkResult shrink(Scenario scenario, const Differs& differs, std::uint64_t max_runs) {
  return Shrinker(std::move(scenario), differs, max_runs).go();
}

}  // namespace ipusim::random
