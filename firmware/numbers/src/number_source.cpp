// SPDX-License-Identifier: Apache-2.0
#include "ipusim/numbers/number_source.hpp"

#include <fmt/format.h>

#include "ipusim/base/input_error.hpp"

namespace ipusim::numbers {
namespace {

class ListNumbers : public NumberSource {
 public:
  explicit ListNumbers(const NumberList& list) : list_(list) {}

  std::size_t rows() const override { return list_.rows.size(); }
  std::string place(std::size_t row) const override {
    const WrittenRow& written = list_.rows.at(row);
    return place_of(written.line, written.column, fmt::format("row {}", row));
  }

  void append(std::size_t row, const RowRequest& request, std::vector<Element>& to) const override {
    const std::vector<WrittenNumber>& cells = list_.rows.at(row).numbers;
    for_columns(row, cells.size(), request, [&](std::size_t column) {
      const WrittenNumber& cell = cells[column];
      try {
        push(parse_element(cell.text, request.type), request, to);
      } catch (const InputError& error) {
        throw InputError(fmt::format(
            "{}: {}", place_of(cell.line, cell.column, fmt::format("row {}, column {}", row, column)),
            error.what()));
      }
    });
  }

 private:
  std::string place_of(int line, int column, const std::string& otherwise) const {
    return list_.file.empty() || line == 0 ? otherwise : fmt::format("{}:{}:{}", list_.file, line, column);
  }

  const NumberList& list_;
};

}  // namespace

void NumberSource::push(Element element, const RowRequest& request, std::vector<Element>& to) const {
  if (to.size() >= request.most) {
    throw InputError(fmt::format("there are more than the {} numbers of type {} that have room", request.most,
                                 to_string(request.type)));
  }
  to.push_back(element);
}

void NumberSource::refuse_column(std::size_t row, std::size_t count, std::size_t column) const {
  throw InputError(
      fmt::format("{}: has {} numbers, column {} is wanted (counted from 0)", place(row), count, column));
}

std::unique_ptr<NumberSource> list_numbers(const NumberList& list) {
  return std::make_unique<ListNumbers>(list);
}

NumberList list_of(const std::vector<double>& values) {
  NumberList list;
  for (const double value : values) list.rows.push_back({.numbers = {{.text = fmt::format("{}", value)}}});
  return list;
}

}  // namespace ipusim::numbers
