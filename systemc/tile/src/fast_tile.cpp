// SPDX-License-Identifier: Apache-2.0
#include "ipusim/tile/fast_tile.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "code_cache.hpp"
#include "direct.hpp"
#include "injector.hpp"
#include "ipusim/isa/sync_zones.hpp"
#include "ipusim/tile/no_exchange.hpp"
#include "ipusim/tile/plain_memory.hpp"
#include "ipusim/tile/state.hpp"
#include "tile_core.hpp"
#include "write_back.hpp"

namespace ipusim::tile {
namespace {

// What is counted when a tile stops is over when it goes on.
static_assert(std::max({isa::timing::supervisor_put, isa::timing::launch, isa::timing::exit_return,
                        isa::timing::sync_local, isa::timing::sync_receive}) <= min_resume_delay);

std::vector<RegisterWrite> differences(const Accumulators& before, const Accumulators& after) {
  std::vector<RegisterWrite> out;
  for (std::uint16_t n = 0; n < Accumulators::count; ++n) {
    if (before.at(n) != after.at(n)) out.push_back({RegisterWrite::File::accumulator, n, after.at(n)});
  }
  return out;
}

class FastTile : public TileModel, public TileDebug, public PlainMemory {
 public:
  explicit FastTile(const TileParameters& parameters)
      : arch_(isa::arch_info(parameters.arch)), core_(parameters, arch_), code_(arch_) {
    core_.exchange.attach(&no_exchange_);
  }

  void reset() override {
    core_.reset();
    code_.clear();
    now_ = Cycle{0};
    exception_.reset();
  }
  void attach(ExchangePort* exchange) override {
    core_.exchange.attach(exchange != nullptr ? exchange : &no_exchange_);
  }
  void attach(TileObserver* observer) override {
    observer_ = observer;
    records_ = observer != nullptr && observer->wants_retire();
  }
  bool measure(Activity* activity) override {
    core_.activity = activity;
    return true;
  }
  void read_memory(ByteAddr address, std::span<std::byte> to) const override {
    core_.memory.read(address, to);
  }
  void write_memory(ByteAddr address, std::span<const std::byte> from) override {
    core_.memory.write(address, from);
    if (core_.memory.in_region0(address.value())) {
      code_.drop(address.value(), static_cast<std::uint32_t>(from.size()));
      look_again();
    }
  }
  void start(ByteAddr pc, Cycle at) override {
    if (core_.supervisor.wait != SupervisorWait::not_started) throw std::logic_error("started before");
    core_.context(Context::supervisor()).pc = pc.value();
    core_.context(Context::supervisor()).active = true;
    core_.supervisor.wait = SupervisorWait::none;
    core_.supervisor.ready = at;
  }
  void release_sync(Cycle at) override {
    if (core_.supervisor.wait != SupervisorWait::chip) throw std::logic_error("release without a sync");
    core_.supervisor.wait = SupervisorWait::none;
    core_.supervisor.ready = at;
  }
  StopReport advance(Cycle limit) override;
  Cycle now() const override { return now_; }
  Cycle last_exchange_end() const override { return core_.last_exchange_end; }
  std::uint32_t read_register(Context context, RegisterWrite::File file, unsigned index) const override;
  ByteAddr pc(Context context) const override { return ByteAddr{core_.context(context).pc}; }
  unsigned context_status(Context context) const override { return core_.status(context); }
  View plain_memory() const override { return {ByteAddr{arch_.memory_base}, core_.memory.bytes()}; }
  void save(StateWriter& to) const override { visit_state(to, *this); }
  void load(StateReader& from) override { visit_state(from, *this); }
  TileDebug& debug() override { return *this; }
  std::string kind() const override { return "fast"; }

  void set_remote_break(const RemoteBreak& request, Cycle at) override {
    core_.debug.request_break(request, std::max(at, now_));
  }
  void set_memory_error(std::optional<ByteAddr> row) override;
  void write_debug_csr(unsigned index, std::uint32_t value) override;
  Injection inject(Context context, std::uint32_t word) override {
    return injector_.inject(context, word, now_);
  }
  bool clear_exceptions(ContextMask contexts, Cycle at) override;

