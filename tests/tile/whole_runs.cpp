// SPDX-License-Identifier: Apache-2.0
#include "whole_runs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ipusim/random/scenario.hpp"

namespace ipusim::tile::test {
namespace {

std::uint32_t csr(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }
std::uint32_t worker_csr(std::string_view name) {
  return isa::find_csr(isa::Mode::worker, name)->index & 0xFFU;
}

// Workers: rpt, loads, stores, floats, cycle counts, different lengths, and worker 0 rewrites code.
Program busy_worker() {
  Program w(worker_code);
  w.add(Opcode::get_mmmn_zi, {0, worker_csr("WSR")});
  w.add(Opcode::add_mmmn_si, {1, 0, 3});
  w.set_m(2, wide_data.value());
  w.add(Opcode::shl_mmmn_zi, {3, 0, 8});
  w.align(8);
  const ByteAddr loop = w.add_bundle(encode(Opcode::rpt_mmmn_zi, {1, 1}), fnop());
  w.add_bundle(encode(Opcode::ld64step_mmbn_si, {2, 3, 1, 0}), encode(Opcode::f32v2add_aaan, {2, 2, 4}));
  w.add_bundle(encode(Opcode::st64_mbmn_zi, {2, 3, 7, 2}), encode(Opcode::f32v2mul_aaan, {4, 2, 0}));
  w.add(Opcode::get_mmmn_zi, {5, worker_csr("COUNT_L")});
  w.add(Opcode::stm32_mmmn, {13, 0, 5});
  w.add(Opcode::brnzdec_mmmn_zi, {1, loop.value()});
  w.add(Opcode::brnz_mmmn_zi, {0, (w.here() + 20).value()});
  w.set_m(6, (loop + 0x18).value());
  w.set_m(7, encode(Opcode::setzi_mmmn_zi, {5, 0x777}).first);
  w.add(Opcode::st32_mmmn_zi, {6, 15, 0, 7});  // in place of the `get`, while others run through it
  w.add(Opcode::exitnz_mmmn, {5});
  return w;
}

// Compute, barrier, exchange with sends and receives, wait for words, again.
Program busy_supervisor() {
  Program p(code);
  p.set_m(8, 3);
  const ByteAddr step = p.here();
  p.set_m(0, worker_code.value());
  p.set_m(1, data.value());
  p.set_m(2, 40);
  p.set_m(3, data.value() + 0x8000);
  p.add(Opcode::put_mmmn_zi, {3, csr("INCOMING_BASE")});
  p.add(Opcode::runall_mmmn_zi, {0, 1, 0x40});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_DCOUNT")});
  p.add(Opcode::delaypic, {9, 0, 0x20});
  p.add(Opcode::send, {13, data.value() / 4, 1});
  p.add(Opcode::sendpic, {7, 0, 0x44});
  p.add(Opcode::get_mmmn_zi, {4, csr("INCOMING_DELTA")});
  p.add(Opcode::sync, {0});
  p.add(Opcode::add_mmmn, {5, 4, 5});
  p.add(Opcode::brnzdec_mmmn_zi, {8, step.value()});
  p.add(Opcode::sync, {7});
  return p;
}

class BusyRun {
 public:
  BusyRun(const TileKind& kind, bool observed) : bench_(kind, observed) {
    bench_.load(busy_worker());
    bench_.load(busy_supervisor());
    for (std::uint32_t i = 0; i < 0x400; ++i) {
      bench_.store_word(wide_data + 4 * i, 0x3F800000 + 0x1357 * i);
    }
    // A word in about every third cycle, some of them while workers run.
    std::minstd_rand random(5);
    for (std::uint32_t t = 20; t < 12000; t += 1 + static_cast<std::uint32_t>(random() % 5)) {
      bench_.port().words[Cycle{t}] = t * 0x10001;
    }
    bench_.tile().start(code, first_cycle);
  }

