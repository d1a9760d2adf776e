// SPDX-License-Identifier: Apache-2.0
// Code whose parts can be taken out: branch targets are names, addresses come last.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/isa/encode.hpp"

namespace ipusim::random {

inline constexpr std::uint32_t coissue_bit = 0x80000000U;
// `setzi $m14, 0` and `setzi $a13, 0`: write nothing.
std::uint32_t nop_word();
std::uint32_t fnop_word();

// Where a part lies; nops before it make it so.
enum class Place : std::uint8_t {
  anywhere,
  row,          // on 8 bytes
  odd_word,     // 4 behind that
  element_end,  // its first word is the last one of a memory element
};

// One word, a bundle or a two-word instruction.
struct Part {
  std::uint32_t label = 0;  // rises in a sequence
  isa::Words words{};
  unsigned count = 1;  // of words
  Place place = Place::anywhere;
  bool bundle = false;  // or an attempt at one
  std::optional<std::uint32_t>
      target;  // the first word branches to the part of this label, or the next one left
};

class Sequence {
 public:
  explicit Sequence(ByteAddr base) : base_(base) {}

  ByteAddr base() const { return base_; }
  const std::vector<Part>& parts() const { return parts_; }
  std::vector<Part>& parts() { return parts_; }

  // The label the next part will have.
  std::uint32_t next_label() const { return next_label_; }
  void add_word(std::uint32_t word);
  void add(isa::Opcode opcode, std::initializer_list<std::uint32_t> values);
  // A branch whose last operand is the label.
  void add_branch(isa::Opcode opcode, std::initializer_list<std::uint32_t> values, std::uint32_t label);
  void add_bundle(std::uint32_t main, std::uint32_t aux, Place place = Place::anywhere);
  void add_words(isa::Words words, unsigned count, Place place = Place::anywhere);
  // setzi and, if needed, or: any constant into an M register.
  void set_m(std::uint32_t m, std::uint32_t value);

  // The words from base() on. Throws std::invalid_argument if a branch does not reach its target.
  std::vector<std::uint32_t> layout() const;

 private:
  ByteAddr base_;
  std::vector<Part> parts_;
  std::uint32_t next_label_ = 0;
};

}  // namespace ipusim::random
