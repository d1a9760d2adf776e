// SPDX-License-Identifier: Apache-2.0
#include "ipusim/lockstep/lockstep_tile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <vector>

#include "input_log.hpp"
#include "ipusim/tile/fast_tile.hpp"
#include "ipusim/tile/no_exchange.hpp"
#include "ipusim/tile/state.hpp"
#include "trace.hpp"

namespace ipusim::lockstep {
namespace {

using tile::RegisterWrite;
using tile::StopReason;
using tile::StopReport;

// The models take turns in stretches of at most this length, so that a difference is found soon after it
// happened.
constexpr std::uint64_t stretch_cycles = 4096;

// The real exchange, as the reference sees it; what comes in is kept for the candidate.
class ReferencePort : public tile::ExchangePort {
 public:
  ReferencePort(Trace& trace, std::deque<Incoming>& incoming, InputLog* log)
      : trace_(trace), incoming_(incoming), log_(log) {}
  void attach(tile::ExchangePort* real) { real_ = real; }

  Cycle known_until() override { return real_->known_until(); }
  Cycle next_activity(Cycle from) override { return real_->next_activity(from); }
  std::optional<std::uint32_t> incoming(Cycle at) override { return keep(at, real_->incoming(at)); }
  std::optional<std::uint64_t> incoming_item(Cycle at) override { return keep(at, real_->incoming_item(at)); }
  void send(Cycle at, std::uint32_t word, tile::Directions directions) override {
    trace_.sent.push_back({at, word, directions.value(), false});
    real_->send(at, word, directions);
  }
  void send_item(Cycle at, std::uint64_t item, tile::Directions directions) override {
    trace_.sent.push_back({at, item, directions.value(), true});
    real_->send_item(at, item, directions);
  }
  void select_source(Cycle at, tile::MuxSource source) override {
    trace_.selected.push_back({at, Selected::What::source, source.value()});
    real_->select_source(at, source);
  }
  void select_pair(Cycle at, tile::MuxSource source) override {
    trace_.selected.push_back({at, Selected::What::pair, source.value()});
    real_->select_pair(at, source);
  }
  void set_format(Cycle from, tile::ReceiveFormat format) override {
    trace_.formats.push_back({from, Selected::What::format, static_cast<unsigned>(format)});
    real_->set_format(from, format);
  }
  void pre_acknowledge(Cycle at, std::uint32_t count) override {
    trace_.acknowledged.push_back({at, count});
    real_->pre_acknowledge(at, count);
  }

 private:
  template <class Data>
  std::optional<Data> keep(Cycle at, std::optional<Data> data) {
    if (data) {
      incoming_.emplace_back(at, *data);
      if (log_ != nullptr) log_->incoming(at, *data);
    }
    return data;
  }

  Trace& trace_;
  std::deque<Incoming>& incoming_;
  InputLog* log_;
  tile::ExchangePort* real_ = nullptr;
};

// Gives the candidate the words the reference got; what it does is only compared.
class CandidatePort : public tile::ExchangePort {
 public:
  CandidatePort(Trace& trace, std::deque<Incoming>& incoming) : trace_(trace), incoming_(incoming) {}
  void set_known(Cycle known) { known_ = known; }

