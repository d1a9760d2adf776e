// SPDX-License-Identifier: Apache-2.0
// Numbers as the tests of codelets compute with them: bits of f16 and f32, and the compiler's types for their
// values.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

namespace ipusim::codelet_test {

using Half = std::uint16_t;
using Single = std::uint32_t;

inline float value(Single bits) { return std::bit_cast<float>(bits); }
inline float value(Half bits) { return static_cast<float>(std::bit_cast<_Float16>(bits)); }

// The nearest number, to even.
template <class T>
T nearest(double exact) {
  if constexpr (sizeof(T) == sizeof(Half))
    return std::bit_cast<Half>(static_cast<_Float16>(exact));
  else
    return std::bit_cast<Single>(static_cast<float>(exact));
}

// Numbers of elements: none, one, less than an item, odd rests, less than an item a worker, one, two, three,
// several.
inline constexpr std::array<std::uint32_t, 12> sizes{0, 1, 2, 3, 4, 7, 23, 24, 50, 95, 145, 1003};

// What lies behind the end of a buffer, where the lanes of its last item end: it must neither matter (a NaN
// in both formats) nor change.
template <class T>
inline constexpr T beyond = static_cast<T>(0x7FFF7FFF);

// Uniform values, and a few of what lies behind the end.
template <class T>
std::vector<T> uniform(std::size_t count, double low, double high, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> values(low, high);
  std::vector<T> drawn(count + 16 / sizeof(T), beyond<T>);
  for (std::size_t i = 0; i < count; ++i) drawn[i] = nearest<T>(values(random));
  return drawn;
}

// Elements of an item of 8 bytes, as most vertices take them.
template <class T>
inline constexpr std::uint32_t lanes = 8 / sizeof(T);

}  // namespace ipusim::codelet_test
