// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>
#include <string>

#include "fetch_history.hpp"
#include "ipusim/isa/csr.hpp"
#include "ipusim/tile/no_exchange.hpp"
#include "ipusim/tile/state.hpp"
#include "model.hpp"
#include "reports.hpp"

namespace ipusim::rtl {
namespace {

using tile::ExchangePort;
using tile::RegisterWrite;
using tile::StopReason;
using tile::StopReport;

// Clocks after the last cycle until all its effects are reported and its registers written.
constexpr unsigned drain_clocks = 4;

// Time moves with Model::clock() while advance_i is set; with advance_i low the front end stands still and
// the pipeline drains, so that between two calls of advance() everything before now() is done and nothing
// after.
class RtlTile : public tile::TileModel, public tile::TileDebug {
 public:
  RtlTile(const tile::TileParameters& parameters, std::optional<WaveWindow> waves)
      : parameters_(parameters), waves_(std::move(waves)) {
    reset();
  }

  void reset() override {
    model_ = nullptr;  // closes the wave file before it is opened again
    model_ = std::make_unique<Model>(parameters_, waves_);
    reports_.reset();
    now_ = Cycle{0};
    start_.reset();
    release_at_.reset();
    history_.clear();
    changes_.clear();
    refetch_ = false;
    drained_ = true;
    started_ = false;
    break_.reset();
    reported_sync_.reset();
    model_->ports().stopping_hazards_i = parameters_.exchange_errors & stopping_hazards_mask;
  }
  void attach(ExchangePort* exchange) override { port_ = exchange != nullptr ? exchange : &no_exchange_; }
  void attach(tile::TileObserver* observer) override { reports_.attach(observer, *model_); }
  void read_memory(ByteAddr address, std::span<std::byte> to) const override {
    check(address, to.size());
    model_->read_memory(address.value(), to);
  }
  void write_memory(ByteAddr address, std::span<const std::byte> from) override {
    check(address, from.size());
    model_->write_memory(address.value(), from);
    history_.write(address.value(), from);
    refetch_ = true;
  }
  void start(ByteAddr pc, Cycle at) override {
    if (started_) throw std::logic_error("started before");
    start_ = Start{pc, std::max(at, now_)};
    started_ = true;
  }
  void release_sync(Cycle at) override {
    if (model_->ports().wait_chip_o == 0 || release_at_) throw std::logic_error("release without a sync");
    release_at_ = std::max(at, now_);
  }
  StopReport advance(Cycle limit) override;
  Cycle now() const override { return now_; }
  Cycle last_exchange_end() const override { return reports_.last_exchange_end(); }
  std::uint32_t read_register(Context context, RegisterWrite::File file, unsigned index) const override;
  ByteAddr pc(Context context) const override {
    return start_ && context.is_supervisor() ? start_->pc : ByteAddr{model_->pc(context)};
  }
  unsigned context_status(Context context) const override;
  void save(StateWriter& to) const override { visit_state(to, *this); }
  void load(StateReader& from) override {
    visit_state(from, *this);
    reports_.take_over_accumulators(*model_);
    changes_.clear();
    drained_ = true;
  }
  tile::TileDebug& debug() override { return *this; }
  std::string kind() const override { return "rtl"; }

  void set_remote_break(const tile::RemoteBreak& request, Cycle at) override;
  void set_memory_error(std::optional<ByteAddr> row) override;
  void write_debug_csr(unsigned csr, std::uint32_t value) override;
  tile::Injection inject(Context context, std::uint32_t word) override;
  bool clear_exceptions(tile::ContextMask contexts, Cycle at) override;