  Cycle known_until() override { return known_; }
  Cycle next_activity(Cycle from) override {
    while (!incoming_.empty() && incoming_.front().first < from) incoming_.pop_front();
    return incoming_.empty() ? known_ : incoming_.front().first;
  }
  std::optional<std::uint32_t> incoming(Cycle at) override {
    const auto word = incoming_item(at);
    return word ? std::optional{static_cast<std::uint32_t>(*word)} : std::nullopt;
  }
  std::optional<std::uint64_t> incoming_item(Cycle at) override {
    while (!incoming_.empty() && incoming_.front().first < at) incoming_.pop_front();
    if (incoming_.empty() || incoming_.front().first != at) return std::nullopt;
    return incoming_.front().second;
  }
  void send(Cycle at, std::uint32_t word, tile::Directions directions) override {
    trace_.sent.push_back({at, word, directions.value(), false});
  }
  void send_item(Cycle at, std::uint64_t item, tile::Directions directions) override {
    trace_.sent.push_back({at, item, directions.value(), true});
  }
  void select_source(Cycle at, tile::MuxSource source) override {
    trace_.selected.push_back({at, Selected::What::source, source.value()});
  }
  void select_pair(Cycle at, tile::MuxSource source) override {
    trace_.selected.push_back({at, Selected::What::pair, source.value()});
  }
  void set_format(Cycle from, tile::ReceiveFormat format) override {
    trace_.formats.push_back({from, Selected::What::format, static_cast<unsigned>(format)});
  }
  void pre_acknowledge(Cycle at, std::uint32_t count) override { trace_.acknowledged.push_back({at, count}); }

 private:
  Trace& trace_;
  std::deque<Incoming>& incoming_;
  Cycle known_{0};
};

// Something the debug side does to a tile, and what came of it.
using DebugAction = std::function<int(tile::TileModel&)>;
struct Outcome {
  int value = 0;
  std::exception_ptr error;
  std::string text;
};

Outcome outcome_of(const DebugAction& action, tile::TileModel& tile) {
  Outcome outcome;
  try {
    outcome.value = action(tile);
    outcome.text = std::to_string(outcome.value);
  } catch (const std::exception& error) {
    outcome.error = std::current_exception();
    outcome.text = error.what();
  }
  return outcome;
}

class LockstepTile : public tile::TileModel, public tile::TileDebug {
 public:
  LockstepTile(const tile::TileParameters& parameters, LockstepOptions options)
      : parameters_(parameters),
        options_(std::move(options)),
        reference_(options_.reference(parameters)),
        candidate_(options_.candidate(parameters)),
        log_(options_.wave_directory.empty() ? nullptr
                                             : std::make_unique<InputLog>(options_.input_log_bytes)),
        reference_port_(reference_trace_, incoming_, log_.get()),
        candidate_port_(candidate_trace_, incoming_) {
    reference_->attach(&reference_trace_);
    candidate_->attach(&candidate_trace_);
    candidate_->attach(&candidate_port_);
    attach(static_cast<tile::ExchangePort*>(nullptr));
  }

  void reset() override;
  void attach(tile::ExchangePort* exchange) override {
    reference_port_.attach(exchange != nullptr ? exchange : &no_exchange_);
    reference_->attach(&reference_port_);
  }
  void attach(tile::TileObserver* observer) override { reference_trace_.pass_on(observer); }
  void read_memory(ByteAddr address, std::span<std::byte> to) const override {
    reference_->read_memory(address, to);
  }
  void write_memory(ByteAddr address, std::span<const std::byte> from) override {
    if (log_) {
      log_->add(
          now(),
          [address, data = std::vector<std::byte>(from.begin(), from.end())](tile::TileModel& tile) {
            tile.write_memory(address, data);
          },
          from.size());
    }
    reference_->write_memory(address, from);
    candidate_->write_memory(address, from);
  }
  void start(ByteAddr pc, Cycle at) override {
    reference_->start(pc, at);
    candidate_->start(pc, at);
    if (log_) log_->add(now(), [pc, at](tile::TileModel& tile) { tile.start(pc, at); });
  }
  void release_sync(Cycle at) override {
    reference_->release_sync(at);
    candidate_->release_sync(at);
    if (log_) log_->add(now(), [at](tile::TileModel& tile) { tile.release_sync(at); });
  }
  StopReport advance(Cycle limit) override;
  Cycle now() const override { return reference_->now(); }
  Cycle last_exchange_end() const override { return reference_->last_exchange_end(); }
  std::uint32_t read_register(Context context, RegisterWrite::File file, unsigned index) const override {
    return reference_->read_register(context, file, index);
  }
  ByteAddr pc(Context context) const override { return reference_->pc(context); }
  unsigned context_status(Context context) const override { return reference_->context_status(context); }
  void save(StateWriter& to) const override { visit_state(to, *this); }
  void load(StateReader& from) override {
    visit_state(from, *this);
    if (log_) log_->restart(*candidate_);
  }
  tile::TileDebug& debug() override { return *this; }
  std::string kind() const override { return "lockstep"; }

