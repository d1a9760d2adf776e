// MSI-X table and pending bits. No SystemC.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace ipusim::host {

class MsixTable {
 public:
  // All vectors masked and none pending, as after reset.
  explicit MsixTable(unsigned vectors);

  struct Message {
    std::uint64_t address;
    std::uint32_t data;
  };

  // An interrupt of this vector is due; std::out_of_range if there is no such vector.
  void raise(unsigned vector);
  // The message of the lowest vector that is pending and not masked; it is pending no more.
  std::optional<Message> take();

  // Accesses to the table and to the pending bits, at byte offsets. False: not one or two aligned words
  // (8 bytes aligned to 8), or outside. Pending bits cannot be written: a write there changes nothing.
  bool read_table(std::uint64_t offset, std::span<std::uint8_t> data) const;
  bool write_table(std::uint64_t offset, std::span<const std::uint8_t> data);
  bool read_pending(std::uint64_t offset, std::span<std::uint8_t> data) const;
  bool write_pending(std::uint64_t offset, std::span<const std::uint8_t> data) const;

  std::uint64_t table_bytes() const { return 4 * table_.size(); }
  std::uint64_t pending_bytes() const { return 4 * pending_.size(); }

 private:
  std::vector<std::uint32_t> table_;    // four words a vector
  std::vector<std::uint32_t> pending_;  // two words for every 64 vectors
};

}  // namespace ipusim::host
