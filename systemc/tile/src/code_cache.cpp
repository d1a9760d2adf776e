// SPDX-License-Identifier: Apache-2.0
#include "code_cache.hpp"

#include <algorithm>

namespace ipusim::tile {

CodeCache::CodeCache(const isa::ArchInfo& arch)
    : arch_(arch), words_((arch.region1_base - arch.memory_base) / 4) {
  clear();
}

void CodeCache::clear() {
  for (auto& pages : pages_) {
    pages.clear();
    pages.resize((words_ + words_per_page - 1) / words_per_page);
  }
  decoded_rows_.assign(words_ / 2, false);
  fetched_by_supervisor_.assign(words_, false);
  log_ = {};
  pending_.clear();
}

const Bundle& CodeCache::fetch(std::uint32_t pc, bool worker, bool once_more, Cycle at,
                               const Memory& memory) {
  if (!pending_.empty()) settle(at);
  const std::uint32_t index = (pc - arch_.memory_base) / 4;
  const auto& page = pages_[worker ? 1 : 0][index / words_per_page];
  if (page && page->valid[index % words_per_page]) return page->bundles[index % words_per_page];
  return decode(pc, worker, once_more, at, memory);
}

CodeCache::Words CodeCache::words_at(std::uint32_t row, Cycle at, const Memory& memory) const {
  // Before the stores that a fetch at `at` must not see the row was as the oldest of those found it.
  std::uint64_t content = memory.load<std::uint64_t>(row);
  bool lasting = true;
  for (std::size_t i = 0; i < log_size; ++i) {
    const Store& store = log_[(log_next_ + i) % log_size];
    if (store.address == row && store.visible > at) {
      content = store.before;
      lasting = false;
      break;
    }
  }
  return {static_cast<std::uint32_t>(content), static_cast<std::uint32_t>(content >> 32U), lasting};
}

const Bundle& CodeCache::decode(std::uint32_t pc, bool worker, bool once_more, Cycle at,
                                const Memory& memory) {
  const std::uint32_t row = pc & ~(row_bytes - 1);
  const Words here = words_at(row, at, memory);
  const std::uint32_t first = pc == row ? here.even : here.odd;
  std::optional<std::uint32_t> second = here.odd;
  bool lasting = here.lasting;
  const bool straddles = straddles_rows(first, pc, worker);
  const std::uint32_t next = row + row_bytes;
  if (straddles && next == arch_.region1_base) {
    second.reset();
  } else if (straddles) {
    const Words behind = words_at(next, at, memory);
    second = behind.even;
    lasting = lasting && behind.lasting;
  }
  const Bundle bundle = decode_bundle(first, second, pc, worker, arch_.arch);
  const std::uint32_t index = (pc - arch_.memory_base) / 4;
  const bool again = worker || (fetched_by_supervisor_[index] && !once_more);
  if (!worker) fetched_by_supervisor_[index] = true;
  if (!lasting || !again) return passing_ = bundle;
  decoded_rows_[row_number(row)] = true;
  if (straddles && second) decoded_rows_[row_number(next)] = true;
  auto& page = pages_[worker ? 1 : 0][index / words_per_page];
  if (!page) page = std::make_unique<Page>();
  page->valid[index % words_per_page] = true;
  return page->bundles[index % words_per_page] = bundle;
}

void CodeCache::settle(Cycle at) {
  const auto still_hidden =
      std::find_if(pending_.begin(), pending_.end(), [&](const Overwritten& o) { return o.visible > at; });
  for (auto it = pending_.begin(); it != still_hidden; ++it) invalidate(it->address);
  pending_.erase(pending_.begin(), still_hidden);
}

// With what begins in the row before and ends in this one.
void CodeCache::invalidate(std::uint32_t row) {
  decoded_rows_[row_number(row)] = false;
  const std::uint32_t even = (row - arch_.memory_base) / 4;
  for (auto& pages : pages_) {
    for (std::uint32_t index = even == 0 ? 0 : even - 1; index <= even + 1; ++index) {
      if (auto& page = pages[index / words_per_page]) page->valid[index % words_per_page] = false;
    }
  }
}

void CodeCache::drop(std::uint32_t address, std::uint32_t bytes) {
  const auto touched = [&](std::uint32_t row) { return row + row_bytes > address && row < address + bytes; };
  for (std::uint32_t row = address & ~(row_bytes - 1); row < address + bytes && row < arch_.region1_base;
       row += row_bytes) {
    invalidate(row);
  }
  std::erase_if(pending_, [&](const Overwritten& o) { return touched(o.address); });
  for (Store& store : log_) {
    if (touched(store.address)) store = {};
  }
}

}  // namespace ipusim::tile