  void set_remote_break(const tile::RemoteBreak& request, Cycle at) override {
    on_both([=](tile::TileModel& tile) { return tile.debug().set_remote_break(request, at), 0; });
  }
  void set_memory_error(std::optional<ByteAddr> row) override {
    on_both([=](tile::TileModel& tile) { return tile.debug().set_memory_error(row), 0; });
  }
  void write_debug_csr(unsigned csr, std::uint32_t value) override {
    on_both([=](tile::TileModel& tile) { return tile.debug().write_debug_csr(csr, value), 0; });
  }
  tile::Injection inject(Context context, std::uint32_t word) override {
    return tile::Injection{static_cast<std::uint8_t>(on_both(
        [=](tile::TileModel& tile) { return static_cast<int>(tile.debug().inject(context, word)); }))};
  }
  bool clear_exceptions(tile::ContextMask contexts, Cycle at) override {
    return on_both([=](tile::TileModel& tile) {
             return static_cast<int>(tile.debug().clear_exceptions(contexts, at));
           }) != 0;
  }

 private:
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self);
  int on_both(const DebugAction& action);
  StopReport stretch(Cycle limit);
  std::optional<Difference> compare_stops(const StopReport& reference, const StopReport& candidate) const;
  std::optional<Difference> compare_state() const;
  std::optional<Difference> compare_context(Context context) const;
  std::optional<Difference> compare_memory() const;
  Difference differ(const std::string& what, const std::string& left, const std::string& right) const;
  StopReport fail(const Difference& difference);
  std::string write_waves(Cycle at) const;

