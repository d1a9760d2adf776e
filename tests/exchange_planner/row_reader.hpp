// SPDX-License-Identifier: Apache-2.0
// Reads a row back, event by event, as docs/timing.md section 6 and the published rules have it; throws for
// what a row may not hold.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <utility>

#include "ipusim/exchange_planner/row.hpp"

namespace ipusim::planner_test {

struct RowMeaning {
  std::map<std::int64_t, std::pair<std::uint32_t, std::uint32_t>> items;  // event -> item address, directions
  std::map<std::int64_t, std::uint32_t> sources;                          // what the mux newly selects
  std::map<std::int64_t, std::uint32_t> pointers;
  std::map<std::int64_t, std::uint32_t> pair_sources;
  std::map<std::int64_t, std::uint32_t> formats;  // where it changes
  std::int64_t events = 0;
  friend bool operator==(const RowMeaning&, const RowMeaning&) = default;
};

class RowReader {
 public:
  explicit RowReader(std::uint32_t selected) : selected_(selected) {}

  RowMeaning read(std::span<const exchange_planner::RowInstruction> row) {
    for (const auto& instruction : row) step(instruction);
    return meaning_;
  }

 private:
  using Opcode = isa::Opcode;

  void step(const exchange_planner::RowInstruction& instruction) {
    const isa::Instruction& info = isa::instruction(instruction.opcode);
    const auto& o = instruction.operands;
    for (std::size_t i = 0; i < info.operands.size(); ++i) {
      if (std::uint64_t{o[i]} >> info.operands[i].width != 0)
        throw std::runtime_error("operand out of range");
    }
    if (info.words == 2 && word_ % 2 != 0) throw std::runtime_error("sendpicp on an odd word");
    word_ += info.words;
    const std::int64_t first = meaning_.events;
    const std::int64_t last = first + o[0];
    meaning_.events = last + 1;
    switch (instruction.opcode) {
      case Opcode::delay:
        break;
      case Opcode::delaypic:
        pic(last, o[1], o[2]);
        break;
      case Opcode::delayxpic:
        xpic(last, o[1], o[2]);
        break;
      case Opcode::send:
        stream(first, last, o[1], o[2]);
        break;
      case Opcode::sendoff:
        if (o[2] != directions_) throw std::runtime_error("sendoff with other directions than its stream");
        stream(first, last, next_item_ + o[1], o[2]);
        break;
      case Opcode::sendpic:
        o[1] >= 2 ? pic(first, o[1] - 2, o[2]) : xpic(first, o[1], o[2]);
        stream(first, last, next_item_, directions_);
        break;
      case Opcode::sendpicp:
        xpic(first, o[4] >> 13U, o[4] & 0x1FFFU);
        pic(first, o[3], o[5]);
        if (o[2] != 0) stream(first, last, o[1], o[2]);
        break;
      default:
        throw std::runtime_error("no instruction of a row");
    }
  }

  void stream(std::int64_t first, std::int64_t last, std::uint32_t item, std::uint32_t directions) {
    if ((directions & 3U) == 0 || directions > 7) throw std::runtime_error("directions");
    for (std::int64_t event = first; event <= last; ++event) meaning_.items[event] = {item++, directions};
    next_item_ = item;
    directions_ = directions;
  }
  void xpic(std::int64_t event, std::uint32_t selector, std::uint32_t value) {
    if (selector == 1) {
      meaning_.pair_sources[event] = value;
      return;
    }
    if (value != selected_) meaning_.sources[event] = value;
    selected_ = value;
  }
  void pic(std::int64_t event, std::uint32_t selector, std::uint32_t value) {
    if (selector == 1) {
      if (value != format_) meaning_.formats[event] = value;
      format_ = value;
    }
    if (selector == 0) meaning_.pointers[event] = value;
  }

  RowMeaning meaning_;
  std::uint32_t selected_;
  std::uint32_t next_item_ = 0;
  std::uint32_t directions_ = 0;
  std::uint32_t format_ = 0;
  std::size_t word_ = 0;
};

}  // namespace ipusim::planner_test
