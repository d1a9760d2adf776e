// SPDX-License-Identifier: Apache-2.0
#include "preprocessor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <sstream>
#include <thread>

#include "ipusim/toolchain/error.hpp"

extern char** environ;

namespace ipusim::toolchain {
namespace {

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0)
      throw ToolError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int write_end() const { return ends_[1]; }

  // Everything until the other side closes; more than `largest_source` is not read, and the other side finds
  // the pipe closed.
  std::string read_all() {
    close_end(1);
    std::string text;
    std::array<char, 65536> buffer{};
    for (;;) {
      const ssize_t count = ::read(ends_[0], buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return text;
      text.append(buffer.data(), static_cast<std::size_t>(count));
      if (text.size() > largest_source) {
        close_end(0);
        return text;
      }
    }
  }

 private:
  void close_end(std::size_t end) {
    if (ends_.at(end) >= 0) ::close(ends_.at(end));
    ends_.at(end) = -1;
  }
  std::array<int, 2> ends_{-1, -1};
};

constexpr const char* program_variable = "IPUSIM_CPP";

struct Outcome {
  int status = 0;
  std::string output, errors;
};

// nullopt: there is no such program.
std::optional<Outcome> run(const std::vector<std::string>& command) {
  Pipe output;
  Pipe errors;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output.write_end(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors.write_end(), STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failure = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure == ENOENT) return std::nullopt;
  if (failure != 0) throw ToolError(fmt::format("cannot run '{}': {}", command[0], std::strerror(failure)));
  Outcome outcome;
  std::thread reader([&] { outcome.errors = errors.read_all(); });
  outcome.output = output.read_all();
  reader.join();
  while (::waitpid(child, &outcome.status, 0) < 0 && errno == EINTR) {
  }
  return outcome;
}

// The same arguments for the first of the programs that there is.
Outcome run_first(const std::vector<std::string>& programs, const std::vector<std::string>& arguments) {
  for (const std::string& program : programs) {
    std::vector<std::string> command{program};
    command.insert(command.end(), arguments.begin(), arguments.end());
    if (auto outcome = run(command)) return std::move(*outcome);
  }
  throw ToolError(fmt::format(
      "cannot find '{}', which preprocesses assembly sources: install Debian's package clang-14, or name "
      "a clang in the environment variable {}, or preprocess the sources elsewhere (--no-cpp of ipu-as, "
      "`preprocess: false` in a program file)",
      fmt::join(programs, "' or '"), program_variable));
}

// "file:line:column: error: message" of the compiler, those of one severity; other lines go on with the one
// before.
std::vector<Diagnostic> parse_complaints(const std::string& text, Diagnostic::Severity wanted) {
  static const std::array<std::pair<std::string, Diagnostic::Severity>, 3> prefixes{
      {{"fatal error: ", Diagnostic::Severity::error},
       {"error: ", Diagnostic::Severity::error},
       {"warning: ", Diagnostic::Severity::warning}}};
  std::vector<Diagnostic> diagnostics;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto at = line.find(": ");
    Diagnostic diagnostic;
    std::istringstream place(line.substr(0, at));
    std::string number;
    std::getline(place, diagnostic.file, ':');
    if (at == std::string::npos || !std::getline(place, number, ':') ||
        !std::all_of(number.begin(), number.end(), [](unsigned char c) { return std::isdigit(c) != 0; }))
      continue;
    diagnostic.line = static_cast<unsigned>(std::strtoul(number.c_str(), nullptr, 10));
    if (std::getline(place, number))
      diagnostic.column = static_cast<unsigned>(std::strtoul(number.c_str(), nullptr, 10));
    diagnostic.message = line.substr(at + 2);
    diagnostic.severity = Diagnostic::Severity::note;
    for (const auto& [prefix, severity] : prefixes) {
      if (!diagnostic.message.starts_with(prefix)) continue;
      diagnostic.message.erase(0, prefix.size());
      diagnostic.severity = severity;
      break;
    }
    if (diagnostic.severity == wanted) diagnostics.push_back(diagnostic);
  }
  return diagnostics;
}

