// SPDX-License-Identifier: Apache-2.0
// What a phase asks for, in general: something with a name that says its messages. The patterns there are
// stand in patterns.hpp; a further one needs a struct there and a row in the table of
// src/patterns/pattern_table.cpp.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>

#include "ipusim/base/types.hpp"
#include "ipusim/config/source_place.hpp"

namespace ipusim::exchange_planner {

// Where words stand on a tile, while a message is told.
struct Location {
  const std::string& symbol;         // empty: the caller of the phase says it
  std::uint64_t offset;              // bytes from it
  const config::SourcePlace& where;  // of the symbol's name in a file; may be empty
};

// Hears the messages of a pattern, one after another.
class MessageSink {
 public:
  MessageSink() = default;
  virtual ~MessageSink() = default;
  MessageSink(const MessageSink&) = delete;
  MessageSink& operator=(const MessageSink&) = delete;
  // `words` words go from one place of `from` to the same place of each of `to`.
  virtual void message(TileIndex from, std::span<const TileIndex> to, std::uint32_t words,
                       const Location& source, const Location& destination) = 0;
};

// A pattern is plain data that can say its name, what is wrong with it, and its messages.
template <class P>
concept PatternData = std::equality_comparable<P> && requires(const P& pattern, MessageSink& sink) {
  { pattern.name() } -> std::convertible_to<std::string_view>;
  // Why there are no such messages, with the cure; empty if there are.
  { pattern.problem() } -> std::convertible_to<std::string>;
  // Only of one without a problem.
  {pattern.expand(sink)};
};

// Holds a pattern of any kind. Copies share it, as it does not change.
class Pattern {
 public:
  template <PatternData P>
  Pattern(P pattern)  // NOLINT(google-explicit-constructor): a pattern of some kind is a pattern
      : model_(std::make_shared<const Model<P>>(std::move(pattern))) {}

  std::string_view name() const { return model_->name(); }
  std::string problem() const { return model_->problem(); }
  void expand(MessageSink& sink) const { model_->expand(sink); }
  // Null if it is of another kind.
  template <PatternData P>
  const P* as() const {
    const auto* model = dynamic_cast<const Model<P>*>(model_.get());
    return model == nullptr ? nullptr : &model->data;
  }
  friend bool operator==(const Pattern& a, const Pattern& b) { return a.model_->equals(*b.model_); }

 private:
  struct Concept {
    Concept() = default;
    virtual ~Concept() = default;
    Concept(const Concept&) = delete;
    Concept& operator=(const Concept&) = delete;
    virtual std::string_view name() const = 0;
    virtual std::string problem() const = 0;
    virtual void expand(MessageSink& sink) const = 0;
    virtual bool equals(const Concept& other) const = 0;
  };
  template <class P>
  struct Model final : Concept {
    explicit Model(P pattern) : data(std::move(pattern)) {}
    std::string_view name() const override { return data.name(); }
    std::string problem() const override { return data.problem(); }
    void expand(MessageSink& sink) const override { data.expand(sink); }
    bool equals(const Concept& other) const override {
      const auto* same = dynamic_cast<const Model*>(&other);
      return same != nullptr && data == same->data;
    }
    P data;
  };
  std::shared_ptr<const Concept> model_;
};

}  // namespace ipusim::exchange_planner
