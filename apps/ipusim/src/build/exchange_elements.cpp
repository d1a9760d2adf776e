// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/build/exchange_elements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ipusim/base/input_error.hpp"
#include "ipusim/exchange_planner/row.hpp"

namespace ipusim::app {
namespace {

using exchange_planner::FunctionPart;
using exchange_planner::MemoryWindow;
using exchange_planner::Plan;
using exchange_planner::PlannedPhase;
using exchange_planner::TileFunction;

// The elements of a tile's memory as exchange clashes count them: in region 1 two are one.
class Elements {
 public:
  explicit Elements(isa::Arch arch) : map_(isa::arch_info(arch)) {}
  std::uint32_t begin_of(std::uint32_t address) const {
    const bool paired = address >= map_.region1_base;
    const std::uint32_t base = paired ? map_.region1_base : map_.memory_base;
    return address - (address - base) % size_at(address);
  }
  std::uint32_t size_at(std::uint32_t address) const {
    return address >= map_.region1_base ? 2 * map_.element_bytes : map_.element_bytes;
  }

 private:
  const isa::ArchInfo& map_;
};

// Part of a window that lies in one element.
struct Piece {
  std::int32_t begin, end;  // events
  std::uint32_t element;    // its address
};

std::vector<Piece> pieces_of(const std::vector<MemoryWindow>& windows, std::uint32_t base,
                             const Elements& elements) {
  std::vector<Piece> pieces;
  for (const MemoryWindow& window : windows) {
    const auto step = window.bytes / static_cast<std::uint32_t>(window.end - window.begin);
    std::uint32_t address = base + window.offset;
    for (std::int32_t event = window.begin; event < window.end;) {
      const std::uint32_t element = elements.begin_of(address);
      const std::uint32_t left = element + elements.size_at(address) - address;
      const auto items = std::min(static_cast<std::int32_t>((left + step - 1) / step), window.end - event);
      pieces.push_back({event, event + items, element});
      event += items;
      address += step * static_cast<std::uint32_t>(items);
    }
  }
  return pieces;
}

// The first of `a` that meets one of `b`, in element and time.
std::optional<Piece> first_meeting(const std::vector<Piece>& a, const std::vector<Piece>& b) {
  for (const Piece& one : a) {
    for (const Piece& other : b) {
      if (one.element != other.element || one.begin >= other.end || other.begin >= one.end) continue;
      return Piece{std::max(one.begin, other.begin), std::min(one.end, other.end), one.element};
    }
  }
  return std::nullopt;
}

// Where the function's rows stand in an image: the plan says their words, the image their addresses.
class Rows {
 public:
  Rows(const Plan& plan, TileIndex tile, const toolchain::Image& image)
      : plan_(plan), tile_(tile), image_(image) {}

  // The events at which the row's instructions are issued, by the element they lie in.
  std::vector<Piece> fetches(const PlannedPhase& phase, const FunctionPart& part,
                             const Elements& elements) const {
    const auto& row = plan_.rows[tile_.value()][part.row];
    std::uint32_t address = address_of(phase, part);
    std::vector<Piece> pieces;
    std::int32_t event = 0;
    for (const auto& instruction : exchange_planner::row_instructions(row)) {
      pieces.push_back({event, event + 1, elements.begin_of(address)});
      event += static_cast<std::int32_t>(instruction.operands[0]) + 1;
      address += 4U * isa::instruction(instruction.opcode).words;
    }
    return pieces;
  }

 private:
  // A row ends right before the return, or the next part, of the function that holds it.
  std::uint32_t address_of(const PlannedPhase& phase, const FunctionPart& part) const {
    const PlannedPhase* holder = &phase;
    const FunctionPart* held = &part;
    for (const PlannedPhase& other : plan_.phases) {
      const FunctionPart& first = other.functions[tile_.value()].parts.front();
      if (!part.shares_row || first.shares_row || first.row != part.row) continue;
      holder = &other;
      held = &first;
      break;
    }
    const std::uint32_t function = image_.symbol("exchange_" + holder->name).value;
    return function + static_cast<std::uint32_t>(exchange_planner::row_offset(plan_, *holder, tile_, *held));
  }

