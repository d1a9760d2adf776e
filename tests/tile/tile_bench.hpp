// SPDX-License-Identifier: Apache-2.0
// A tile on the bench: any TileModel, a scripted exchange around it, and a record of all it does.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "assembler.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::tile::test {

using TileFactory = std::function<std::unique_ptr<TileModel>(const TileParameters&)>;

// A kind of tile that the cases are run on.
struct TileKind {
  std::string name;
  TileFactory make;
  friend void PrintTo(const TileKind& kind, std::ostream* os) { *os << kind.name; }
};

// An exchange that delivers what the test wrote down and notes what the tile sends and selects.
class ScriptedPort : public ExchangePort {
 public:
  struct Sent {
    Cycle at;
    std::uint32_t word;
    unsigned directions;
    friend bool operator==(const Sent&, const Sent&) = default;
  };
  struct Selected {
    Cycle at;
    unsigned source;
    friend bool operator==(const Selected&, const Selected&) = default;
  };
  struct Acknowledged {
    Cycle at;
    std::uint32_t count;
    friend bool operator==(const Acknowledged&, const Acknowledged&) = default;
  };

  struct SentItem {
    Cycle at;
    std::uint64_t item;
    unsigned directions;
    friend bool operator==(const SentItem&, const SentItem&) = default;
  };
  struct Formatted {
    Cycle from;
    ReceiveFormat format;
    friend bool operator==(const Formatted&, const Formatted&) = default;
  };

  std::map<Cycle, std::uint32_t> words;  // by cycle of arrival
  std::map<Cycle, std::uint64_t> items;  // of 64 bits
  Cycle known = Cycle::never();
  std::vector<Sent> sent;
  std::vector<SentItem> sent_items;
  std::vector<Selected> selected;
  std::vector<Selected> selected_pairs;
  std::vector<Formatted> formats;
  std::vector<Acknowledged> acknowledged;

  Cycle known_until() override { return known; }
  Cycle next_activity(Cycle from) override;
  std::optional<std::uint32_t> incoming(Cycle at) override;
  std::optional<std::uint64_t> incoming_item(Cycle at) override;
  void send(Cycle at, std::uint32_t word, Directions directions) override;
  void send_item(Cycle at, std::uint64_t item, Directions directions) override;
  void select_source(Cycle at, MuxSource source) override;
  void select_pair(Cycle at, MuxSource source) override;
  void set_format(Cycle from, ReceiveFormat format) override;
  void pre_acknowledge(Cycle at, std::uint32_t count) override;

 private:
  void asked(Cycle at);

  Cycle last_asked_{0};
  bool asked_ = false;
};

// Keeps everything a tile reports.
class Recorder : public TileObserver {
 public:
  struct Received {
    Cycle at;
    MemoryWrite write;
    friend bool operator==(const Received&, const Received&) = default;
  };

  std::vector<RetireRecord> retired;
  std::vector<Received> received;
  std::vector<Hazard> hazards;

  void on_retire(const RetireRecord& record) override { retired.push_back(record); }
  void on_receive(Cycle at, const MemoryWrite& write) override { received.push_back({at, write}); }
  void on_hazard(const Hazard& hazard) override { hazards.push_back(hazard); }

  // Issue cycles of the instructions at pc, in order.
  std::vector<std::uint64_t> cycles_at(ByteAddr pc) const;
  // Issue cycles of everything a context issued, in order.
  std::vector<std::uint64_t> cycles_of(Context context) const;
};

// Where cases put things. Programs lie in region 0, data in another element of it, wide data in region 1.
inline constexpr ByteAddr code{0x4C100};
inline constexpr ByteAddr worker_code{0x4D000};
inline constexpr ByteAddr data{0x60000};
inline constexpr ByteAddr wide_data{0x90000};
inline constexpr Cycle first_cycle{12};  // of the supervisor's first issue: a turn of slot 0

class Bench {
 public:
  // `observed` = false leaves out the observer, so that a model may take its fast path.
  explicit Bench(const TileKind& kind, bool observed = true, TileParameters parameters = {});
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  TileModel& tile() { return *tile_; }
  ScriptedPort& port() { return port_; }
  Recorder& recorder() { return recorder_; }

  void load(const Program& program);
  void store_word(ByteAddr at, std::uint32_t word);
  std::uint32_t word(ByteAddr at) const;
  std::uint32_t m(Context context, unsigned index) const;
  std::uint32_t a(unsigned worker, unsigned index) const;
  std::uint32_t csr(Context context, std::string_view name) const;

  // Starts the supervisor at the program's base in first_cycle and runs until it syncs or excepts. Any other
  // stop is a failed expectation.
  StopReport run(const Program& supervisor, std::uint64_t cycles = 200000);
  StopReport go_on(std::uint64_t cycles = 200000);

  // A supervisor that launches one worker with run at worker_code, with $mvertex_base = data, waits for it
  // (sync 2) and stops (sync 3). Worker 0 issues first in cycle first_worker_cycle.
  static Program one_worker();
  static constexpr Cycle first_worker_cycle{30};
  // Loads the worker and runs one_worker().
  StopReport run_worker(const Program& worker);

  std::vector<std::uint64_t> cycles_at(ByteAddr pc) const { return recorder_.cycles_at(pc); }
  std::vector<std::uint64_t> cycles_of(Context context) const { return recorder_.cycles_of(context); }

 private:
  std::unique_ptr<TileModel> tile_;
  ScriptedPort port_;
  Recorder recorder_;
};

}  // namespace ipusim::tile::test
