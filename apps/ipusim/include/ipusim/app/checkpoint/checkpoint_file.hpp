// SPDX-License-Identifier: Apache-2.0
// A run's state in a file, with what it is a state of (docs/state.md, "Checkpoints of a run").
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "ipusim/app/build/transfers.hpp"
#include "ipusim/base/state.hpp"
#include "ipusim/base/types.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/host/machine.hpp"
#include "ipusim/program/program.hpp"

namespace ipusim::app {

// What a run consists of: it goes on only from a checkpoint of one that was the same. The timeout is none of
// it, nor what is read back and expected.
struct RunIdentity {
  std::string program;                  // its name
  std::string system;                   // its name
  std::string system_sha256;            // over what cycles and results depend on
  std::vector<std::string> tile_kinds;  // by tile index
  std::string images_sha256;            // over images and loads of every tile
  std::uint32_t host_syncs = 0;
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [program, system, system_sha256, tile_kinds, images_sha256, host_syncs] = self;
    archive(program, system, system_sha256, tile_kinds, images_sha256, host_syncs);
  }
};
RunIdentity identity_of(const program::Program& program, const config::ChipConfig& system,
                        const std::vector<std::string>& tile_kinds, const TileImages& images,
                        const std::vector<MemoryLoad>& loads);

// Where in its run it was taken.
struct CheckpointPlace {
  std::uint64_t cycle = 0;       // since the start
  std::uint64_t supersteps = 0;  // so far
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [cycle, supersteps] = self;
    archive(cycle, supersteps);
  }
};

// The bytes of a file with the state of the machine's chip.
std::vector<std::byte> make_checkpoint(const RunIdentity& identity, const CheckpointPlace& place,
                                       const host::Machine& machine);

// A file that was read. All functions throw InputError naming it and the cure; the constructor ConfigError
// where there is no file.
class CheckpointFile {
 public:
  // Throws where it is no checkpoint, or not a whole one.
  explicit CheckpointFile(std::filesystem::path file);

  const CheckpointPlace& place() const { return place_; }
  // Of what is known before images are built; the images' digest of `run` is not looked at.
  void require_same_input(const RunIdentity& run) const;
  void require_same_images(const RunIdentity& run) const;
  // From within the machine's job, instead of loading and starting it.
  void load_into(host::Machine& machine) const;

 private:
  std::span<const std::byte> archive() const;
  void read_header(StateReader& reader, RunIdentity& identity, CheckpointPlace& place) const;

  std::filesystem::path file_;
  std::string bytes_;
  RunIdentity identity_;
  CheckpointPlace place_;
};

}  // namespace ipusim::app
