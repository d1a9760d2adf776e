#include "ipusim/host/pcie/config_space.hpp"

#include <fmt/format.h>

#include <bit>
#include <stdexcept>

namespace ipusim::host {

namespace {

constexpr std::uint32_t pcie_capability = 0x40;
constexpr std::uint32_t msix_capability = 0x80;
static_assert(pcie_capability + pci::pcie_capability_bytes <= msix_capability);

constexpr std::uint32_t largest_payload_bytes = 4096;
constexpr std::uint64_t largest_32_bit_bar = std::uint64_t{1} << 31U;

// Fields of 16 bits stand in words of 32.
constexpr std::uint32_t in_word(std::uint32_t offset, std::uint32_t field) {
  return (offset & 2U) != 0 ? field << 16U : field;
}

void check(const config::PcieConfig& config) {
  const std::uint32_t payload = config.max_payload_bytes;
  if (!std::has_single_bit(payload) || payload < pci::size_of_code(0) || payload > largest_payload_bytes) {
    throw std::invalid_argument(
        fmt::format("pcie.max_payload_bytes: {} is none of 128, 256, ..., 4096", payload));
  }
  if (config.msix_vectors == 0 || config.msix_vectors > pci::msix_size_mask + 1U) {
    throw std::invalid_argument(
        fmt::format("pcie.msix_vectors: {} is not in 1..{}", config.msix_vectors, pci::msix_size_mask + 1U));
  }
}

// An MSI-X BAR holds at least what the structure needs.
std::uint64_t bar_bytes_for(std::uint64_t bytes) {
  return std::max(std::uint64_t{pci::smallest_bar_bytes}, std::bit_ceil(bytes));
}

}  // namespace

ConfigSpace::ConfigSpace(const config::PcieConfig& config) {
  check(config);
  put_header(config);
  put_capabilities(config);
}

void ConfigSpace::put_header(const config::PcieConfig& config) {
  const std::uint32_t ids = config.vendor_id | std::uint32_t{config.device_id} << 16U;
  word(pci::id).value = ids;
  word(pci::command).value = in_word(pci::status, pci::status_capabilities);
  word(pci::command).writable = pci::command_memory_space | pci::command_bus_master |
                                pci::command_parity_response | pci::command_serr |
                                pci::command_interrupt_disable;
  word(pci::command).cleared_by_one = in_word(pci::status, pci::status_signaled_target_abort);
  word(pci::class_revision).value = config.class_code << 8U;
  word(pci::subsystem).value = ids;
  word(pci::capabilities).value = pcie_capability;
  word(pci::interrupt_line).writable = 0xFF;
  put_bar(pci::control_bar, config.control_bar_bytes, false);
  put_bar(pci::memory_bar, config.memory_bar_bytes, true);
  put_bar(pci::msix_bar, bar_bytes_for(std::uint64_t{config.msix_vectors} * pci::msix_entry_bytes), false);
  put_bar(pci::pba_bar, bar_bytes_for((config.msix_vectors + 7) / 8), false);
}

void ConfigSpace::put_bar(unsigned n, std::uint64_t bytes, bool is_64_bit) {
  if (!std::has_single_bit(bytes) || bytes < pci::smallest_bar_bytes ||
      (!is_64_bit && bytes > largest_32_bit_bar)) {
    throw std::invalid_argument(fmt::format(
        "pcie: BAR {} of {:#x} bytes: a BAR is a power of two from {:#x} on, and at most {:#x} with 32 bits",
        n, bytes, pci::smallest_bar_bytes, largest_32_bit_bar));
  }
  bars_[n] = {bytes, is_64_bit};
  const std::uint64_t address_bits = ~(bytes - 1);
  word(pci::bar(n)).writable = static_cast<std::uint32_t>(address_bits);
  if (is_64_bit) {
    word(pci::bar(n)).value = pci::bar_64_bit | pci::bar_prefetchable;
    word(pci::bar(n + 1)).writable = static_cast<std::uint32_t>(address_bits >> 32U);
  }
}

void ConfigSpace::put_capabilities(const config::PcieConfig& config) {
  Word& pcie = word(pcie_capability);
  pcie.value =
      pci::capability_pcie | msix_capability << 8U | std::uint32_t{pci::pcie_version_2_endpoint} << 16U;
  word(pcie_capability + pci::pcie_device_capabilities).value =
      pci::role_based_errors | pci::code_of_size(config.max_payload_bytes) << pci::payload_supported_shift;
  Word& control = word(pcie_capability + pci::pcie_device_control);
  control.value = pci::device_control_reset;
  control.writable = pci::device_control_writable | pci::payload_mask | pci::read_request_mask;
  control.cleared_by_one = in_word(pci::pcie_device_status, pci::device_status_errors);

  Word& msix = word(msix_capability);
  msix.value = pci::capability_msix | in_word(pci::msix_control, config.msix_vectors - 1);
  msix.writable = in_word(pci::msix_control, pci::msix_function_mask | pci::msix_enable);
  word(msix_capability + pci::msix_table).value = pci::msix_bar;
  word(msix_capability + pci::msix_pba).value = pci::pba_bar;
}

std::uint32_t ConfigSpace::read(std::uint32_t offset) const {
  return offset < implemented_bytes ? word(offset).value : 0;
}

void ConfigSpace::write(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  if (offset >= implemented_bytes) return;
  Word& target = word(offset);
  std::uint32_t writable = target.writable & mask;
  if (offset == pcie_capability + pci::pcie_device_control) {
    // A size the function does not have leaves the field as it was.
    const std::uint32_t supported =
        (read(pcie_capability + pci::pcie_device_capabilities) >> pci::payload_supported_shift) &
        pci::size_code_mask;
    const auto code = [value](unsigned shift) { return (value >> shift) & pci::size_code_mask; };
    if (code(pci::payload_shift) > supported) writable &= ~pci::payload_mask;
    if (code(pci::read_request_shift) > pci::largest_size_code) writable &= ~pci::read_request_mask;
  }
  target.value = (target.value & ~writable) | (value & writable);
  target.value &= ~(value & mask & target.cleared_by_one);
}

bool ConfigSpace::memory_enabled() const {
  return (word(pci::command).value & pci::command_memory_space) != 0;
}
bool ConfigSpace::bus_master() const { return (word(pci::command).value & pci::command_bus_master) != 0; }
bool ConfigSpace::msix_enabled() const {
  return (word(msix_capability).value & in_word(pci::msix_control, pci::msix_enable)) != 0;
}
bool ConfigSpace::msix_masked() const {
  return (word(msix_capability).value & in_word(pci::msix_control, pci::msix_function_mask)) != 0;
}
std::uint32_t ConfigSpace::max_payload_bytes() const {
  return pci::size_of_code(word(pcie_capability + pci::pcie_device_control).value >> pci::payload_shift);
}
std::uint32_t ConfigSpace::max_read_request_bytes() const {
  return pci::size_of_code(word(pcie_capability + pci::pcie_device_control).value >> pci::read_request_shift);
}

std::uint64_t ConfigSpace::base(unsigned n) const {
  std::uint64_t address = word(pci::bar(n)).value & ~pci::bar_type_mask;
  if (bars_[n].is_64_bit) address |= std::uint64_t{word(pci::bar(n + 1)).value} << 32U;
  return address;
}

std::optional<ConfigSpace::Target> ConfigSpace::decode(std::uint64_t address) const {
  for (unsigned n = 0; n < pci::bar_count; ++n) {
    if (bars_[n].bytes != 0 && (address & ~(bars_[n].bytes - 1)) == base(n)) {
      return Target{n, address & (bars_[n].bytes - 1)};
    }
  }
  return std::nullopt;
}

// Role-based reporting: what the requester learns from its completion is only a correctable error here.
void ConfigSpace::record(RequestError error, bool posted) {
  std::uint32_t device_status = posted ? pci::device_status_non_fatal : pci::device_status_correctable;
  switch (error) {
    case RequestError::unsupported:
      device_status |= pci::device_status_unsupported_request;
      break;
    case RequestError::abort:
      word(pci::command).value |= in_word(pci::status, pci::status_signaled_target_abort);
      break;
    case RequestError::malformed:
      device_status = pci::device_status_fatal | pci::device_status_unsupported_request;
      break;
  }
  word(pcie_capability + pci::pcie_device_control).value |= in_word(pci::pcie_device_status, device_status);
}

}  // namespace ipusim::host
