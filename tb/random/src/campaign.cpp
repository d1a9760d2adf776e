// SPDX-License-Identifier: Apache-2.0
#include "ipusim/random/campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "ipusim/random/shrink.hpp"
#include "ipusim/tile/state.hpp"

namespace ipusim::random {
namespace {

struct SeedResult {
  Statistics statistics;
  std::optional<Coverage> coverage;
  std::optional<Difference> difference;
};

class SeedWitness : public Witness {
 public:
  explicit SeedWitness(SeedResult& result) : result_(result) {}
  void on_retire(std::size_t tile, const tile::RetireRecord& record) override {
    result_.statistics.on_retire(tile, record);
    if (result_.coverage) result_.coverage->on_retire(tile, record);
  }
  void on_receive(std::size_t tile, Cycle at, const tile::MemoryWrite& write) override {
    result_.statistics.on_receive(tile, at, write);
  }
  void on_hazard(std::size_t tile, const tile::Hazard& hazard) override {
    result_.statistics.on_hazard(tile, hazard);
    if (result_.coverage) result_.coverage->on_hazard(hazard);
  }

 private:
  SeedResult& result_;
};

// A number for all that the tiles of a run reported.
class Digest : public Witness {
 public:
  explicit Digest(std::size_t tiles) : tiles_(tiles, fnv_offset) {}
  void on_retire(std::size_t tile, const tile::RetireRecord& record) override { add(tile, record); }
  void on_receive(std::size_t tile, Cycle at, const tile::MemoryWrite& write) override {
    add(tile, at, write);
  }
  void on_hazard(std::size_t tile, const tile::Hazard& hazard) override { add(tile, hazard); }
  const std::vector<std::uint64_t>& of_tiles() const { return tiles_; }

 private:
  static constexpr std::uint64_t fnv_offset = 0xCBF29CE484222325;
  static constexpr std::uint64_t fnv_prime = 0x100000001B3;
  template <class... T>
  void add(std::size_t tile, const T&... values) {
    StateWriter writer;
    writer(values...);
    for (const std::byte b : writer.bytes())
      tiles_[tile] = (tiles_[tile] ^ std::to_integer<std::uint64_t>(b)) * fnv_prime;
  }
  std::vector<std::uint64_t> tiles_;
};

// Whether a run whose tiles are saved and loaded is another one than without.
std::optional<Difference> reload_difference(const Scenario& scenario) {
  Digest whole(scenario.tiles.size());
  Digest reloaded(scenario.tiles.size());
  const Outcome expected = run(scenario, {&whole, {}, false});
  Outcome outcome = run(scenario, {&reloaded, {}, true});
  if (outcome.difference) return outcome.difference;
  // Tiles may end in another order.
  const bool same = whole.of_tiles() == reloaded.of_tiles() &&
                    std::is_permutation(expected.exceptions.begin(), expected.exceptions.end(),
                                        outcome.exceptions.begin(), outcome.exceptions.end());
  if (same) return std::nullopt;
  return Difference{0, "a run whose tiles are saved and loaded differs from one without", "reload"};
}

SeedResult run_seed(std::uint64_t seed, const GeneratorOptions& options, bool coverage, bool reload) {
  SeedResult result;
  if (coverage) result.coverage.emplace();
  SeedWitness witness(result);
  const Scenario scenario = make_scenario(seed, options);
  const Outcome outcome = run(scenario, {&witness, {}, false});
  result.statistics.add_outcome(outcome);
  if (coverage) {
    for (const tile::ExceptionReport& e : outcome.exceptions) result.coverage->add_exception(e);
  }
  result.difference = outcome.difference;
  if (!result.difference && reload) result.difference = reload_difference(scenario);
  return result;
}

// Runs seeds ahead on several threads; hands results out in the order of seeds.
class SeedRunner {
 public:
  SeedRunner(const CampaignOptions& options, unsigned jobs)
      : next_(options.first_seed), wanted_(next_), ahead_(16 * jobs), options_(options) {
    for (unsigned i = 0; i < jobs; ++i) threads_.emplace_back([this] { work(); });
  }
  ~SeedRunner() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  SeedRunner(const SeedRunner&) = delete;
  SeedRunner& operator=(const SeedRunner&) = delete;

