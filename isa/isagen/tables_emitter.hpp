// SPDX-License-Identifier: Apache-2.0
// Definitions of the tables that isa/src/tables.hpp declares.
#pragma once

#include "emitter.hpp"

namespace ipusim::isagen {

class TablesEmitter : public Emitter {
 public:
  std::string_view path() const override { return "isa_tables.cpp"; }
  std::string emit(const Model& model) const override;
};

}  // namespace ipusim::isagen