 private:
  // One bit per kind of hazard that a tile finds.
  static constexpr std::uint8_t stopping_hazards_mask = 0x0F;
  struct Break {
    tile::RemoteBreak request;
    Cycle at;

    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [request, at] = self;
      archive(request, at);
    }
  };
  struct Start {
    ByteAddr pc;
    Cycle at;

    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [pc, at] = self;
      archive(pc, at);
    }
  };
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self);
  void check(ByteAddr address, std::size_t size) const;
  void tick();
  void hold();
  void drain();
  void clock(std::vector<Model::RowChange>* changes = nullptr, std::optional<Cycle> at = std::nullopt);
  void begin_now();
  bool at_rest() const;
  bool waits_only_for_words() const;
  std::optional<StopReport> rest(Cycle limit);
  void skip(Cycle to);
  StopReport stop(StopReason reason, Cycle at) const;
  StopReport exception_stop();
  StopReport sync_stop();
  bool has_unreported_sync() const;
  void apply_break();
  void jump(Cycle to);

  tile::TileParameters parameters_;
  std::optional<WaveWindow> waves_;
  std::unique_ptr<Model> model_;
  tile::NoExchange no_exchange_;
  ExchangePort* port_ = &no_exchange_;
  Reports reports_;
  FetchHistory history_;
  std::vector<Model::RowChange> changes_;  // of the last clock
  Cycle now_{0};
  Cycle activity_{0};           // first cycle at which the port must be asked
  std::optional<Start> start_;  // not yet given to the RTL
  std::optional<Cycle> release_at_;
  std::optional<Break> break_;          // not yet given to the RTL
  std::optional<Cycle> reported_sync_;  // issue cycle of the last sync of the chip that advance() told of
  bool started_ = false;
  bool refetch_ = false;  // memory changed from outside since the bundle of now_ was fetched
  bool drained_ = true;
};

template <class Archive, class Self>
void RtlTile::visit_state(Archive& archive, Self& self) {
  constexpr std::uint16_t version = 2;
  archive.section("rtl tile", version, [&](Archive& a) {
    // Not saved: what is attached, what advance() asks the port first of all, and the changes of the last
    // clock, which advance() has drained.
    auto& [parameters, waves, model, no_exchange, port, reports, history, changes, now, activity, start,
           release_at, remote_break, reported_sync, started, refetch, drained] = self;
    tile::same_parameters(a, parameters);
    if constexpr (Archive::is_reader)
      model->load(a);
    else
      model->save(a);
    a(reports, history, now, start, release_at, remote_break, reported_sync, started, refetch);
  });
}

void RtlTile::check(ByteAddr address, std::size_t size) const {
  const isa::ArchInfo& map = isa::arch_info(parameters_.arch);
  if (address.value() < map.memory_base || size == 0 || size > map.memory_end - map.memory_base ||
      address.value() > map.memory_end - size) {
    throw std::out_of_range("debug access outside tile memory");
  }
}

// A fetch in this clock stands for clock `at` of the tile's time.
void RtlTile::clock(std::vector<Model::RowChange>* changes, std::optional<Cycle> at) {
  model_->clock(changes, at && !history_.empty() ? &history_ : nullptr, at.value_or(Cycle{0}));
  reports_.collect(*model_, *port_);
}

// One cycle of the tile's time.
void RtlTile::tick() {
  Vipu_tile_top& ports = model_->ports();
  const Cycle next = now_ + 1;
  ports.advance_i = 1;
  ports.start_i = start_ && start_->at == next;
  if (ports.start_i != 0) ports.start_pc_i = start_->pc.value();
  ports.release_i = release_at_ == next;
  ports.word_valid_i = 0;
  if (now_ >= activity_) {
    std::optional<std::uint64_t> data;
    if (reports_.takes_items(now_)) {
      data = port_->incoming_item(now_);
    } else {
      data = port_->incoming(now_);
    }
    ports.word_valid_i = data ? 1 : 0;
    ports.word_i = data.value_or(0);
  }
  changes_.clear();
  clock(&changes_, now_);
  history_.forget(now_);
  if (ports.start_i != 0) start_.reset();
  if (ports.release_i != 0) release_at_.reset();
  ports.advance_i = ports.start_i = ports.release_i = ports.word_valid_i = 0;
  if (reports_.take_view_changed() || now_ >= activity_) activity_ = port_->next_activity(next);
  now_ = next;
  drained_ = false;
}

