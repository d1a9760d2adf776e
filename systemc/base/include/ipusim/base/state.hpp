// SPDX-License-Identifier: Apache-2.0
// Saved state as bytes, little-endian, in named and versioned sections (docs/state.md).
//
// One function says what a type's state is, and serves both ways:
//
//   template <class Archive, class Self>
//   static void visit_state(Archive& archive, Self& self) {
//     auto& [count, since, names] = self;  // names every member: one that is added does not compile unseen
//     archive(count, since, names);
//   }
//
// as a static member of the type, or as a function beside it, of `StateOf<Type> Self`, for a struct of
// another floor. What an archive takes by itself: bool, integers, enums, Strong, Context, std::string, array,
// vector, deque, map, optional, pair.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ipusim/base/types.hpp"

namespace ipusim {

// Bytes that are no saved state, or none of what reads them: truncated, foreign, newer, damaged.
class StateError : public std::runtime_error {
 public:
  StateError(std::size_t byte, const std::string& text)
      : std::runtime_error("saved state, byte " + std::to_string(byte) + ": " + text), byte_(byte) {}
  // Where in the archive.
  std::size_t byte() const { return byte_; }

 private:
  std::size_t byte_;
};

// For visit_state() beside a struct: takes it for writing and for reading.
template <class Self, class T>
concept StateOf = std::same_as<std::remove_const_t<Self>, T>;

namespace state_detail {

// What every archive begins with: a name, and the version of the encoding itself.
inline constexpr std::string_view magic = "IPUSTATE";
inline constexpr std::uint16_t encoding_version = 1;
inline constexpr std::uint8_t section_mark = 0xA5;
// Zeros in a row from which on it pays to count them.
inline constexpr std::size_t worthwhile_zeros = 16;

template <class T>
concept StrongType = requires(const T& value) {
  typename T::rep;
  { value.value() } -> std::same_as<typename T::rep>;
};
template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t n>
inline constexpr bool is_array<std::array<T, n>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_pair = false;
template <class T, class U>
inline constexpr bool is_pair<std::pair<T, U>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class K, class V, class C>
inline constexpr bool is_map<std::map<K, V, C>> = true;
template <class T>
inline constexpr bool is_sequence = std::same_as<T, std::string>;
template <class T, class A>
inline constexpr bool is_sequence<std::vector<T, A>> = !std::same_as<T, bool>;
template <class T, class A>
inline constexpr bool is_sequence<std::deque<T, A>> = true;

// An enum of which last_enumerator(E) tells the last enumerator, counted from 0, is checked when it is read.
template <class T>
concept CheckedEnum = std::is_enum_v<T> && requires(T value) {
  { last_enumerator(value) } -> std::same_as<T>;
};

// The state of any value: what it consists of.
template <class Archive, class T>
void visit(Archive& archive, T& value) {
  using V = std::remove_const_t<T>;
  if constexpr (std::integral<V> || std::is_enum_v<V> || StrongType<V> || std::same_as<V, Context>) {
    archive.scalar(value);
  } else if constexpr (is_array<V>) {
    for (auto& element : value) visit(archive, element);
  } else if constexpr (is_pair<V>) {
    visit(archive, value.first);
    visit(archive, value.second);
  } else if constexpr (is_optional<V>) {
    archive.optional(value);
  } else if constexpr (is_map<V>) {
    archive.map(value);
  } else if constexpr (is_sequence<V>) {
    archive.sequence(value);
  } else if constexpr (requires { V::visit_state(archive, value); }) {
    V::visit_state(archive, value);
  } else {
    visit_state(archive, value);
  }
}

inline std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) out += c >= ' ' && c <= '~' ? c : '?';
  return out + '"';
}

}  // namespace state_detail

class StateWriter {
 public:
  static constexpr bool is_reader = false;

  StateWriter() {
    append(std::as_bytes(std::span{state_detail::magic}));
    scalar(state_detail::encoding_version);
  }

  // Writes each of the values.
  template <class... T>
  void operator()(const T&... values) {
    (state_detail::visit(*this, values), ...);
  }

