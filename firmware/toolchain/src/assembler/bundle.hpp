// SPDX-License-Identifier: Apache-2.0
// The instructions between `{` and `}`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../target/target_info.hpp"
#include "llvm/MC/MCDwarf.h"
#include "llvm/MC/MCInst.h"

namespace llvm::Colossus {

class Bundle {
 public:
  struct Fault {
    SMLoc location;
    std::string message;
  };

  bool is_open() const { return open_; }
  SMLoc start() const { return start_; }
  void open(SMLoc location) {
    open_ = true;
    spoiled_ = false;
    start_ = location;
    insts_.clear();
  }
  // One of its instructions was in error: what is missing now is no fault of its own.
  void spoil() { spoiled_ = true; }
  void add(const MCInst& inst, const MCDwarfLoc& line) {
    if (insts_.empty()) line_ = line;
    insts_.push_back(inst);
  }
  // Ends the bundle and tells what is wrong with it. swap: main and aux may stand the wrong way round.
  std::vector<Fault> close(SMLoc end, const MCInstrInfo& instructions, const MCRegisterInfo& registers,
                           bool swap);

  // Of the last closed bundle: marked as halves if there are two; none if it was spoiled.
  const std::vector<MCInst>& insts() const { return insts_; }
  // Where its first instruction stands, for line information.
  const std::optional<MCDwarfLoc>& line() const { return line_; }

 private:
  bool open_ = false;
  bool spoiled_ = false;
  SMLoc start_;
  std::vector<MCInst> insts_;
  std::optional<MCDwarfLoc> line_;
};

}  // namespace llvm::Colossus
