// SPDX-License-Identifier: Apache-2.0
#include "engine_tile.hpp"

#include <gtest/gtest.h>

namespace ipusim::tile::test {
namespace {

constexpr ByteAddr state_code{worker_code.value() + 0x800};  // fills the accumulators
constexpr ByteAddr state_data{data.value() + 0x400};
constexpr ByteAddr weights = wide_data;
constexpr std::uint64_t turn = 6;
constexpr std::uint64_t patience = 100000;
// Words at `data`: FP_CTL, TAS, the random state, what clears FP_STS, how f8 is read; then $a0..$a7 before
// and after.
constexpr std::array<std::string_view, 9> set_up{"FP_CTL",   "TAS",    "PRNG_0_0", "PRNG_0_1", "PRNG_1_0",
                                                 "PRNG_1_1", "FP_CLR", "FP_NFMT",  "FP_SCL"};
constexpr std::uint32_t before_offset = 40;

std::uint32_t number(std::string_view name) { return isa::find_csr(isa::Mode::worker, name)->index; }

// Loads coefficients and accumulators, then runs the worker once after every sync.
Program supervisor() {
  Program s(code);
  s.add(Opcode::setzi_mmmn_zi, {0, weights.value()});
  s.add(Opcode::put_mmmn_zi, {0, isa::find_csr(isa::Mode::supervisor, "CCCSLOAD")->index});
  for (std::uint32_t n = 0; n < 64; n += 2) s.add(Opcode::ld128putcs_mmmn_zi, {n});
  s.add(Opcode::setzi_mmmn_zi, {1, 0});
  s.add(Opcode::setzi_mmmn_zi, {2, state_code.value()});
  s.add(Opcode::setzi_mmmn_zi, {3, worker_code.value()});
  s.add(Opcode::run_mmmn_zi, {2, 1, 0});
  s.add(Opcode::sync, {2});
  const ByteAddr again = s.add(Opcode::sync, {3});
  s.add(Opcode::run_mmmn_zi, {3, 1, 0});
  s.add(Opcode::sync, {2});
  s.add(Opcode::bri_mmmn_zi, {again.value()});
  return s;
}

// Eight pairs through each row, the first to the front.
Program state_loader() {
  Program p(state_code);
  p.set_m(8, state_data.value());
  for (std::uint32_t pair = 0; pair < 16; ++pair) {
    p.add(Opcode::ld64_mman_zi, {8, 15, pair, 0});
    p.add(Opcode::f32v2gina_aaan_zi, {14, 0, pair / 4});  // E, C of set 0, E, C of set 1
  }
  p.add(Opcode::exitz_mmmn, {15});
  return p;
}

Program worker(std::uint32_t word) {
  Program p(worker_code);
  p.set_m(8, data.value());
  for (std::uint32_t i = 0; i < set_up.size(); ++i) {
    p.add(Opcode::ld32_mman_zi, {8, 15, i, 0});
    p.add(Opcode::uput_aaan_zi, {0, number(set_up[i]) & 0xFFU});
  }
  for (std::uint32_t pair = 0; pair < 4; ++pair)
    p.add(Opcode::ld64_mman_zi, {8, 15, before_offset / 8 + pair, 2 * pair});
  p.add_word(word);
  p.add(Opcode::exitz_mmmn, {15});
  return p;
}

}  // namespace

EngineTile::EngineTile(const TileKind& kind) : tile_(kind.make({TileId{0}, isa::Arch::ipu21})) {}

void EngineTile::write(ByteAddr at, std::span<const std::uint32_t> words) {
  tile_->write_memory(at, std::as_bytes(words));
}

void EngineTile::start(const EngineState& state) {
  tile_->reset();
  tile_->attach(&port_);
  tile_->attach(&recorder_);
  for (const Program& program : {supervisor(), state_loader()}) write(program.base(), program.words());
  std::array<std::uint32_t, 32> rows{};
  for (unsigned n = 0; n < 16; ++n) {
    // The loader's imm is the row: bit 0 the chain, bit 1 set 1.
    const unsigned place = n % 8 + 16 * (n / 8);
    rows[place] = state.E[n];
    rows[place + 8] = state.C[n];
  }
  write(state_data, rows);
  tile_->write_memory(weights, std::as_bytes(std::span{state.weights}));
  tile_->start(code, first_cycle);
  const StopReport report = tile_->advance(tile_->now() + patience);
  ASSERT_EQ(report.reason, StopReason::sync) << report.message;
  started_ = true;
}

StopReport EngineTile::issue(std::uint32_t word, const Registers& a, const EngineState& before) {
  if (!started_) start(before);
  recorder_.retired.clear();
  const Program program = worker(word);
  write(program.base(), program.words());
  constexpr std::uint32_t all_flags = 7;
  const auto prng = [&](unsigned i) {
    return static_cast<std::uint32_t>(before.prng[i / 2] >> (32 * (i % 2)));
  };
  std::array<std::uint32_t, before_offset / 4 + 8> words{before.control, before.tas,     prng(0),
                                                         prng(1),        prng(2),        prng(3),
                                                         all_flags,      before.formats, before.scale};
  std::copy_n(a.begin(), 8, words.begin() + before_offset / 4);
  write(data, words);
  tile_->release_sync(tile_->now() + turn);
  const StopReport report = tile_->advance(tile_->now() + patience);
  started_ = report.reason == StopReason::sync;  // nothing goes on after an exception
  return report;
}

std::uint32_t EngineTile::csr(std::string_view name) const {
  return tile_->read_register(Context::worker(0), RegisterWrite::File::csr, number(name));
}

void EngineTile::compare(const Registers& a, const EngineState& expected) {
  const auto read = [&](RegisterWrite::File file, unsigned n) {
    return tile_->read_register(Context::worker(0), file, n);
  };
  for (unsigned n = 0; n < 8; ++n) EXPECT_EQ(read(RegisterWrite::File::a, n), a[n]) << "tile $a" << n;
  for (unsigned n = 0; n < 16; ++n) {
    EXPECT_EQ(read(RegisterWrite::File::accumulator, 2 * n), expected.E[n]) << "tile E" << n;
    EXPECT_EQ(read(RegisterWrite::File::accumulator, 2 * n + 1), expected.C[n]) << "tile C" << n;
  }
  EXPECT_EQ(csr("TAS"), expected.tas) << "tile";
  for (unsigned i = 0; i < 4; ++i) {
    EXPECT_EQ(csr(set_up[2 + i]), static_cast<std::uint32_t>(expected.prng[i / 2] >> (32 * (i % 2))))
        << "tile";
  }
}

}  // namespace ipusim::tile::test