  // What `body`, a function of the archive, writes, under a name and with a version, both of which the reader
  // must know. Sections may lie in one another.
  template <class Body>
  void section(std::string_view name, std::uint16_t version, Body&& body) {
    scalar(state_detail::section_mark);
    text(name);
    scalar(version);
    const std::size_t place = bytes_.size();
    scalar(std::uint64_t{0});
    const std::uint16_t outer = std::exchange(version_, version);
    body(*this);
    version_ = outer;
    const std::uint64_t length = bytes_.size() - place - sizeof(std::uint64_t);
    for (std::size_t i = 0; i < sizeof length; ++i)
      bytes_[place + i] = static_cast<std::byte>(length >> (8 * i));
  }
  // Of the innermost section.
  std::uint16_t version() const { return version_; }

  // What the reader must have, too: how the object was made. `what` is for its message.
  template <class T>
  void same(std::string_view what, const T& value) {
    static_cast<void>(what);
    (*this)(value);
  }

  // Bytes of a number that both sides know, many of which are zero.
  void sparse(std::span<const std::byte> bytes) {
    scalar(std::uint64_t{bytes.size()});
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t zeros = zeros_at(bytes.subspan(at));
      const std::size_t literals = literals_at(bytes.subspan(at + zeros));
      scalar(std::uint64_t{zeros});
      scalar(std::uint64_t{literals});
      append(bytes.subspan(at + zeros, literals));
      at += zeros + literals;
    }
  }

  // The archive so far.
  const std::vector<std::byte>& bytes() const { return bytes_; }
  std::vector<std::byte> take() { return std::move(bytes_); }

  // ---- What values consist of
  template <class T>
  void scalar(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      scalar(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (state_detail::StrongType<T>) {
      scalar(value.value());
    } else if constexpr (std::same_as<T, Context>) {
      scalar(static_cast<std::uint8_t>(value.index()));
    } else if constexpr (std::same_as<T, bool>) {
      scalar(static_cast<std::uint8_t>(value ? 1 : 0));
    } else {
      const auto bits = static_cast<std::make_unsigned_t<T>>(value);
      for (std::size_t i = 0; i < sizeof(T); ++i) bytes_.push_back(static_cast<std::byte>(bits >> (8 * i)));
    }
  }
  template <class T>
  void optional(const std::optional<T>& value) {
    scalar(value.has_value());
    if (value) state_detail::visit(*this, *value);
  }
  template <class S>
  void sequence(const S& values) {
    scalar(std::uint64_t{values.size()});
    for (const auto& value : values) state_detail::visit(*this, value);
  }
  template <class M>
  void map(const M& values) {
    scalar(std::uint64_t{values.size()});
    for (const auto& value : values) state_detail::visit(*this, value);
  }

 private:
  void append(std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    bytes_.resize(bytes_.size() + bytes.size());
    std::memcpy(&bytes_[bytes_.size() - bytes.size()], bytes.data(), bytes.size());
  }
  void text(std::string_view text) {
    scalar(static_cast<std::uint8_t>(text.size()));
    append(std::as_bytes(std::span{text}));
  }
  static std::size_t zeros_at(std::span<const std::byte> bytes) {
    std::size_t n = 0;
    constexpr std::size_t step = sizeof(std::uint64_t);
    for (std::uint64_t word = 0; n + step <= bytes.size(); n += step) {
      std::memcpy(&word, &bytes[n], step);
      if (word != 0) break;
    }
    while (n < bytes.size() && bytes[n] == std::byte{0}) ++n;
    return n;
  }
  // Up to zeros that are worth counting, or to the end.
  static std::size_t literals_at(std::span<const std::byte> bytes) {
    std::size_t zeros = 0;
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      zeros = bytes[n] == std::byte{0} ? zeros + 1 : 0;
      if (zeros == state_detail::worthwhile_zeros) return n + 1 - zeros;
    }
    return bytes.size();
  }

  std::vector<std::byte> bytes_;
  std::uint16_t version_ = 0;
};

// Every function throws StateError where the bytes are not what is asked for; what was being loaded is then
// left half loaded, and good only for a reset, another load or the end of its life. Nothing much larger than
// the archive is ever allocated.
class StateReader {
 public:
  static constexpr bool is_reader = true;

