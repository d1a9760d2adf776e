// SPDX-License-Identifier: Apache-2.0
#include "count_reader.hpp"

#include <algorithm>
#include <charconv>

#include "text.hpp"

namespace ipusim::isagen {

void read_test_counts(std::istream& input, const std::string& file, Model& model, Diagnostics& diagnostics) {
  std::string text;
  for (SourceLine where{file, 1}; std::getline(input, text); ++where.line) {
    if (text.empty() || text.front() == '#') continue;
    const std::vector<std::string> words = split(text, ' ');
    unsigned count = 0;
    if (words.size() != 2 || std::from_chars(words[1].data(), words[1].data() + words[1].size(), count).ptr !=
                                 words[1].data() + words[1].size()) {
      diagnostics.error(where, "expected an instruction's id and a number");
      continue;
    }
    const auto spec = std::find_if(model.instructions.begin(), model.instructions.end(),
                                   [&](const InstructionSpec& s) { return s.id == words[0]; });
    if (spec == model.instructions.end()) {
      diagnostics.error(where, "no instruction has the id '" + words[0] + "'");
      continue;
    }
    spec->directed_tests = count;
  }
}

}  // namespace ipusim::isagen
