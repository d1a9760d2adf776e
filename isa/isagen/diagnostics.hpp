// SPDX-License-Identifier: Apache-2.0
// Collects what is wrong with the input, so that one run shows all of it.
#pragma once

#include <string>
#include <vector>

#include "model.hpp"

namespace ipusim::isagen {

class Diagnostics {
 public:
  void error(const SourceLine& where, const std::string& message);
  bool ok() const { return messages_.empty(); }
  // "file:line: error: message", in the order found.
  const std::vector<std::string>& messages() const { return messages_; }

 private:
  std::vector<std::string> messages_;
};

// "file:line", for messages that name a second place.
std::string to_string(const SourceLine& where);

}  // namespace ipusim::isagen
