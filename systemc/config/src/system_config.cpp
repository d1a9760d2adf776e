// SPDX-License-Identifier: Apache-2.0
#include "ipusim/config/system_config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <ranges>
#include <set>
#include <stdexcept>

#include "ipusim/base/host_windows.hpp"
#include "ipusim/config/config_node.hpp"
#include "ipusim/config/latency_function.hpp"
#include "ipusim/isa/sync_zones.hpp"

namespace ipusim::config {
namespace {

constexpr std::uint64_t max_cycles = 1'000'000;

unsigned cycles(const ConfigNode& node, const std::string& key, std::uint64_t low = 0) {
  return static_cast<unsigned>(node.at(key).as_unsigned(low, max_cycles));
}

int signed_cycles(const ConfigNode& node, const std::string& key) {
  return static_cast<int>(node.at(key).as_signed(-1000, 1000));
}

PlaceGrid read_grid(const ConfigNode& node) {
  PlaceGrid grid;
  grid.numbering = node.at("numbering").as_choice({"mk2-snake", "by-place"});
  grid.rows = static_cast<unsigned>(node.at("rows").as_unsigned(1, 32));
  grid.columns = static_cast<unsigned>(node.at("columns").as_unsigned(2, 16));
  grid.lanes = static_cast<unsigned>(node.at("lanes").as_unsigned(4, 4));
  node.reject_unknown_keys();
  return grid;
}

ExchangeConfig read_exchange(const ConfigNode& node) {
  ExchangeConfig exchange;
  const ConfigNode latency = node.at("latency");
  const ConfigNode function = latency.at("function");
  exchange.latency_function = function.as_string();
  const auto known = latency_functions();
  const auto info = std::ranges::find(known, exchange.latency_function, &LatencyFunctionInfo::name);
  if (info == known.end()) {
    throw function.error(
        fmt::format("expected one of {}, got '{}'",
                    fmt::join(known | std::views::transform(&LatencyFunctionInfo::name), ", "),
                    exchange.latency_function));
  }
  for (const std::string_view constant : info->constants) {
    const std::string key{constant};
    exchange.latency_cycles[key] = signed_cycles(latency, key);
  }
  latency.reject_unknown_keys();
  exchange.mux_delay_base_cycles = cycles(node, "mux_delay_base_cycles", 1);
  exchange.mux_delay_per_row_cycles = cycles(node, "mux_delay_per_row_cycles");
  exchange.null_source = static_cast<std::uint16_t>(node.at("null_source").as_unsigned(0, 0x1FFF));
  exchange.block_base = static_cast<std::uint16_t>(node.at("block_base").as_unsigned(0, 0x1FC0));
  node.reject_unknown_keys();
  return exchange;
}

// The tile's pipeline must have drained before it is released (tile::min_release_delay).
constexpr std::uint64_t min_sync_latency = 8;

SyncZone read_zone(const ConfigNode& row) {
  SyncZone zone;
  const ConfigNode number = row.at("zone");
  zone.number = static_cast<unsigned>(number.as_unsigned(0, 15));
  const isa::SyncZone* known = isa::find_sync_zone(zone.number);
  if (known == nullptr || known->operand != zone.number || !known->released_by_chip) {
    throw number.error("expected the operand of a sync that the chip takes part in (isa/sync_zones.yaml)");
  }
  zone.name = known->name;
  const std::string scope = row.at("scope").as_choice({"tile", "chip", "system"});
  zone.scope = scope == "tile" ? SyncScope::tile : scope == "chip" ? SyncScope::chip : SyncScope::system;
  if (const auto host = row.find("host")) {
    zone.host = host->as_bool();
    if (zone.host && zone.scope == SyncScope::tile)
      throw host->error("the host takes no part in a sync of one tile");
  }
  zone.latency_cycles = cycles(row, "latency_cycles", min_sync_latency);
  row.reject_unknown_keys();
  return zone;
}

SyncConfig read_sync(const ConfigNode& node) {
  SyncConfig sync;
  const ConfigNode rows = node.at("zones");
  for (const ConfigNode& row : rows.items()) {
    SyncZone zone = read_zone(row);
    if (sync.find(zone.number) != nullptr) {
      throw row.at("zone").error(fmt::format("zone {} is described twice", zone.number));
    }
    sync.zones.push_back(std::move(zone));
  }
  std::sort(sync.zones.begin(), sync.zones.end(),
            [](const SyncZone& a, const SyncZone& b) { return a.number < b.number; });
  if (std::none_of(sync.zones.begin(), sync.zones.end(),
                   [](const SyncZone& z) { return z.scope != SyncScope::tile; })) {
    throw rows.error("expected at least one zone of scope chip or system: else no tile meets another");
  }
  node.reject_unknown_keys();
  return sync;
}

std::uint64_t power_of_two(const ConfigNode& node, std::uint64_t low, std::uint64_t high) {
  const std::uint64_t value = node.as_unsigned(low, high);
  if (!std::has_single_bit(value)) throw node.error(fmt::format("expected a power of two, got {}", value));
  return value;
}

// Speed and credits. A bare bandwidth may stand in for what generation and lanes give.
void read_link(const ConfigNode& node, PcieConfig& pcie) {
  pcie.link_generation = static_cast<unsigned>(node.at("generation").as_unsigned(1, 5));
  pcie.link_lanes = static_cast<unsigned>(power_of_two(node.at("lanes"), 1, 32));
  if (const auto share = node.find("dllp_share")) pcie.dllp_share = share->as_number(0, 0.5);
  if (const auto bare = node.find("bandwidth_bytes_per_s")) {
    pcie.bandwidth_bytes_per_s = bare->as_number(1, 1e15);
  }
  const auto credits = [&](const std::string& key, std::uint32_t& value) {
    if (const auto found = node.find(key)) {
      value = static_cast<std::uint32_t>(found->as_unsigned(0, 1U << 20U));
    }
  };
  credits("posted_headers", pcie.posted_headers);
  credits("posted_data", pcie.posted_data);
  credits("non_posted_headers", pcie.non_posted_headers);
}

PcieConfig read_pcie(const ConfigNode& node) {
  PcieConfig pcie;
  pcie.vendor_id = static_cast<std::uint16_t>(node.at("vendor_id").as_unsigned(0, 0xFFFE));
  pcie.device_id = static_cast<std::uint16_t>(node.at("device_id").as_unsigned(0, 0xFFFF));
  pcie.class_code = static_cast<std::uint32_t>(node.at("class_code").as_unsigned(0, 0xFFFFFF));
  pcie.control_bar_bytes =
      power_of_two(node.at("control_bar_bytes"), host_windows::control_bytes, std::uint64_t{1} << 32U);
  pcie.memory_bar_bytes =
      power_of_two(node.at("memory_bar_bytes"), host_windows::tile_bytes, std::uint64_t{1} << 40U);
  pcie.msix_vectors =
      static_cast<unsigned>(node.at("msix_vectors").as_unsigned(host_windows::interrupt_vectors, 2048));
  pcie.max_payload_bytes = static_cast<std::uint32_t>(power_of_two(node.at("max_payload_bytes"), 128, 4096));
  pcie.max_read_request_bytes =
      static_cast<std::uint32_t>(power_of_two(node.at("max_read_request_bytes"), 128, 4096));
  pcie.latency_ns = node.at("latency_ns").as_number(0, 1e9);
  read_link(node, pcie);
  node.reject_unknown_keys();
  return pcie;
}

HazardPolicy read_policy(const ConfigNode& value, bool can_be_exception) {
  const std::string word = can_be_exception ? value.as_choice({"off", "warn", "error", "exception"})
                                            : value.as_choice({"off", "warn", "error"});
  return word == "off"     ? HazardPolicy::off
         : word == "warn"  ? HazardPolicy::warn
         : word == "error" ? HazardPolicy::error
                           : HazardPolicy::exception;
}

HazardConfig read_hazards(const ConfigNode& node) {
  HazardConfig hazards;
  if (const auto all = node.find("default")) {
    const HazardPolicy policy = read_policy(*all, false);
    for (const isa::HazardInfo& hazard : isa::hazards) hazards.set(hazard.policy, policy);
  }
  for (const isa::HazardInfo& hazard : isa::hazards) {
    const auto value = node.find(std::string{hazard.policy});
    if (value) hazards.set(hazard.policy, read_policy(*value, HazardConfig::can_be_exception(hazard.policy)));
  }
  node.reject_unknown_keys();
  return hazards;
}

// "7" or "4-9": the first and the last number.
std::pair<std::uint64_t, std::uint64_t> read_range(const ConfigNode& item) {
  constexpr std::uint64_t highest = 0xFFFF;
  const std::string text = item.is_scalar() ? item.as_string() : "";
  const auto dash = text.find('-', 1);
  if (dash == std::string::npos) {
    const std::uint64_t number = item.as_unsigned(0, highest);
    return {number, number};
  }
  const auto number = [&](std::size_t from, std::size_t to) {
    std::uint64_t value = highest + 1;
    const auto [end, failure] = std::from_chars(text.data() + from, text.data() + to, value);
    return failure == std::errc{} && end == text.data() + to ? value : highest + 1;
  };
  const auto first = number(0, dash);
  const auto last = number(dash + 1, text.size());
  if (last > highest || first > last) {
    throw item.error(fmt::format("expected a tile number or a range first-last, got '{}'", text));
  }
  return {first, last};
}

// `all`, or a list of tile numbers and of ranges "first-last", in the given numbering.
std::vector<TileId> read_places(const ConfigNode& tiles, const PlaceGrid& grid) {
  const bool logical = tiles.at("numbering").as_choice({"physical", "logical"}) == "logical";
  const ConfigNode list = tiles.at("places");
  std::vector<TileId> places;
  std::set<TileId> taken;
  const auto add = [&](const ConfigNode& node, std::uint64_t number) {
    if (logical && number >= grid.tiles()) {
      throw node.error(fmt::format("expected logical tile numbers below {}, got {}", grid.tiles(), number));
    }
    const TileId place = logical ? grid.place_of_logical(static_cast<unsigned>(number))
                                 : TileId{static_cast<std::uint16_t>(number & 0xFFFFU)};
    if (number > 0xFFFF || !grid.contains(place)) {
      throw node.error(
          fmt::format("expected a place of the chip's {} rows x {} columns x {} lanes "
                      "(row*64 + column*4 + lane), got {}",
                      grid.rows, grid.columns, grid.lanes, number));
    }
    if (!taken.insert(place).second) throw node.error(fmt::format("place {} is given twice", place.value()));
    places.push_back(place);
  };
  if (list.is_scalar()) {
    list.as_choice({"all"});
    for (unsigned n = 0; n < grid.tiles(); ++n) places.push_back(grid.place_of_logical(n));
    return places;
  }
  for (const ConfigNode& item : list.items()) {
    const auto [first, last] = read_range(item);
    for (std::uint64_t number = first; number <= last; ++number) add(item, number);
  }
  if (places.empty()) throw list.error("expected at least one place");
  return places;
}

void read_part(const ConfigNode& part, ChipConfig& chip) {
  part.at("part").as_string();
  if (part.is_inherited("part")) {
    throw part.error("key 'part': missing; a part that is based on another has a name of its own");
  }
  const ConfigNode arch = part.at("arch");
  const auto parsed = isa::parse_arch(arch.as_choice({"ipu1", "ipu2", "ipu21"}));
  if (!parsed) throw arch.error("unknown architecture");
  chip.arch = *parsed;
  chip.clock_hz = part.at("clock_hz").as_unsigned(1, 100'000'000'000);
  chip.grid = read_grid(part.at("grid"));
  chip.exchange = read_exchange(part.at("exchange"));
  chip.sync = read_sync(part.at("sync"));
  const ConfigNode pcie = part.at("pcie");
  chip.pcie = read_pcie(pcie);
  constexpr std::uint64_t bytes_per_row = 64 * host_windows::tile_bytes;
  if (chip.grid.rows * bytes_per_row > chip.pcie.memory_bar_bytes) {
    throw pcie.at("memory_bar_bytes")
        .error(fmt::format("expected room for {} rows of 64 MiB, got {} bytes", chip.grid.rows,
                           chip.pcie.memory_bar_bytes));
  }
  part.reject_unknown_keys();
}

// What stands at the top of a file with one chip, and in a row of `chips` else.
ChipConfig read_chip(const ConfigNode& node, const std::string& name) {
  ChipConfig chip;
  chip.name = name;
  read_part(ConfigNode::load_based(node.at("part").as_path()), chip);
  const ConfigNode tiles = node.at("tiles");
  chip.places = read_places(tiles, chip.grid);
  const ConfigNode kind = tiles.at("kind");
  chip.tile_kind = kind.as_string();
  chip.tile_kind_place = kind.source();
  tiles.reject_unknown_keys();
  if (const auto hazards = node.find("hazards")) chip.hazards = read_hazards(*hazards);
  return chip;
}

// Names go before a colon in selections, and into symbols.
std::string read_name(const ConfigNode& node) {
  const std::string name = node.as_string();
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  if (name.empty() || !std::ranges::all_of(name, fits) || name == "all") {
    throw node.error(fmt::format("expected a name of letters, digits and underscores, got '{}'", name));
  }
  return name;
}

void read_chips(const ConfigNode& list, SystemConfig& system) {
  for (const ConfigNode& node : list.items()) {
    const ConfigNode name = node.at("name");
    const std::string text = read_name(name);
    if (std::ranges::find(system.chips, text, &ChipConfig::name) != system.chips.end()) {
      throw name.error(fmt::format("there are two chips of the name '{}'", text));
    }
    ChipConfig chip = read_chip(node, text);
    if (!system.chips.empty() && chip.arch != system.arch()) {
      throw node.at("part").error(fmt::format(
          "a system's chips are of one architecture: '{}' is an {}, '{}' an {}", system.chips.front().name,
          isa::arch_info(system.arch()).name, text, isa::arch_info(chip.arch).name));
    }
    system.chips.push_back(std::move(chip));
    node.reject_unknown_keys();
  }
  if (system.chips.empty()) throw list.error("expected at least one chip");
}

// "ipu0.pcie": the chip's PCI Express port.
ChipIndex read_port(const ConfigNode& node, const SystemConfig& system) {
  const std::string text = node.as_string();
  constexpr std::string_view port = ".pcie";
  if (text.ends_with(port)) {
    const auto chip =
        std::ranges::find(system.chips, text.substr(0, text.size() - port.size()), &ChipConfig::name);
    if (chip != system.chips.end()) return ChipIndex{static_cast<std::uint32_t>(chip - system.chips.begin())};
  }
  std::string ports;
  for (const ChipConfig& chip : system.chips) ports += (ports.empty() ? "" : ", ") + chip.name + ".pcie";
  throw node.error(fmt::format("expected a port that a host can be attached to ({}), got '{}'", ports, text));
}

void read_hosts(const ConfigNode& list, SystemConfig& system) {
  std::set<ChipIndex> attached;
  for (const ConfigNode& node : list.items()) {
    HostConfig host;
    host.name = read_name(node.at("name"));
    for (const ConfigNode& port : node.at("attach").items()) {
      host.chips.push_back(read_port(port, system));
      if (!attached.insert(host.chips.back()).second) {
        throw port.error(fmt::format("'{}' is attached already", port.as_string()));
      }
    }
    node.reject_unknown_keys();
    system.hosts.push_back(std::move(host));
  }
  for (std::uint32_t i = 0; i < system.chips.size(); ++i) {
    if (attached.contains(ChipIndex{i})) continue;
    throw list.error(
        fmt::format("no host is attached to '{}.pcie': nothing could load the chip", system.chips[i].name));
  }
}

// One host for all chips, where the file names none.
HostConfig common_host(const SystemConfig& system) {
  HostConfig host{"host0", {}};
  for (std::uint32_t i = 0; i < system.chips.size(); ++i) host.chips.push_back(ChipIndex{i});
  return host;
}

}  // namespace

HazardConfig::HazardConfig() {
  policies_.fill(HazardPolicy::error);
  policies_.at(static_cast<std::size_t>(isa::HazardKind::receive_incomplete)) = HazardPolicy::warn;
}

bool HazardConfig::can_be_exception(std::string_view key) {
  return std::ranges::none_of(isa::hazards,
                              [&](const isa::HazardInfo& h) { return h.policy == key && h.code == 0; });
}

void HazardConfig::set(std::string_view key, HazardPolicy policy) {
  bool known = false;
  for (const isa::HazardInfo& hazard : isa::hazards) {
    if (hazard.policy != key) continue;
    known = true;
    if (policy == HazardPolicy::exception && !can_be_exception(key)) {
      throw std::invalid_argument(fmt::format("no tile can stop for a hazard '{}'", key));
    }
    policies_.at(static_cast<std::size_t>(hazard.kind)) = policy;
  }
  if (!known) throw std::invalid_argument(fmt::format("there is no hazard of the key '{}'", key));
}

const SyncZone* SyncConfig::find(unsigned number) const {
  const auto zone =
      std::find_if(zones.begin(), zones.end(), [&](const SyncZone& z) { return z.number == number; });
  return zone == zones.end() ? nullptr : &*zone;
}

const SyncZone* SyncConfig::of_operand(unsigned operand) const {
  const isa::SyncZone* zone = isa::find_sync_zone(operand);
  return zone == nullptr ? nullptr : find(zone->operand);
}

const SyncZone& SyncConfig::at(unsigned number) const {
  const SyncZone* zone = find(number);
  if (zone == nullptr) throw std::out_of_range(fmt::format("this part has no sync zone {}", number));
  return *zone;
}

TileId PlaceGrid::place_of_logical(unsigned logical) const {
  if (numbering == "by-place") {
    const unsigned column = logical / lanes;
    const unsigned place = 64 * (column / columns) + 4 * (column % columns) + logical % lanes;
    return TileId{static_cast<std::uint16_t>(place)};
  }
  const unsigned pair = logical / 2;
  const unsigned block = pair / rows;
  const unsigned along = pair % rows;
  const unsigned row = block % 2 == 0 ? along : rows - 1 - along;
  return TileId{static_cast<std::uint16_t>(64 * row + 4 * (block / 2) + (block % 2) + 2 * (logical % 2))};
}

TileNames SystemConfig::tile_names() const {
  std::vector<TileNames::Chip> names;
  for (const ChipConfig& chip : chips) names.push_back({chip.name, chip.places.size()});
  return TileNames(std::move(names));
}

SystemConfig system_of(const ChipConfig& chip) {
  SystemConfig system{chip.name, "", {chip}, {}};
  system.hosts.push_back(common_host(system));
  return system;
}

SystemConfig load_system_config(const std::filesystem::path& file) {
  const ConfigNode root = ConfigNode::load(file);
  SystemConfig system;
  system.name = root.at("system").as_string();
  if (const auto text = root.find("description")) system.description = text->as_string();
  if (const auto chips = root.find("chips")) {
    read_chips(*chips, system);
  } else {
    system.chips.push_back(read_chip(root, system.name));
  }
  if (const auto links = root.find("links"); links && !links->items().empty()) {
    throw links->error("links between chips are not modelled yet");
  }
  if (const auto hosts = root.find("hosts")) {
    read_hosts(*hosts, system);
  } else {
    system.hosts.push_back(common_host(system));
  }
  root.reject_unknown_keys();
  return system;
}

ChipConfig load_chip_config(const std::filesystem::path& file) {
  SystemConfig system = load_system_config(file);
  if (system.chips.size() != 1) {
    throw ConfigError(
        fmt::format("{}: expected a system of one chip, this has {}", file.string(), system.chips.size()));
  }
  return std::move(system.chips.front());
}

}  // namespace ipusim::config
