// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/debug/line_reader.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <istream>
#include <system_error>
#include <utility>

// They use FILE without declaring it.
#include <readline/history.h>
#include <readline/readline.h>

#include "ipusim/app/debug/interrupt.hpp"

namespace ipusim::app {
namespace {

constexpr int most_lines_kept = 1000;

// readline calls plain functions.
Completions* current_completions = nullptr;
std::vector<std::string> candidates;  // of the word that is being completed, and not yet returned

char* next_candidate(const char* text, int state) {
  if (state == 0) {
    const std::string line(rl_line_buffer, static_cast<std::size_t>(rl_point));
    candidates = (*current_completions)(line);
    std::erase_if(candidates, [&](const std::string& word) { return !word.starts_with(text); });
  }
  if (candidates.empty()) return nullptr;
  char* const word = ::strdup(candidates.back().c_str());  // readline frees it
  candidates.pop_back();
  return word;
}

char** complete(const char* text, int, int) {
  rl_attempted_completion_over = 1;  // never names of files
  return rl_completion_matches(text, next_candidate);
}

// Called when a signal interrupts the wait for a key, and ten times a second while nothing comes: a Ctrl-C
// that comes while readline is not waiting is seen then.
int empty_interrupted_line() {
  if (!InterruptGuard::was_interrupted()) return 0;
  InterruptGuard::forget();
  rl_replace_line("", 0);
  rl_crlf();
  rl_on_new_line();
  rl_redisplay();
  return 0;
}

class TerminalReader : public LineReader {
 public:
  TerminalReader(std::string prompt, Completions completions, std::filesystem::path history)
      : prompt_(std::move(prompt)), completions_(std::move(completions)), history_(std::move(history)) {
    current_completions = &completions_;
    rl_readline_name = "ipusim";
    rl_attempted_completion_function = complete;
    rl_completer_word_break_characters = " \t()[]+-*/%&|^~!<>=";
    rl_signal_event_hook = empty_interrupted_line;
    rl_event_hook = empty_interrupted_line;
    using_history();
    stifle_history(most_lines_kept);
    if (!history_.empty()) ::read_history(history_.c_str());
  }
  ~TerminalReader() override {
    current_completions = nullptr;
    rl_signal_event_hook = nullptr;
    rl_event_hook = nullptr;
    save_history();
    clear_history();
  }
  TerminalReader(const TerminalReader&) = delete;
  TerminalReader& operator=(const TerminalReader&) = delete;

  std::optional<std::string> next() override {
    const std::unique_ptr<char, decltype(&std::free)> text(::readline(prompt_.c_str()), &std::free);
    if (!text) return std::nullopt;
    std::string line = text.get();
    const HIST_ENTRY* const last =
        history_length > 0 ? history_get(history_base + history_length - 1) : nullptr;
    if (!line.empty() && (last == nullptr || line != last->line)) add_history(line.c_str());
    return line;
  }

 private:
  // A history that cannot be kept is no reason to trouble the user.
  void save_history() const {
    if (history_.empty()) return;
    std::error_code failure;
    std::filesystem::create_directories(history_.parent_path(), failure);
    ::write_history(history_.c_str());
  }

  std::string prompt_;
  Completions completions_;
  std::filesystem::path history_;
};

}  // namespace

std::optional<std::string> StreamReader::next() {
  std::string line;
  return std::getline(in_, line) ? std::optional(std::move(line)) : std::nullopt;
}

std::unique_ptr<LineReader> make_terminal_reader(const std::string& prompt, Completions completions,
                                                 const std::filesystem::path& history) {
  return std::make_unique<TerminalReader>(prompt, std::move(completions), history);
}

std::filesystem::path history_file() {
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return std::filesystem::path{state} / "ipusim/debug_history";
  const char* const home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return {};
  return std::filesystem::path{home} / ".local/state/ipusim/debug_history";
}

}  // namespace ipusim::app
