// SPDX-License-Identifier: Apache-2.0
#include "layout.hpp"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstdint>

#include "text.hpp"

namespace ipusim::isagen {
namespace {

constexpr std::size_t max_operands = 8;
constexpr std::size_t max_slices = std::tuple_size_v<decltype(isa::Operand::slices)>;

struct Run {  // neighbouring bits of one letter
  std::size_t word;
  unsigned lsb;
  unsigned width;
};

std::vector<Run> find_runs(const std::vector<std::string>& patterns, char letter) {
  std::vector<Run> runs;
  for (std::size_t word = 0; word < patterns.size(); ++word) {
    char previous = '\0';
    for (std::size_t i = 0; i < patterns[word].size(); ++i) {
      const char c = patterns[word][i];
      if (c == letter) {
        if (previous != letter) runs.push_back({word, 0, 0});
        runs.back().lsb = static_cast<unsigned>(word_bits - 1 - i);
        ++runs.back().width;
      }
      previous = c;
    }
  }
  return runs;
}

isa::BitSlice slice_of(const Run& run, unsigned value_lsb) {
  return {static_cast<std::uint8_t>(run.word), static_cast<std::uint8_t>(run.lsb),
          static_cast<std::uint8_t>(run.width), static_cast<std::uint8_t>(value_lsb)};
}

struct Range {
  unsigned high;
  unsigned low;
};

std::optional<unsigned> parse_bit(std::string_view text) {
  unsigned bit = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), bit);
  if (text.empty() || status != std::errc{} || end != text.data() + text.size() || bit >= word_bits)
    return std::nullopt;
  return bit;
}

std::optional<Range> parse_range(const std::string& text) {
  const std::vector<std::string> ends = split(text, ':');
  if (ends.size() != 2) return std::nullopt;
  const auto high = parse_bit(ends[0]);
  const auto low = parse_bit(ends[1]);
  if (!high || !low || *high < *low) return std::nullopt;
  return Range{*high, *low};
}

void place_in_order(const std::vector<Run>& runs, LayoutResult& result) {
  for (const Run& run : runs) result.width += run.width;
  unsigned remaining = result.width;
  for (const Run& run : runs) {
    remaining -= run.width;
    result.slices.push_back(slice_of(run, remaining));
  }
}

void place_as_listed(const std::vector<Run>& runs, const std::string& layout, LayoutResult& result) {
  const std::vector<std::string> ranges = split(layout, ',');
  if (ranges.size() != runs.size()) {
    result.error = fmt::format("layout <{}> lists {} bit ranges, the pattern has {} runs", layout,
                               ranges.size(), runs.size());
    return;
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto range = parse_range(ranges[i]);
    if (!range || range->high - range->low + 1 != runs[i].width) {
      result.error = fmt::format("layout range '{}' does not fit a run of {} bits", ranges[i], runs[i].width);
      return;
    }
    result.slices.push_back(slice_of(runs[i], range->low));
    result.width = std::max(result.width, range->high + 1);
  }
}

// Every bit of the value must stand exactly once, but for the low bits of a pair or quad number.
void check_cover(unsigned register_span, LayoutResult& result) {
  std::uint32_t covered = 0;
  for (const isa::BitSlice& slice : result.slices) {
    const std::uint32_t bits =
        static_cast<std::uint32_t>(((std::uint64_t{1} << slice.width) - 1) << slice.value_lsb);
    if ((covered & bits) != 0) {
      result.error = fmt::format("value bits {:#x} stand twice in the pattern", covered & bits);
      return;
    }
    covered |= bits;
  }
  const std::uint32_t all = static_cast<std::uint32_t>((std::uint64_t{1} << result.width) - 1);
  const std::uint32_t always_zero = register_span == 0 ? 0 : register_span - 1;
  const std::uint32_t missing = all & ~covered & ~always_zero;
  if (missing != 0)
    result.error = fmt::format("gap in the field: value bit {} stands nowhere in the pattern",
                               std::countr_zero(missing));
}

}  // namespace

std::optional<std::size_t> operand_index(char letter) {
  if (letter < 'a' || letter >= static_cast<char>('a' + max_operands)) return std::nullopt;
  return static_cast<std::size_t>(letter - 'a');
}

char operand_letter(std::size_t index) { return static_cast<char>('a' + index); }

LayoutResult read_layout(const std::vector<std::string>& patterns, char letter, const std::string& layout,
                         unsigned register_span) {
  LayoutResult result;
  const std::vector<Run> runs = find_runs(patterns, letter);
  if (runs.empty()) {
    result.error = fmt::format("no bits: letter '{}' does not stand in the pattern", letter);
  } else if (runs.size() > max_slices) {
    result.error = fmt::format("split over {} places, {} is the most", runs.size(), max_slices);
  } else if (layout.empty()) {
    place_in_order(runs, result);
  } else {
    place_as_listed(runs, layout, result);
  }
  if (result.error.empty()) check_cover(register_span, result);
  return result;
}

}  // namespace ipusim::isagen