  // `seed` 0: one slice to each sync. Others: slices of random length, and words become known in random
  // steps.
  WholeRun run(unsigned seed, const std::function<void(const TileModel&)>& look) {
    std::minstd_rand random(seed + 1);
    ScriptedPort& port = bench_.port();
    if (seed != 0) {
      port.known = Cycle{0};
    }
    for (unsigned guard = 0; guard < 1'000'000; ++guard) {
      if (look) look(bench_.tile());
      const Cycle limit = seed == 0 ? Cycle{100000} : bench_.tile().now() + 1 + random() % 40;
      const StopReport report = bench_.tile().advance(limit);
      if (report.reason == StopReason::exchange_wait) {
        port.known = port.known + 1 + random() % 60;
      } else if (report.reason == StopReason::sync) {
        outcome_.syncs.push_back(report.cycle.value());
        if (report.sync_zone == 7) {
          break;
        }
        bench_.tile().release_sync(report.cycle + 150);
      } else {
        EXPECT_EQ(report.reason, StopReason::limit) << static_cast<int>(report.exception.cause);
        if (report.reason != StopReason::limit) {
          break;
        }
      }
    }
    collect();
    return outcome_;
  }

 private:
  void collect() {
    outcome_.retired = bench_.recorder().retired;
    outcome_.received = bench_.recorder().received;
    outcome_.hazards = bench_.recorder().hazards;
    outcome_.sent = port().sent;
    outcome_.selected = port().selected;
    for (const ByteAddr from : {code, data, wide_data}) {
      for (std::uint32_t i = 0; i < 0x1800; ++i) {
        outcome_.memory.push_back(bench_.word(from + 4 * i));
      }
    }
    for (unsigned c = 0; c < Context::count; ++c) {
      for (unsigned r = 0; r < 16; ++r) {
        outcome_.registers.push_back(bench_.m(Context::from_index(c), r));
      }
    }
  }
  ScriptedPort& port() { return bench_.port(); }

  Bench bench_;
  WholeRun outcome_;
};

}  // namespace

WholeRun busy_run(const TileKind& kind, bool observed, unsigned seed,
                  const std::function<void(const TileModel&)>& look) {
  return BusyRun(kind, observed).run(seed, look);
}

RandomRun random_run(const TileKind& kind, bool observed, std::uint32_t seed) {
  Bench bench(kind, observed);
  const random::WorkerLayout layout{worker_code, data + 0x8000, wide_data + 0x8000};
  const std::vector<std::uint32_t> words = random::make_worker(layout, seed).layout();
  bench.tile().write_memory(layout.code, std::as_bytes(std::span{words}));
  const std::vector<std::uint32_t> registers = random::make_data(6 * 64, seed);
  bench.tile().write_memory(layout.wide_data, std::as_bytes(std::span{registers}));
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, data.value());
  for (unsigned pass = 0; pass < 2; ++pass) {  // the second one over code that has been executed
    p.add(Opcode::runall_mmmn_zi, {0, 1, 0x100});
    p.add(Opcode::sync, {2});
  }
  p.add(Opcode::sync, {3});
  RandomRun outcome{bench.run(p), {}};
  for (unsigned c = 0; c < Context::count; ++c) {
    for (unsigned r = 0; r < 16; ++r) {
      outcome.state.push_back(bench.m(Context::from_index(c), r));
      outcome.state.push_back(bench.tile().read_register(Context::from_index(c), RegisterWrite::File::a, r));
    }
    if (c != 0) {
      outcome.state.push_back(bench.csr(Context::from_index(c), "FP_STS"));
      outcome.state.push_back(bench.csr(Context::from_index(c), "REPEAT_COUNT"));
    }
    outcome.state.push_back(bench.tile().pc(Context::from_index(c)).value());
  }
  for (const ByteAddr from : {data, wide_data}) {
    for (std::uint32_t i = 0; i < 0x4000; ++i) {
      outcome.state.push_back(bench.word(from + 4 * i));
    }
  }
  return outcome;
}

}  // namespace ipusim::tile::test
