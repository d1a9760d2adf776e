# SPDX-License-Identifier: Apache-2.0
# Every external package in one place; scripts/packages.txt lists the Debian packages that hold them.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tinyxml2 REQUIRED)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
endif()
find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc)
pkg_check_modules(MPFR REQUIRED IMPORTED_TARGET mpfr)
pkg_check_modules(READLINE REQUIRED IMPORTED_TARGET readline)
find_program(VERILATOR_EXECUTABLE verilator REQUIRED)

# Debian's SystemC is a C++17 library; its ABI check symbol carries the language level, so users of C++20
# must name the level it was built with.
add_library(ipusim_systemc INTERFACE)
add_library(ipusim::systemc ALIAS ipusim_systemc)
target_link_libraries(ipusim_systemc INTERFACE PkgConfig::SYSTEMC Threads::Threads)
target_compile_definitions(ipusim_systemc INTERFACE SC_CPLUSPLUS=201703L SC_INCLUDE_DYNAMIC_PROCESSES)
# Its headers do not pass our warnings: take them as system headers even when they lie in /usr/include.
