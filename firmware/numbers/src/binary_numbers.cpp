// SPDX-License-Identifier: Apache-2.0
// Numbers in .npy and raw binary files.
#include <fmt/format.h>

#include <bit>

#include "ipusim/arith/number.hpp"
#include "ipusim/base/input_error.hpp"
#include "ipusim/config/text_file.hpp"
#include "ipusim/numbers/npy.hpp"
#include "ipusim/numbers/number_source.hpp"

namespace ipusim::numbers {
namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30U;  // more than all tiles' memories together

std::string read_binary(const std::filesystem::path& file) {
  return config::read_file(file, most_bytes, "which is more than all tiles together have");
}

class NpyNumbers : public NumberSource {
 public:
  NpyNumbers(std::string file, std::string name)
      : file_(std::move(file)), name_(std::move(name)), header_(parse_npy_header(file_, name_)) {
    if (header_.shape.empty()) header_.shape = {1};         // a single number
    if (file_.size() == header_.data) header_.shape = {0};  // an axis of length 0, whatever the others say
    for (std::size_t i = 1; i < header_.shape.size(); ++i) columns_ *= header_.shape[i];
  }

  std::size_t rows() const override { return header_.shape.front(); }
  std::string place(std::size_t row) const override { return fmt::format("{}: row {}", name_, row); }

  void append(std::size_t row, const RowRequest& request, std::vector<Element>& to) const override {
    if (header_.type.kind == 'f' && !is_float(request.type)) {
      throw InputError(fmt::format("{}: holds float{}, which type {} does not take; convert it with astype()",
                                   name_, 8 * header_.type.bytes, to_string(request.type)));
    }
    try {
      for_columns(row, columns_, request, [&](std::size_t column) {
        push(convert(number(row * columns_ + column), request.type), request, to);
      });
    } catch (const InputError& error) {
      const std::string where = place(row);
      if (std::string_view{error.what()}.starts_with(where)) throw;
      throw InputError(fmt::format("{}: {}", where, error.what()));
    }
  }

 private:
  // The bytes of a number as they stand for it, the lowest first; index in C order.
  std::uint64_t number(std::size_t index) const {
    const NpyType& type = header_.type;
    const std::size_t begin = header_.data + type.bytes * (header_.fortran_order ? fortran(index) : index);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < type.bytes; ++i) {
      const std::size_t at = type.big_endian ? i : type.bytes - 1 - i;
      bits = bits << 8U | static_cast<std::uint8_t>(file_[begin + at]);
    }
    return bits;
  }

  std::size_t fortran(std::size_t index) const {
    std::size_t stride = 1;
    for (const std::uint64_t size : header_.shape) stride *= size;
    std::size_t result = 0;
    for (std::size_t axis = header_.shape.size(); axis-- > 0;) {
      stride /= header_.shape[axis];
      result += stride * (index % header_.shape[axis]);
      index /= header_.shape[axis];
    }
    return result;
  }

  Element convert(std::uint64_t bits, ElementType type) const {
    const NpyType& from = header_.type;
    const bool as_it_is =
        from.bytes == size_of(type) && !is_quarter(type) &&
        (from.kind == 'f' ? is_float(type) : !is_float(type) && (from.kind == 'i') == is_signed(type));
    if (from.kind == 'f') {
      if (as_it_is) return {static_cast<std::uint32_t>(bits)};
      if (from.bytes == 8) return round_to_element(std::bit_cast<double>(bits), type);
      const ElementType own = from.bytes == 4 ? ElementType::f32 : ElementType::f16;
      return round_to_element(value_of({static_cast<std::uint32_t>(bits)}, own), type);
    }
    const std::uint64_t sign = std::uint64_t{1} << (8 * from.bytes - 1);
    if (from.kind == 'i') bits = (bits ^ sign) - sign;
    if (from.kind == 'b' && bits > 1) throw InputError(fmt::format("{} is no bool", bits));
    if (as_it_is) return {static_cast<std::uint32_t>(bits)};
    return parse_element(
        from.kind == 'i' ? fmt::format("{}", static_cast<std::int64_t>(bits)) : fmt::format("{}", bits),
        type);
  }

  std::string file_;
  std::string name_;
  NpyHeader header_;
  std::size_t columns_ = 1;
};

class RawNumbers : public NumberSource {
 public:
  RawNumbers(std::string bytes, std::string name, ElementType type)
      : bytes_(std::move(bytes)), name_(std::move(name)), size_(size_of(type)) {
    if (bytes_.size() % size_ != 0) {
      throw InputError(fmt::format("{}: its {} bytes are no multiple of the {} that type {} has", name_,
                                   bytes_.size(), size_, to_string(type)));
    }
  }

  std::size_t rows() const override { return bytes_.size() / size_; }
  std::string place(std::size_t row) const override { return fmt::format("{}: element {}", name_, row); }

  void append(std::size_t row, const RowRequest& request, std::vector<Element>& to) const override {
    for_columns(row, 1, request, [&](std::size_t) {
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(bytes_.data());
      push(unpack(std::span{bytes, bytes_.size()}.subspan(row * size_, size_), request.type).front(), request,
           to);
    });
  }

 private:
  std::string bytes_;
  std::string name_;
  std::size_t size_;
};

}  // namespace

std::unique_ptr<NumberSource> load_npy_numbers(const std::filesystem::path& file) {
  return parse_npy_numbers(read_binary(file), file.string());
}

std::unique_ptr<NumberSource> parse_npy_numbers(std::string bytes, const std::string& name) {
  return std::make_unique<NpyNumbers>(std::move(bytes), name);
}

std::unique_ptr<NumberSource> load_raw_numbers(const std::filesystem::path& file, ElementType type) {
  return std::make_unique<RawNumbers>(read_binary(file), file.string(), type);
}

}  // namespace ipusim::numbers
