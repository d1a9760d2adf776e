#include "code_cache.hpp"

namespace ipusim::tile {

CodeCache::CodeCache(const isa::ArchInfo& arch) : arch_(arch) { clear(); }

void CodeCache::clear() {
  const std::uint32_t words = (arch_.region1_base - arch_.memory_base) / 4;
  for (auto& pages : pages_) {
    pages.clear();
    pages.resize((words + words_per_page - 1) / words_per_page);
  }
  recent_.clear();
}

const Bundle& CodeCache::fetch(std::uint32_t pc, bool worker, Cycle at, const Memory& memory) {
  if (!recent_.empty()) settle(at);
  const std::uint32_t index = (pc - arch_.memory_base) / 4;
  const auto& page = pages_[worker ? 1 : 0][index / words_per_page];
  if (page && page->valid[index % words_per_page]) return page->bundles[index % words_per_page];
  return decode(pc, worker, at, memory);
}

const Bundle& CodeCache::decode(std::uint32_t pc, bool worker, Cycle at, const Memory& memory) {
  const std::uint32_t index = (pc - arch_.memory_base) / 4;
  auto& page = pages_[worker ? 1 : 0][index / words_per_page];
  if (!page) page = std::make_unique<Page>();
  const std::uint64_t group = group_as_fetched(pc & ~7U, at, memory);
  const auto low = static_cast<std::uint32_t>(group);
  const auto high = static_cast<std::uint32_t>(group >> 32U);
  Bundle& bundle = page->bundles[index % words_per_page];
  bundle = pc % 8 == 0 ? decode_bundle(low, high, pc, worker, arch_.arch)
                       : decode_bundle(high, 0, pc, worker, arch_.arch);
  page->valid[index % words_per_page] = true;
  return bundle;
}

// The 8 bytes as they were before the stores that a fetch at `at` must not see: the oldest of those knows.
std::uint64_t CodeCache::group_as_fetched(std::uint32_t group, Cycle at, const Memory& memory) const {
  for (const Store& store : recent_) {
    if (store.address == group && store.visible > at) return store.before;
  }
  return memory.load<std::uint64_t>(group);
}

void CodeCache::note_store(std::uint32_t address, Cycle at, const Memory& memory) {
  const std::uint32_t group = address & ~7U;
  // A fetch can lie behind `at` by no more than the cycle itself, so what is visible by now can settle.
  settle(at);
  recent_.push_back({at + isa::timing::fetch_after_store, group, memory.load<std::uint64_t>(group)});
}

void CodeCache::settle(Cycle at) {
  while (!recent_.empty() && recent_.front().visible <= at) {
    invalidate(recent_.front().address);
    recent_.pop_front();
  }
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
  for (std::uint32_t group = address & ~7U; group < address + bytes && group < arch_.region1_base;
       group += 8) {
    invalidate(group);
  }
  std::erase_if(recent_,
                [&](const Store& s) { return s.address + 8 > address && s.address < address + bytes; });
}

}  // namespace ipusim::tile
