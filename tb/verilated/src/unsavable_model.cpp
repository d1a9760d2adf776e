// SPDX-License-Identifier: Apache-2.0
// Of builds with RTL coverage: Verilator makes no model that counts and can be saved.
#include <stdexcept>

#include "ipusim/base/state.hpp"
#include "model.hpp"

namespace ipusim::rtl {

void Model::save(StateWriter&) const {
  throw std::logic_error("this build counts the RTL's coverage, and cannot save its state");
}

void Model::load(StateReader&) {
  throw std::logic_error("this build counts the RTL's coverage, and cannot load its state");
}

}  // namespace ipusim::rtl
