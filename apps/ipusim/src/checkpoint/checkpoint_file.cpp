// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/checkpoint/checkpoint_file.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "ipusim/app/run/memory_digest.hpp"
#include "ipusim/base/input_error.hpp"
#include "ipusim/config/text_file.hpp"

namespace ipusim::app {
namespace {

constexpr const char* section_name = "checkpoint of a run";
// At the end of the file: the SHA-256 of all before, in hexadecimal.
constexpr std::size_t digest_bytes = 64;
constexpr std::uint64_t most_bytes = std::uint64_t{64} << 30U;

std::string sha256_of(const StateWriter& writer) {
  const auto& bytes = writer.bytes();
  return sha256({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string sha256_of(const toolchain::Image& image) {
  StateWriter writer;
  writer(image.entry);
  for (const auto& segment : image.segments) writer(segment.address, segment.bytes, segment.zeros);
  return sha256_of(writer);
}

// The host's PCI Express function is left out: it has no part in a run that has been started.
std::string sha256_of(const config::ChipConfig& system) {
  StateWriter writer;
  writer(system.arch, system.clock_hz, system.places);
  const config::ExchangeConfig& x = system.exchange;
  writer(x.latency_function);
  for (const auto& [constant, cycles] : x.latency_cycles) writer(constant, cycles);
  writer(x.mux_delay_base_cycles, x.mux_delay_per_row_cycles, x.null_source);
  for (const config::SyncZone& zone : system.sync.zones)
    writer(zone.number, zone.scope, zone.host, zone.latency_cycles);
  for (const isa::HazardInfo& hazard : isa::hazards) writer(system.hazards.of(hazard.kind));
  return sha256_of(writer);
}

// " tile 3 is 'rtl' there and 'fast' here"
std::string first_difference(const std::vector<std::string>& there, const std::vector<std::string>& here) {
  for (std::size_t i = 0; i < there.size() && i < here.size(); ++i)
    if (there[i] != here[i])
      return fmt::format("tile {} was '{}' there and is '{}' here", i, there[i], here[i]);
  return fmt::format("it has {} tiles, and this system {}", there.size(), here.size());
}

}  // namespace

RunIdentity identity_of(const program::Program& program, const config::ChipConfig& system,
                        const std::vector<std::string>& tile_kinds, const TileImages& images,
                        const std::vector<MemoryLoad>& loads) {
  StateWriter writer;
  std::map<const toolchain::Image*, std::string> known;
  for (const ImagePointer& image : images) {
    std::string& digest = known[image.get()];
    if (digest.empty()) digest = sha256_of(*image);
    writer(digest);
  }
  for (const MemoryLoad& load : loads) writer(load.tile, load.address, load.bytes);
  return {program.name, system.name,       sha256_of(system),
          tile_kinds,   sha256_of(writer), program.run.host_syncs};
}

std::vector<std::byte> make_checkpoint(const RunIdentity& identity, const CheckpointPlace& place,
                                       const host::Machine& machine) {
  StateWriter writer;
  writer.section(section_name, 1, [&](StateWriter& a) { a(identity, place); });
  machine.save(writer);
  const std::string digest = sha256_of(writer);
  std::vector<std::byte> bytes = writer.take();
  const auto tail = std::as_bytes(std::span{digest});
  bytes.insert(bytes.end(), tail.begin(), tail.end());
  return bytes;
}

CheckpointFile::CheckpointFile(std::filesystem::path file)
    : file_(std::move(file)),
      bytes_(config::read_file(file_, most_bytes, "a checkpoint is never that long")) {
  if (!bytes_.starts_with(state_detail::magic)) {
    throw InputError(
        fmt::format("{}: this is no checkpoint: `ipusim run --checkpoint-every` makes them", file_.string()));
  }
  const bool is_whole = bytes_.size() >= digest_bytes &&
                        std::string_view{bytes_}.substr(bytes_.size() - digest_bytes) ==
                            sha256(std::string_view{bytes_}.substr(0, bytes_.size() - digest_bytes));
  if (!is_whole) {
    throw InputError(fmt::format(
        "{}: the checkpoint is truncated or damaged: take another one of the same run", file_.string()));
  }
  try {
    StateReader reader(archive());
    read_header(reader, identity_, place_);
  } catch (const StateError& error) {
    throw InputError(fmt::format("{}: {}", file_.string(), error.what()));
  }
}

std::span<const std::byte> CheckpointFile::archive() const {
  return std::as_bytes(std::span{bytes_}).first(bytes_.size() - digest_bytes);
}

void CheckpointFile::read_header(StateReader& reader, RunIdentity& identity, CheckpointPlace& place) const {
  reader.section(section_name, 1, [&](StateReader& a) { a(identity, place); });
}

void CheckpointFile::require_same_input(const RunIdentity& run) const {
  const auto refuse = [&](const std::string& why) {
    throw InputError(fmt::format("--resume {}: {}", file_.string(), why));
  };
  if (identity_.program != run.program) {
    refuse(fmt::format("it is of program {}, not of {}: give the program file it was made with",
                       config::in_quotes(identity_.program), config::in_quotes(run.program)));
  }
  if (identity_.system != run.system) {
    refuse(fmt::format("it is of system {}, not of {}: give the system file it was made with",
                       config::in_quotes(identity_.system), config::in_quotes(run.system)));
  }
  if (identity_.system_sha256 != run.system_sha256) {
    refuse(
        fmt::format("system {} was another one when it was made: places, latencies, sync zones, clock or "
                    "hazards have changed since; give the file it was made with, or run without --resume",
                    config::in_quotes(run.system)));
  }
  if (identity_.tile_kinds != run.tile_kinds) {
    refuse(fmt::format("it was made with other kinds of tiles: {}; choose them with --tile as they were",
                       first_difference(identity_.tile_kinds, run.tile_kinds)));
  }
  if (identity_.host_syncs != run.host_syncs) {
    refuse(fmt::format("its host grants {} syncs, and this run's {}: give --host-syncs {}",
                       identity_.host_syncs, run.host_syncs, identity_.host_syncs));
  }
}

void CheckpointFile::require_same_images(const RunIdentity& run) const {
  if (identity_.images_sha256 == run.images_sha256) return;
  throw InputError(fmt::format(
      "--resume {}: program {} was another one when it was made: its code or the data that it loads have "
      "changed since; give what it was made with, or run without --resume",
      file_.string(), config::in_quotes(run.program)));
}

void CheckpointFile::load_into(host::Machine& machine) const {
  try {
    StateReader reader(archive());
    RunIdentity identity;
    CheckpointPlace place;
    read_header(reader, identity, place);
    machine.load(reader);
    reader.finish();
  } catch (const StateError& error) {
    throw InputError(fmt::format("--resume {}: {}", file_.string(), error.what()));
  }
}

}  // namespace ipusim::app