 private:
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self);
  bool run_workers(Cycle limit);
  template <bool counts>
  void take_turns(std::span<ContextState* const> workers, Cycle limit);
  void issue(Cycle t);
  void issue_worker(Context who, Cycle t);
  void issue_supervisor(Cycle t);
  Cycle supervisor_may_issue(const Bundle& bundle, Cycle t) const;
  const Bundle* fetch(ContextState& context, Context who, Cycle t);
  bool memory_error(std::uint32_t address, Context who, Cycle t);
  bool execute(ContextState& context, Context who, Cycle t, const Bundle& bundle);
  void raise(Context who, Cycle t, const Fault& fault, const std::array<std::uint32_t, 2>& words);
  void commit(ContextState& context, Context who, Cycle t, const Bundle& bundle, Machine& k);
  void after_supervisor(Cycle t, const Bundle& bundle, const Machine& k);
  void receive(Cycle t);
  void write_received(Cycle t, std::uint64_t data, std::uint8_t bytes);
  void count_received(Cycle t, std::uint32_t words);
  void hazard(HazardKind kind, Cycle t, std::optional<std::uint32_t> address, std::uint32_t word);
  std::optional<StopReport> rest(Cycle limit);
  StopReport stop(StopReason reason, Cycle at) const;
  StopReport arrived();
  void send_item(Cycle t);
  void look_again();
  void stop_late(Cycle t, const Fault& fault);

