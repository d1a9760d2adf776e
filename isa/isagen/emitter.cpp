// SPDX-License-Identifier: Apache-2.0
#include "emitter.hpp"

#include "arch_emitter.hpp"
#include "csr_emitter.hpp"
#include "exceptions_emitter.hpp"
#include "explanations_emitter.hpp"
#include "hazards_emitter.hpp"
#include "opcodes_emitter.hpp"
#include "sv_emitter.hpp"
#include "sv_exceptions_emitter.hpp"
#include "tables_emitter.hpp"
#include "td_emitter.hpp"
#include "timing_emitter.hpp"
#include "zones_emitter.hpp"

namespace ipusim::isagen {

std::vector<std::unique_ptr<Emitter>> all_emitters() {
  std::vector<std::unique_ptr<Emitter>> emitters;
  emitters.push_back(std::make_unique<OpcodesEmitter>());
  emitters.push_back(std::make_unique<TimingEmitter>());
  emitters.push_back(std::make_unique<ZonesEmitter>());
  emitters.push_back(std::make_unique<ExceptionsEmitter>());
  emitters.push_back(std::make_unique<HazardsEmitter>());
  emitters.push_back(std::make_unique<CsrEmitter>());
  emitters.push_back(std::make_unique<ArchEmitter>());
  emitters.push_back(std::make_unique<TablesEmitter>());
  emitters.push_back(std::make_unique<ExplanationsEmitter>());
  emitters.push_back(std::make_unique<SvEmitter>());
  emitters.push_back(std::make_unique<SvExceptionsEmitter>());
  emitters.push_back(std::make_unique<TdEmitter>());
  return emitters;
}

}  // namespace ipusim::isagen
