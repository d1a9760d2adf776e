// The control registers of ChipModule.
#include <algorithm>

#include "ipusim/chip/module/chip_module.hpp"

namespace ipusim::chip {

using control::ChipStatus;
using control::Tdi;
using tlm::tlm_response_status;

namespace {

constexpr std::uint32_t word_bytes = 4;

// Tiles start in a turn of slot 0, so that what a program takes does not depend on when the host says `go`.
Cycle start_at_or_after(Cycle at) {
  constexpr std::uint64_t slots = isa::timing::slots;
  return Cycle{(at.value() + slots - 1) / slots * slots};
}

std::uint32_t load_word(const unsigned char* data) {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < word_bytes; ++i) value |= std::uint32_t{data[i]} << (8U * i);
  return value;
}
void store_word(unsigned char* data, std::uint32_t value) {
  for (unsigned i = 0; i < word_bytes; ++i) data[i] = static_cast<unsigned char>(value >> (8U * i));
}

// Of an access to the control socket, before the register is looked at.
tlm_response_status check_shape(const tlm::tlm_generic_payload& transaction) {
  if (transaction.get_address() >= control::size_bytes) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  if (transaction.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  if (transaction.get_data_length() != word_bytes || transaction.get_streaming_width() < word_bytes ||
      transaction.get_address() % word_bytes != 0) {
    return tlm::TLM_BURST_ERROR_RESPONSE;
  }
  return tlm::TLM_OK_RESPONSE;
}

// Word number of `offset` in a window of `words` words at `base`.
std::optional<std::uint32_t> word_in(std::uint32_t offset, std::uint32_t base, std::size_t words) {
  if (offset < base || (offset - base) / word_bytes >= words) return std::nullopt;
  return (offset - base) / word_bytes;
}

struct TdiAddress {
  TileId place;
  Tdi which;
};
std::optional<TdiAddress> tdi_address(std::uint32_t offset) {
  const auto word =
      word_in(offset, control::tdi_base, (control::model_base - control::tdi_base) / word_bytes);
  if (!word) return std::nullopt;
  constexpr std::uint32_t words_per_tile = control::tdi_stride / word_bytes;
  return TdiAddress{TileId{static_cast<std::uint16_t>(*word / words_per_tile)}, Tdi{*word % words_per_tile}};
}

std::optional<unsigned> mark_zone(std::uint32_t offset) {
  if (offset == control::gs1_mark) return sync_zone::gs1_host;
  if (offset == control::gs2_mark) return sync_zone::gs2_host;
  return std::nullopt;
}

}  // namespace

void ChipModule::control_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  if (delay > sc_core::SC_ZERO_TIME) wait(delay);
  delay = sc_core::SC_ZERO_TIME;
  transaction.set_dmi_allowed(false);
  tlm_response_status status = check_shape(transaction);
  if (status == tlm::TLM_OK_RESPONSE) {
    const auto offset = static_cast<std::uint32_t>(transaction.get_address());
    if (transaction.is_read()) {
      std::uint32_t value = 0;
      status = read_control(offset, value);
      if (status == tlm::TLM_OK_RESPONSE) store_word(transaction.get_data_ptr(), value);
    } else if (transaction.is_write()) {
      status = write_control(offset, load_word(transaction.get_data_ptr()));
    } else {
      status = tlm::TLM_COMMAND_ERROR_RESPONSE;
    }
  }
  transaction.set_response_status(status);
}

// Debug reads only: a write here would be an action.
unsigned ChipModule::control_debug(tlm::tlm_generic_payload& transaction) {
  std::uint32_t value = 0;
  if (!transaction.is_read() || check_shape(transaction) != tlm::TLM_OK_RESPONSE) return 0;
  if (read_control(static_cast<std::uint32_t>(transaction.get_address()), value) != tlm::TLM_OK_RESPONSE) {
    return 0;
  }
  store_word(transaction.get_data_ptr(), value);
  return word_bytes;
}

