// SPDX-License-Identifier: Apache-2.0
#include "ipusim/config/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "ipusim/config/config_node.hpp"

namespace ipusim::config {
namespace {

class Descriptor {
 public:
  // Opening must not wait for the other end of a pipe.
  explicit Descriptor(const std::filesystem::path& file)
      : number_(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// What is named instead of a regular file; empty if it is one.
std::string_view other_kind(mode_t mode) {
  if (S_ISREG(mode)) return {};
  if (S_ISDIR(mode)) return "it is a folder";
  if (S_ISFIFO(mode)) return "it is a pipe, not a file";
  if (S_ISSOCK(mode)) return "it is a socket, not a file";
  return "it is a device, not a file";
}

}  // namespace

std::string read_file(const std::filesystem::path& file, std::uint64_t most, std::string_view cure) {
  const auto fail = [&](std::string_view why) {
    throw ConfigError(fmt::format("{}: cannot read the file: {}", file.string(), why));
  };
  const Descriptor descriptor(file);
  struct stat status {};
  if (descriptor.number() < 0 || ::fstat(descriptor.number(), &status) != 0) fail(std::strerror(errno));
  if (const auto kind = other_kind(status.st_mode); !kind.empty()) fail(kind);
  const auto too_long = [&] { fail(fmt::format("it has more than {} bytes; {}", most, cure)); };
  if (static_cast<std::uint64_t>(status.st_size) > most) too_long();

  // The size is a hint: files of /proc have none, and others may be growing.
  constexpr std::size_t step = 1U << 16U;
  std::string text;
  text.reserve(static_cast<std::size_t>(status.st_size) + step);
  for (;;) {
    const std::size_t before = text.size();
    text.resize(before + std::max(step, text.capacity() - before));
    const ssize_t got = ::read(descriptor.number(), text.data() + before, text.size() - before);
    if (got < 0 && errno != EINTR) fail(std::strerror(errno));
    text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (text.size() > most) too_long();
    if (got == 0) return text;
  }
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 80;
  std::string result = "'";
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte == 0x7F ? fmt::format("\\x{:02x}", byte) : std::string{c};
  }
  if (text.size() <= longest) return result + "'";
  // Do not cut a UTF-8 character in two.
  while (!result.empty() && (static_cast<unsigned char>(result.back()) & 0xC0U) == 0x80U) result.pop_back();
  if (static_cast<unsigned char>(result.back()) >= 0xC0U) result.pop_back();
  return result + fmt::format("...' ({} characters)", text.size());
}

}  // namespace ipusim::config
