// SPDX-License-Identifier: Apache-2.0
// The decoders of the fast tile and of the RTL against the instruction files: which words are instructions,
// which one, and why not. All values of the opcode bits, operands sampled.
#include <gtest/gtest.h>

#include <memory>

#include "Vdecoder_bench.h"
#include "decoder.hpp"
#include "verilated.h"
#include "words.hpp"

namespace ipusim::decode_fuzz {
namespace {

using tile::ExceptionCause;

constexpr std::array architectures{isa::Arch::ipu1, isa::Arch::ipu2, isa::Arch::ipu21};

struct Answer {
  Verdict verdict = Verdict::illegal;
  unsigned opcode = 0;  // of the first word, if it executes
  unsigned bytes = 0;   // to the next PC, if it executes
  friend bool operator==(const Answer&, const Answer&) = default;
  friend void PrintTo(const Answer& a, std::ostream* os) {
    *os << "verdict " << static_cast<int>(a.verdict) << " opcode " << a.opcode << " bytes " << a.bytes;
  }
};

Verdict verdict_of(ExceptionCause cause) {
  switch (cause) {
    case ExceptionCause::none:
    case ExceptionCause::unimplemented_instruction:
    case ExceptionCause::overlapping_destinations:
      return Verdict::executes;
    case ExceptionCause::misaligned_pc:
      return Verdict::misaligned;
    case ExceptionCause::invalid_pc:
      return Verdict::cut_off;
    case ExceptionCause::illegal_instruction:
      return Verdict::illegal;
    case ExceptionCause::illegal_in_mode:
      return Verdict::wrong_mode;
    case ExceptionCause::illegal_bundle:
      return Verdict::illegal_bundle;
    default:
      ADD_FAILURE() << "cause " << static_cast<int>(cause) << " is none of a decoder's";
      return Verdict::illegal;
  }
}

Answer expected(const Place& place) {
  const Expectation e = expectation_of(place);
  if (e.verdict != Verdict::executes) return {e.verdict, 0, 0};
  const auto number = static_cast<unsigned>(e.line - isa::test::isa_lines().data()) + 1;
  const bool two_words = e.line->patterns.size() == 2 || (place.words[0] & coissue_bit) != 0;
  return {e.verdict, number, two_words ? 8U : 4U};
}

Answer fast(const Place& place) {
  const isa::ArchInfo& map = isa::arch_info(place.arch);
  const std::uint32_t pc = place.last ? map.region1_base - 4 : map.memory_base + (place.odd ? 4 : 0);
  const tile::Bundle b =
      tile::decode_bundle(place.words[0], place.last ? std::nullopt : std::optional{place.words[1]}, pc,
                          !place.supervisor, place.arch);
  const Verdict verdict = verdict_of(b.illegal.cause);
  if (verdict != Verdict::executes) return {verdict, 0, 0};
  return {verdict, static_cast<unsigned>(b.main.info->opcode), b.bytes};
}

class RtlDecoder {
 public:
  RtlDecoder()
      : context_(std::make_unique<VerilatedContext>()),
        top_(std::make_unique<Vdecoder_bench>(context_.get())) {}
  ~RtlDecoder() { top_->final(); }

  Answer operator()(const Place& place) {
    top_->arch_i = static_cast<std::uint8_t>(place.arch);
    top_->supervisor_i = place.supervisor;
    top_->odd_word_i = place.odd;
    top_->last_word_i = place.last;
    top_->word0_i = place.words[0];
    top_->word1_i = place.words[1];
    top_->eval();
    const Verdict verdict = verdict_of(static_cast<ExceptionCause>(top_->cause_o));
    if (verdict != Verdict::executes) return {verdict, 0, 0};
    return {verdict, top_->opcode_o, top_->two_words_o ? 8U : 4U};
  }

 private:
  std::unique_ptr<VerilatedContext> context_;
  std::unique_ptr<Vdecoder_bench> top_;
};

class TileDecoders : public ::testing::Test {
 protected:
  // One difference is told; a decoder that is wrong is so for thousands of words.
  void check(const Place& place) {
    if (HasFailure()) return;
    const Answer want = expected(place);
    EXPECT_EQ(fast(place), want) << "fast: " << text_of(place);
    EXPECT_EQ(rtl_(place), want) << "RTL: " << text_of(place);
  }
  // A word as everything it can be: alone in both modes, marked for the supervisor, either half of a bundle.
  void check_uses(Word word, isa::Arch arch) {
    check({{word, 0}, false, false, false, arch});
    check({{word, 0}, true, false, false, arch});
    check({{word | coissue_bit, word}, true, false, false, arch});
    check({{word | coissue_bit, idle_aux}, false, false, false, arch});
    check({{idle_main, word | coissue_bit}, false, false, false, arch});
  }
  // Where it lies, beside what it is: on a row, across two, or at the end of executable memory.
  template <class Random>
  static Place anywhere(std::array<Word, 2> words, bool supervisor, isa::Arch arch, Random& random) {
    const bool odd = random() % 2 == 0;
    return {words, supervisor, odd, odd && random() % 4 == 0, arch};
  }

  // Published encodings: setzi $m14, 0 (nop) and setzi $a13, 0 (fnop), marked.
  static constexpr Word idle_main = 0x99E00000, idle_aux = 0x9AD00000;

 private:
  RtlDecoder rtl_;
};

TEST_F(TileDecoders, EveryOpcodeOfTheLargestArchitecture) {
  for_each_opcode(1, [this](Word word) { check_uses(word, isa::Arch::ipu21); });
}

// What the architectures share and what they do not: every instruction, and some of what is none.
TEST_F(TileDecoders, EveryOpcodeThatIsOneSomewhere) {
  for (const isa::Arch arch : {isa::Arch::ipu1, isa::Arch::ipu2}) {
    unsigned others = 0;
    for_each_opcode(2, [&](Word word) {
      if (expectation_of({{word, 0}, false, false, false, isa::Arch::ipu21}).line != nullptr ||
          ++others % 64 == 0)
        check_uses(word, arch);
    });
  }
}

TEST_F(TileDecoders, OperandsOfEveryInstruction) {
  std::mt19937 random(3);
  for (const isa::Arch arch : architectures)
    for (const IsaLine& line : isa::test::isa_lines())
      for (int i = 0; i < 200; ++i) {
        const auto words = random_operands(line, random);
        check(anywhere(words, true, arch, random));
        check(anywhere(words, false, arch, random));
      }
}

TEST_F(TileDecoders, BundlesOfAllSorts) {
  std::mt19937 random(4);
  const auto& lines = isa::test::isa_lines();
  const auto any_half = [&] {
    Word word = random_operands(lines[random() % lines.size()], random)[0] | coissue_bit;
    if (random() % 8 == 0) word ^= 1U << random() % 32;
    return word;
  };
  for (int i = 0; i < 500000; ++i)
    check(anywhere({any_half() | coissue_bit, any_half()}, false, architectures[random() % 3], random));
}

TEST_F(TileDecoders, AnyBits) {
  std::mt19937 random(5);
  const auto any = [&] { return static_cast<Word>(random()); };
  for (int i = 0; i < 1000000; ++i)
    check(anywhere({any(), any()}, random() % 2 == 0, architectures[random() % 3], random));
}

}  // namespace
}  // namespace ipusim::decode_fuzz
