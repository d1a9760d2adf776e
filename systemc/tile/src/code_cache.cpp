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
  log_ = {};
  pending_.clear();
}

const Bundle& CodeCache::fetch(std::uint32_t pc, bool worker, Cycle at, const Memory& memory) {
  if (!pending_.empty()) settle(at);
  const std::uint32_t index = (pc - arch_.memory_base) / 4;
  const auto& page = pages_[worker ? 1 : 0][index / words_per_page];
  if (page && page->valid[index % words_per_page]) return page->bundles[index % words_per_page];
  return decode(pc, worker, at, memory);
}

const Bundle& CodeCache::decode(std::uint32_t pc, bool worker, Cycle at, const Memory& memory) {
  const std::uint32_t group = pc & ~7U;
  // Before the stores that a fetch at `at` must not see the 8 bytes were as the oldest of those found them.
  std::uint64_t content = memory.load<std::uint64_t>(group);
  bool lasting = true;
  for (std::size_t i = 0; i < log_size; ++i) {
    const Store& store = log_[(log_next_ + i) % log_size];
    if (store.address == group && store.visible > at) {
      content = store.before;
      lasting = false;
      break;
    }
  }
  const auto low = static_cast<std::uint32_t>(content);
  const auto high = static_cast<std::uint32_t>(content >> 32U);
  const Bundle bundle = pc % 8 == 0 ? decode_bundle(low, high, pc, worker, arch_.arch)
                                    : decode_bundle(high, 0, pc, worker, arch_.arch);
  if (!lasting) return passing_ = bundle;
  const std::uint32_t index = (pc - arch_.memory_base) / 4;
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

void CodeCache::invalidate(std::uint32_t group) {
  const std::uint32_t index = (group - arch_.memory_base) / 4;
  for (auto& pages : pages_) {
    auto& page = pages[index / words_per_page];
    if (!page) continue;
    page->valid[index % words_per_page] = false;
    page->valid[index % words_per_page + 1] = false;
  }
}

void CodeCache::drop(std::uint32_t address, std::uint32_t bytes) {
  const auto touched = [&](std::uint32_t group) { return group + 8 > address && group < address + bytes; };
  for (std::uint32_t group = address & ~7U; group < address + bytes && group < arch_.region1_base;
       group += 8) {
    invalidate(group);
  }
  std::erase_if(pending_, [&](const Overwritten& o) { return touched(o.address); });
  for (Store& store : log_) {
    if (touched(store.address)) store = {};
  }
}

}  // namespace ipusim::tile