  // `bytes` must outlive the reader.
  explicit StateReader(std::span<const std::byte> bytes) : bytes_(bytes), end_(bytes.size()) {
    const std::string_view magic = state_detail::magic;
    if (bytes.size() < magic.size() || std::memcmp(bytes.data(), magic.data(), magic.size()) != 0)
      fail("this is no saved state: it does not begin with " + state_detail::quoted(magic));
    at_ = magic.size();
    std::uint16_t version = 0;
    scalar(version);
    if (version != state_detail::encoding_version) {
      fail_at(magic.size(), "the encoding has version " + std::to_string(version) + ", this program reads " +
                                std::to_string(state_detail::encoding_version));
    }
  }

  // Reads each of the values.
  template <class... T>
  void operator()(T&... values) {
    (state_detail::visit(*this, values), ...);
  }

  // `body`, a function of the archive, must read all that the section holds. `version`: the latest that it
  // can read; what the section has is version().
  template <class Body>
  void section(std::string_view name, std::uint16_t version, Body&& body) {
    const std::size_t begin = at_;
    std::uint8_t mark = 0;
    scalar(mark);
    if (mark != state_detail::section_mark)
      fail_at(begin, "expected section " + state_detail::quoted(name) + ", but no section begins here");
    std::uint8_t length = 0;
    scalar(length);
    const std::string found = string_of(length);
    if (found != name) {
      fail_at(begin, "expected section " + state_detail::quoted(name) + ", found section " +
                         state_detail::quoted(found));
    }
    std::uint16_t found_version = 0;
    scalar(found_version);
    if (found_version == 0 || found_version > version) {
      fail_at(begin, "section " + state_detail::quoted(name) + " has version " +
                         std::to_string(found_version) + ", this program reads up to " +
                         std::to_string(version));
    }
    std::uint64_t size = 0;
    scalar(size);
    if (size > remaining()) {
      fail("section " + state_detail::quoted(name) + " should hold " + std::to_string(size) +
           " bytes, but only " + std::to_string(remaining()) + " are left");
    }
    const std::size_t outer_end = std::exchange(end_, at_ + static_cast<std::size_t>(size));
    const std::uint16_t outer_version = std::exchange(version_, found_version);
    body(*this);
    if (at_ != end_) {
      fail("section " + state_detail::quoted(name) + " holds " + std::to_string(remaining()) +
           " bytes more than were expected");
    }
    end_ = outer_end;
    version_ = outer_version;
  }
  // Of the innermost section.
  std::uint16_t version() const { return version_; }

  // The state was saved from an object made otherwise if this differs.
  template <class T>
  void same(std::string_view what, const T& value) {
    const std::size_t begin = at_;
    T found{};
    (*this)(found);
    if (found != value) {
      std::string text =
          "the " + std::string{what} + " of what was saved is not that of what it is loaded into";
      if constexpr (std::integral<T> || std::is_enum_v<T> || state_detail::StrongType<T>)
        text += ": " + number(found) + ", not " + number(value);
      fail_at(begin, text);
    }
  }

  void sparse(std::span<std::byte> to) {
    sparse(
        to.size(),
        [&](std::size_t offset, std::span<const std::byte> bytes) {
          std::memcpy(&to[offset], bytes.data(), bytes.size());
        },
        [&](std::size_t offset, std::size_t size) { std::memset(&to[offset], 0, size); });
  }
  // In pieces: literal(offset, bytes) for what is not zero, zero(offset, size) for what is.
  template <class Literal, class Zero>
  void sparse(std::size_t size, Literal&& literal, Zero&& zero) {
    const std::size_t begin = at_;
    std::uint64_t found = 0;
    scalar(found);
    if (found != size) {
      fail_at(begin, "expected " + std::to_string(size) + " bytes of memory, found " + std::to_string(found));
    }
    for (std::size_t at = 0; at < size;) {
      const std::size_t piece = at_;
      std::uint64_t zeros = 0;
      std::uint64_t literals = 0;
      scalar(zeros);
      scalar(literals);
      if (zeros > size - at || literals > size - at - zeros || (zeros == 0 && literals == 0))
        fail_at(piece, "a piece of memory ends outside it, or is empty");
      if (zeros != 0) zero(at, static_cast<std::size_t>(zeros));
      at += static_cast<std::size_t>(zeros);
      if (literals != 0) literal(at, take(static_cast<std::size_t>(literals)));
      at += static_cast<std::size_t>(literals);
    }
  }

