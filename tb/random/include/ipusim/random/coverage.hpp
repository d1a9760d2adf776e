// SPDX-License-Identifier: Apache-2.0
// What situations the tiles went through, counted against the list of those that should occur.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/random/run.hpp"

namespace ipusim::random {

// What an operand holds, coarsely.
enum class ValueClass : std::uint8_t { zero, one, all_ones, most_negative, negative, positive };
inline constexpr std::size_t value_classes = 6;
ValueClass classify(std::uint32_t value);
// Of an f32, or of the lower half of an f16 pair.
enum class FloatClass : std::uint8_t { zero, denormal, normal, infinity, nan };
inline constexpr std::size_t float_classes = 5;
FloatClass classify_f32(std::uint32_t value);
FloatClass classify_f16(std::uint32_t value);

// Groups of situations by name; each with its count, 0 included:
//   instruction  every usable instruction
//   operand      each value class of each source register and extreme immediates of it, where values matter
//   fault        each fault an instruction can have by its operands
//   cause        every cause of an exception, of supervisor and workers
//   bundle       pairs of families in one bundle
//   place        bundles on a row of memory, across two, across two elements, and over the end of code
//   occupancy    how many workers ran beside each other and beside the supervisor, which slots were used
//   hazard       kinds of exchange hazards
//   float        for f32 and f16 instructions of two sources: class of one by class of the other
//   rounding     RND, ESR, NANOO by family
//   csr          reads and writes of every CSR
using CoverageReport = std::map<std::string, std::map<std::string, std::uint64_t>>;

class Coverage {
 public:
  Coverage();
  void on_retire(std::size_t tile, const tile::RetireRecord& record);
  void on_hazard(const tile::Hazard& hazard);
  void add_exception(const tile::ExceptionReport& exception);
  void add(const Coverage& other);
  CoverageReport report(isa::Arch arch = isa::Arch::ipu2) const;

 private:
  static constexpr std::size_t max_operands = 6;
  // What is known of one context from what it wrote.
  struct ContextShadow {
    std::array<std::uint32_t, 16> m{};
    std::array<std::uint32_t, 16> a{};
    std::uint32_t fp_ctl = 0;
    bool exited = true;
    std::uint64_t last_issue = ~std::uint64_t{0};
  };
  struct TileShadow {
    std::array<ContextShadow, Context::count> contexts;
    std::uint32_t fp_ictl = 0;
  };
  void cover_instruction(const isa::Instruction& i, const isa::Words& words, const ContextShadow& shadow);
  void cover_operand(const isa::Instruction& i, std::size_t n, const isa::Words& words,
                     const ContextShadow& shadow);
  void cover_float(const isa::Instruction& i, const isa::Words& words, const ContextShadow& shadow);
  void cover_place(std::uint32_t pc);
  void cover_occupancy(TileShadow& tile, const tile::RetireRecord& record);
  void follow(TileShadow& tile, const tile::RetireRecord& record, const isa::Instruction& main);

  template <std::size_t n>
  using Counts = std::array<std::uint64_t, n>;
  struct OfInstruction {
    std::uint64_t executed = 0;
    std::array<Counts<value_classes>, max_operands> operands{};
    Counts<float_classes * float_classes> floats{};
    std::map<unsigned, std::uint64_t> causes;
  };
  std::vector<OfInstruction> instructions_;                    // by opcode
  std::map<std::pair<unsigned, bool>, std::uint64_t> causes_;  // cause, of a worker
  std::array<Counts<family_count>, family_count> bundles_{};
  std::uint64_t on_row_ = 0, across_rows_ = 0, across_elements_ = 0, cut_off_ = 0;  // bundles
  Counts<Context::workers + 1> workers_alone_{}, workers_beside_supervisor_{};
  std::array<Counts<2>, Context::workers> slots_{};
  std::map<unsigned, std::uint64_t> hazards_;
  std::array<Counts<10>, family_count> rounding_{};  // RND 0..7, ESR, NANOO
  std::map<std::pair<std::uint32_t, bool>, std::uint64_t> csr_worker_, csr_supervisor_;  // number, written
  std::map<std::size_t, TileShadow> tiles_;                                              // of the present run
  friend class CoverageWriter;
};

}  // namespace ipusim::random
