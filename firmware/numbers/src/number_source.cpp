#include "ipusim/numbers/number_source.hpp"

#include <fmt/format.h>

#include "ipusim/base/input_error.hpp"
#include "ipusim/config/tile_selection.hpp"

namespace ipusim::numbers {
namespace {

class ListNumbers : public NumberSource {
 public:
  explicit ListNumbers(const config::ConfigNode& values) : items_(values.items()) {}

  std::size_t rows() const override { return items_.size(); }
  std::string place(std::size_t row) const override { return items_.at(row).place(); }

  void append(std::size_t row, const RowRequest& request, std::vector<Element>& to) const override {
    const config::ConfigNode& item = items_.at(row);
    const bool is_list = item.is_sequence();
    const std::vector<config::ConfigNode> cells = is_list ? item.items() : std::vector{item};
    for_columns(row, cells.size(), request, [&](std::size_t column) {
      const config::ConfigNode& cell = cells[column];
      try {
        push(parse_element(cell.as_string(), request.type), request, to);
      } catch (const InputError& error) {
        throw InputError(fmt::format("{}: {}", cell.place(), error.what()));
      }
    });
  }

 private:
  std::vector<config::ConfigNode> items_;
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

std::unique_ptr<NumberSource> list_numbers(const config::ConfigNode& values) {
  return std::make_unique<ListNumbers>(values);
}

IndexRanges read_ranges(const config::ConfigNode& node) {
  const auto read = [](const config::ConfigNode& item) {
    const std::string text = item.as_string();
    try {
      return config::parse_range(text);
    } catch (const config::ConfigError& error) {
      throw item.error(error.what());
    }
  };
  if (!node.is_sequence()) return {read(node)};
  IndexRanges ranges;
  for (const config::ConfigNode& item : node.items()) ranges.push_back(read(item));
  if (ranges.empty()) throw node.error("expected at least one number or range");
  return ranges;
}

}  // namespace ipusim::numbers
