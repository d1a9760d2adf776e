// SPDX-License-Identifier: Apache-2.0
// One tile on a bench: load words, run, look at registers, memory, retire records and the exchange.
#pragma once

#include <cstring>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "ipusim/tile/tile_model.hpp"
#include "program.hpp"

namespace ipusim::tile_test {

inline constexpr std::uint32_t code_base = 0x4C000;
inline constexpr std::uint32_t worker_code = 0x50000;
inline constexpr std::uint32_t data = 0x80000;
inline constexpr std::uint32_t null_source = 0x640;

// An exchange that delivers words at scripted cycles and writes down what the tile does.
class ScriptedExchange : public tile::ExchangePort {
 public:
  std::map<std::uint64_t, std::uint32_t> deliver;
  struct Sent {
    std::uint64_t at;
    std::uint32_t word;
    unsigned directions;
    friend bool operator==(const Sent&, const Sent&) = default;
  };
  std::vector<Sent> sent;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> selected;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> acknowledged;

  Cycle known_until() override { return Cycle::never(); }
  Cycle next_activity(Cycle from) override {
    const auto next = deliver.lower_bound(from.value());
    return next == deliver.end() ? Cycle::never() : Cycle{next->first};
  }
  std::optional<std::uint32_t> incoming(Cycle at) override {
    const auto word = deliver.find(at.value());
    return word == deliver.end() ? std::nullopt : std::optional{word->second};
  }
  std::optional<std::uint64_t> incoming_item(Cycle) override { return std::nullopt; }
  void send_item(Cycle, std::uint64_t, tile::Directions) override {}
  void select_pair(Cycle, tile::MuxSource) override {}
  void set_format(Cycle, tile::ReceiveFormat) override {}
  void send(Cycle at, std::uint32_t word, tile::Directions directions) override {
    sent.push_back({at.value(), word, directions.value()});
  }
  void select_source(Cycle at, tile::MuxSource source) override {
    selected.emplace_back(at.value(), source.value());
  }
  void pre_acknowledge(Cycle at, std::uint32_t count) override {
    acknowledged.emplace_back(at.value(), count);
  }
};

class Recorder : public tile::TileObserver {
 public:
  std::vector<tile::RetireRecord> retired;
  std::vector<std::pair<std::uint64_t, tile::MemoryWrite>> received;
  std::vector<tile::Hazard> hazards;
  void on_retire(const tile::RetireRecord& r) override { retired.push_back(r); }
  void on_receive(Cycle at, const tile::MemoryWrite& w) override { received.emplace_back(at.value(), w); }
  void on_hazard(const tile::Hazard& h) override { hazards.push_back(h); }
};

using MakeTile = std::unique_ptr<tile::TileModel> (*)(const tile::TileParameters&);

class TileBench {
 public:
  explicit TileBench(MakeTile make, TileId id = TileId{260}) : tile(make({id, isa::Arch::ipu2})) {
    tile->reset();
    tile->attach(&exchange);
    tile->attach(&recorder);
  }

  std::unique_ptr<tile::TileModel> tile;
  ScriptedExchange exchange;
  Recorder recorder;

  void load(const Program& program) {
    tile->write_memory(ByteAddr{program.base()}, std::as_bytes(std::span{program.code()}));
  }
  void poke(std::uint32_t address, const std::vector<std::uint32_t>& values) {
    tile->write_memory(ByteAddr{address}, std::as_bytes(std::span{values}));
  }
  std::uint32_t peek(std::uint32_t address) const {
    std::uint32_t word = 0;
    tile->read_memory(ByteAddr{address}, std::as_writable_bytes(std::span{&word, 1}));
    return word;
  }
  std::uint32_t m(unsigned n, Context c = Context::supervisor()) const {
    return tile->read_register(c, tile::RegisterWrite::File::m, n);
  }
  std::uint32_t a(unsigned n, Context c) const {
    return tile->read_register(c, tile::RegisterWrite::File::a, n);
  }

  // Runs a supervisor program from cycle 0 to its stop.
  tile::StopReport run(const Program& program, std::uint64_t limit = 100000) {
    load(program);
    tile->start(ByteAddr{program.base()}, Cycle{0});
    return tile->advance(Cycle{limit});
  }
  // Runs a worker program on workers 0..5 through runall, to the supervisor's final sync 3.
  tile::StopReport run_workers(const Program& worker, std::uint64_t limit = 1000000) {
    load(worker);
    Program supervisor(code_base);
    supervisor.set(0, worker.base()).set(1, data).op("runall_mmmn_zi", {0, 1, 0});
    supervisor.op("sync", {2}).op("sync", {3});
    return run(supervisor, limit);
  }
  // Issue cycles of everything a context retired.
  std::vector<std::uint64_t> cycles_of(Context c) const {
    std::vector<std::uint64_t> cycles;
    for (const auto& r : recorder.retired) {
      if (r.context == c) cycles.push_back(r.cycle.value());
    }
    return cycles;
  }
};

}  // namespace ipusim::tile_test
