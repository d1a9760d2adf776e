#include "ipusim/chip/module/debug_windows.hpp"

#include <stdexcept>
#include <utility>

#include "ipusim/isa/isa.hpp"

namespace ipusim::chip {

using control::ChipStatus;
using control::Tdi;
using tlm::tlm_response_status;

namespace {

// Of TileModel::context_status().
constexpr unsigned inactive = 0;
constexpr unsigned active = 1;

unsigned number_of(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }

std::uint32_t read_csr(const tile::TileModel& tile, std::string_view name) {
  return tile.read_register(Context::supervisor(), tile::RegisterWrite::File::csr, number_of(name));
}

tlm_response_status response(bool done) {
  return done ? tlm::TLM_OK_RESPONSE : tlm::TLM_GENERIC_ERROR_RESPONSE;
}

}  // namespace

DebugWindows::DebugWindows(Chip& chip, std::function<void()> resumed)
    : chip_(chip), resumed_(std::move(resumed)), windows_(chip.size()) {}

// The chip is simulated ahead of its host: what a tile that goes on looks like now cannot be told.
bool DebugWindows::answers(TileIndex tile, Tdi which, const Moment& moment) const {
  if (moment.status != ChipStatus::running || which == Tdi::dbg_rbrk) return true;
  const auto& exception = chip_.exception(tile);
  return exception && exception->cycle <= moment.under_way;
}

tlm_response_status DebugWindows::read(TileIndex tile, Tdi which, const Moment& moment,
                                       std::uint32_t& value) const {
  if (!answers(tile, which, moment)) return tlm::TLM_GENERIC_ERROR_RESPONSE;
  const tile::TileModel& model = std::as_const(chip_).tile(tile);
  const Window& window = windows_[tile.value()];
  switch (which) {
    case Tdi::ctxt_sts:
      value = read_csr(model, "CTXT_STS");
      return tlm::TLM_OK_RESPONSE;
    case Tdi::dbg_rbrk:
      value = window.remote_break;
      return tlm::TLM_OK_RESPONSE;
    case Tdi::dbg_iowner:
      value = window.owner;
      return tlm::TLM_OK_RESPONSE;
    case Tdi::dbg_ecsr:
      value = read_csr(model, "DBG_ECSR");
      return tlm::TLM_OK_RESPONSE;
    case Tdi::dbg_data:
      value = read_csr(model, "DBG_DATA");
      return tlm::TLM_OK_RESPONSE;
    case Tdi::tdi_sts:
      value = status(tile);
      return tlm::TLM_OK_RESPONSE;
    case Tdi::incoming_dcount:
      value = read_csr(model, "INCOMING_DCOUNT");
      return tlm::TLM_OK_RESPONSE;
    case Tdi::exchange_ctl:
      value = read_csr(model, "EXCHANGE_CTL");
      return tlm::TLM_OK_RESPONSE;
    case Tdi::tdi_ctl:
      value = 0;
      return tlm::TLM_OK_RESPONSE;
    case Tdi::dbg_iexec:
    case Tdi::dbg_eclr:
    case Tdi::tdi_clr:
      return tlm::TLM_COMMAND_ERROR_RESPONSE;
  }
  return tlm::TLM_ADDRESS_ERROR_RESPONSE;
}

tlm_response_status DebugWindows::write(TileIndex tile, Tdi which, const Moment& moment,
                                        std::uint32_t value) {
  if (!answers(tile, which, moment)) return tlm::TLM_GENERIC_ERROR_RESPONSE;
  switch (which) {
    case Tdi::dbg_rbrk:
      return response(request_break(tile, moment.next, value));
    case Tdi::dbg_iexec:
      return response(inject(tile, moment.status, value));
    case Tdi::dbg_iowner:
      return response(choose_owner(tile, value));
    case Tdi::dbg_ecsr:
      chip_.tile(tile).debug().write_debug_csr(number_of("DBG_ECSR"), value);
      return tlm::TLM_OK_RESPONSE;
    case Tdi::dbg_eclr:
      return response(clear_exceptions(tile, moment.next, value));
    case Tdi::dbg_data:
      chip_.tile(tile).debug().write_debug_csr(number_of("DBG_DATA"), value);
      return tlm::TLM_OK_RESPONSE;
    case Tdi::tdi_clr:
      if ((value & control::tdi_invalid) != 0) windows_[tile.value()].invalid = false;
      return tlm::TLM_OK_RESPONSE;
    case Tdi::tdi_ctl:
      return response(value == 0);
    case Tdi::ctxt_sts:
    case Tdi::tdi_sts:
    case Tdi::incoming_dcount:
    case Tdi::exchange_ctl:
      return tlm::TLM_COMMAND_ERROR_RESPONSE;
  }
  return tlm::TLM_ADDRESS_ERROR_RESPONSE;
}

std::uint32_t DebugWindows::status(TileIndex tile) const {
  const Window& window = windows_[tile.value()];
  const auto& model = std::as_const(chip_).tile(tile);
  std::uint32_t value = window.invalid ? control::tdi_invalid : 0;
  if (model.context_status(Context::from_index(window.owner)) == active) value |= control::tdi_not_quiescent;
  return value;
}

bool DebugWindows::request_break(TileIndex tile, Cycle at, std::uint32_t value) {
  if ((value & ~(control::contexts_mask | control::rbrk_in_exchange)) != 0) return false;
  windows_[tile.value()].remote_break = value;
  chip_.tile(tile).debug().set_remote_break({static_cast<tile::ContextMask>(value & control::contexts_mask),
                                             (value & control::rbrk_in_exchange) != 0},
                                            at);
  return true;
}

bool DebugWindows::choose_owner(TileIndex tile, std::uint32_t value) {
  if (value >= Context::count) return false;
  windows_[tile.value()].owner = value;
  return true;
}

bool DebugWindows::inject(TileIndex tile, ChipStatus chip, std::uint32_t word) {
  Window& window = windows_[tile.value()];
  const Context owner = Context::from_index(window.owner);
  const isa::Opcode opcode = isa::decode(word, isa::Mode::supervisor);
  const bool of_start_address = owner.is_supervisor() && opcode == isa::Opcode::bri_mmmn_zi &&
                                chip_.tile(tile).context_status(owner) == inactive;
  bool done = false;
  if (of_start_address) {
    // A tile that was not started with the chip never is.
    done = chip == ChipStatus::reset;
    if (done) chip_.set_entry(tile, ByteAddr{isa::instruction(opcode).operands[0].value(word)});
  } else {
    done = chip_.tile(tile).debug().inject(owner, word) == tile::Injection::done;
  }
  if (!done) window.invalid = true;
  return done;
}

bool DebugWindows::clear_exceptions(TileIndex tile, Cycle at, std::uint32_t contexts) {
  if ((contexts & ~control::contexts_mask) != 0) return false;
  try {
    if (chip_.clear_exceptions(tile, static_cast<tile::ContextMask>(contexts), at)) resumed_();
  } catch (const std::logic_error&) {
    return false;
  }
  return true;
}

}  // namespace ipusim::chip
