// SPDX-License-Identifier: Apache-2.0
// Where the debugger's commands come from.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ipusim::app {

class LineReader {
 public:
  virtual ~LineReader() = default;
  // The next line; nothing at the end.
  virtual std::optional<std::string> next() = 0;
};

// One line after the other, as they are.
class StreamReader : public LineReader {
 public:
  // in must outlive the reader.
  explicit StreamReader(std::istream& in) : in_(in) {}
  std::optional<std::string> next() override;

 private:
  std::istream& in_;
};

// What the last word of a line that begins like this may be.
using Completions = std::function<std::vector<std::string>(std::string_view line)>;

// The terminal, through GNU readline: with a prompt, editing, completion by the tab key and a history, which
// lasts beyond the session if `history` can be written. Ctrl-C empties the line. There is one at a time.
std::unique_ptr<LineReader> make_terminal_reader(const std::string& prompt, Completions completions,
                                                 const std::filesystem::path& history);

// Where the debugger keeps the history of its command lines: ipusim/debug_history in $XDG_STATE_HOME or
// ~/.local/state. Empty if there is no home.
std::filesystem::path history_file();

}  // namespace ipusim::app
