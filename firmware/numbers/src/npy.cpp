// SPDX-License-Identifier: Apache-2.0
#include "ipusim/numbers/npy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "ipusim/base/input_error.hpp"
#include "ipusim/config/text_file.hpp"

namespace ipusim::numbers {
namespace {

using config::in_quotes;

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::string_view blank = " \t\n\r";

// What is wrong with a header; the caller knows the file's name.
[[noreturn]] void damaged(std::string_view what) {
  throw InputError(fmt::format("the .npy header is damaged: {}", what));
}

// Reads the header's text, a Python dict of three keys.
class HeaderText {
 public:
  explicit HeaderText(std::string_view text) : text_(text) {}

  NpyHeader read() {
    NpyHeader header;
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted_text();
      expect(':');
      if (key == "descr" && !std::exchange(descr, true)) {
        header.type = read_type();
      } else if (key == "fortran_order" && !std::exchange(order, true)) {
        header.fortran_order = read_bool();
      } else if (key == "shape" && !std::exchange(shape, true)) {
        header.shape = read_shape();
      } else {
        damaged(fmt::format("key {}", in_quotes(key)));
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    if (!descr || !order || !shape) damaged("expected the keys descr, fortran_order and shape");
    skip_blanks();
    if (!text_.empty()) damaged("something follows the dict");
    return header;
  }

 private:
  void skip_blanks() { text_.remove_prefix(std::min(text_.find_first_not_of(blank), text_.size())); }
  bool take(char c) {
    skip_blanks();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) damaged(fmt::format("expected '{}' before {}", c, in_quotes(text_.substr(0, 20))));
  }
  bool take(std::string_view word) {
    skip_blanks();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  std::string_view quoted_text() {
    const char quote = take('"') ? '"' : '\'';
    if (quote == '\'') expect('\'');
    const std::size_t end = text_.find(quote);
    if (end == std::string_view::npos) damaged("a text without an end");
    const std::string_view result = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return result;
  }

  bool read_bool() {
    if (take(std::string_view{"True"})) return true;
    if (!take(std::string_view{"False"})) damaged("fortran_order is neither True nor False");
    return false;
  }

  std::vector<std::uint64_t> read_shape() {
    std::vector<std::uint64_t> shape;
    expect('(');
    while (!take(')')) {
      skip_blanks();
      std::uint64_t size = 0;
      const auto [end, failure] = std::from_chars(text_.data(), text_.data() + text_.size(), size);
      if (failure != std::errc{}) damaged("the shape is no tuple of whole numbers");
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      shape.push_back(size);
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  NpyType read_type() {
    skip_blanks();
    if (text_.starts_with('[')) {
      throw InputError("its dtype is a structure of fields; save an array of plain numbers");
    }
    const std::string_view descr = quoted_text();
    const auto refuse = [&] {
      throw InputError(fmt::format(
          "its dtype {} is none of those read: bool, integers of 1 to 8 bytes, float16, float32 and float64",
          in_quotes(descr)));
    };
    if (descr.size() != 3 || std::string_view{"<>|="}.find(descr[0]) == std::string_view::npos) refuse();
    const NpyType type{descr[1], static_cast<std::size_t>(descr[2] - '0'), descr[0] == '>'};
    const std::string_view sizes = type.kind == 'b'                       ? "1"
                                   : type.kind == 'i' || type.kind == 'u' ? "1248"
                                   : type.kind == 'f'                     ? "248"
                                                                          : "";
    if (sizes.find(descr[2]) == std::string_view::npos) refuse();
    return type;
  }

  std::string_view text_;
};

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8U | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

NpyHeader parse(std::string_view file) {
  constexpr std::size_t version_at = 6, length_at = 8;
  if (!file.starts_with(magic)) throw InputError("it is no .npy file");
  if (file.size() < length_at + 4) damaged("the file ends within it");
  const auto version = static_cast<std::uint8_t>(file[version_at]);
  if (version < 1 || version > 3) throw InputError(fmt::format("version {} of .npy is unknown", version));
  const std::size_t length_bytes = version == 1 ? 2 : 4;
  const std::size_t begin = length_at + length_bytes;
  const std::uint64_t length = little_endian(file.substr(length_at, length_bytes));
  if (length > file.size() - begin) damaged("the file ends within it");
  NpyHeader header = HeaderText(file.substr(begin, length)).read();
  header.data = begin + length;

  std::uint64_t needed = header.type.bytes;
  const std::uint64_t held = file.size() - header.data;
  for (const std::uint64_t size : header.shape) {
    if (size != 0 && needed > UINT64_MAX / size) damaged("the shape is beyond all measure");
    needed *= size;
  }
  if (needed != held) {
    throw InputError(fmt::format("its shape ({}) needs {} bytes of numbers, it holds {}",
                                 fmt::join(header.shape, ", "), needed, held));
  }
  return header;
}

}  // namespace

NpyHeader parse_npy_header(std::string_view file, const std::string& name) {
  try {
    return parse(file);
  } catch (const InputError& error) {
    throw InputError(fmt::format("{}: {}", name, error.what()));
  }
}

std::string make_npy(std::string_view descr, const std::vector<std::uint64_t>& shape, std::string_view data) {
  constexpr std::size_t alignment = 64;  // of the data
  constexpr std::size_t fixed = 10;      // bytes before the header's text
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}", descr,
                                 fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  text.append((alignment - (fixed + text.size() + 1) % alignment) % alignment, ' ');
  text += '\n';
  std::string result{magic};
  result += {'\x01', '\x00', static_cast<char>(text.size() & 0xFFU), static_cast<char>(text.size() >> 8U)};
  result += text;
  return result.append(data);
}

}  // namespace ipusim::numbers
