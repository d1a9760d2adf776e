// SPDX-License-Identifier: Apache-2.0
#include "reports.hpp"

#include <algorithm>
#include <utility>

#include "ipusim/isa/csr.hpp"
#include "ipusim/isa/sync_zones.hpp"

namespace ipusim::rtl {
namespace {

using tile::RegisterWrite;

void add_a(unsigned enables, unsigned pair, std::uint64_t data, std::vector<RegisterWrite>& out) {
  for (unsigned i = 0; i < 2; ++i) {
    if (((enables >> i) & 1U) == 0) continue;
    const auto index = static_cast<std::uint16_t>(2U * pair + i);
    out.push_back({RegisterWrite::File::a, index, static_cast<std::uint32_t>(data >> (32U * i))});
  }
}

void add_csrs(const Vipu_tile_top& ports, std::vector<RegisterWrite>& out) {
  if (ports.w_csr_write_o != 0) {
    out.push_back({RegisterWrite::File::csr, ports.w_csr_index_o, ports.w_csr_data_o});
  }
  if (ports.w_debug_write_o != 0) {
    out.push_back({RegisterWrite::File::csr, isa::csr::dbg_data, ports.w_debug_data_o});
  }
  if (ports.w_seed_o != 0) {
    for (unsigned i = 0; i < 4; ++i) {
      out.push_back({RegisterWrite::File::csr, static_cast<std::uint16_t>(isa::csr::prng_0_0 + i),
                     ports.w_seed_data_o[i]});
    }
  }
  if (ports.w_flags_write_o != 0) {
    out.push_back({RegisterWrite::File::csr, isa::csr::fp_sts, ports.w_flags_o});
  }
}

tile::RetireRecord retire_record(const Vipu_tile_top& ports, Cycle at) {
  tile::RetireRecord record{at,
                            Context::from_index(ports.w_context_o),
                            ByteAddr{ports.w_pc_o},
                            {ports.w_word0_o, ports.w_word1_o},
                            {},
                            {}};
  if (ports.w_m_write_o != 0) {
    record.registers.push_back({RegisterWrite::File::m, ports.w_m_index_o, ports.w_m_data_o});
  }
  if (ports.w_post_write_o != 0) {
    record.registers.push_back({RegisterWrite::File::m, ports.w_post_index_o, ports.w_post_data_o});
  }
  add_a(ports.w_first_a_write_o, ports.w_first_a_pair_o, ports.w_first_a_data_o, record.registers);
  add_a(ports.w_second_a_write_o, ports.w_second_a_pair_o, ports.w_second_a_data_o, record.registers);
  add_a(ports.w_aux_a_write_o, ports.w_aux_a_pair_o, ports.w_aux_a_data_o, record.registers);
  add_csrs(ports, record.registers);
  if (ports.w_store_o != 0) {
    const bool wide = ports.w_store_wide_o != 0;
    const std::uint64_t data = wide ? ports.w_store_data_o : static_cast<std::uint32_t>(ports.w_store_data_o);
    record.memory.push_back({ByteAddr{ports.w_store_addr_o}, static_cast<std::uint8_t>(wide ? 8 : 4), data});
  }
  return record;
}

// Events of a timed instruction: its count operand comes first in the assembly form and holds one less.
std::uint64_t events(std::uint32_t word0, std::uint32_t word1) {
  const isa::Instruction& instruction = isa::instruction(isa::decode(word0, isa::Mode::supervisor));
  return std::uint64_t{instruction.operands[0].value(word0, word1)} + 1;
}

}  // namespace

void Reports::reset() {
  exception_.reset();
  sync_zone_ = 0;
  last_sync_.reset();
  last_exchange_end_ = Cycle{0};
  view_changed_ = false;
  formats_.clear();
  accumulators_ = {};
}

bool Reports::takes_items(Cycle at) {
  while (formats_.size() > 1 && formats_[1].from <= at) formats_.pop_front();
  return !formats_.empty() && formats_.front().from <= at &&
         formats_.front().format != tile::ReceiveFormat::words;
}

void Reports::attach(tile::TileObserver* observer, const Model& model) {
  observer_ = observer;
  records_ = observer != nullptr && observer->wants_retire();
  take_over_accumulators(model);
}

void Reports::take_over_accumulators(const Model& model) {
  for (unsigned worker = 0; worker < Context::workers; ++worker) {
    for (unsigned n = 0; n < Model::accumulators; ++n) {
      accumulators_[worker][n] = model.accumulator(Context::worker(worker), n);
    }
  }
}

bool Reports::take_view_changed() { return std::exchange(view_changed_, false); }

void Reports::hazard(tile::HazardKind kind, Cycle at, std::uint32_t address, std::uint32_t word) {
  if (observer_ != nullptr) observer_->on_hazard({kind, at, ByteAddr{address}, word});
}

void Reports::collect_exchange(const Vipu_tile_top& ports, tile::ExchangePort& exchange, Cycle at) {
  if (ports.w_send_o != 0) {
    const tile::Directions directions{ports.w_send_directions_o};
    if (ports.w_send_wide_o != 0) {
      exchange.send_item(at, ports.w_send_data_o, directions);
    } else {
      exchange.send(at, static_cast<std::uint32_t>(ports.w_send_data_o), directions);
    }
  }
  if (ports.w_select_o != 0) {
    exchange.select_source(at, tile::MuxSource{ports.w_source_o});
    view_changed_ = true;
  }
  if (ports.w_select_pair_o != 0) {
    exchange.select_pair(at, tile::MuxSource{ports.w_source_o});
    view_changed_ = true;
  }
  if (ports.w_format_set_o != 0) {
    const Format format{at + isa::timing::format_delay, tile::ReceiveFormat{ports.w_format_o}};
    formats_.push_back(format);
    exchange.set_format(format.from, format.format);
    view_changed_ = true;
  }
  if (ports.w_sans_o != 0) {
    exchange.pre_acknowledge(at, ports.w_sans_count_o + 1U);
    view_changed_ = true;  // what the port says of the cycles to come may have changed
  }
  if (ports.w_timed_o != 0) last_exchange_end_ = at + events(ports.w_word0_o, ports.w_word1_o);
  if (ports.w_sync_o != 0) {
    sync_zone_ = ports.w_zone_o;
    if (!isa::released_by_tile(sync_zone_)) last_sync_ = at;
  }
}

void Reports::collect_receive(const Vipu_tile_top& ports, Cycle at) {
  const std::uint32_t address = ports.w_receive_addr_o;
  const bool wide = ports.w_receive_wide_o != 0;
  const auto word = static_cast<std::uint32_t>(ports.w_receive_data_o);
  if (ports.w_clash_access_o != 0) hazard(tile::HazardKind::clash_with_access, at, address, word);
  if (ports.w_clash_fetch_o != 0) hazard(tile::HazardKind::clash_with_fetch, at, address, word);
  if (ports.w_receive_live_o != 0) hazard(tile::HazardKind::live_workers, at, address, word);
  if (ports.w_receive_outside_o != 0) hazard(tile::HazardKind::receive_address, at, address, word);
  if (ports.w_receive_o == 0 || observer_ == nullptr) return;
  if (wide) {
    observer_->on_receive(at, {ByteAddr{address}, sizeof(std::uint64_t), ports.w_receive_data_o});
  } else {
    observer_->on_receive(at, {ByteAddr{address}, sizeof word, word});
  }
}

void Reports::collect_exception(const Vipu_tile_top& ports, Cycle at) {
  tile::ExceptionReport report;
  report.type = static_cast<tile::ExceptionType>(ports.except_type_o);
  report.cause = static_cast<tile::ExceptionCause>(ports.except_cause_o);
  report.cycle = at;
  if (ports.except_late_o != 0) {
    report.context = Context::supervisor();
    report.pc = ByteAddr{ports.except_pc_o};
  } else {
    report.context = Context::from_index(ports.w_context_o);
    report.pc = ByteAddr{ports.w_pc_o};
    report.words = {ports.w_word0_o, ports.w_word1_o};
  }
  if (ports.except_has_address_o != 0) report.data_address = ByteAddr{ports.except_address_o};
  exception_ = report;
}

// Those that changed.
void Reports::add_accumulators(const Model& model, std::vector<RegisterWrite>& out) {
  const Context context = Context::from_index(model.ports().w_context_o);
  for (std::uint16_t n = 0; n < Model::accumulators; ++n) {
    std::uint32_t& before = accumulators_[context.worker_number()][n];
    const std::uint32_t now = model.accumulator(context, n);
    if (now != before) out.push_back({RegisterWrite::File::accumulator, n, now});
    before = now;
  }
}

void Reports::collect_retire(const Model& model, Cycle at) {
  tile::RetireRecord record = retire_record(model.ports(), at);
  if (model.ports().w_accumulators_o != 0) add_accumulators(model, record.registers);
  std::sort(record.registers.begin(), record.registers.end(), [](const auto& x, const auto& y) {
    return std::pair{x.file, x.index} < std::pair{y.file, y.index};
  });
  observer_->on_retire(record);
}

void Reports::collect_cycle(const Model& model, tile::ExchangePort& exchange) {
  const Vipu_tile_top& ports = model.ports();
  const Cycle at{ports.w_cycle_o};
  collect_exchange(ports, exchange, at);
  if (ports.w_incomplete_o != 0)
    hazard(tile::HazardKind::receive_incomplete, at, 0, ports.w_incomplete_count_o);
  if (ports.w_send_live_o != 0) hazard(tile::HazardKind::live_workers, at, 0, 0);
  if (records_ && ports.retire_o != 0) collect_retire(model, at);
  if ((ports.w_receive_o | ports.w_receive_outside_o) != 0) collect_receive(ports, at);
  if (ports.except_o != 0) collect_exception(ports, at);
}

}  // namespace ipusim::rtl
