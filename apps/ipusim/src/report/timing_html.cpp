// SPDX-License-Identifier: Apache-2.0
// report.html: timing.json with what shows it, in one file.
#include <nlohmann/json.hpp>
#include <string_view>

#include "ipusim/app/report/timing_files.hpp"
#include "page.hpp"

namespace ipusim::app {
namespace {

using nlohmann::ordered_json;

// Beyond so many values of single tiles in steps, which are megabytes, the page tells sums only.
constexpr std::size_t most_tile_steps = 250'000;

void leave_out_tiles(ordered_json& timing) {
  std::size_t kept = 0;
  for (ordered_json& chip : timing.at("chips")) {
    const std::size_t tiles = chip.at("tiles").at("place").size();
    for (ordered_json& step : chip.at("steps")) {
      if (kept + tiles > most_tile_steps) step["tiles"] = nullptr;
      if (!step.at("tiles").is_null()) kept += tiles;
    }
    chip.at("tiles").erase("context_bundles");
  }
}

std::string escaped(std::string_view text, std::string_view what, std::string_view by) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with(what)) {
      result += by;
      at += what.size();
    } else {
      result += text[at++];
    }
  }
  return result;
}

std::string text_of_html(std::string_view text) { return escaped(escaped(text, "&", "&amp;"), "<", "&lt;"); }

}  // namespace

std::string ReportPage::text(const RunReport& report) const {
  ordered_json timing = timing_to_json(report);
  leave_out_tiles(timing);
  // A script element ends at "</" whatever is around it.
  const std::string data =
      escaped(timing.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), "<", "\\u003c");
  std::string text;
  std::string_view rest = page::html;
  for (auto open = rest.find("{{"); open != std::string_view::npos; open = rest.find("{{")) {
    const auto close = rest.find("}}", open);
    const std::string_view name = rest.substr(open + 2, close - open - 2);
    text += rest.substr(0, open);
    if (name == "title") text += text_of_html("Timing of " + report.program.name);
    if (name == "style") text += page::css;
    if (name == "data") text += data;
    if (name == "script") text += page::js;
    rest.remove_prefix(close + 2);
  }
  return text.append(rest);
}

}  // namespace ipusim::app
