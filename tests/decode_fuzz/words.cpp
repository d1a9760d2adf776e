// SPDX-License-Identifier: Apache-2.0
#include "words.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <vector>

namespace ipusim::decode_fuzz {
namespace {

constexpr unsigned bucket_shift = 24;
constexpr Word bucket_bits = 0x7F, bucket_count = bucket_bits + 1;
using Buckets = std::array<std::vector<const IsaLine*>, bucket_count>;

// Lines by the bits 30..24 they can have, so that few are asked about a word.
const Buckets& buckets() {
  static const Buckets result = [] {
    Buckets b;
    for (const IsaLine& line : isa::test::isa_lines())
      for (Word number = 0; number < bucket_count; ++number)
        if ((((line.match >> bucket_shift) ^ number) & (line.mask >> bucket_shift) & bucket_bits) == 0)
          b.at(number).push_back(&line);
    return b;
  }();
  return result;
}

const IsaLine* find_line(Word word) {
  const IsaLine* found = nullptr;
  for (const IsaLine* line : buckets()[(word >> bucket_shift) & bucket_bits]) {
    if (!line->matches(word)) continue;
    if (found != nullptr) ADD_FAILURE() << std::hex << word << " is " << found->id << " and " << line->id;
    found = line;
  }
  return found;
}

struct Half {
  const IsaLine* line;
  bool legal, in_mode;
};

Half half_of(std::array<Word, 2> words, const Place& place) {
  const IsaLine* line = find_line(words[0]);
  if (line == nullptr) return {nullptr, false, false};
  // Only the supervisor reads a set bit 31 as part of an encoding.
  if (line->patterns.size() == 2 && !place.supervisor) return {nullptr, false, false};
  return {line, line->on(isa::arch_info(place.arch).name) && line->aligned(words),
          place.supervisor ? line->supervisor : line->worker};
}

}  // namespace

std::string text_of(const Place& place) {
  std::ostringstream text;
  text << std::hex << place.words[0] << " " << place.words[1]
       << (place.supervisor ? " supervisor" : " worker") << (place.odd ? " odd " : " ")
       << (place.last ? "last " : "") << isa::arch_info(place.arch).name;
  return text.str();
}

Expectation expectation_of(const Place& place) {
  const bool marked = (place.words[0] & coissue_bit) != 0;
  const Half first = half_of(place.words, place);
  Expectation result{Verdict::illegal, first.line};
  const bool two_words = first.line != nullptr && first.line->patterns.size() == 2;
  if (place.odd && two_words) {
    result.verdict = Verdict::misaligned;
    return result;
  }
  if (place.last && marked && !place.supervisor) {
    result.verdict = Verdict::cut_off;
    return result;
  }
  if (!first.legal || (place.supervisor && marked && !two_words)) return result;
  if (place.supervisor || !marked) {
    result.verdict = first.in_mode ? Verdict::executes : Verdict::wrong_mode;
    return result;
  }
  const Half second = half_of({place.words[1], 0}, place);
  if (!second.legal) return result;
  const bool bundle = (place.words[1] & coissue_bit) != 0 && first.line->coissue && second.line->coissue &&
                      !first.line->aux && second.line->aux;
  result.verdict = !first.in_mode || !second.in_mode ? Verdict::wrong_mode
                   : bundle                          ? Verdict::executes
                                                     : Verdict::illegal_bundle;
  return result;
}

void for_each_opcode(unsigned seed, const std::function<void(Word)>& visit) {
  std::mt19937 random(seed);
  for (Word bucket = 0; bucket < bucket_count; ++bucket) {
    Word telling = 0;
    for (const IsaLine* line : buckets().at(bucket)) telling |= line->mask & ((1U << bucket_shift) - 1U);
    Word subset = 0;
    do {
      const Word rest = static_cast<Word>(random()) & ~telling & ((1U << bucket_shift) - 1U);
      visit(bucket << bucket_shift | subset | rest);
      subset = (subset - telling) & telling;  // the next subset of the bits
    } while (subset != 0);
  }
}

std::array<Word, 2> random_operands(const IsaLine& line, std::mt19937& random) {
  std::vector<std::uint32_t> fields;
  for (unsigned n = 0; n < line.operand_count; ++n) {
    const auto any = static_cast<std::uint32_t>(random()) & line.field_bits(n);
    fields.push_back(any - any % line.spans.at(n));
  }
  return line.encode(fields);
}

}  // namespace ipusim::decode_fuzz
