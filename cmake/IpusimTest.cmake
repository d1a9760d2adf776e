# SPDX-License-Identifier: Apache-2.0
# ipusim_add_test(NAME LABELS unit [rtl ...] SOURCES ... [LINK ...] [TIMEOUT s]): one GoogleTest binary,
# every test case of it registered with CTest under NAME.<suite>.<case>.
include(GoogleTest)

# Half of a cold build is the tests' sources, and most of each is GoogleTest's headers and its templates' code: read
# them once, and leave the optimiser to what is measured.
add_library(ipusim_test_headers OBJECT ${CMAKE_CURRENT_LIST_DIR}/test_headers.cpp)
target_link_libraries(ipusim_test_headers PRIVATE ipusim::options GTest::gtest GTest::gmock)
target_compile_options(ipusim_test_headers PRIVATE $<$<CONFIG:Release>:-O1> -fpch-preprocess)
target_precompile_headers(ipusim_test_headers PRIVATE
  <gmock/gmock.h> <gtest/gtest.h> <cstdint> <optional> <string> <vector>)
function(ipusim_compile_as_test target)
  target_precompile_headers(${target} REUSE_FROM ipusim_test_headers)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1> -fpch-preprocess)
  set_target_properties(${target} PROPERTIES PCH_WARN_INVALID OFF)
endfunction()
function(ipusim_add_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;SOURCES;LINK" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE ipusim::options ${ARG_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
  ipusim_compile_as_test(${name})
  target_compile_definitions(${name} PRIVATE
    IPUSIM_SOURCE_DIR="${PROJECT_SOURCE_DIR}" IPUSIM_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST
    PROPERTIES TIMEOUT ${ARG_TIMEOUT})
  # A list does not survive as a property above: only its first element would. CTest reads this after the
  # cases' own file, which lists them. Temporary files go below the build tree: another tree's tests may run beside it.
  set(temporary ${CMAKE_BINARY_DIR}/tests/tmp)
  file(MAKE_DIRECTORY ${temporary})
  set(labels_file ${CMAKE_CURRENT_BINARY_DIR}/${name}_labels.cmake)
  file(WRITE ${labels_file} "set_tests_properties(\${${name}_TESTS} PROPERTIES LABELS \"${ARG_LABELS}\"
  ENVIRONMENT \"TMPDIR=${temporary};TEST_TMPDIR=${temporary}\")\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${labels_file})
endfunction()
