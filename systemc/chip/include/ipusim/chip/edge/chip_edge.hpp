// SPDX-License-Identifier: Apache-2.0
// What a chip knows of the world outside: an interface that the host, other chips or a test bench stand
// behind. Everything is told in cycles of the chip; nothing depends on when in a simulation it is told.
#pragma once

#include <optional>

#include "ipusim/base/types.hpp"

namespace ipusim::chip {

// How a sync that the outside takes part in comes to its end.
struct Release {
  Cycle happens;  // the last arrival or the grant that let it happen, wherever that was
  Cycle release;  // in which the tiles of this chip go on
};

class ChipEdge {
 public:
  virtual ~ChipEdge() = default;

  // Every tile of the chip has arrived at `zone`, the last in cycle `at`; told once for every sync of a zone
  // whose scope is wider than the chip, or that the host takes part in.
  virtual void arrived(unsigned zone, Cycle at) = 0;

  // The end of the sync that arrived() told of last, once it is decided; not before `at`. Asked again until
  // it is given, and then no more.
  virtual std::optional<Release> released(unsigned zone) = 0;

  // No release that has not been given yet comes before this cycle. Never moves backwards while arrived() has
  // no answer.
  virtual Cycle silent_until() const = 0;
};

// Nothing is outside: no such sync ever ends.
class ClosedEdge : public ChipEdge {
 public:
  void arrived(unsigned, Cycle) override {}
  std::optional<Release> released(unsigned) override { return std::nullopt; }
  Cycle silent_until() const override { return Cycle::never(); }
};

}  // namespace ipusim::chip
