// SPDX-License-Identifier: Apache-2.0
// A system as its YAML file describes it (configs/README.md states every key): a tree of chips and hosts.
// Plain data: the chip and host floors take const references to their part.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/config/source_place.hpp"
#include "ipusim/config/tile_names.hpp"
#include "ipusim/isa/hazards.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::config {

// The grid of places of a chip: physical id = row * 64 + column * 4 + lane.
struct PlaceGrid {
  std::string numbering;  // how logical tile numbers map to places: "mk2-snake" or "by-place"
  unsigned rows = 0;      // usable rows
  unsigned columns = 0;   // at most 16
  unsigned lanes = 0;     // at most 4
  unsigned tiles() const { return rows * columns * lanes; }
  bool contains(TileId id) const { return id.row() < rows && id.column() < columns && id.lane() < lanes; }
  // Logical tile number -> place. mk2-snake: pairs of tiles snake up and down the rows, two lanes of a column
  // per run, column by column. by-place: by rising physical id. logical must be < tiles().
  TileId place_of_logical(unsigned logical) const;
};

// The exchange's latency function and what it is given; docs/exchange.md says what each constant does.
struct ExchangeConfig {
  std::string latency_function;               // a name of config/latency_function.hpp
  std::map<std::string, int> latency_cycles;  // its constants by name, those that it asks for
  unsigned mux_delay_base_cycles = 0;         // XPIC event to memory write, row 0
  unsigned mux_delay_per_row_cycles = 0;      // per row of the receiver
  std::uint16_t null_source = 0;              // INCOMING_MUX value that selects nobody
  std::uint16_t block_base = 0;               // INCOMING_MUX value of the first exchange block's port

  // The INCOMING_MUX value with which the tile at this place listens to its exchange block: a port serves the
  // tiles of one column and bus side ([SDK], docs/exchange.md).
  std::uint16_t block_source(TileId place) const {
    constexpr unsigned column_and_side = 0x3D;
    return static_cast<std::uint16_t>(block_base + (place.value() & column_and_side));
  }
};

// Who takes part in a sync of a zone.
enum class SyncScope : std::uint8_t {
  tile,   // the tile alone, with what it has acknowledged in advance
  chip,   // every tile of the chip
  system  // every tile of every chip that the system joins in it
};

struct SyncZone {
  unsigned number = 0;  // operand of the sync instruction; its master form is the same zone
  std::string name;
  SyncScope scope = SyncScope::chip;
  bool host = false;            // needs a mark of the host besides
  unsigned latency_cycles = 0;  // last arrival (or mark, if that is later) to release
};

// The zones of a chip, a row each; what the instruction knows and no row names does not exist there.
struct SyncConfig {
  std::vector<SyncZone> zones;  // by rising number
  // nullptr if there is none.
  const SyncZone* find(unsigned number) const;
  // The same for an operand of the instruction, which may be that of a master form.
  const SyncZone* of_operand(unsigned operand) const;
  // Throws std::out_of_range if there is none.
  const SyncZone& at(unsigned number) const;
};

// exception: the tile stops with an exchange error; for hazards that a tile finds by itself only.
enum class HazardPolicy : std::uint8_t { off, warn, error, exception };

// What becomes of each kind of hazard. Keys and kinds are those of isa/hazards.yaml.
class HazardConfig {
 public:
  // Everything is an error, but words that never came are a warning: programs that ran on silicon put a count
  // of 1 before every phase, receive in it or not, and never wait for it.
  HazardConfig();

  HazardPolicy of(isa::HazardKind kind) const { return policies_.at(static_cast<std::size_t>(kind)); }
  // For every kind of that key. Throws std::invalid_argument for a key of none, or `exception` for one that
  // no tile can stop for.
  void set(std::string_view key, HazardPolicy policy);
  // Whether tiles can stop for all of its kinds.
  static bool can_be_exception(std::string_view key);

 private:
  std::array<HazardPolicy, isa::hazards.size()> policies_{};
};

// The chip's PCI Express function and the link to it; consumed by systemc/host.
struct PcieConfig {
  std::uint16_t vendor_id = 0;
  std::uint16_t device_id = 0;
  std::uint32_t class_code = 0;         // 24 bits: class, subclass, interface
  std::uint64_t control_bar_bytes = 0;  // powers of two
  std::uint64_t memory_bar_bytes = 0;
  unsigned msix_vectors = 0;
  std::uint32_t max_payload_bytes = 0;
  std::uint32_t max_read_request_bytes = 0;
  double latency_ns = 0;             // one way
  double bandwidth_bytes_per_s = 0;  // of packets, each way; 0: what the link below gives
  unsigned link_generation = 0;
  unsigned link_lanes = 0;
  double dllp_share = 0;  // of the link's bytes, for what is no packet of transactions
  // Flow control credits; 0: without end.
  std::uint32_t posted_headers = 0;
  std::uint32_t posted_data = 0;  // units of 16 bytes
  std::uint32_t non_posted_headers = 0;
};

struct ChipConfig {
  std::string name;
  isa::Arch arch = isa::Arch::ipu2;
  std::uint64_t clock_hz = 0;
  PlaceGrid grid;
  std::vector<TileId> places;  // by tile index
  std::string tile_kind;       // a name that who makes the tiles must know (tb/kinds)
  SourcePlace tile_kind_place;
  ExchangeConfig exchange;
  SyncConfig sync;
  HazardConfig hazards;
  PcieConfig pcie;
};

struct HostConfig {
  std::string name;
  std::vector<ChipIndex> chips;  // whose PCI Express ports are attached to it, in this order
};

struct SystemConfig {
  std::string name;
  std::string description;
  std::vector<ChipConfig> chips;  // at least one; all of one architecture
  std::vector<HostConfig> hosts;  // every chip is attached to one of them
  // The chips' names and how many tiles each has.
  TileNames tile_names() const;
  isa::Arch arch() const { return chips.front().arch; }
};

// A system of that chip alone and a host.
SystemConfig system_of(const ChipConfig& chip);

// Throws ConfigError.
SystemConfig load_system_config(const std::filesystem::path& file);

// The chip of a system that has one. Throws ConfigError, also where there are several.
ChipConfig load_chip_config(const std::filesystem::path& file);

}  // namespace ipusim::config
