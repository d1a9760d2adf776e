// SPDX-License-Identifier: Apache-2.0
// `ipusim debug` at a terminal: Ctrl-C, editing, completion, history.
#include <gmock/gmock.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "debug_fixture.hpp"

namespace ipusim::cli_test {
namespace {

using ::testing::HasSubstr;

// The program on a terminal of its own.
class Terminal {
 public:
  explicit Terminal(const fs::path& folder) {
    child_ = ::forkpty(&file_, nullptr, nullptr, nullptr);
    if (child_ != 0) return;
    if (::chdir(folder.c_str()) != 0) ::_exit(99);
    ::setenv("XDG_STATE_HOME", folder.c_str(), 1);
    ::setenv("TERM", "dumb", 1);
    ::unsetenv("INPUTRC");
    ::execl(IPUSIM_BIN_DIR "/ipusim", "ipusim", "debug", IPUSIM_SOURCE_DIR "/configs/mk2-16.yaml", "p.yaml",
            nullptr);
    ::_exit(99);
  }
  ~Terminal() {
    ::close(file_);
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(const std::string& text) {
    ASSERT_EQ(::write(file_, text.data(), text.size()), ssize_t(text.size()));
  }
  // What comes up to and with `wanted`; fails if that does not come.
  std::string read_until(const std::string& wanted) {
    constexpr std::chrono::seconds longest{60};
    const auto end = std::chrono::steady_clock::now() + longest;
    for (;;) {
      if (const std::size_t at = pending_.find(wanted); at != std::string::npos) {
        const std::string found = pending_.substr(0, at + wanted.size());
        pending_.erase(0, found.size());
        return found;
      }
      ::pollfd poll{file_, POLLIN, 0};
      std::array<char, 4096> bytes{};
      const bool late = std::chrono::steady_clock::now() > end;
      const ssize_t count = !late && ::poll(&poll, 1, 1000) >= 0 && (poll.revents & POLLIN) != 0
                                ? ::read(file_, bytes.data(), bytes.size())
                                : 0;
      if (count > 0) pending_.append(bytes.data(), static_cast<std::size_t>(count));
      if (late || count < 0 || (poll.revents & (POLLHUP | POLLERR)) != 0) {
        ADD_FAILURE() << "'" << wanted << "' did not come, but: " << pending_;
        return {};
      }
    }
  }
  int wait() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  int file_ = -1;
  pid_t child_ = 0;
  std::string pending_;
};

constexpr const char* prompt = "(ipusim) ";

class DebugTerminal : public Debug {
 protected:
  void write_endless_program() const {
    folder_.write("a.S", source("    .globl endless\nendless:\n    add $m1, $m1, 1\n    bri endless\n"));
    write_program("run: {timeout_cycles: 1000000000000}\n");
  }
};

TEST_F(DebugTerminal, ControlCStopsWhatRunsAndNotTheSession) {
  write_endless_program();
  Terminal terminal(folder_.path());
  terminal.read_until(prompt);
  for (int i = 0; i < 2; ++i) {
    terminal.type("continue\n");
    terminal.read_until("continue\r\n");
    ::usleep(300'000);
    terminal.type("\x03");
    EXPECT_THAT(terminal.read_until(prompt), HasSubstr(": interrupted\r\ntile 0, supervisor, active"));
  }
  terminal.type("step 1000000000\n");
  terminal.read_until("1000000000\r\n");
  ::usleep(300'000);
  terminal.type("\x03");
  EXPECT_THAT(terminal.read_until(prompt), HasSubstr("interrupted"));
  terminal.type("until $m1 < 0\n");
  terminal.read_until("0\r\n");
  ::usleep(300'000);
  terminal.type("\x03");
  EXPECT_THAT(terminal.read_until(prompt), HasSubstr("interrupted"));
  // It stands where it stopped, and goes on from there.
  terminal.type("if $m1 > 1000 && cycle > 1000 print/x 0xabc\n");
  EXPECT_THAT(terminal.read_until(prompt), HasSubstr("\r\n0xabc\r\n"));
  terminal.type("step\n");
  EXPECT_THAT(terminal.read_until(prompt), HasSubstr("endless"));
  terminal.type("quit\n");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(DebugTerminal, ControlCEmptiesTheLine) {
  write_endless_program();
  Terminal terminal(folder_.path());
  terminal.read_until(prompt);
  terminal.type("nonsense");
  terminal.read_until("nonsense");
  terminal.type("\x03");
  terminal.read_until(prompt);
  terminal.type("print/x 0xabc\n");
  EXPECT_THAT(terminal.read_until(prompt), HasSubstr("\r\n0xabc\r\n"));
  terminal.type("\x04");  // the end of input
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(DebugTerminal, TheTabKeyCompletesCommandsAndSymbols) {
  write_endless_program();
  Terminal terminal(folder_.path());
  terminal.read_until(prompt);
  terminal.type("bre\tendl\t\n");
  EXPECT_THAT(terminal.read_until(prompt), HasSubstr("breakpoint 1 at "));
  terminal.type("print/a [endl\t+0] * 0 + endl\t\n");
  EXPECT_THAT(terminal.read_until(prompt), HasSubstr("\nendless\r\n"));
  terminal.type("quit\n");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(DebugTerminal, LinesOfAnEarlierSessionComeBack) {
  write_endless_program();
  {
    Terminal terminal(folder_.path());
    terminal.read_until(prompt);
    terminal.type("print/x 0xabd-1\n");
    EXPECT_THAT(terminal.read_until(prompt), HasSubstr("\r\n0xabc\r\n"));
    terminal.type("\x10\n");  // Control-P: the line before
    EXPECT_THAT(terminal.read_until(prompt), HasSubstr("\r\n0xabc\r\n"));
    terminal.type("\x04");
    EXPECT_EQ(terminal.wait(), 0);
  }
  Terminal terminal(folder_.path());
  terminal.read_until(prompt);
  terminal.type("\x10\n");
  EXPECT_THAT(terminal.read_until(prompt), HasSubstr("\r\n0xabc\r\n"));
  terminal.type("\x04");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(DebugTerminal, ABadCommandIsToldAndForgotten) {
  write_endless_program();
  Terminal terminal(folder_.path());
  terminal.read_until(prompt);
  terminal.type("nonsense\n");
  EXPECT_THAT(terminal.read_until(prompt), HasSubstr("error: 'nonsense' is no command"));
  terminal.type("quit\n");
  EXPECT_EQ(terminal.wait(), 0);
}

}  // namespace
}  // namespace ipusim::cli_test
