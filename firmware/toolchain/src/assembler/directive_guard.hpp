// SPDX-License-Identifier: Apache-2.0
// What general directives of LLVM's parser must not do here: use up the machine, or pretend to have an
// effect.
#pragma once

#include <cstdint>

#include "llvm/MC/MCParser/MCAsmParser.h"

namespace llvm::Colossus {

class DirectiveGuard {
 public:
  // largest_repeat: more repetitions than this are useless (the tile's bytes of memory).
  // Also gives the parser GNU's names for data of half a word and of a word.
  DirectiveGuard(MCAsmParser& parser, std::uint64_t largest_repeat);

  // To be asked before a directive is carried out, with its arguments still to come. True if it is refused,
  // which is an error of the source by then; limits that are exceeded end the assembly at once, through
  // LLVM's report_fatal_error.
  bool refuses(const AsmToken& directive);

 private:
  bool check_repeat(SMLoc location);
  void check_text(SMLoc location, std::uint64_t times);
  void check_file(SMLoc location);
  void check_depth(SMLoc location);
  void spend(SMLoc location, std::uint64_t expansions);
  [[noreturn]] void give_up(SMLoc location, const Twine& why);

  MCAsmParser& parser_;
  std::uint64_t largest_repeat_;
  std::uint64_t expansions_ = 0;
};

}  // namespace llvm::Colossus