  isa::ArchInfo arch_;
  TileCore core_;
  CodeCache code_;
  DirectMachine direct_{code_, core_};
  Injector injector_{core_, code_};
  NoExchange no_exchange_;
  TileObserver* observer_ = nullptr;
  bool records_ = false;
  Cycle now_{0};
  Cycle activity_{0};  // first cycle at which the port must be asked
  std::optional<ExceptionReport> exception_;
  // What the current cycle touched, for the clash rules; `none` if nothing.
  static constexpr std::uint32_t none = 0xFFFFFFFFU;
  std::array<std::uint32_t, 3> accessed_{none, none, none};
  std::uint32_t sent_from_ = none;
  std::uint32_t fetched_ = none;  // the first word of the bundle, and the last one
  std::uint32_t fetched_last_ = none;
  bool worker_active_ = false;  // in this cycle, before or after its issue
};

template <class Archive, class Self>
void FastTile::visit_state(Archive& archive, Self& self) {
  constexpr std::uint16_t version = 2;
  archive.section("fast tile", version, [&](Archive& a) {
    // Not saved: what is attached, what advance() asks the port first of all, and what belongs to the cycle
    // that is being executed.
    auto& [arch, core, code, direct, injector, no_exchange, observer, records, now, activity, exception,
           accessed, sent_from, fetched, fetched_last, worker_active] = self;
    a(now, exception, core);
    CodeCache::visit_state(a, code, now);
  });
}

StopReport FastTile::stop(StopReason reason, Cycle at) const {
  StopReport report;
  report.reason = reason;
  report.cycle = at;
  return report;
}

StopReport FastTile::arrived() {
  StopReport report = stop(StopReason::sync, core_.supervisor.wait_since);
  report.sync_zone = *core_.arrived_at_zone;
  core_.arrived_at_zone.reset();
  return report;
}

StopReport FastTile::advance(Cycle limit) {
  ExchangePort& port = *core_.exchange.port();
  activity_ = port.next_activity(now_);
  // In the cycle of a late stop, from which the tile has gone on.
  if (!exception_ && core_.arrived_at_zone) return arrived();
  while (!exception_ && now_ < limit) {
    if (now_ >= activity_ && now_ >= port.known_until()) {
      StopReport report = stop(StopReason::exchange_wait, now_);
      const bool receiving = core_.supervisor.wait == SupervisorWait::words && !core_.any_worker_active();
      if (receiving) report.words_missing = core_.supervisor_csr(isa::csr::incoming_dcount);
      return report;
    }
    if (!records_ && !core_.watched() && run_workers(limit)) continue;
    const Cycle t = now_;
    issue(t);
    if (t >= activity_) receive(t);
    now_ = t + 1;
    if (core_.exchange.view_changed() || t >= activity_) activity_ = port.next_activity(now_);
    if (const auto late = core_.debug.settle(); late && !exception_) stop_late(t, *late);
    if (exception_) break;
    if (core_.arrived_at_zone) return arrived();
    if (!core_.any_worker_active() && !core_.exchange.sending(now_)) {
      if (auto report = rest(limit)) return *report;
    }
  }
  if (exception_) {
    StopReport report = stop(StopReason::exception, exception_->cycle);
    report.exception = *exception_;
    return report;
  }
  return stop(StopReason::limit, now_);
}

// The fast path: while nothing but workers can act, their bundles are executed one after the other in the
// order of their turns, without a look at cycles in between. Goes on to the first cycle that needs more than
// that; false if that is now().
bool FastTile::run_workers(Cycle limit) {
  if (!core_.any_worker_active() || core_.exchange.sending(now_) || code_.pending()) return false;
  limit = std::min(limit, activity_);
  const bool all_lent = core_.active_workers() == Context::workers;
  if (core_.supervisor.wait == SupervisorWait::none && !all_lent) {
    limit = std::min(limit, core_.supervisor.ready);
  }
  if (limit <= now_) return false;
  std::array<ContextState*, Context::workers> turn{};
  unsigned count = 0;
  for (unsigned i = 0; i < isa::timing::slots; ++i) {
    ContextState& worker = core_.worker(static_cast<unsigned>((now_.value() + i) % isa::timing::slots));
    if (!worker.active) continue;
    // One that has not reached its first turn yet is left to the other path.
    if (worker.next_issue > now_ + i) return false;
    worker.next_issue = now_ + i;
    turn[count++] = &worker;
  }
  const Cycle begin = now_;
  const std::span<ContextState* const> workers{turn.data(), count};
  core_.activity != nullptr ? take_turns<true>(workers, limit) : take_turns<false>(workers, limit);
  return now_ != begin;
}

// Executes the bundles of these workers, each in its turn, and moves now() to the first turn that was not
// taken.
template <bool counts>
void FastTile::take_turns(std::span<ContextState* const> workers, Cycle limit) {
  std::array<Context, Context::workers> who{};
  std::array<Cycle, Context::workers> begin{};
  if constexpr (counts) {
    for (std::size_t i = 0; i < workers.size(); ++i) {
      begin[i] = workers[i]->next_issue;
      who[i] = Context::worker(static_cast<unsigned>(begin[i].value() % isa::timing::slots));
    }
  }
  for (bool going = true; going;) {
    for (std::size_t i = 0; i < workers.size(); ++i) {
      ContextState& worker = *workers[i];
      const Cycle t = worker.next_issue;
      const Bundle* bundle = t < limit && !code_.pending() ? code_.find_decoded(worker.pc) : nullptr;
      if (bundle == nullptr || !direct_.run(worker, *bundle, t)) {
        now_ = std::min(t, limit);
        going = false;
        break;
      }
      if constexpr (counts) core_.activity->count(who[i], bundle->main.opcode, bundle->aux.opcode);
      worker.next_issue = t + isa::timing::slots;
    }
  }
  if constexpr (counts) {
    for (std::size_t i = 0; i < workers.size(); ++i) {
      core_.activity->count_bundles(who[i], (workers[i]->next_issue - begin[i]) / isa::timing::slots);
    }
  }
}

// No worker runs: goes on to the next cycle in which something can happen, or says why there is none.
std::optional<StopReport> FastTile::rest(Cycle limit) {
  const SupervisorState& supervisor = core_.supervisor;
  Cycle next = activity_;
  if (supervisor.wait == SupervisorWait::none) next = std::min(next, supervisor.ready);
  if (next == Cycle::never()) {
    if (supervisor.wait == SupervisorWait::not_started) return stop(StopReason::idle, now_);
    if (supervisor.wait == SupervisorWait::words) {
      StopReport report = stop(StopReason::receive_wait, now_);
      report.words_missing = core_.supervisor_csr(isa::csr::incoming_dcount);
      return report;
    }
    if (limit == Cycle::never()) return stop(StopReason::limit, now_);  // only a release can go on
  }
  now_ = std::max(now_, std::min(next, limit));
  return std::nullopt;
}

void FastTile::issue(Cycle t) {
  accessed_.fill(none);
  sent_from_ = fetched_ = fetched_last_ = none;
  worker_active_ = core_.any_worker_active();
  send_item(t);
  const auto slot = static_cast<unsigned>(t.value() % isa::timing::slots);
  const ContextState& worker = core_.worker(slot);
  if (worker.active) {
    if (t >= worker.next_issue) issue_worker(Context::worker(slot), t);
  } else if (core_.supervisor.wait == SupervisorWait::none && t >= core_.supervisor.ready &&
             core_.slot_has_returned(slot, t)) {
    issue_supervisor(t);
    // Item 0 of a send leaves in the cycle the send issues in.
    send_item(t);
  }
  worker_active_ = worker_active_ || core_.any_worker_active();
}

void FastTile::send_item(Cycle t) {
  if (!core_.exchange.sending(t)) return;
  sent_from_ = core_.exchange.send_item(t, core_.memory);
  if (core_.debug.unreadable(sent_from_, core_.exchange.item_bytes()))
    core_.debug.note_unreadable_item(sent_from_);
}

const Bundle* FastTile::fetch(ContextState& context, Context who, Cycle t) {
  const std::uint32_t pc = context.pc;
  ExceptionCause cause = ExceptionCause::none;
  // The body of a repeat begins on a row.
  if (pc % (context.repeat_count != 0 ? 8 : 4) != 0)
    cause = ExceptionCause::misaligned_pc;
  else if (!core_.memory.in_region0(pc))
    cause = ExceptionCause::invalid_pc;
  if (cause != ExceptionCause::none) {
    raise(who, t, fault_of(cause), {0, 0});
    return nullptr;
  }
  if (memory_error(pc, who, t)) return nullptr;
  const bool once_more = who.is_supervisor() && core_.supervisor.for_operands;
  const Bundle& bundle = code_.fetch(pc, who.is_worker(), once_more, t, core_.memory);
  // Its last word may lie in the next row.
  if (memory_error(pc + bundle.bytes - 4, who, t)) return nullptr;
  return &bundle;
}

// Raises what the row of an instruction's word gives, if it cannot be read.
bool FastTile::memory_error(std::uint32_t address, Context who, Cycle t) {
  const std::uint32_t row = address & ~(DebugUnit::row_bytes - 1);
  if (!core_.debug.unreadable(row, DebugUnit::row_bytes)) return false;
  raise(who, t, fault_of(ExceptionCause::memory_error, ByteAddr{row}), {0, 0});
  return true;
}

void FastTile::issue_worker(Context who, Cycle t) {
  ContextState& context = core_.context(who);
  const Bundle* bundle = fetch(context, who, t);
  if (bundle == nullptr) return;
  fetched_ = context.pc;
  fetched_last_ = context.pc + bundle->bytes - 4;
  execute(context, who, t, *bundle);
}

Cycle FastTile::supervisor_may_issue(const Bundle& bundle, Cycle t) const {
  const SupervisorState& supervisor = core_.supervisor;
  Cycle ready = t;
  for (unsigned mask = bundle.m_read; mask != 0; mask &= mask - 1) {
    ready = std::max(ready, supervisor.result_ready[static_cast<unsigned>(std::countr_zero(mask))]);
  }
  return ready;
}

void FastTile::issue_supervisor(Cycle t) {
  ContextState& context = core_.context(Context::supervisor());
  const Bundle* bundle = fetch(context, Context::supervisor(), t);
  if (bundle == nullptr) return;
  if (bundle->illegal.type == ExceptionType::none && bundle->modelled) {
    const Cycle ready = supervisor_may_issue(*bundle, t);
    if (ready > t) {
      core_.supervisor.ready = ready;
      core_.supervisor.for_operands = true;
      return;
    }
    if (bundle->is_run && !core_.free_worker(t)) return;
  }
  fetched_ = context.pc;
  fetched_last_ = context.pc + bundle->bytes - 4;
  execute(context, Context::supervisor(), t, *bundle);
}

bool FastTile::execute(ContextState& context, Context who, Cycle t, const Bundle& bundle) {
  Fault early = bundle.illegal;
  if (core_.debug.stops(who, t, bundle.timed_exchange)) {
    early = fault_of(ExceptionCause::remote_break);
  } else if (core_.breakpoints.on_instruction(who, context)) {
    early = fault_of(ExceptionCause::instruction_break);
  }
  if (early.type == ExceptionType::none && context.repeat_count != 0 && !bundle.allowed_in_repeat) {
    early = fault_of(ExceptionCause::illegal_in_repeat);
  }
  if (early.type == ExceptionType::none && !bundle.modelled) {
    early = fault_of(ExceptionCause::unimplemented_instruction);
  }
  if (early.type != ExceptionType::none) {
    raise(who, t, early, bundle.words);
    return false;
  }
  Machine k{core_, context, core_.memory, t, who};
  k.fx.next_pc = context.pc + bundle.bytes;
  bundle.main.handler(k, bundle.main);
  if (bundle.aux.handler != nullptr) {
    const bool taken = k.fx.taken;
    bundle.aux.handler(k, bundle.aux);
    k.fx.taken = taken;
  }
  if (k.fx.fp_flags != 0) {
    const unsigned enables = core_.worker_csr(context, isa::csr::fp_ctl);
    if ((k.fx.fp_flags & enables) != 0) k.fault(ExceptionCause::floating_point);
  }
  if (k.fx.fault.type == ExceptionType::none || k.fx.fault.type == ExceptionType::floating_point) {
    context.upper[isa::csr::fp_sts - isa::upper_csr_base] |= k.fx.fp_flags;
  }
  if (k.fx.fault.type != ExceptionType::none) {
    raise(who, t, k.fx.fault, bundle.words);
    return false;
  }
  std::copy_n(k.accessed_at.begin(), k.access_count, accessed_.begin());
  commit(context, who, t, bundle, k);
  return true;
}

// An error that is no bundle's stops the tile at the end of its cycle, where the supervisor stands.
void FastTile::stop_late(Cycle t, const Fault& fault) { raise(Context::supervisor(), t, fault, {0, 0}); }

void FastTile::raise(Context who, Cycle t, const Fault& fault, const std::array<std::uint32_t, 2>& words) {
  ContextState& context = core_.context(who);
  if (fault.type == ExceptionType::memory_error) core_.debug.note_memory_error();
  context.exception = fault.type;
  context.exception_in_repeat = context.repeat_count != 0;
  exception_ = ExceptionReport{fault.type, fault.cause, who, ByteAddr{context.pc}, t, words, fault.address};
}

void FastTile::commit(ContextState& context, Context who, Cycle t, const Bundle& bundle, Machine& k) {
  Effects& fx = k.fx;
  const std::uint32_t pc = context.pc;
  std::vector<RegisterWrite> accumulator_writes;
  if (k.new_accumulators) {
    if (records_) accumulator_writes = differences(context.accumulators, *k.new_accumulators);
    context.accumulators = *k.new_accumulators;
  }
  write_registers(core_, context, fx);
  if (fx.store.bytes != 0) {
    const std::uint32_t address = fx.store.address.value();
    if (core_.memory.in_region0(address)) code_.note_store(address, t, core_.memory);
    if (fx.store.bytes == 8)
      core_.memory.store(address, fx.store.data);
    else
      core_.memory.store(address, static_cast<std::uint32_t>(fx.store.data));
  }
  if (core_.activity != nullptr) core_.activity->issued(who, bundle.main.opcode, bundle.aux.opcode);
  context.pc = fx.starts_repeat ? context.start_repeat(fx.next_pc, fx.repeat_end, fx.repeat_count)
                                : context.go_on(fx.next_pc);
  if (who.is_supervisor()) {
    after_supervisor(t, bundle, k);
  } else {
    const unsigned turns = bundle.main.info->thread_cycles;
    const unsigned aux_turns = bundle.aux.handler != nullptr ? bundle.aux.info->thread_cycles : 1U;
    context.next_issue = t + isa::timing::slots * std::max(turns, aux_turns);
  }
  if (!records_) return;
  RetireRecord record{t, who, ByteAddr{pc}, bundle.words, {}, {}};
  record.registers.assign(fx.registers.begin(), fx.registers.begin() + fx.register_count);
  if (fx.fp_flags != 0) {
    record.registers.push_back({RegisterWrite::File::csr, static_cast<std::uint16_t>(isa::csr::fp_sts),
                                core_.worker_csr(context, isa::csr::fp_sts)});
  }
  record.registers.insert(record.registers.end(), accumulator_writes.begin(), accumulator_writes.end());
  // Main lane first (all of M and the main lane's A), ascending within file; CSRs, then accumulators last.
  std::stable_sort(record.registers.begin(), record.registers.end(), [](const auto& x, const auto& y) {
    return std::pair{x.file, x.index} < std::pair{y.file, y.index};
  });
  if (fx.store.bytes != 0) record.memory.push_back(fx.store);
  observer_->on_retire(record);
}

void FastTile::after_supervisor(Cycle t, const Bundle& bundle, const Machine& k) {
  SupervisorState& supervisor = core_.supervisor;
  const unsigned wait = k.fx.taken ? isa::timing::supervisor_branch : k.fx.supervisor_wait;
  supervisor.ready = t + wait;
  supervisor.for_operands = false;
  for (unsigned mask = bundle.m_written & 0xFFFU; mask != 0; mask &= mask - 1) {
    supervisor.result_ready[static_cast<unsigned>(std::countr_zero(mask))] =
        t + isa::timing::supervisor_result;
  }
  if (core_.pre_acknowledged != 0) {
    core_.exchange.pre_acknowledge(t, core_.pre_acknowledged);
    core_.pre_acknowledged = 0;
  }
  if (core_.arrived_at_zone && !isa::of_one_tile(*core_.arrived_at_zone)) {
    const std::uint32_t missing = core_.supervisor_csr(isa::csr::incoming_dcount);
    if (missing != 0 && !core_.count_put_since_sync)
      hazard(HazardKind::receive_incomplete, t, std::nullopt, missing);
    core_.count_put_since_sync = false;
  }
  if (core_.exchange.sending(t) && core_.any_worker_active())
    hazard(HazardKind::live_workers, t, std::nullopt, 0);
}

void FastTile::receive(Cycle t) {
  ExchangePort& port = *core_.exchange.port();
  if (!core_.exchange.takes_items(t)) {
    if (const auto word = port.incoming(t)) write_received(t, *word, sizeof *word);
  } else {
    if (const auto item = port.incoming_item(t)) write_received(t, *item, sizeof *item);
  }
}

// INCOMING_DCOUNT goes down, to 0 at most; the supervisor may have waited for that.
void FastTile::count_received(Cycle t, std::uint32_t words) {
  const std::uint32_t missing = core_.supervisor_csr(isa::csr::incoming_dcount);
  if (missing == 0) return;
  core_.set_supervisor_csr(isa::csr::incoming_dcount, missing - std::min(missing, words));
  if (missing <= words && core_.supervisor.wait == SupervisorWait::words) {
    core_.supervisor.wait = SupervisorWait::none;
    core_.supervisor.ready = std::max(t, core_.supervisor.wait_since) + isa::timing::sync_receive;
  }
}

void FastTile::write_received(Cycle t, std::uint64_t data, std::uint8_t bytes) {
  const std::uint32_t address = core_.exchange.next_write(t, bytes);
  count_received(t, bytes / sizeof(std::uint32_t));
  const auto word = static_cast<std::uint32_t>(data);
  const Memory& memory = core_.memory;
  const bool lands = address % bytes == 0 && memory.contains(address, bytes);
  const auto same_element = [&](std::uint32_t other) {
    return other != none && memory.clash_element(other) == memory.clash_element(address);
  };
  if (lands) {
    if (std::any_of(accessed_.begin(), accessed_.end(), same_element) || same_element(sent_from_)) {
      hazard(HazardKind::clash_with_access, t, address, word);
    }
    if (same_element(fetched_) || same_element(fetched_last_))
      hazard(HazardKind::clash_with_fetch, t, address, word);
  }
  if (worker_active_) hazard(HazardKind::live_workers, t, address, word);
  if (!lands) {
    hazard(HazardKind::receive_address, t, address, word);
    return;
  }
  if (memory.in_region0(address)) code_.note_store(address, t, core_.memory);
  if (bytes == sizeof word) {
    core_.memory.store(address, word);
  } else {
    core_.memory.store(address, data);
  }
  if (observer_ != nullptr) observer_->on_receive(t, {ByteAddr{address}, bytes, data});
}

void FastTile::hazard(HazardKind kind, Cycle t, std::optional<std::uint32_t> address, std::uint32_t word) {
  core_.debug.note_hazard(kind, address);
  if (observer_ != nullptr) observer_->on_hazard({kind, t, ByteAddr{address.value_or(0)}, word});
}

void FastTile::set_memory_error(std::optional<ByteAddr> row) {
  if (row && !core_.memory.contains(row->value(), 1)) {
    throw std::out_of_range("memory error outside tile memory");
  }
  core_.debug.set_bad_row(row ? std::optional{row->value()} : std::nullopt);
  look_again();
}

// What the supervisor is about to issue may have other words now, which wait for other things.
void FastTile::look_again() {
  SupervisorState& supervisor = core_.supervisor;
  if (supervisor.for_operands) supervisor.ready = std::min(supervisor.ready, now_);
}

void FastTile::write_debug_csr(unsigned index, std::uint32_t value) {
  if (index == isa::csr::dbg_data) {
    core_.debug_data = value;
  } else if (index == isa::csr::dbg_ecsr) {
    const std::uint32_t held = value & isa::find_csr(isa::Mode::supervisor, index)->mask;
    core_.set_supervisor_csr(index, held);
    core_.breakpoints.put(index, held);
  } else {
    throw std::invalid_argument("not a CSR of the debug window");
  }
}

bool FastTile::clear_exceptions(ContextMask contexts, Cycle at) {
  const bool goes_on = exception_ && holds(contexts, exception_->context);
  if (goes_on) {
    if (at < exception_->cycle + min_resume_delay)
      throw std::logic_error("too early to go on after the exception");
    if (exception_->cycle < core_.last_exchange_end) {
      throw std::logic_error("the exception came inside an exchange instruction, whose words are lost");
    }
    ContextState& context = core_.context(exception_->context);
    context.exception = ExceptionType::none;
    context.exception_in_repeat = false;
    exception_.reset();
    now_ = at;
  }
  if (holds(contexts, Context::supervisor())) core_.debug.clear_status();
  return goes_on;
}

std::uint32_t FastTile::read_register(Context context, RegisterWrite::File file, unsigned index) const {
  const ContextState& state = core_.context(context);
  if (file == RegisterWrite::File::m) return state.m.at(index);
  if (file == RegisterWrite::File::a) return state.a.at(index);
  if (file == RegisterWrite::File::accumulator) {
    return index < Accumulators::count ? state.accumulators.at(index) : 0;
  }
  const isa::Csr* entry =
      isa::find_csr(context.is_worker() ? isa::Mode::worker : isa::Mode::supervisor, index);
  if (entry == nullptr || !entry->fast || entry->access == isa::CsrAccess::write_only) return 0;
  return core_.read_csr(*entry, context, now_) & entry->mask;
}

}  // namespace

std::unique_ptr<TileModel> make_fast_tile(const TileParameters& parameters) {
  return std::make_unique<FastTile>(parameters);
}

}  // namespace ipusim::tile