// Time stands still. What the debug side wants comes into the tile a clock after its port.
void RtlTile::hold() { clock(); }

void RtlTile::drain() {
  if (drained_) return;
  // What the last clock of time changed, too: the bundle of now() was fetched beside it, and may be once
  // more.
  for (unsigned i = 0; i <= drain_clocks; ++i) {
    for (const auto& [address, before] : changes_) history_.add(now_ + i, address, before);
    changes_.clear();
    if (i != drain_clocks) clock(&changes_);
  }
  if (reports_.take_view_changed()) activity_ = port_->next_activity(now_);
  drained_ = true;
}

// What begins in this very cycle needs the fetch of the standing cycle once more.
void RtlTile::begin_now() {
  Vipu_tile_top& ports = model_->ports();
  if (start_ && start_->at == now_) {
    ports.start_i = 1;
    ports.start_pc_i = start_->pc.value();
    start_.reset();
    refetch_ = true;
  }
  if (release_at_ == now_) {
    ports.release_i = 1;
    release_at_.reset();
    refetch_ = true;
  }
  if (!refetch_) return;
  ports.refetch_i = 1;
  clock(nullptr, now_.value() != 0 ? std::optional{now_ - 1} : std::nullopt);
  ports.start_i = ports.release_i = ports.refetch_i = 0;
  refetch_ = false;
}

StopReport RtlTile::stop(StopReason reason, Cycle at) const {
  StopReport report;
  report.reason = reason;
  report.cycle = at;
  return report;
}

// The front end ran ahead of the exception; the tile's time did not.
StopReport RtlTile::exception_stop() {
  now_ = reports_.exception()->cycle + 1;
  if (model_->ports().cycle_o != now_.value()) jump(now_);
  StopReport report = stop(StopReason::exception, reports_.exception()->cycle);
  report.exception = *reports_.exception();
  return report;
}

bool RtlTile::has_unreported_sync() const {
  return model_->ports().wait_chip_o != 0 && !release_at_ && reports_.last_sync() != reported_sync_;
}

StopReport RtlTile::sync_stop() {
  reported_sync_ = reports_.last_sync();
  StopReport report = stop(StopReason::sync, *reported_sync_);
  report.sync_zone = reports_.sync_zone();
  return report;
}

StopReport RtlTile::advance(Cycle limit) {
  activity_ = port_->next_activity(now_);
  // In the cycle of a late stop, from which the tile has gone on.
  if (!reports_.exception() && has_unreported_sync()) return sync_stop();
  if (!reports_.exception() && now_ < limit) begin_now();
  while (!reports_.exception() && now_ < limit) {
    if (break_ && now_ >= break_->at) {
      drain();
      apply_break();
      if (reports_.exception()) break;
    }
    if (now_ >= activity_ && now_ >= port_->known_until()) {
      drain();
      if (reports_.exception()) break;
      StopReport report = stop(StopReason::exchange_wait, now_);
      if (waits_only_for_words()) report.words_missing = model_->ports().missing_o;
      return report;
    }
    const bool waited = model_->ports().wait_chip_o != 0;
    tick();
    if (!waited && model_->ports().wait_chip_o != 0) {
      drain();
      if (reports_.exception()) break;
      return sync_stop();
    }
    if (at_rest()) {
      if (auto report = rest(limit)) return *report;
    }
  }
  drain();
  return reports_.exception() ? exception_stop() : stop(StopReason::limit, now_);
}

// No worker runs and the supervisor does not issue in the cycles to come.
bool RtlTile::at_rest() const { return model_->ports().resting_o != 0; }

bool RtlTile::waits_only_for_words() const {
  for (unsigned n = 0; n < Context::workers; ++n) {
    if (model_->worker_active(n)) return false;
  }
  return model_->ports().wait_words_o != 0;
}

