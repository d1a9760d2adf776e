#include "ipusim/random/scenario.hpp"

#include <algorithm>
#include <string>

#include "choice.hpp"
#include "faults.hpp"
#include "supervisor_generator.hpp"

namespace ipusim::random {
namespace {

// Where things lie. Supervisor and workers have data of their own, so that the seeds of one do not disturb
// the other, but loads and stores at borders, and whatever is left to chance, meet.
constexpr std::uint32_t supervisor_code = 0x4C400, first_worker_code = 0x54000, worker_code_step = 0x4000;
constexpr std::uint32_t worker_data = 0x68000, worker_wide_data = 0x98000;
constexpr std::uint32_t supervisor_data = 0x7C000, supervisor_wide_data = 0xD0000;
constexpr std::uint32_t worker_programs = 3;

// Words from outside, about one in thirty cycles.
std::map<Cycle, std::uint32_t> outside_words(Choice& choice) {
  std::map<Cycle, std::uint32_t> words;
  for (std::uint64_t at = 100; at < 6000; at += 1 + choice.pick(60)) words[Cycle{at}] = choice.bits();
  return words;
}

TileSetup make_tile(Choice& choice, TileId place, const std::vector<TileId>& peers, bool words_arrive,
                    const Weights& weights) {
  TileSetup tile;
  tile.place = place;
  tile.entry = ByteAddr{supervisor_code};
  SupervisorLayout layout{tile.entry,  ByteAddr{supervisor_data}, ByteAddr{supervisor_wide_data},
                          {},          ByteAddr{worker_data},     peers,
                          words_arrive};
  for (std::uint32_t i = 0; i < worker_programs; ++i) {
    const ByteAddr code{first_worker_code + worker_code_step * i};
    layout.worker_code.push_back(code);
    tile.code.push_back(
        make_worker({code, ByteAddr{worker_data}, ByteAddr{worker_wide_data}}, choice.bits(), weights));
  }
  tile.code.push_back(make_supervisor(layout, choice.bits(), weights));
  const std::pair<std::uint32_t, std::size_t> areas[] = {{worker_wide_data, 0x800},
                                                         {worker_data, 0x400},
                                                         {supervisor_data, 0x400},
                                                         {supervisor_wide_data, 0x200}};
  for (const auto& [at, words] : areas) tile.data.push_back({ByteAddr{at}, make_data(words, choice.bits())});
  // Data may be run into as code.
  for (Data& data : tile.data) {
    for (std::uint32_t& word : data.words) word = executed_alike(word) ? word : 0;
  }
  if (words_arrive) tile.incoming = outside_words(choice);
  return tile;
}

Scenario make_program(Choice& choice, const Weights& weights) {
  Scenario scenario;
  scenario.max_cycles = 8000;
  scenario.max_syncs = 6;
  scenario.tiles.push_back(make_tile(choice, TileId{0}, {}, true, weights));
  return scenario;
}

Scenario make_exchange(Choice& choice, Weights weights) {
  Scenario scenario;
  scenario.max_cycles = 3000;
  scenario.max_syncs = 8;
  if (weights[Family::exchange] < 20) weights[Family::exchange] = 20;
  const std::uint32_t count = 2 + choice.pick(3);
  std::vector<TileId> places;
  while (places.size() < count) {
    const TileId place{static_cast<std::uint16_t>(64 * choice.pick(20) + choice.pick(64))};
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  }
  for (const TileId place : places)
    scenario.tiles.push_back(make_tile(choice, place, places, false, weights));
  return scenario;
}

// A supervisor that runs one worker.
Sequence make_launch(ByteAddr at, ByteAddr worker) {
  using isa::Opcode;
  Sequence launch(at);
  launch.set_m(0, worker.value());
  launch.set_m(1, worker_data - isa::arch_info(isa::Arch::ipu2).memory_base);
  launch.add(Opcode::run_mmmn_zi, {0, 1, 0});
  launch.add(Opcode::sync, {2});
  launch.add(Opcode::sync, {3});
  return launch;
}

Scenario make_faults(Choice& choice, const Weights& weights) {
  Scenario scenario;
  scenario.max_cycles = 8000;
  TileSetup tile;
  tile.entry = ByteAddr{supervisor_code};
  const ByteAddr code{first_worker_code};
  tile.code.push_back(
      make_faulty_worker({code, ByteAddr{worker_data}, ByteAddr{worker_wide_data}}, choice.bits(), weights));
  if (choice.one_in(3)) {
    const SupervisorLayout layout{tile.entry, ByteAddr{supervisor_data}, ByteAddr{supervisor_wide_data},
                                  {code},     ByteAddr{worker_data},     {},
                                  false};
    tile.code.push_back(make_faulty_supervisor(layout, choice.bits(), weights));
  } else {
    tile.code.push_back(make_launch(tile.entry, code));
  }
  tile.data.push_back({ByteAddr{worker_wide_data}, make_data(0x200, choice.bits())});
  for (std::uint32_t& word : tile.data[0].words) word = executed_alike(word) ? word : 0;
  scenario.tiles.push_back(std::move(tile));
  return scenario;
}

Scenario make_words(Choice& choice) {
  constexpr std::uint32_t words = 40;
  const bool worker = choice.one_in(2);
  Scenario scenario;
  scenario.max_cycles = 8000;
  scenario.max_syncs = 2;
  TileSetup tile;
  tile.entry = ByteAddr{supervisor_code};
  const ByteAddr code{worker ? first_worker_code : supervisor_code};
  Sequence sequence(code);
  std::uint32_t previous = 0;
  for (std::uint32_t i = 0; i < words; ++i) {
    previous = random_word(choice, worker ? isa::Mode::worker : isa::Mode::supervisor, previous, i % 2 != 0);
    sequence.add_word(previous);
  }
  tile.code.push_back(std::move(sequence));
  if (worker) tile.code.push_back(make_launch(tile.entry, code));
  tile.data.push_back({ByteAddr{worker_data}, make_data(64, choice.bits())});
  for (std::uint32_t& word : tile.data[0].words) word = executed_alike(word) ? word : 0;
  scenario.tiles.push_back(std::move(tile));
  return scenario;
}

}  // namespace

Scenario make_scenario(std::uint64_t seed, const GeneratorOptions& options) {
  Choice choice(seed);
  Kind kind = options.kind;
  const std::uint32_t draw = choice.pick(10);
  constexpr Kind kinds[] = {Kind::program, Kind::program, Kind::program, Kind::program, Kind::words,
                            Kind::words,   Kind::words,   Kind::faults,  Kind::faults,  Kind::exchange};
  if (kind == Kind::any) kind = kinds[draw];
  Scenario scenario = kind == Kind::program  ? make_program(choice, options.weights)
                      : kind == Kind::words  ? make_words(choice)
                      : kind == Kind::faults ? make_faults(choice, options.weights)
                                             : make_exchange(choice, options.weights);
  scenario.comments.push_back("seed " + std::to_string(seed));
  return scenario;
}

}  // namespace ipusim::random
