#include "ipusim/cli/debug/tile_tracer.hpp"

#include <algorithm>

#include "ipusim/isa/isa.hpp"

namespace ipusim::cli {

void TileTracer::search(Cycle from, bool skip_first) {
  from_ = from;
  skip_first_ = skip_first;
  hit_.reset();
  first_issue_ = {};
}

void TileTracer::note(Hit hit) {
  if (!hit_ || hit.stop_at < hit_->stop_at) hit_ = hit;
}

void TileTracer::on_retire(const tile::RetireRecord& record) {
  follow_calls(record);
  if (record.cycle < from_) return;
  auto& first = first_issue_.at(record.context.index());
  if (!first) first = record.cycle;
  const bool counts = record.cycle > from_ || !skip_first_;
  for (const Breakpoint& breakpoint : breakpoints_)
    if (counts && breakpoint.address == record.pc &&
        (!breakpoint.context || *breakpoint.context == record.context) &&
        std::binary_search(breakpoint.tiles.begin(), breakpoint.tiles.end(), tile_))
      note({record.cycle, tile_, record.context, breakpoint.number});
  for (const tile::MemoryWrite& write : record.memory) check_write(record.cycle, record.context, write);
}

void TileTracer::on_receive(Cycle at, const tile::MemoryWrite& write) {
  check_write(at, std::nullopt, write);
}

void TileTracer::check_write(Cycle at, std::optional<Context> context, const tile::MemoryWrite& write) {
  if (at < from_) return;
  for (const Watchpoint& watchpoint : watchpoints_) {
    const bool overlaps = write.address < watchpoint.address + watchpoint.bytes &&
                          watchpoint.address < write.address + write.bytes;
    if (overlaps && std::binary_search(watchpoint.tiles.begin(), watchpoint.tiles.end(), tile_))
      note({at + 1, tile_, context, watchpoint.number});
  }
}

// A call pushes, coming to where one shall return to pops: it and everything above it.
void TileTracer::follow_calls(const tile::RetireRecord& record) {
  auto& calls = calls_.at(record.context.index());
  for (std::size_t depth = calls.size(); depth > 0; --depth)
    if (calls[depth - 1].return_to == record.pc) {
      calls.resize(depth - 1);
      break;
    }
  const isa::Mode mode = record.context.is_worker() ? isa::Mode::worker : isa::Mode::supervisor;
  if (isa::decode(record.words[0], mode) != isa::Opcode::call_mmmn_zi) return;
  constexpr std::uint32_t word_bytes = 4;
  const std::uint32_t bytes = record.words[1] == 0 ? word_bytes : 2 * word_bytes;
  calls.push_back({record.pc, record.pc + bytes});
}

}  // namespace ipusim::cli
