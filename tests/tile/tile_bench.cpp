// SPDX-License-Identifier: Apache-2.0
#include "tile_bench.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace ipusim::tile::test {

Cycle ScriptedPort::next_activity(Cycle from) {
  const auto next = [&](const auto& scripted) {
    const auto found = scripted.lower_bound(from);
    return found == scripted.end() ? Cycle::never() : found->first;
  };
  return std::min({next(words), next(items), std::max(from, known)});
}

std::optional<std::uint32_t> ScriptedPort::incoming(Cycle at) {
  asked(at);
  const auto found = words.find(at);
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> ScriptedPort::incoming_item(Cycle at) {
  asked(at);
  const auto found = items.find(at);
  return found == items.end() ? std::nullopt : std::optional(found->second);
}

void ScriptedPort::asked(Cycle at) {
  EXPECT_LT(at, known) << "asked for a word that is not known yet";
  EXPECT_TRUE(!asked_ || last_asked_ < at)
      << "asked for cycle " << at.value() << " after " << last_asked_.value();
  asked_ = true;
  last_asked_ = at;
}

void ScriptedPort::send(Cycle at, std::uint32_t word, Directions directions) {
  EXPECT_TRUE(sent.empty() || sent.back().at < at) << "sends must have rising cycles";
  sent.push_back({at, word, directions.value()});
}

void ScriptedPort::send_item(Cycle at, std::uint64_t item, Directions directions) {
  EXPECT_TRUE(sent_items.empty() || sent_items.back().at < at) << "sends must have rising cycles";
  sent_items.push_back({at, item, directions.value()});
}

void ScriptedPort::select_source(Cycle at, MuxSource source) { selected.push_back({at, source.value()}); }

void ScriptedPort::select_pair(Cycle at, MuxSource source) { selected_pairs.push_back({at, source.value()}); }

void ScriptedPort::set_format(Cycle from, ReceiveFormat format) { formats.push_back({from, format}); }

void ScriptedPort::pre_acknowledge(Cycle at, std::uint32_t count) { acknowledged.push_back({at, count}); }

std::vector<std::uint64_t> Recorder::cycles_at(ByteAddr pc) const {
  std::vector<std::uint64_t> cycles;
  for (const RetireRecord& record : retired) {
    if (record.pc == pc) {
      cycles.push_back(record.cycle.value());
    }
  }
  return cycles;
}

std::vector<std::uint64_t> Recorder::cycles_of(Context context) const {
  std::vector<std::uint64_t> cycles;
  for (const RetireRecord& record : retired) {
    if (record.context == context) {
      cycles.push_back(record.cycle.value());
    }
  }
  return cycles;
}

Bench::Bench(const TileKind& kind, bool observed, TileParameters parameters) : tile_(kind.make(parameters)) {
  tile_->reset();
  tile_->attach(&port_);
  if (observed) {
    tile_->attach(&recorder_);
  }
}

void Bench::load(const Program& program) {
  tile_->write_memory(program.base(), std::as_bytes(std::span(program.words())));
}

void Bench::store_word(ByteAddr at, std::uint32_t word) {
  tile_->write_memory(at, std::as_bytes(std::span(&word, 1)));
}

std::uint32_t Bench::word(ByteAddr at) const {
  std::uint32_t word = 0;
  tile_->read_memory(at, std::as_writable_bytes(std::span(&word, 1)));
  return word;
}

std::uint32_t Bench::m(Context context, unsigned index) const {
  return tile_->read_register(context, RegisterWrite::File::m, index);
}

std::uint32_t Bench::a(unsigned worker, unsigned index) const {
  return tile_->read_register(Context::worker(worker), RegisterWrite::File::a, index);
}

std::uint32_t Bench::csr(Context context, std::string_view name) const {
  const isa::Csr* csr = isa::find_csr(context.is_worker() ? isa::Mode::worker : isa::Mode::supervisor, name);
  if (csr == nullptr) {
    throw std::invalid_argument("no such CSR: " + std::string(name));
  }
  return tile_->read_register(context, RegisterWrite::File::csr, csr->index);
}

StopReport Bench::go_on(std::uint64_t cycles) {
  const StopReport report = tile_->advance(tile_->now() + cycles);
  EXPECT_NE(report.reason, StopReason::mismatch) << report.message;
  return report;
}

StopReport Bench::run(const Program& supervisor, std::uint64_t cycles) {
  load(supervisor);
  tile_->start(supervisor.base(), first_cycle);
  StopReport report = go_on(cycles);
  EXPECT_TRUE(report.reason == StopReason::sync || report.reason == StopReason::exception)
      << "stopped for reason " << static_cast<int>(report.reason) << " in cycle " << report.cycle.value();
  return report;
}

Program Bench::one_worker() {
  Program p(code);
  p.add(Opcode::setzi_mmmn_zi, {0, worker_code.value()});
  p.add(Opcode::setzi_mmmn_zi, {1, data.value() - isa::arch_info(isa::Arch::ipu2).memory_base});
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  return p;
}

StopReport Bench::run_worker(const Program& worker) {
  load(worker);
  return run(one_worker());
}

}  // namespace ipusim::tile::test
