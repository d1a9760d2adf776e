// The function a tile runs for one phase, as assembly text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "ipusim/exchange_planner/row.hpp"

namespace ipusim::exchange_planner {

struct Function {
  std::string text;
  std::size_t bytes = 0;  // of code
};

struct FunctionSource {
  std::string phase;
  std::string comment;             // one line
  std::string source_symbol;       // empty if the tile sends nothing
  std::string destination_symbol;  // empty if it receives nothing
  std::uint16_t null_source = 0;
};

// exchange_PHASE: puts what the row needs, enters the sync, runs the row, returns.
Function write_function(const FunctionSource& source, const Timeline& timeline);

}  // namespace ipusim::exchange_planner
