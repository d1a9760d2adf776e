#include "ipusim/tile/names.hpp"

namespace ipusim::tile {

// The compiler warns when a switch misses an enumerator; unknown values can only come from a broken model.

std::string_view name_of(ExceptionType type) {
  using enum ExceptionType;
  switch (type) {
    case none:
      return "none";
    case rbrk:
      return "rbrk";
    case pbrk0:
      return "pbrk0";
    case pbrk1:
      return "pbrk1";
    case break_on_sync:
      return "break_on_sync";
    case floating_point:
      return "floating_point";
    case conflict:
      return "conflict";
    case exchange_configuration:
      return "exchange_configuration";
    case invalid_address:
      return "invalid_address";
    case invalid_operation:
      return "invalid_operation";
    case invalid_pc:
      return "invalid_pc";
    case data_break:
      return "data_break";
    case invalid_instruction:
      return "invalid_instruction";
    case exchange_error:
      return "exchange_error";
    case memory_error:
      return "memory_error";
    case instruction_break:
      return "instruction_break";
  }
  return "unknown";
}

std::string_view name_of(ExceptionCause cause) {
  using enum ExceptionCause;
  switch (cause) {
    case none:
      return "none";
    case trap:
      return "trap";
    case floating_point:
      return "floating_point";
    case misaligned_address:
      return "misaligned_address";
    case invalid_address:
      return "invalid_address";
    case invalid_region:
      return "invalid_region";
    case element_conflict:
      return "element_conflict";
    case misaligned_pc:
      return "misaligned_pc";
    case invalid_pc:
      return "invalid_pc";
    case illegal_instruction:
      return "illegal_instruction";
    case illegal_in_mode:
      return "illegal_in_mode";
    case illegal_bundle:
      return "illegal_bundle";
    case illegal_in_repeat:
      return "illegal_in_repeat";
    case overlapping_destinations:
      return "overlapping_destinations";
    case invalid_csr:
      return "invalid_csr";
    case read_only_csr:
      return "read_only_csr";
    case invalid_coefficient_index:
      return "invalid_coefficient_index";
    case invalid_worker_pc:
      return "invalid_worker_pc";
    case misaligned_vertex_base:
      return "misaligned_vertex_base";
    case workers_active:
      return "workers_active";
    case exchange_address:
      return "exchange_address";
    case invalid_engine_flags:
      return "invalid_engine_flags";
    case instruction_break:
      return "instruction_break";
    case data_break:
      return "data_break";
    case break_on_sync:
      return "break_on_sync";
    case remote_break:
      return "remote_break";
    case memory_error:
      return "memory_error";
    case exchange_error:
      return "exchange_error";
    case unimplemented_instruction:
      return "unimplemented_instruction";
    case unimplemented_csr:
      return "unimplemented_csr";
    case unimplemented_exchange_mode:
      return "unimplemented_exchange_mode";
  }
  return "unknown";
}

std::string_view name_of(HazardKind kind) {
  using enum HazardKind;
  switch (kind) {
    case clash_with_access:
      return "clash_with_access";
    case clash_with_fetch:
      return "clash_with_fetch";
    case live_workers:
      return "live_workers";
    case receive_address:
      return "receive_address";
    case wrong_direction:
      return "wrong_direction";
    case receive_incomplete:
      return "receive_incomplete";
  }
  return "unknown";
}

}  // namespace ipusim::tile