tlm_response_status ChipModule::read_control(std::uint32_t offset, std::uint32_t& value) {
  const Cycle now = clock_.under_way_at(sc_core::sc_time_stamp());
  if (const auto zone = mark_zone(offset)) {
    value = chip_.host_mark(*zone, now);
    return tlm::TLM_OK_RESPONSE;
  }
  if (const auto tdi = tdi_address(offset)) {
    const auto index = chip_.tile_at(tdi->place);
    return index ? windows_.read(*index, tdi->which, moment(), value) : tlm::TLM_ADDRESS_ERROR_RESPONSE;
  }
  if (const auto word = word_in(offset, control::place_table, chip_.size())) {
    value = chip_.system().places[*word].value();
    return tlm::TLM_OK_RESPONSE;
  }
  switch (offset) {
    case control::chip_status:
      value = static_cast<std::uint32_t>(status_);
      return tlm::TLM_OK_RESPONSE;
    case control::go:
      return tlm::TLM_COMMAND_ERROR_RESPONSE;
    case control::tile_count:
      value = static_cast<std::uint32_t>(chip_.size());
      return tlm::TLM_OK_RESPONSE;
    case control::cycle_low:
      value = static_cast<std::uint32_t>(now.value());
      cycle_high_ = static_cast<std::uint32_t>(now.value() >> 32U);
      return tlm::TLM_OK_RESPONSE;
    case control::cycle_high:
      value = cycle_high_;
      return tlm::TLM_OK_RESPONSE;
    case control::exception_count:
    case control::exception_place: {
      auto exceptions = chip_.report().exceptions;
      std::erase_if(exceptions, [&](const auto& e) { return e.report.cycle > now; });
      if (offset == control::exception_count) {
        value = static_cast<std::uint32_t>(exceptions.size());
      } else {
        value = exceptions.empty() ? ~0U : chip_.system().places[exceptions.front().tile.value()].value();
      }
      return tlm::TLM_OK_RESPONSE;
    }
    default:
      return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  }
}

tlm_response_status ChipModule::write_control(std::uint32_t offset, std::uint32_t value) {
  if (const auto zone = mark_zone(offset)) return write_mark(*zone, value);
  if (const auto tdi = tdi_address(offset)) {
    const auto index = chip_.tile_at(tdi->place);
    return index ? windows_.write(*index, tdi->which, moment(), value) : tlm::TLM_ADDRESS_ERROR_RESPONSE;
  }
  if (offset == control::go) {
    bool any_entry = false;
    for (std::uint32_t i = 0; i < chip_.size(); ++i) any_entry = any_entry || chip_.has_entry(TileIndex{i});
    if (value != 1 || status_ != ChipStatus::reset || !any_entry) return tlm::TLM_GENERIC_ERROR_RESPONSE;
    const Cycle start = start_at_or_after(clock_.first_at_or_after(sc_core::sc_time_stamp()));
    chip_.start(start);
    if (cycle_limit_ != Cycle::never()) cycle_limit_ += start.value();
    enter(ChipStatus::running);
    wake_.notify(sc_core::SC_ZERO_TIME);
    return tlm::TLM_OK_RESPONSE;
  }
  std::uint32_t ignored = 0;
  const bool readable = read_control(offset, ignored) == tlm::TLM_OK_RESPONSE;
  return readable ? tlm::TLM_COMMAND_ERROR_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE;
}

tlm_response_status ChipModule::write_mark(unsigned zone, std::uint32_t value) {
  const sc_core::sc_time now = sc_core::sc_time_stamp();
  const bool used_up = chip_.host_mark(zone, clock_.under_way_at(now)) == 0;
  if (value > control::mark_mask || !used_up) return tlm::TLM_GENERIC_ERROR_RESPONSE;
  chip_.set_host_mark(zone, value, clock_.first_at_or_after(now));
  wake_.notify(sc_core::SC_ZERO_TIME);
  return tlm::TLM_OK_RESPONSE;
}

DebugWindows::Moment ChipModule::moment() const {
  const sc_core::sc_time now = sc_core::sc_time_stamp();
  return {status_, clock_.under_way_at(now), clock_.first_at_or_after(now)};
}

// A tile goes on: after the chip had come to rest, or while others run.
void ChipModule::resume() {
  resumed_ = true;
  if (status_ == ChipStatus::running) return;
  enter(ChipStatus::running);
  wake_.notify(sc_core::SC_ZERO_TIME);
}

}  // namespace ipusim::chip
