# SPDX-License-Identifier: Apache-2.0
# Language level, warnings and instrumentation, shared by every target through ipusim::options.
option(IPUSIM_WERROR "Treat warnings as errors" ON)
option(IPUSIM_COVERAGE "Instrument the C++ sources for gcov" OFF)
set(IPUSIM_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, comma separated")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Without these it keeps nothing that uses precompiled headers.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()

add_library(ipusim_options INTERFACE)
add_library(ipusim::options ALIAS ipusim_options)
target_compile_options(ipusim_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wnull-dereference -Wduplicated-cond -Wlogical-op
  $<$<BOOL:${IPUSIM_WERROR}>:-Werror>)
# GCC 12 reports false positives of these inside the standard library at -O2 and above.
target_compile_options(ipusim_options INTERFACE -Wno-null-dereference -Wno-restrict)
if(IPUSIM_SANITIZE)
  # Behind a checked shift GCC no longer sees that a value was a small unsigned one.
  target_compile_options(ipusim_options INTERFACE -Wno-sign-conversion)
endif()

if(IPUSIM_SANITIZE)
  add_compile_options(-fsanitize=${IPUSIM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # LLVM has no run-time type information, and so has what derives from it.
  add_compile_options(-fno-sanitize=vptr)
  # The sanitizers' own code makes GCC see uninitialised values where there are none.
  add_compile_options(-Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${IPUSIM_SANITIZE})
endif()
if(IPUSIM_COVERAGE)
  add_compile_options(--coverage -O0)
  add_link_options(--coverage)
endif()

# ipusim_add_library(NAME FLOOR n [INTERFACE] SOURCES ... [LINK ...] [PRIVATE_LINK ...]): a static library, or one of
# headers alone, with its public headers in ./include, as ipusim::<name without the ipusim_ prefix>. It uses only
# libraries of lower floors (Floors.cmake).
function(ipusim_add_library name)
  cmake_parse_arguments(ARG "INTERFACE" "FLOOR" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  string(REPLACE "ipusim_" "" short ${name})
  ipusim_declare_floor(${short} FLOOR ${ARG_FLOOR} SOURCES ${ARG_SOURCES} LINK ${ARG_LINK}
    PRIVATE_LINK ${ARG_PRIVATE_LINK})
  if(ARG_INTERFACE)
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}/include)
    target_link_libraries(${name} INTERFACE ${ARG_LINK})
  else()
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include)
    target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE ipusim::options ${ARG_PRIVATE_LINK})
  endif()
  add_library(ipusim::${short} ALIAS ${name})
endfunction()

# ipusim_add_program(NAME FLOOR n SOURCES ... LINK ...): an executable in bin/ that uses only libraries of lower floors.
function(ipusim_add_program name)
  cmake_parse_arguments(ARG "" "FLOOR" "SOURCES;LINK" ${ARGN})
  ipusim_declare_floor(${name} PROGRAM FLOOR ${ARG_FLOOR} SOURCES ${ARG_SOURCES} PRIVATE_LINK ${ARG_LINK})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ipusim::options ${ARG_LINK})
endfunction()