  // All has been read.
  void finish() const {
    if (remaining() != 0) fail(std::to_string(remaining()) + " bytes follow the end of the saved state");
  }
  // For what a reader finds wrong with values it has read.
  [[noreturn]] void fail(const std::string& text) const { fail_at(at_, text); }

  // ---- What values consist of
  template <class T>
  void scalar(T& value) {
    const std::size_t begin = at_;
    if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> raw{};
      scalar(raw);
      if constexpr (state_detail::CheckedEnum<T>) {
        const auto last = static_cast<std::underlying_type_t<T>>(last_enumerator(T{}));
        if (raw > last) fail_at(begin, number(raw) + " where at most " + number(last) + " is possible");
      }
      value = static_cast<T>(raw);
    } else if constexpr (state_detail::StrongType<T>) {
      typename T::rep raw{};
      scalar(raw);
      value = T{raw};
    } else if constexpr (std::same_as<T, Context>) {
      std::uint8_t index = 0;
      scalar(index);
      if (index >= Context::count) fail_at(begin, "there is no context " + number(index));
      value = Context::from_index(index);
    } else if constexpr (std::same_as<T, bool>) {
      std::uint8_t raw = 0;
      scalar(raw);
      if (raw > 1) fail_at(begin, number(raw) + " where 0 or 1 is possible");
      value = raw != 0;
    } else {
      const std::span<const std::byte> from = take(sizeof(T));
      std::make_unsigned_t<T> bits = 0;
      for (std::size_t i = 0; i < sizeof(T); ++i) {
        bits = static_cast<std::make_unsigned_t<T>>(
            bits | static_cast<std::make_unsigned_t<T>>(std::to_integer<std::make_unsigned_t<T>>(from[i])
                                                        << (8 * i)));
      }
      value = static_cast<T>(bits);
    }
  }
  template <class T>
  void optional(std::optional<T>& value) {
    bool there = false;
    scalar(there);
    value.reset();
    if (there) state_detail::visit(*this, value.emplace());
  }
  template <class S>
  void sequence(S& values) {
    values.clear();
    for (std::uint64_t n = count(); n != 0; --n) {
      typename S::value_type value{};
      state_detail::visit(*this, value);
      values.push_back(std::move(value));
    }
  }
  template <class M>
  void map(M& values) {
    values.clear();
    for (std::uint64_t n = count(); n != 0; --n) {
      std::pair<typename M::key_type, typename M::mapped_type> value{};
      const std::size_t begin = at_;
      state_detail::visit(*this, value);
      if (!values.insert(std::move(value)).second) fail_at(begin, "a key stands twice");
    }
  }

 private:
  std::size_t remaining() const { return end_ - at_; }
  std::span<const std::byte> take(std::size_t size) {
    if (size > remaining()) {
      fail("expected " + std::to_string(size) + " bytes more, but only " + std::to_string(remaining()) +
           (end_ == bytes_.size() ? " are left" : " are left of the section"));
    }
    return bytes_.subspan(std::exchange(at_, at_ + size), size);
  }
  // Of elements, each of which takes at least a byte.
  std::uint64_t count() {
    const std::size_t begin = at_;
    std::uint64_t n = 0;
    scalar(n);
    if (n > remaining()) {
      fail_at(begin, "a list of " + std::to_string(n) + " elements cannot lie in the " +
                         std::to_string(remaining()) + " bytes that are left");
    }
    return n;
  }
  std::string string_of(std::size_t size) {
    const std::span<const std::byte> from = take(size);
    return {reinterpret_cast<const char*>(from.data()), from.size()};
  }
  template <class T>
  static std::string number(const T& value) {
    if constexpr (std::is_enum_v<T>)
      return std::to_string(static_cast<std::underlying_type_t<T>>(value));
    else if constexpr (state_detail::StrongType<T>)
      return std::to_string(value.value());
    else
      return std::to_string(value);
  }
  [[noreturn]] static void fail_at(std::size_t byte, const std::string& text) {
    throw StateError(byte, text);
  }

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::size_t end_;  // of the innermost section
  std::uint16_t version_ = 0;
};

}  // namespace ipusim