// Goes on to the next cycle in which something can happen, or says why there is none.
std::optional<StopReport> RtlTile::rest(Cycle limit) {
  const Vipu_tile_top& ports = model_->ports();
  if (activity_ == Cycle::never() && !start_ && !release_at_) {
    const bool waits_for_words = ports.wait_words_o != 0;
    if (!started_ || waits_for_words || (ports.wait_chip_o != 0 && limit == Cycle::never())) {
      drain();
      if (reports_.exception()) return exception_stop();
      // What the last instruction selected may show only now.
      if (activity_ != Cycle::never()) return std::nullopt;
      if (!started_) return stop(StopReason::idle, now_);
      if (!waits_for_words) return stop(StopReason::limit, now_);  // only a release can go on
      if (ports.missing_o != 0) {
        StopReport report = stop(StopReason::receive_wait, now_);
        report.words_missing = ports.missing_o;
        return report;
      }
    }
  }
  if (ports.quiet_o == 0) return std::nullopt;
  Cycle next = std::min(limit, activity_);
  if (start_) next = std::min(next, start_->at - 1);
  if (release_at_) next = std::min(next, *release_at_ - 1);
  if (break_) next = std::min(next, break_->at);
  if (started_ && !start_ && ports.wait_chip_o == 0) {
    if (ports.wait_words_o == 0) next = std::min(next, now_ + ports.wait_o - 1);
    if (ports.wait_words_o != 0 && ports.missing_o == 0) return std::nullopt;
  }
  skip(next);
  return std::nullopt;
}

// Jumps over whole rounds of slots up to `to`.
void RtlTile::skip(Cycle to) {
  if (to <= now_) return;
  constexpr std::uint64_t longest = std::uint64_t{1} << 30U;
  const std::uint64_t cycles = std::min(to - now_, longest) / isa::timing::slots * isa::timing::slots;
  if (cycles == 0) return;
  model_->ports().skip_i = static_cast<std::uint32_t>(cycles);
  hold();
  model_->ports().skip_i = 0;
  changes_.clear();  // fetches see them by now
  now_ += cycles;
}

std::uint32_t RtlTile::read_register(Context context, RegisterWrite::File file, unsigned index) const {
  if (file == RegisterWrite::File::m) return model_->m_register(context, index);
  if (file == RegisterWrite::File::a) return model_->a_register(context, index);
  if (file == RegisterWrite::File::accumulator) {
    return index < Model::accumulators ? model_->accumulator(context, index) : 0;
  }
  const isa::Csr* csr = isa::find_csr(context.is_worker() ? isa::Mode::worker : isa::Mode::supervisor, index);
  if (csr == nullptr || !csr->rtl || csr->access == isa::CsrAccess::write_only) return 0;
  if (context.is_supervisor() && index == isa::csr::ctxt_sts) {
    std::uint32_t all = 0;
    for (unsigned i = 0; i < Context::count; ++i) all |= context_status(Context::from_index(i)) << (2 * i);
    return (all | model_->error_status()) & csr->mask;
  }
  return model_->csr(context, *csr, now_);
}

unsigned RtlTile::context_status(Context context) const {
  const auto type = static_cast<tile::ExceptionType>(model_->exception_type(context));
  if (type != tile::ExceptionType::none) return isa::is_break(type) ? 2 : 3;
  return (context.is_supervisor() ? started_ : model_->worker_active(context.worker_number())) ? 1 : 0;
}

void RtlTile::set_remote_break(const tile::RemoteBreak& request, Cycle at) {
  break_ = Break{request, std::max(at, now_)};
  // The last one ends here, whenever this one begins.
  model_->ports().break_contexts_i = 0;
  hold();
  if (now_ >= break_->at) apply_break();
}

// The pipeline is drained: what is in it counts from before.
void RtlTile::apply_break() {
  model_->ports().break_contexts_i = break_->request.contexts;
  model_->ports().break_in_exchange_i = break_->request.in_exchange ? 1 : 0;
  break_.reset();
  hold();
}

