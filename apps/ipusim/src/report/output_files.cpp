// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/report/output_files.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "ipusim/app/run/memory_digest.hpp"
#include "ipusim/numbers/npy.hpp"

namespace ipusim::app {
namespace {

using nlohmann::ordered_json;

std::string packed(const Output& output, numbers::ElementType type) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(output.elements.size() * size_of(type));
  for (const numbers::Element element : output.elements) {
    const bool as_it_is = type == output.type;
    pack(as_it_is ? element : round_to_element(value_of(element, output.type), type), type, bytes);
  }
  return {bytes.begin(), bytes.end()};
}

std::string npy_of(const Output& output) {
  // Every f8 of every scale is a float32.
  const numbers::ElementType type = is_quarter(output.type) ? numbers::ElementType::f32 : output.type;
  const char kind = is_float(type) ? 'f' : is_signed(type) ? 'i' : 'u';
  const std::string descr = fmt::format("{}{}{}", size_of(type) == 1 ? '|' : '<', kind, size_of(type));
  return numbers::make_npy(descr, {output.tiles.size(), output.count}, packed(output, type));
}

// JSON has no infinities and NaNs: these become texts.
ordered_json to_json(numbers::Element element, numbers::ElementType type) {
  if (!is_float(type))
    return is_signed(type) ? ordered_json(static_cast<std::int32_t>(element.bits))
                           : ordered_json(element.bits);
  const double value = value_of(element, type);
  return std::isfinite(value) ? ordered_json(value) : ordered_json(to_string(element, type));
}

}  // namespace

std::string output_file(const Output& output) {
  return fmt::format("outputs/{}.{}", output.name, output.encoding == numbers::Encoding::raw ? "bin" : "npy");
}

void write_outputs(const std::vector<Output>& outputs, const ResultFolder& results) {
  for (const Output& output : outputs) {
    results.write(output_file(output),
                  output.encoding == numbers::Encoding::raw ? packed(output, output.type) : npy_of(output));
  }
}

ordered_json tile_to_json(TileIndex tile, const config::TileNames& names) {
  return names.chips() == 1 ? ordered_json(tile.value()) : ordered_json(names.name(tile));
}

ordered_json to_json(const Output& output, const config::TileNames& names) {
  ordered_json json{{"name", output.name}};
  json["type"] = is_quarter(output.type) ? "f8" : to_string(output.type);
  if (is_quarter(output.type)) {
    json["format"] = to_string(output.type);
    json["scale"] = output.type.scale();
  }
  ordered_json tiles = ordered_json::array();
  for (const TileIndex tile : output.tiles) tiles.push_back(tile_to_json(tile, names));
  json["count"] = output.count;
  json["tiles"] = std::move(tiles);
  json["shape"] = {output.tiles.size(), output.count};
  json["of_stopped_run"] = output.of_stopped_run;
  json["file"] = output_file(output);
  json["sha256"] = sha256(packed(output, output.type));
  if (output.elements.size() <= most_values_in_json) {
    ordered_json values = ordered_json::array();
    for (const numbers::Element element : output.elements) values.push_back(to_json(element, output.type));
    json["values"] = std::move(values);
  }
  return json;
}

}  // namespace ipusim::app