// # 12 "file"
bool begins_with_line_marker(const std::string& text) {
  unsigned line = 0;
  int after = 0;
  return std::sscanf(text.c_str(), "# %u \"%n", &line, &after) == 1 && after > 0;
}

std::vector<std::string> arguments_for(const std::filesystem::path& source, const AssemblerOptions& options) {
  const std::string_view arch = isa::arch_info(options.arch).name;
  std::vector<std::string> arguments{
      "-E",
      "-x",
      "assembler-with-cpp",
      "-undef",
      "-nostdinc",
      "-fno-color-diagnostics",
      "-fno-caret-diagnostics",
      "-Wfatal-errors",  // files that include themselves twice would be read 2^200 times
      "-D__IPU__=1",
      fmt::format("-D__IPU_ARCH_VERSION__={}", arch.substr(std::string_view("ipu").size()))};
  for (const auto& directory : options.include_dirs) arguments.push_back("-I" + directory.string());
  for (const auto& [name, value] : options.defines) arguments.push_back(fmt::format("-D{}={}", name, value));
  arguments.insert(arguments.end(), options.cpp_options.begin(), options.cpp_options.end());
  arguments.push_back(source.string());
  return arguments;
}

}  // namespace

Preprocessed preprocess(const std::filesystem::path& source, const AssemblerOptions& options) {
  const char* chosen = std::getenv(program_variable);
  const std::vector<std::string> programs =
      chosen != nullptr ? std::vector<std::string>{chosen} : std::vector<std::string>{"clang-14", "clang"};
  const Outcome outcome = run_first(programs, arguments_for(source, options));
  if (outcome.output.size() > largest_source)
    throw ToolError(
        fmt::format("{}: is more than {} bytes after preprocessing", source.string(), largest_source));
  if (!WIFEXITED(outcome.status) || WEXITSTATUS(outcome.status) != 0)
    throw ToolError(outcome.errors.empty() ? fmt::format("{}: the C preprocessor failed", source.string())
                                           : outcome.errors,
                    parse_complaints(outcome.errors, Diagnostic::Severity::error));
  // Options like -M, -dM, -P and -o have it write something else, or elsewhere.
  if (!begins_with_line_marker(outcome.output))
    throw ToolError(
        fmt::format("{}: the C preprocessor did not write a preprocessed source with line markers: one of "
                    "the options it is given asks for something else ({})",
                    source.string(), fmt::join(options.cpp_options, " ")));
  return {outcome.output, parse_complaints(outcome.errors, Diagnostic::Severity::warning)};
}

LineMap::LineMap(const std::string& text, const std::string& name) : files_{name} {
  std::size_t file = 0;
  unsigned next = 1;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    unsigned number = 0;
    int after = 0;
    // # 12 "file" flags
    if (std::sscanf(line.c_str(), "# %u \"%n", &number, &after) == 1 && after > 0) {
      const auto end = line.find('"', static_cast<std::size_t>(after));
      const std::string path =
          line.substr(static_cast<std::size_t>(after), end - static_cast<std::size_t>(after));
      const auto known = std::find(files_.begin(), files_.end(), path);
      file = static_cast<std::size_t>(known - files_.begin());
      if (known == files_.end()) files_.push_back(path);
      lines_.push_back({file, number});
      next = number;
      continue;
    }
    lines_.push_back({file, next++});
  }
}

LineMap::Place LineMap::place(unsigned line) const {
  if (line == 0 || lines_.empty()) return {files_.front(), 0};
  const Line& found = lines_[std::min<std::size_t>(line, lines_.size()) - 1];
  return {files_[found.file], found.line};
}

unsigned original_column(const std::string& original, const std::string& preprocessed, unsigned column) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  std::size_t there = 0;
  for (std::size_t here = 0; here + 1 <= column && here < preprocessed.size(); ++here) {
    if (is_blank(preprocessed[here])) continue;
    while (there < original.size() && is_blank(original[there])) ++there;
    if (there == original.size() || original[there] != preprocessed[here]) return 0;
    if (here + 1 == column) return static_cast<unsigned>(there + 1);
    ++there;
  }
  return column > preprocessed.size() ? static_cast<unsigned>(there + 1) : 0;
}

}  // namespace ipusim::toolchain