  tile::TileParameters parameters_;
  LockstepOptions options_;
  std::unique_ptr<tile::TileModel> reference_;
  std::unique_ptr<tile::TileModel> candidate_;
  std::unique_ptr<InputLog> log_;
  tile::NoExchange no_exchange_;
  Trace reference_trace_;
  Trace candidate_trace_;
  std::deque<Incoming> incoming_;  // not yet taken by the candidate
  ReferencePort reference_port_;
  CandidatePort candidate_port_;
  std::optional<StopReport> failed_;
};

template <class Archive, class Self>
void LockstepTile::visit_state(Archive& archive, Self& self) {
  constexpr std::uint16_t version = 2;
  archive.section("lockstep tile", version, [&](Archive& a) {
    // Not saved: what is attached, how it was made, and the inputs of the past.
    auto& [parameters, options, reference, candidate, log, no_exchange, reference_trace, candidate_trace,
           incoming, reference_port, candidate_port, failed] = self;
    if constexpr (Archive::is_reader) {
      reference->load(a);
      candidate->load(a);
    } else {
      reference->save(a);
      candidate->save(a);
    }
    a(reference_trace, candidate_trace, incoming, failed);
  });
}

void LockstepTile::reset() {
  reference_->reset();
  candidate_->reset();
  if (log_) log_->clear();
  reference_trace_.clear_before(Cycle::never());
  candidate_trace_.clear_before(Cycle::never());
  incoming_.clear();
  failed_.reset();
}

// Does something to both models; returns or throws what the reference does. That the candidate does the same
// is the next advance()'s to tell.
int LockstepTile::on_both(const DebugAction& action) {
  const Cycle before = now();
  const Outcome left = outcome_of(action, *reference_);
  const Outcome right = outcome_of(action, *candidate_);
  if (left.text != right.text) fail(differ("answers the debug side with", left.text, right.text));
  if (left.error) std::rethrow_exception(left.error);
  if (log_) log_->add(before, action);
  return left.value;
}

StopReport LockstepTile::advance(Cycle limit) {
  while (true) {
    if (failed_) return *failed_;
    // Without a limit only the reference knows when there is nothing left to run.
    StopReport report = stretch(limit == Cycle::never() ? limit : std::min(limit, now() + stretch_cycles));
    if (report.reason != StopReason::limit || limit == Cycle::never() || now() >= limit) return report;
  }
}

StopReport LockstepTile::stretch(Cycle limit) {
  if (log_) log_->shorten(*candidate_);
  const StopReport left = reference_->advance(limit);
  candidate_port_.set_known(reference_->now());
  const StopReport right = candidate_->advance(reference_->now());
  const Cycle end = left.reason == StopReason::exception ? left.cycle + 1 : reference_->now();
  std::optional<Difference> difference =
      first_difference(reference_trace_, candidate_trace_, end, {reference_->kind(), candidate_->kind()},
                       options_.disassemble);
  if (!difference) difference = compare_stops(left, right);
  const bool settled = left.reason == StopReason::sync || left.reason == StopReason::exception ||
                       left.reason == StopReason::idle || left.reason == StopReason::receive_wait;
  if (!difference && settled) difference = compare_state();
  reference_trace_.clear_before(end);
  candidate_trace_.clear_before(end);
  return difference ? fail(*difference) : left;
}

Difference LockstepTile::differ(const std::string& what, const std::string& left,
                                const std::string& right) const {
  return {now(), fmt::format("  {}: {} {}\n  {}: {} {}", reference_->kind(), what, left, candidate_->kind(),
                             what, right)};
}

std::optional<Difference> LockstepTile::compare_stops(const StopReport& left, const StopReport& right) const {
  const auto same = [&](StopReason reason) { return (left.reason == reason) == (right.reason == reason); };
  if (!same(StopReason::sync) || !same(StopReason::exception)) {
    return differ("stops for reason", std::to_string(static_cast<int>(left.reason)),
                  std::to_string(static_cast<int>(right.reason)));
  }
  if (left.reason == StopReason::exception && left.exception != right.exception) {
    return Difference{std::min(left.cycle, right.cycle),
                      fmt::format("  {}: {}\n  {}: {}", reference_->kind(), describe(left.exception),
                                  candidate_->kind(), describe(right.exception))};
  }
  if (left.reason == StopReason::sync && (left.cycle != right.cycle || left.sync_zone != right.sync_zone)) {
    const auto text = [](const StopReport& r) {
      return fmt::format("{} cycle {}", r.sync_zone, r.cycle.value());
    };
    return differ("syncs in zone", text(left), text(right));
  }
  const auto cycle = [](const tile::TileModel& tile) { return std::to_string(tile.now().value()); };
  if (reference_->now() != candidate_->now())
    return differ("is at cycle", cycle(*reference_), cycle(*candidate_));
  return std::nullopt;
}

std::optional<Difference> LockstepTile::compare_state() const {
  for (unsigned i = 0; i < Context::count; ++i) {
    if (auto difference = compare_context(Context::from_index(i))) return difference;
  }
  return compare_memory();
}

std::optional<Difference> LockstepTile::compare_context(Context context) const {
  constexpr unsigned registers = 16;
  const auto hex = [](std::uint32_t value) { return fmt::format("{:#010x}", value); };
  const auto check = [&](const std::string& name, std::uint32_t left,
                         std::uint32_t right) -> std::optional<Difference> {
    if (left == right) return std::nullopt;
    return differ(fmt::format("{} {} is", context.name(), name), hex(left), hex(right));
  };
  const auto check_register = [&](RegisterWrite::File file, const std::string& name, unsigned index) {
    return check(name, reference_->read_register(context, file, index),
                 candidate_->read_register(context, file, index));
  };
  if (auto d = check("pc", reference_->pc(context).value(), candidate_->pc(context).value())) return d;
  if (auto d = check("status", reference_->context_status(context), candidate_->context_status(context)))
    return d;
  for (unsigned n = 0; n < registers; ++n) {
    if (auto d = check_register(RegisterWrite::File::m, fmt::format("$m{}", n), n)) return d;
    if (auto d = check_register(RegisterWrite::File::a, fmt::format("$a{}", n), n)) return d;
  }
  constexpr unsigned accumulators = 32;
  for (unsigned n = 0; context.is_worker() && n < accumulators; ++n) {
    if (auto d = check_register(RegisterWrite::File::accumulator, fmt::format("$aacc{}", n), n)) return d;
  }
  const isa::Mode mode = context.is_worker() ? isa::Mode::worker : isa::Mode::supervisor;
  for (const isa::Csr& csr : isa::all_csrs()) {
    if ((csr.mode != isa::Mode::both && csr.mode != mode) || csr.fast != csr.rtl) continue;
    if (auto d = check_register(RegisterWrite::File::csr, std::string{csr.name}, csr.index)) return d;
  }
  return std::nullopt;
}

std::optional<Difference> LockstepTile::compare_memory() const {
  const isa::ArchInfo& map = isa::arch_info(parameters_.arch);
  const std::size_t words = (map.memory_end - map.memory_base) / sizeof(std::uint64_t);
  std::vector<std::uint64_t> left(words);
  std::vector<std::uint64_t> right(words);
  reference_->read_memory(ByteAddr{map.memory_base}, std::as_writable_bytes(std::span{left}));
  candidate_->read_memory(ByteAddr{map.memory_base}, std::as_writable_bytes(std::span{right}));
  const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin());
  if (l == left.end()) return std::nullopt;
  const std::size_t address =
      map.memory_base + sizeof(std::uint64_t) * static_cast<std::size_t>(l - left.begin());
  return differ(fmt::format("memory at {:#x} is", address), fmt::format("{:#018x}", *l),
                fmt::format("{:#018x}", *r));
}

