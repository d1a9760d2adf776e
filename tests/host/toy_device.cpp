// SPDX-License-Identifier: Apache-2.0
#include "toy_device.hpp"

#include <algorithm>
#include <vector>

namespace ipusim::host_test {

using device::AccessResult;

ToyDevice::ToyDevice(sc_core::sc_module_name name, const device::FunctionDescription& description)
    : sc_core::sc_module(name), function("function", description) {
  registers_.add(toy::map, {{.offset = toy::command, .write = [this](std::uint32_t, std::uint32_t value) {
                               if (value != toy::from_host && value != toy::to_host)
                                 return AccessResult::refused;
                               commanded_ = value;
                               registers_.keep(toy::status, 1);
                               go_.notify();
                               return AccessResult::done;
                             }}});
  register_socket_.register_b_transport(this, &ToyDevice::access_registers);
  memory_socket_.register_b_transport(this, &ToyDevice::access_memory);
  memory_socket_.register_transport_dbg(this, &ToyDevice::debug_memory);
  function.bar(0).bind(register_socket_);
  function.bar(2).bind(memory_socket_);
  SC_HAS_PROCESS(ToyDevice);
  SC_THREAD(copier);
}

void ToyDevice::copier() {
  for (;;) {
    while (commanded_ == 0) wait(go_);
    const std::uint64_t host =
        std::uint64_t{registers_.kept(toy::host_high)} << 32U | registers_.kept(toy::host_low);
    std::vector<std::uint8_t> bytes(registers_.kept(toy::length));
    bool done = true;
    if (commanded_ == toy::from_host) {
      const auto read = function.master().begin_read(host, bytes);
      most_outstanding = std::max(most_outstanding, function.master().outstanding());
      while (!read->done()) wait(read->finished());
      done = read->status() == device::CompletionStatus::success;
      if (done) memory.memory().write(registers_.kept(toy::local), bytes);
    } else {
      memory.memory().read(registers_.kept(toy::local), bytes);
      function.master().write(host, bytes);
    }
    commanded_ = 0;
    registers_.keep(toy::status, done ? 2 : 3);
    function.raise(0);
  }
}

}  // namespace ipusim::host_test
