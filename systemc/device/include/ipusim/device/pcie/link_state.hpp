// SPDX-License-Identifier: Apache-2.0
// Whether a link is up. Both ends look at it; who pulls the plug sets it.
#pragma once

#include <systemc>

namespace ipusim::device {

class LinkState {
 public:
  bool up() const { return up_; }
  // How often it has been lost: what was under way before then never arrives.
  unsigned losses() const { return losses_; }
  // Who waits for changed() hears of it a delta cycle later.
  void set(bool up) {
    if (up == up_) return;
    up_ = up;
    if (!up) ++losses_;
    changed_.notify(sc_core::SC_ZERO_TIME);
  }
  const sc_core::sc_event& changed() const { return changed_; }

 private:
  bool up_ = true;
  unsigned losses_ = 0;
  sc_core::sc_event changed_;
};

}  // namespace ipusim::device
