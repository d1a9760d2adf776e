# ipusim_add_test(NAME LABELS unit [rtl ...] SOURCES ... [LINK ...] [TIMEOUT s]): one GoogleTest binary,
# every test case of it registered with CTest under NAME.<suite>.<case>.
include(GoogleTest)
function(ipusim_add_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;SOURCES;LINK" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE ipusim::options ${ARG_LINK} GTest::gtest GTest::gmock GTest::gtest_main)
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