StopReport LockstepTile::fail(const Difference& difference) {
  StopReport report;
  report.reason = StopReason::mismatch;
  report.cycle = difference.cycle;
  report.message = fmt::format("tile {}: the models differ at cycle {}\n{}", parameters_.id.value(),
                               difference.cycle.value(), difference.text);
  if (log_) report.message += "\n  " + write_waves(difference.cycle);
  failed_ = report;
  return report;
}

// Runs the candidate once more on the recorded inputs, with waves around `at`; says where they are.
std::string LockstepTile::write_waves(Cycle at) const {
  const Cycle wanted{at.value() - std::min(at.value(), options_.wave_cycles_before)};
  const Cycle begin = std::max(wanted, log_->first());
  const Cycle end = at + options_.wave_cycles_after;
  const std::filesystem::path file =
      options_.wave_directory /
      fmt::format("lockstep-tile{}-cycle{}.fst", parameters_.id.value(), at.value());
  try {
    std::filesystem::create_directories(options_.wave_directory);
    const auto tile = options_.wave_candidate(parameters_, rtl::WaveWindow{file, begin, end});
    log_->replay(*tile, begin, end);
  } catch (const std::exception& error) {
    return fmt::format("no waves: {}", error.what());
  }
  return fmt::format("waves of cycles {} to {}: {}", begin.value(), end.value(), file.string());
}

}  // namespace

std::unique_ptr<tile::TileModel> make_lockstep_tile(const tile::TileParameters& parameters,
                                                    LockstepOptions options) {
  if (!options.reference) options.reference = &tile::make_fast_tile;
  if (!options.candidate) {
    options.candidate = [](const tile::TileParameters& p) { return rtl::make_rtl_tile(p); };
  }
  if (!options.wave_candidate) {
    options.wave_candidate = [](const tile::TileParameters& p, const rtl::WaveWindow& window) {
      return rtl::make_rtl_tile(p, window);
    };
  }
  return std::make_unique<LockstepTile>(parameters, std::move(options));
}

}  // namespace ipusim::lockstep
