// SPDX-License-Identifier: Apache-2.0
// One output file of the generator.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"

namespace ipusim::isagen {

class Emitter {
 public:
  virtual ~Emitter() = default;
  // Path below the output directory.
  virtual std::string_view path() const = 0;
  // The whole file; depends on the model alone, so that equal inputs give equal bytes.
  virtual std::string emit(const Model& model) const = 0;
};

// Every output there is.
std::vector<std::unique_ptr<Emitter>> all_emitters();

}  // namespace ipusim::isagen
