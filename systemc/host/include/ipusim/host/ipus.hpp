// SPDX-License-Identifier: Apache-2.0
// What a host's software has: the drivers of its IPUs.
#pragma once

#include <memory>
#include <vector>

#include "ipusim/host/driver.hpp"

namespace ipusim::host {

// In the order in which they are attached to the host.
using Ipus = std::vector<std::unique_ptr<IpuDriver>>;

}  // namespace ipusim::host
