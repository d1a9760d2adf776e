// The endpoint's configuration space: type 0 header, PCI Express and MSI-X capabilities. No SystemC.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "ipusim/config/system_config.hpp"
#include "ipusim/host/pcie/config_map.hpp"

namespace ipusim::host {

// What a request did wrong, as the error bits tell it.
enum class RequestError : std::uint8_t { unsupported, abort, malformed };

class ConfigSpace {
 public:
  // Throws std::invalid_argument for BAR sizes, vector counts or payload sizes no endpoint can have.
  explicit ConfigSpace(const config::PcieConfig& config);

  // The 32-bit word at `offset`, a multiple of 4 below pci::config_bytes. What is not implemented reads 0.
  std::uint32_t read(std::uint32_t offset) const;
  // Writes the bits of `value` that `mask` selects and that can be written; error bits are cleared by ones.
  void write(std::uint32_t offset, std::uint32_t value, std::uint32_t mask = ~0U);

  bool memory_enabled() const;
  bool bus_master() const;
  bool msix_enabled() const;
  bool msix_masked() const;
  std::uint32_t max_payload_bytes() const;
  std::uint32_t max_read_request_bytes() const;

  struct Target {
    unsigned bar;
    std::uint64_t offset;
  };
  // The BAR that claims a bus address, whether memory space is enabled or not.
  std::optional<Target> decode(std::uint64_t address) const;

  // Sets the error bits for a request: Status and Device Status.
  void record(RequestError error, bool posted);

 private:
  struct Word {
    std::uint32_t value = 0;
    std::uint32_t writable = 0;
    std::uint32_t cleared_by_one = 0;
  };
  struct Bar {
    std::uint64_t bytes = 0;  // 0: none, or the upper half of the one before
    bool is_64_bit = false;
  };
  Word& word(std::uint32_t offset) { return words_[offset / 4]; }
  const Word& word(std::uint32_t offset) const { return words_[offset / 4]; }
  void put_header(const config::PcieConfig& config);
  void put_bar(unsigned n, std::uint64_t bytes, bool is_64_bit);
  void put_capabilities(const config::PcieConfig& config);
  std::uint64_t base(unsigned n) const;

  static constexpr std::uint32_t implemented_bytes = 256;
  std::array<Word, implemented_bytes / 4> words_{};
  std::array<Bar, pci::bar_count> bars_{};
};

}  // namespace ipusim::host
