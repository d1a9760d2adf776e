// SPDX-License-Identifier: Apache-2.0
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
struct Places {
  std::uint32_t supervisor_code, first_worker_code, worker_code_step;
  std::uint32_t worker_data, worker_wide_data;
  std::uint32_t supervisor_data, supervisor_wide_data;
};
constexpr std::uint32_t worker_programs = 3;
// Worker programs begin so far before their place, which is the beginning of an element or the middle of one.
// A program's prologue is shorter.
constexpr std::uint32_t before_element = 0x200;

Data end_of_code(Choice& choice, isa::Arch arch) {
  const auto words = make_end_of_code(choice);
  const ByteAddr at{isa::arch_info(arch).region1_base - static_cast<std::uint32_t>(4 * words.size())};
  return {at, {words.begin(), words.end()}};
}

const Places& places_of(isa::Arch arch) {
  static constexpr Places large{0x4C400, 0x54000, 0x4000, 0x68000, 0x98000, 0x7C000, 0xD0000};
  // An ipu1 has eight elements in region 0: worker programs share two of them.
  static constexpr Places small{0x40400, 0x44000, 0x2000, 0x54000, 0x68000, 0x5C000, 0x7C000};
  return arch == isa::Arch::ipu1 ? small : large;
}

// Words from outside, about one in thirty cycles.
std::map<Cycle, std::uint32_t> outside_words(Choice& choice) {
  std::map<Cycle, std::uint32_t> words;
  for (std::uint64_t at = 100; at < 6000; at += 1 + choice.pick(60)) words[Cycle{at}] = choice.bits();
  return words;
}

TileSetup make_tile(Choice& choice, TileId place, const std::vector<TileId>& peers, bool words_arrive,
                    const GeneratorOptions& options) {
  const Places& at = places_of(options.arch);
  TileSetup tile;
  tile.place = place;
  tile.entry = ByteAddr{at.supervisor_code};
  SupervisorLayout layout{tile.entry,
                          ByteAddr{at.supervisor_data},
                          ByteAddr{at.supervisor_wide_data},
                          {},
                          ByteAddr{at.worker_data},
                          peers,
                          words_arrive,
                          options.arch};
  for (std::uint32_t i = 0; i < worker_programs; ++i) {
    const std::uint32_t nominal = at.first_worker_code + at.worker_code_step * i;
    const ByteAddr code{nominal - before_element};
    const bool at_element = nominal % isa::arch_info(options.arch).element_bytes == 0;
    layout.worker_code.push_back(code);
    tile.code.push_back(
        make_worker({code, ByteAddr{at.worker_data}, ByteAddr{at.worker_wide_data}, options.arch, at_element},
                    choice.bits(), options.weights));
  }
  tile.code.push_back(make_supervisor(layout, choice.bits(), options.weights));
  const std::pair<std::uint32_t, std::size_t> areas[] = {{at.worker_wide_data, 0x800},
                                                         {at.worker_data, 0x400},
                                                         {at.supervisor_data, 0x400},
                                                         {at.supervisor_wide_data, 0x200}};
  for (const auto& [base, words] : areas)
    tile.data.push_back({ByteAddr{base}, make_data(words, choice.bits())});
  // Data may be run into as code.
  for (Data& data : tile.data) {
    for (std::uint32_t& word : data.words) word = executed_alike(word) ? word : 0;
  }
  tile.data.push_back(end_of_code(choice, options.arch));
  if (words_arrive) tile.incoming = outside_words(choice);
  return tile;
}

Scenario make_program(Choice& choice, const GeneratorOptions& options) {
  Scenario scenario;
  scenario.max_cycles = 8000;
  scenario.max_syncs = 6;
  scenario.tiles.push_back(make_tile(choice, TileId{0}, {}, true, options));
  return scenario;
}

