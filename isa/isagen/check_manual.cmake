# Whether the committed manual is what isagen makes of isa/ today.
#   cmake -D ISAGEN=... -D INPUTS=<options> -D COMMITTED=docs/isa.md -D FRESH=<file to write> -P check_manual.cmake
file(REMOVE ${FRESH})
execute_process(COMMAND ${ISAGEN} ${INPUTS} --manual ${FRESH} RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "isagen failed: ${failed}")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${COMMITTED} ${FRESH} RESULT_VARIABLE differs)
if(differs)
  execute_process(COMMAND diff ${COMMITTED} ${FRESH})
  message(FATAL_ERROR "${COMMITTED} is out of date: regenerate it with `cmake --build <build directory> --target isa_manual` and commit it")
endif()
