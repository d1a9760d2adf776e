#include <algorithm>
#include <stdexcept>
#include <string>

#include "fetch_history.hpp"
#include "ipusim/tile/no_exchange.hpp"
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
class RtlTile : public tile::TileModel {
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
  std::string kind() const override { return "rtl"; }

 private:
  struct Start {
    ByteAddr pc;
    Cycle at;
  };
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
  bool started_ = false;
  bool refetch_ = false;  // memory changed from outside since the bundle of now_ was fetched
  bool drained_ = true;
};

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
    if (const auto word = port_->incoming(now_)) {
      ports.word_valid_i = 1;
      ports.word_i = *word;
    }
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

StopReport RtlTile::exception_stop() {
  now_ = reports_.exception()->cycle + 1;
  StopReport report = stop(StopReason::exception, reports_.exception()->cycle);
  report.exception = *reports_.exception();
  return report;
}

StopReport RtlTile::advance(Cycle limit) {
  activity_ = port_->next_activity(now_);
  if (!reports_.exception() && now_ < limit) begin_now();
  while (!reports_.exception() && now_ < limit) {
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
      StopReport report = stop(StopReason::sync, now_ - 1);
      report.sync_zone = reports_.sync_zone();
      return report;
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
  if (csr->name == "CTXT_STS") {
    std::uint32_t all = 0;
    for (unsigned i = 0; i < Context::count; ++i) all |= context_status(Context::from_index(i)) << (2 * i);
    return all;
  }
  return model_->csr(context, *csr, now_);
}

unsigned RtlTile::context_status(Context context) const {
  const auto type = static_cast<tile::ExceptionType>(model_->exception_type(context));
  if (type != tile::ExceptionType::none) return tile::is_break(type) ? 2 : 3;
  return (context.is_supervisor() ? started_ : model_->worker_active(context.worker_number())) ? 1 : 0;
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