Scenario make_exchange(Choice& choice, GeneratorOptions options) {
  Scenario scenario;
  scenario.max_cycles = 3000;
  scenario.max_syncs = 8;
  if (options.weights[Family::exchange] < 20) options.weights[Family::exchange] = 20;
  const std::uint32_t count = 2 + choice.pick(3);
  std::vector<TileId> places;
  while (places.size() < count) {
    // Often both tiles of a pair.
    const bool partner = !places.empty() && choice.one_in(2);
    const TileId place{static_cast<std::uint16_t>(partner ? places.back().value() ^ 2U
                                                          : 64 * choice.pick(20) + choice.pick(64))};
    if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(place);
  }
  for (const TileId place : places)
    scenario.tiles.push_back(make_tile(choice, place, places, false, options));
  return scenario;
}

// A supervisor that runs one worker.
Sequence make_launch(ByteAddr at, ByteAddr worker, isa::Arch arch) {
  using isa::Opcode;
  Sequence launch(at);
  launch.set_m(0, worker.value());
  launch.set_m(1, places_of(arch).worker_data - isa::arch_info(arch).memory_base);
  launch.add(Opcode::run_mmmn_zi, {0, 1, 0});
  launch.add(Opcode::sync, {2});
  launch.add(Opcode::sync, {3});
  return launch;
}

Scenario make_faults(Choice& choice, const GeneratorOptions& options) {
  const Places& at = places_of(options.arch);
  Scenario scenario;
  scenario.max_cycles = 8000;
  TileSetup tile;
  tile.entry = ByteAddr{at.supervisor_code};
  const ByteAddr code{at.first_worker_code};
  tile.code.push_back(
      make_faulty_worker({code, ByteAddr{at.worker_data}, ByteAddr{at.worker_wide_data}, options.arch},
                         choice.bits(), options.weights));
  if (choice.one_in(3)) {
    const SupervisorLayout layout{tile.entry,
                                  ByteAddr{at.supervisor_data},
                                  ByteAddr{at.supervisor_wide_data},
                                  {code},
                                  ByteAddr{at.worker_data},
                                  {},
                                  false,
                                  options.arch};
    tile.code.push_back(make_faulty_supervisor(layout, choice.bits(), options.weights));
  } else {
    tile.code.push_back(make_launch(tile.entry, code, options.arch));
  }
  tile.data.push_back({ByteAddr{at.worker_wide_data}, make_data(0x200, choice.bits())});
  for (std::uint32_t& word : tile.data[0].words) word = executed_alike(word) ? word : 0;
  tile.data.push_back(end_of_code(choice, options.arch));
  scenario.tiles.push_back(std::move(tile));
  return scenario;
}

Scenario make_words(Choice& choice, isa::Arch arch) {
  const Places& at = places_of(arch);
  constexpr std::uint32_t words = 40;
  const bool worker = choice.one_in(2);
  Scenario scenario;
  scenario.max_cycles = 8000;
  scenario.max_syncs = 2;
  TileSetup tile;
  tile.entry = ByteAddr{at.supervisor_code};
  const ByteAddr code{worker ? at.first_worker_code : at.supervisor_code};
  Sequence sequence(code);
  std::uint32_t previous = 0;
  for (std::uint32_t i = 0; i < words; ++i) {
    previous = random_word(choice, worker ? isa::Mode::worker : isa::Mode::supervisor, previous, i % 2 != 0);
    sequence.add_word(previous);
  }
  tile.code.push_back(std::move(sequence));
  if (worker) tile.code.push_back(make_launch(tile.entry, code, arch));
  tile.data.push_back({ByteAddr{at.worker_data}, make_data(64, choice.bits())});
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
  const bool debugged = kind == Kind::debug;
  if (debugged) kind = draw < 7 ? Kind::program : Kind::faults;
  Scenario scenario = kind == Kind::program  ? make_program(choice, options)
                      : kind == Kind::words  ? make_words(choice, options.arch)
                      : kind == Kind::faults ? make_faults(choice, options)
                                             : make_exchange(choice, options);
  scenario.arch = options.arch;
  if (debugged) scenario.debugger = choice.bits();
  scenario.comments.push_back("seed " + std::to_string(seed));
  return scenario;
}

}  // namespace ipusim::random
