// SPDX-License-Identifier: Apache-2.0
// What was read from the tiles, as files beside result.json.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "ipusim/app/result_folder.hpp"
#include "ipusim/app/run/outcome.hpp"
#include "ipusim/config/tile_names.hpp"

namespace ipusim::app {

// result.json holds the values themselves of outputs of at most so many elements.
inline constexpr std::size_t most_values_in_json = 256;

// Relative to the folder of results: "outputs/NAME.npy", or .bin for raw elements.
std::string output_file(const Output& output);

// One file per output: an array of shape [tiles, count] - f8 as the float32 of its values - or the elements
// as they lie in tile memory. Throws InputError if a file cannot be written.
void write_outputs(const std::vector<Output>& outputs, const ResultFolder& results);

// A tile as result.json tells it: its number, or where there are several chips its name, "ipu1:3".
nlohmann::ordered_json tile_to_json(TileIndex tile, const config::TileNames& names);

// docs/program.md states the keys.
nlohmann::ordered_json to_json(const Output& output, const config::TileNames& names);

}  // namespace ipusim::app
