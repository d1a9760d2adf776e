// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run/outcome.hpp"

#include <fmt/format.h>

namespace ipusim::app {

std::string to_string(const CodePlace& place) {
  std::string text = fmt::format("pc {:#x}", place.pc.value());
  if (!place.symbol.empty()) text += fmt::format(" <{}>", place.symbol);
  if (!place.mnemonic.empty()) text += fmt::format(" `{}`", place.mnemonic);
  if (!place.source.empty()) text += ", " + place.source;
  if (!place.text.empty()) text += fmt::format(": `{}`", place.text);
  return text;
}

}  // namespace ipusim::app
