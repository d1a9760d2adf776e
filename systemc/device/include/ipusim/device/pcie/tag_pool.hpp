// SPDX-License-Identifier: Apache-2.0
// Tags of the requests of one requester that wait for their completions. No SystemC.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>

namespace ipusim::device {

// What a requester keeps of every request, by tag.
template <class Request>
class TagPool {
 public:
  static constexpr unsigned most = 32;  // tags of 5 bits

  // std::invalid_argument if there cannot be so many.
  explicit TagPool(unsigned tags) : tags_(tags) {
    if (tags == 0 || tags > most) throw std::invalid_argument("tags: a function has 1..32");
  }

  // The lowest tag that is free, now taken; nullopt if none is.
  std::optional<std::uint8_t> take(Request request) {
    for (unsigned tag = 0; tag < tags_; ++tag) {
      if (requests_[tag]) continue;
      requests_[tag] = std::move(request);
      ++taken_;
      return static_cast<std::uint8_t>(tag);
    }
    return std::nullopt;
  }
  bool any_free() const { return taken_ < tags_; }
  unsigned taken() const { return taken_; }

  // The request with this tag; null if there is none.
  Request* find(std::uint8_t tag) { return tag < tags_ && requests_[tag] ? &*requests_[tag] : nullptr; }
  // Frees the tag of a request that is there.
  Request give_back(std::uint8_t tag) {
    Request request = std::move(requests_.at(tag).value());
    requests_[tag].reset();
    --taken_;
    return request;
  }

 private:
  unsigned tags_;
  unsigned taken_ = 0;
  std::array<std::optional<Request>, most> requests_;
};

}  // namespace ipusim::device
