// SPDX-License-Identifier: Apache-2.0
#include "trace.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ipusim::lockstep {
namespace {

using tile::RegisterWrite;

std::string describe(const RegisterWrite& w) {
  constexpr std::array names{"$m", "$a", "CSR ", "$aacc"};
  const auto file = static_cast<std::size_t>(w.file);
  return w.file == RegisterWrite::File::csr ? fmt::format("{}{:#05x}={:#010x}", names[file], w.index, w.value)
                                            : fmt::format("{}{}={:#010x}", names[file], w.index, w.value);
}
std::string describe(const tile::MemoryWrite& w) {
  return fmt::format("[{:#x}]={:#0{}x}", w.address.value(), w.data, 2 + 2 * w.bytes);
}
std::string describe(const tile::RetireRecord& r, const Disassemble& disassemble) {
  std::string text = fmt::format("retires cycle {} {} pc {:#x} words {:08x} {:08x}", r.cycle.value(),
                                 r.context.name(), r.pc.value(), r.words[0], r.words[1]);
  if (disassemble) text += " (" + disassemble(r.words) + ")";
  for (const auto& w : r.registers) text += " " + describe(w);
  for (const auto& w : r.memory) text += " " + describe(w);
  return text;
}
std::string describe(const Received& r, const Disassemble&) {
  return fmt::format("receives cycle {} {}", r.cycle.value(), describe(r.write));
}
std::string describe(const tile::Hazard& h, const Disassemble&) {
  return fmt::format("reports hazard {} cycle {} address {:#x} word {:#x}", static_cast<int>(h.kind),
                     h.cycle.value(), h.address.value(), h.word);
}
std::string describe(const Sent& s, const Disassemble&) {
  return fmt::format("sends cycle {} {} {:#0{}x} directions {}", s.cycle.value(), s.is_item ? "item" : "word",
                     s.data, s.is_item ? 18 : 10, s.directions);
}
std::string describe(const Selected& s, const Disassemble&) {
  constexpr std::array names{"source", "pair source", "format"};
  return fmt::format("selects cycle {} {} {:#x}", s.cycle.value(), names[static_cast<std::size_t>(s.what)],
                     s.value);
}
std::string describe(const Acknowledged& a, const Disassemble&) {
  return fmt::format("acknowledges cycle {} syncs {}", a.cycle.value(), a.count);
}

// Compares one kind of report; keeps the earlier of the differences.
template <class Report>
void compare(const std::vector<Report>& reference, const std::vector<Report>& candidate, Cycle end,
             const std::array<std::string, 2>& names, const Disassemble& disassemble,
             std::optional<Difference>& first) {
  const auto shown = [&](const std::vector<Report>& reports, std::size_t i) {
    return i < reports.size() && reports[i].cycle < end;
  };
  for (std::size_t i = 0; shown(reference, i) || shown(candidate, i); ++i) {
    const bool left = shown(reference, i);
    const bool right = shown(candidate, i);
    if (left && right && reference[i] == candidate[i]) continue;
    Cycle at = Cycle::never();
    if (left) at = std::min(at, reference[i].cycle);
    if (right) at = std::min(at, candidate[i].cycle);
    if (first && first->cycle <= at) return;
    const auto side = [&](bool there, const std::vector<Report>& reports) {
      return there ? describe(reports[i], disassemble) : std::string{"has nothing like it"};
    };
    first = Difference{at, fmt::format("  {}: {}\n  {}: {}", names[0], side(left, reference), names[1],
                                       side(right, candidate))};
    return;
  }
}

template <class Report>
void erase_before(std::vector<Report>& reports, Cycle end) {
  reports.erase(reports.begin(), std::find_if(reports.begin(), reports.end(),
                                              [&](const Report& r) { return r.cycle >= end; }));
}

// Within a cycle hazards have no order.
void sort_hazards(std::vector<tile::Hazard>& hazards) {
  std::stable_sort(hazards.begin(), hazards.end(), [](const auto& x, const auto& y) {
    return std::pair{x.cycle, x.kind} < std::pair{y.cycle, y.kind};
  });
}

}  // namespace

void Trace::pass_on(tile::TileObserver* observer) {
  next_ = observer;
  next_wants_retire_ = observer != nullptr && observer->wants_retire();
}
void Trace::on_retire(const tile::RetireRecord& record) {
  retired.push_back(record);
  if (next_wants_retire_) next_->on_retire(record);
}
void Trace::on_receive(Cycle at, const tile::MemoryWrite& write) {
  received.push_back({at, write});
  if (next_ != nullptr) next_->on_receive(at, write);
}
void Trace::on_hazard(const tile::Hazard& hazard) {
  hazards.push_back(hazard);
  if (next_ != nullptr) next_->on_hazard(hazard);
}

void Trace::clear_before(Cycle end) {
  erase_before(retired, end);
  erase_before(received, end);
  erase_before(hazards, end);
  erase_before(sent, end);
  erase_before(selected, end);
  erase_before(formats, end);
  erase_before(acknowledged, end);
}

std::optional<Difference> first_difference(Trace& reference, Trace& candidate, Cycle end,
                                           const std::array<std::string, 2>& names,
                                           const Disassemble& disassemble) {
  sort_hazards(reference.hazards);
  sort_hazards(candidate.hazards);
  std::optional<Difference> first;
  const auto both = [&](const auto& a, const auto& b) { compare(a, b, end, names, disassemble, first); };
  both(reference.retired, candidate.retired);
  both(reference.received, candidate.received);
  both(reference.sent, candidate.sent);
  both(reference.selected, candidate.selected);
  both(reference.formats, candidate.formats);
  both(reference.acknowledged, candidate.acknowledged);
  both(reference.hazards, candidate.hazards);
  return first;
}

std::string describe(const tile::ExceptionReport& e) {
  return fmt::format("excepts cycle {} {} pc {:#x} type {} cause {} words {:08x} {:08x} address {}",
                     e.cycle.value(), e.context.name(), e.pc.value(), static_cast<int>(e.type),
                     static_cast<int>(e.cause), e.words[0], e.words[1],
                     e.data_address ? fmt::format("{:#x}", e.data_address->value()) : std::string{"none"});
}

}  // namespace ipusim::lockstep