void RtlTile::set_memory_error(std::optional<ByteAddr> row) {
  if (row) check(*row, 1);
  constexpr unsigned row_shift = 3;
  model_->ports().bad_row_valid_i = row ? 1 : 0;
  model_->ports().bad_row_i = row ? row->value() >> row_shift : 0;
  hold();
}

void RtlTile::write_debug_csr(unsigned index, std::uint32_t value) {
  if (index != isa::csr::dbg_data && index != isa::csr::dbg_ecsr) {
    throw std::invalid_argument("not a CSR of the debug window");
  }
  const isa::Csr* csr = isa::find_csr(isa::Mode::supervisor, index);
  Vipu_tile_top& ports = model_->ports();
  ports.debug_put_i = 1;
  ports.debug_put_index_i = static_cast<std::uint8_t>(index);
  ports.debug_put_value_i = value & csr->mask;
  hold();
  ports.debug_put_i = 0;
  hold();
}

tile::Injection RtlTile::inject(Context context, std::uint32_t word) {
  constexpr unsigned active = 1;
  if (context_status(context) == active) return tile::Injection::not_quiescent;
  Vipu_tile_top& ports = model_->ports();
  ports.inject_i = 1;
  ports.inject_context_i = static_cast<std::uint8_t>(context.index());
  ports.inject_word_i = word;
  hold();
  ports.inject_i = 0;
  auto result = tile::Injection::refused;
  for (unsigned i = 0; i <= drain_clocks; ++i) {
    hold();
    if (ports.injected_o == 0) continue;
    const auto cause = static_cast<tile::ExceptionCause>(ports.inject_cause_o);
    result = cause == tile::ExceptionCause::none                  ? tile::Injection::done
             : cause == tile::ExceptionCause::illegal_instruction ? tile::Injection::refused
                                                                  : tile::Injection::faulted;
  }
  reports_.take_over_accumulators(*model_);
  refetch_ = true;  // it may have stored
  return result;
}

// Sets the RTL's time. Nothing is in its pipeline, and no context issues.
void RtlTile::jump(Cycle to) {
  Vipu_tile_top& ports = model_->ports();
  ports.jump_i = 1;
  ports.jump_cycle_i = to.value();
  ports.jump_slot_i = static_cast<std::uint8_t>(to.value() % isa::timing::slots);
  hold();
  ports.jump_i = 0;
  hold();
}

bool RtlTile::clear_exceptions(tile::ContextMask contexts, Cycle at) {
  const auto& exception = reports_.exception();
  const bool goes_on = exception && tile::holds(contexts, exception->context);
  Vipu_tile_top& ports = model_->ports();
  if (goes_on) {
    if (at < exception->cycle + tile::min_resume_delay) {
      throw std::logic_error("too early to go on after the exception");
    }
    if (exception->cycle < last_exchange_end()) {
      throw std::logic_error("the exception came inside an exchange instruction, whose words are lost");
    }
    // Changes of the receive pointer and the format that are on their way are there by then.
    ports.settle_i = 1;
    for (unsigned i = 0; i < std::max(isa::timing::pointer_delay, isa::timing::format_delay); ++i) hold();
    ports.settle_i = 0;
    hold();
    jump(at);
    now_ = at;
    if (start_) start_->at = std::max(start_->at, at);
    if (release_at_) release_at_ = std::max(*release_at_, at);
    history_.clear();
    reports_.clear_exception();
    ports.resume_i = 1;
  }
  ports.clear_i = contexts;
  hold();
  ports.clear_i = ports.resume_i = 0;
  ports.refetch_i = goes_on ? 1 : 0;
  hold();
  ports.refetch_i = 0;
  return goes_on;
}

}  // namespace

std::unique_ptr<tile::TileModel> make_rtl_tile(const tile::TileParameters& parameters) {
  return std::make_unique<RtlTile>(parameters, std::nullopt);
}

std::unique_ptr<tile::TileModel> make_rtl_tile(const tile::TileParameters& parameters,
                                               const WaveWindow& waves) {
  return std::make_unique<RtlTile>(parameters, waves);
}

}  // namespace ipusim::rtl