  SeedResult take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failed_ || done_.contains(wanted_); });
    if (failed_) std::rethrow_exception(failed_);
    SeedResult result = std::move(done_.extract(wanted_).mapped());
    ++wanted_;
    changed_.notify_all();
    return result;
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [&] { return stop_ || failed_ || next_ < wanted_ + ahead_; });
      if (stop_ || failed_) return;
      const std::uint64_t seed = next_++;
      lock.unlock();
      try {
        SeedResult result = run_seed(seed, options_.generator, options_.coverage, options_.reload);
        lock.lock();
        done_.emplace(seed, std::move(result));
      } catch (...) {
        lock.lock();
        failed_ = std::current_exception();
      }
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, SeedResult> done_;
  std::uint64_t next_;
  std::uint64_t wanted_;
  std::uint64_t ahead_;
  const CampaignOptions& options_;
  bool stop_ = false;
  std::exception_ptr failed_;
  std::vector<std::thread> threads_;
};

void save(const FoundDifference& found) {
  std::filesystem::create_directories(found.file.parent_path());
  std::ofstream out(found.file);
  out << found.scenario;
  if (!out.flush()) throw std::runtime_error("cannot write " + found.file.string());
}

}  // namespace

FoundDifference explain(std::uint64_t seed, const Scenario& scenario, const Difference& difference,
                        const CampaignOptions& options) {
  FoundDifference found;
  found.seed = seed;
  found.difference = difference;
  Scenario small = scenario;
  small.max_cycles = std::min(small.max_cycles, difference.cycle + 200);
  const Differs differs = [&](const Scenario& candidate) {
    const Outcome outcome = run(candidate, {nullptr, {}, options.reload});
    return outcome.difference && outcome.difference->sort == difference.sort;
  };
  // A difference of state is seen at a later stop.
  if (!differs(small)) small.max_cycles = scenario.max_cycles;
  if (options.shrink_runs != 0) {
    ShrinkResult result = shrink(std::move(small), differs, options.shrink_runs);
    small = std::move(result.scenario);
    found.shrink_runs = result.runs;
  }
  const Outcome last = run(small, {nullptr, options.waves, options.reload});
  std::istringstream message(last.difference ? last.difference->message : difference.message);
  for (std::string line; std::getline(message, line);) small.comments.push_back(line);
  std::ostringstream text;
  write_scenario(small, text);
  found.scenario = text.str();
  if (!options.save.empty()) {
    found.file = options.save / fmt::format("seed{}.txt", seed);
    save(found);
  }
  return found;
}

CampaignResult run_campaign(const CampaignOptions& options) {
  CampaignResult result;
  result.first_seed = options.first_seed;
  const auto finished = [&] {
    if (result.differences.size() >= options.max_differences) return true;
    return options.seeds != 0 ? result.seeds >= options.seeds
                              : result.statistics.bundles() >= options.bundles;
  };
  SeedRunner runner(options, std::max(options.jobs, 1U));
  std::uint64_t told = 0;
  while (!finished()) {
    const std::uint64_t seed = options.first_seed + result.seeds;
    const SeedResult one = runner.take();
    ++result.seeds;
    result.statistics.add(one.statistics);
    if (one.coverage) result.coverage.add(*one.coverage);
    if (one.difference) {
      if (options.tell) options.tell(fmt::format("seed {}: {}", seed, one.difference->message));
      result.differences.push_back(
          explain(seed, make_scenario(seed, options.generator), *one.difference, options));
    }
    if (options.tell && result.statistics.bundles() / 100000 != told) {
      told = result.statistics.bundles() / 100000;
      options.tell(fmt::format("{} bundles, {} seeds", result.statistics.bundles(), result.seeds));
    }
  }
  return result;
}

}  // namespace ipusim::random
