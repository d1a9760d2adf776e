// SPDX-License-Identifier: Apache-2.0
#include "timing_text.hpp"

#include <algorithm>
#include <functional>
#include <regex>

namespace ipusim::isagen {
namespace {

const std::regex& key_pattern() {
  static const std::regex pattern("\\{([a-z_]+)\\}");
  return pattern;
}

const TimingSpec* find(const std::string& key, const std::vector<TimingSpec>& timing) {
  const auto found =
      std::find_if(timing.begin(), timing.end(), [&](const TimingSpec& spec) { return spec.name == key; });
  return found == timing.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> unknown_timing_keys(const std::string& text, const std::vector<TimingSpec>& timing) {
  std::vector<std::string> unknown;
  for (std::sregex_iterator i(text.begin(), text.end(), key_pattern()), end; i != end; ++i)
    if (find((*i)[1], timing) == nullptr) unknown.push_back((*i)[1]);
  return unknown;
}

std::string with_timing(const std::string& text, const std::vector<TimingSpec>& timing) {
  std::string result = text;
  for (const TimingSpec& spec : timing) {
    const std::string key = "{" + spec.name + "}";
    for (std::size_t at = result.find(key); at != std::string::npos; at = result.find(key, at))
      result.replace(at, key.size(), std::to_string(spec.value));
  }
  return result;
}

}  // namespace ipusim::isagen
