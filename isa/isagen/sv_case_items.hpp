// SPDX-License-Identifier: Apache-2.0
// The items of a case statement in SystemVerilog.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace ipusim::isagen {

// Case labels by the text of the case body, in order of first use: equal bodies share one item.
class CaseItems {
 public:
  void add(const std::string& label, const std::string& body);
  std::string text() const;

 private:
  struct Item {
    std::string body;
    std::vector<std::string> labels;
  };
  std::map<std::string, std::size_t> index_;
  std::vector<Item> items_;
};

}  // namespace ipusim::isagen
