// SPDX-License-Identifier: Apache-2.0
// .npy files that numpy wrote, and what numpy reads of ours.
#include "ipusim/numbers/npy.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <random>

#include "ipusim/numbers/number_rows.hpp"
#include "support.hpp"

namespace ipusim::numbers {
namespace {

using cli_test::error_of;
using cli_test::read_file;
using cli_test::TempFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

NumberRows rows_of(const NumberSource& source, ElementType type, const IndexRanges* columns = nullptr) {
  return read_rows(source, "x.npy", nullptr, {type, columns, 100'000, RowLengths::any});
}
std::vector<std::uint32_t> bits(const std::vector<Element>& elements) {
  std::vector<std::uint32_t> result;
  for (const Element element : elements) result.push_back(element.bits);
  return result;
}

// A file of numpy's own.
class Numpy : public ::testing::Test {
 protected:
  // Runs Python with numpy, as np, in the test's folder.
  void python(const std::string& script) const {
    folder_.write("script.py", "import numpy as np\n" + script);
    const std::string command = "cd '" + folder_.path().string() + "' && /usr/bin/python3 script.py";
    ASSERT_EQ(std::system(command.c_str()), 0) << script;
  }
  std::string file(const std::string& name) const { return read_file(folder_.path() / name); }
  TempFolder folder_;
};

TEST_F(Numpy, EveryDtypeByteOrderAndLayout) {
  // The same twelve numbers each time; numpy says itself what bits they have as the type they are read as.
  python(R"(
x = np.arange(12).reshape(3, 4) * 5
names = []
def save(name, a, as_type):
    np.save(name + '.npy', a)
    a.astype('<' + as_type, order='C').tofile(name + '.bin')
for order in '<>':
    for layout in 'CF':
        for kind, as_type in [('i1', 'i4'), ('u1', 'i4'), ('i2', 'i4'), ('u2', 'i4'), ('i4', 'i4'), ('u4', 'i4'),
                              ('i8', 'i4'), ('u8', 'i4'), ('f2', 'f4'), ('f4', 'f4'), ('f8', 'f4'), ('i8', 'f4')]:
            name = '_'.join([kind, as_type, 'be' if order == '>' else 'le', layout])
            sign = 1 if kind[0] == 'u' else -1
            scale = 1.37 if kind[0] == 'f' else 1
            save(name, np.array(x * sign * scale, dtype=order + kind, order=layout), as_type)
            names.append(name)
print(' '.join(names), file=open('names.txt', 'w'))
)");
  std::istringstream names(file("names.txt"));
  unsigned count = 0;
  for (std::string name; names >> name; ++count) {
    const ElementType type = name.find("_f4") != std::string::npos ? ElementType::f32 : ElementType::i32;
    const auto rows = rows_of(*parse_npy_numbers(file(name + ".npy"), name), type);
    const std::string expected = file(name + ".bin");
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(expected.data());
    EXPECT_EQ(bits(rows.elements), bits(unpack({bytes, expected.size()}, type))) << name;
    EXPECT_THAT(rows.ends, ElementsAre(4, 8, 12)) << name;
  }
  EXPECT_EQ(count, 48U);
}

TEST_F(Numpy, RoundsToHalfAsNumpyDoes) {
  // float64 near every f16 and near every middle between two, and out of the blue.
  python(R"(
h = np.arange(0x7bff, dtype=np.uint16).view(np.float16).astype(np.float64)
middle = (h[1:] + h[:-1]) / 2
x = np.concatenate([h, middle, np.nextafter(middle, 0), np.nextafter(middle, 1e9)])
x = x[np.random.RandomState(1).permutation(len(x))[:30000]]
x[::2] *= -1
np.save('x.npy', x)
x.astype('<f2').tofile('half.bin')
from decimal import Decimal  # exact: the shortest text of a double in the middle is not in the middle
open('x.txt', 'w').write('\n'.join(str(Decimal(v)) for v in x.tolist()))
)");
  const std::string half = file("half.bin");
  const auto expected =
      bits(unpack({reinterpret_cast<const std::uint8_t*>(half.data()), half.size()}, ElementType::f16));
  EXPECT_EQ(bits(rows_of(*parse_npy_numbers(file("x.npy"), "x.npy"), ElementType::f16).elements), expected);
  EXPECT_EQ(bits(rows_of(*parse_text_numbers(file("x.txt"), "x.txt"), ElementType::f16).elements), expected);
}

TEST_F(Numpy, ShapesAndVersions) {
  python(R"(
np.save('one.npy', np.float32(2.5))
np.save('flat.npy', np.arange(3, dtype=np.uint8))
np.save('cube.npy', np.arange(24, dtype=np.int64).reshape(2, 3, 4))
np.save('none.npy', np.zeros((5, 0)))
np.save('bool.npy', np.array([True, False]))
np.lib.format.write_array(open('v2.npy', 'wb'), np.arange(2), version=(2, 0))
np.lib.format.write_array(open('v3.npy', 'wb'), np.arange(2), version=(3, 0))
)");
  const auto read = [&](const std::string& name) { return parse_npy_numbers(file(name), name); };
  EXPECT_THAT(bits(rows_of(*read("one.npy"), ElementType::f32).elements), ElementsAre(0x40200000));
  EXPECT_THAT(rows_of(*read("flat.npy"), ElementType::u8).ends, ElementsAre(1, 2, 3));
  const auto cube = read("cube.npy");
  EXPECT_EQ(cube->rows(), 2U);
  const IndexRanges last{{11, 11}, {0, 0}};
  EXPECT_THAT(bits(rows_of(*cube, ElementType::i16, &last).elements), ElementsAre(11, 0, 23, 12));
  EXPECT_EQ(read("none.npy")->rows(), 0U);
  EXPECT_THAT(bits(rows_of(*read("bool.npy"), ElementType::f16).elements), ElementsAre(0x3C00, 0));
  EXPECT_THAT(bits(rows_of(*read("v2.npy"), ElementType::u8).elements), ElementsAre(0, 1));
  EXPECT_THAT(bits(rows_of(*read("v3.npy"), ElementType::u8).elements), ElementsAre(0, 1));
}

TEST_F(Numpy, WhatDoesNotFitIsRefused) {
  python(R"(
np.save('i.npy', np.array([[1, 2], [3, 300]]))
np.save('f.npy', np.array([1.0, 70000.0]))
np.save('c.npy', np.array([1j]))
np.save('s.npy', np.array(['a']))
np.save('r.npy', np.array([(1, 2.0)], dtype=[('a', 'i4'), ('b', 'f4')]))
np.save('o.npy', np.array([None]), allow_pickle=True)
)");
  const auto error = [&](const std::string& name, ElementType type) {
    return error_of([&] { rows_of(*parse_npy_numbers(file(name), name), type); });
  };
  EXPECT_EQ(error("i.npy", ElementType::u8), "i.npy: row 1: '300' is out of range for u8 (0 to 255)");
  EXPECT_EQ(error("f.npy", ElementType::f16), "f.npy: row 1: '70000' is beyond the range of f16");
  EXPECT_EQ(error("f.npy", ElementType::i32),
            "f.npy: holds float64, which type i32 does not take; convert it with astype()");
  EXPECT_THAT(error("c.npy", ElementType::f32), HasSubstr("c.npy: its dtype '<c16' is none of those read"));
  EXPECT_THAT(error("s.npy", ElementType::f32), HasSubstr("s.npy: its dtype '<U1' is none"));
  EXPECT_THAT(error("o.npy", ElementType::f32), HasSubstr("o.npy: its dtype '|O' is none"));
  EXPECT_THAT(error("r.npy", ElementType::f32), HasSubstr("r.npy: its dtype is a structure"));
}

TEST_F(Numpy, ReadsWhatIsWritten) {
  folder_.write("a.npy", make_npy("<f2", {2, 2}, std::string("\x00\x3C\x00\xC0\xFF\x7B\x00\x7C", 8)));
  folder_.write("b.npy", make_npy("|u1", {3}, "abc"));
  python(R"(
a = np.load('a.npy')
assert a.dtype == np.float16 and a.shape == (2, 2) and a.tolist() == [[1, -2], [65504, float('inf')]], a
b = np.load('b.npy')
assert b.dtype == np.uint8 and b.tolist() == [97, 98, 99], b
assert open('a.npy', 'rb').read().find(b'\n') % 64 == 63
)");
}

std::string header_error(std::string text, const std::string& data = "", char version = 1) {
  text = std::string("\x93NUMPY") + version + '\0' + static_cast<char>(text.size()) + '\0' + text + data;
  return error_of([&] { parse_npy_header(text, "x.npy"); });
}

TEST(NpyHeader, MistakesAreNamed) {
  EXPECT_EQ(error_of([] { parse_npy_header("1 2 3", "x.npy"); }), "x.npy: it is no .npy file");
  EXPECT_EQ(error_of([] { parse_npy_header("\x93NUMPY", "x.npy"); }),
            "x.npy: the .npy header is damaged: the file ends within it");
  EXPECT_EQ(header_error("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "12345678"), "");
  EXPECT_EQ(header_error("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "1234567"),
            "x.npy: its shape (2) needs 8 bytes of numbers, it holds 7");
  EXPECT_EQ(header_error("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "123456789"),
            "x.npy: its shape (2) needs 8 bytes of numbers, it holds 9");
  EXPECT_EQ(header_error("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }"),
            "x.npy: the .npy header is damaged: the shape is beyond all measure");
  EXPECT_EQ(header_error("{'descr': '<f4', 'shape': (2,), }", "12345678"),
            "x.npy: the .npy header is damaged: expected the keys descr, fortran_order and shape");
  EXPECT_EQ(
      header_error("{'descr': '<f3', 'fortran_order': False, 'shape': (2,), }"),
      "x.npy: its dtype '<f3' is none of those read: bool, integers of 1 to 8 bytes, float16, float32 and "
      "float64");
  EXPECT_EQ(header_error("{}", "", 9), "x.npy: version 9 of .npy is unknown");
  EXPECT_THAT(header_error("[1]"), HasSubstr("expected '{' before '[1]'"));
  EXPECT_THAT(header_error("{'descr"), HasSubstr("a text without an end"));
}

// Whatever stands in a file, it is read or refused.
TEST(NpyHeader, BrokenFilesAreReadOrRefused) {
  const std::string good = make_npy("<i4", {2, 3}, std::string(24, 'x'));
  std::mt19937 random(5);
  unsigned refused = 0;
  for (unsigned i = 0; i < 20'000; ++i) {
    std::string text = good;
    for (unsigned k = 0; k < 1 + random() % 3; ++k) {
      const std::size_t at =
          random() % (random() % 4 == 0 ? text.size() : std::min<std::size_t>(text.size(), 75));
      if (random() % 3 == 0) {
        text.erase(at, 1 + random() % 4);
      } else {
        const char piece = "0123456789(),'<>fiub"[random() % 20];
        text[at] = random() % 3 == 0 ? static_cast<char>(random() % 256) : piece;
      }
    }
    refused +=
        error_of([&] { rows_of(*parse_npy_numbers(text, "x.npy"), ElementType::f32); }).empty() ? 0U : 1U;
  }
  EXPECT_GT(refused, 10'000U);
  EXPECT_LT(refused, 20'000U);
}

}  // namespace
}  // namespace ipusim::numbers
