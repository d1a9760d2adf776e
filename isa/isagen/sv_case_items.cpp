// SPDX-License-Identifier: Apache-2.0
#include "sv_case_items.hpp"

namespace ipusim::isagen {
namespace {

constexpr std::size_t max_line = 110;

}  // namespace

void CaseItems::add(const std::string& label, const std::string& body) {
  const auto [place, is_new] = index_.emplace(body, items_.size());
  if (is_new) items_.push_back({body, {}});
  items_[place->second].labels.push_back(label);
}

std::string CaseItems::text() const {
  std::string out;
  for (const Item& item : items_) {
    std::string line = "      ";
    for (std::size_t i = 0; i < item.labels.size(); ++i) {
      const std::string label = item.labels[i] + (i + 1 < item.labels.size() ? ", " : ": ");
      if (line.size() + label.size() > max_line) {
        out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        line = "      ";
      }
      line += label;
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n        " + item.body + "\n";
  }
  return out;
}

}  // namespace ipusim::isagen
