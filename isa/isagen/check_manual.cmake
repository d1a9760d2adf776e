# SPDX-License-Identifier: Apache-2.0
# Whether the committed manual is what isagen makes of isa/ today.
#   cmake -D ISAGEN=... -D INPUTS=<options> -D COMMITTED=docs -D FRESH=<folder to write to> -P check_manual.cmake
file(REMOVE_RECURSE ${FRESH})
execute_process(COMMAND ${ISAGEN} ${INPUTS} --manual ${FRESH}/isa.md --page ${FRESH}/instructions.md
                RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "isagen failed: ${failed}")
endif()
foreach(page isa.md instructions.md)
  execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${COMMITTED}/${page} ${FRESH}/${page}
                  RESULT_VARIABLE differs)
  if(differs)
    execute_process(COMMAND diff ${COMMITTED}/${page} ${FRESH}/${page})
    message(FATAL_ERROR "${COMMITTED}/${page} is out of date: regenerate it with "
            "`cmake --build <build directory> --target isa_manual` and commit it")
  endif()
endforeach()