  const Plan& plan_;
  TileIndex tile_;
  const toolchain::Image& image_;
};

class ClashFinder {
 public:
  ClashFinder(const Plan& plan, TileIndex tile, const std::string& name, const toolchain::Image& image)
      : image_(image), elements_(image.arch), rows_(plan, tile, image), tile_(tile), name_(name) {}

  std::optional<ElementClash> find(const PlannedPhase& phase) const {
    const TileFunction& function = phase.functions[tile_.value()];
    for (const FunctionPart& part : function.parts) {
      if (function.destination_symbol.empty() || part.writes.empty()) continue;
      const auto writes = pieces_of(part.writes, image_.symbol(function.destination_symbol).value, elements_);
      if (!function.source_symbol.empty()) {
        const auto reads = pieces_of(part.reads, image_.symbol(function.source_symbol).value, elements_);
        if (const auto meeting = first_meeting(writes, reads)) {
          return told(
              phase, *meeting, function,
              fmt::format("while it sends from '{}' in the same one; put the two into different elements",
                          function.source_symbol));
        }
      }
      if (const auto meeting = first_meeting(writes, fetches_near(phase, part, writes))) {
        return told(
            phase, *meeting, function,
            "while it fetches the phase's code from the same one; put the buffer into another element");
      }
    }
    return std::nullopt;
  }

 private:
  // Only where it can matter: most rows lie in elements of their own.
  std::vector<Piece> fetches_near(const PlannedPhase& phase, const FunctionPart& part,
                                  const std::vector<Piece>& writes) const {
    auto fetches = rows_.fetches(phase, part, elements_);
    std::erase_if(fetches, [&](const Piece& fetch) {
      return std::none_of(writes.begin(), writes.end(),
                          [&](const Piece& write) { return write.element == fetch.element; });
    });
    return fetches;
  }

  ElementClash told(const PlannedPhase& phase, const Piece& piece, const TileFunction& function,
                    const std::string& rest) const {
    return {
        .phase = phase.name,
        .message = fmt::format(
            "phase '{}' of tile {} receives into '{}' in the memory element at {:#x} in events {} to {} {} "
            "({} bytes each there; .p2align {})",
            phase.name, name_, function.destination_symbol, piece.element, piece.begin, piece.end - 1, rest,
            elements_.size_at(piece.element), elements_.size_at(piece.element) == 0x8000 ? 15 : 14),
        .is_error = phase.elements != exchange_planner::Elements::warn};
  }

  const toolchain::Image& image_;
  Elements elements_;
  Rows rows_;
  TileIndex tile_;
  const std::string& name_;
};

}  // namespace

std::vector<ElementClash> element_clashes(const Plan& plan, TileIndex tile, const std::string& name,
                                          const toolchain::Image& image) {
  std::vector<ElementClash> clashes;
  const ClashFinder finder(plan, tile, name, image);
  for (const PlannedPhase& phase : plan.phases) {
    if (auto clash = finder.find(phase)) clashes.push_back(std::move(*clash));
  }
  return clashes;
}

void require_alignment(const Plan& plan, TileIndex tile, const std::string& name,
                       const toolchain::Image& image) {
  const auto require = [&](const PlannedPhase& phase, const std::string& symbol, std::uint32_t alignment) {
    if (symbol.empty() || image.symbol(symbol).value % alignment == 0) return;
    throw InputError(
        fmt::format("phase '{}' of tile {}: '{}' at {:#x} is no multiple of {}, as 64-bit items need; align "
                    "it (.p2align 3)",
                    phase.name, name, symbol, image.symbol(symbol).value, alignment));
  };
  for (const PlannedPhase& phase : plan.phases) {
    const TileFunction& function = phase.functions[tile.value()];
    require(phase, function.source_symbol, function.source_alignment);
    require(phase, function.destination_symbol, function.destination_alignment);
  }
}

}  // namespace ipusim::app
