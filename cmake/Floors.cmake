# SPDX-License-Identifier: Apache-2.0
# The floors of the house. Every library declares its own, and uses only libraries of lower ones: in links, which
# ipusim_add_library() refuses at once, and in includes, which ipusim_check_includes() reads when all are known.
#
#   isa 10-19, systemc 20-29, firmware 30-39, tb 50-59 (rtl has no library), apps 60-69, tests 70-79

# Kept in global properties: IPUSIM_LIBRARIES, and of each of these
#   IPUSIM_FLOOR_<name>      its number
#   IPUSIM_FOLDER_<name>     where its CMakeLists.txt stands
#   IPUSIM_LINK_<name>       the ipusim libraries it links, short names
#   IPUSIM_PUBLIC_<name>     those of them that its users link too
#   IPUSIM_SOURCES_<name>    its sources
#   IPUSIM_HEADERS_<name>    the folders below include/ipusim that it brings
# Programs are among them: they bring no headers.

# Short names of the ipusim libraries among link items. What has no floor of its own - external packages under a
# name of ours, compiler options - is left out.
function(ipusim_links result)
  set(links)
  foreach(item ${ARGN})
    string(REPLACE "ipusim::" "" short "${item}")
    if(item MATCHES "^ipusim::" AND NOT short MATCHES "^(options|systemc)$")
      list(APPEND links ${short})
    endif()
  endforeach()
  set(${result} ${links} PARENT_SCOPE)
endfunction()

# Notes a library or program by its short name, and fails if it links what is not below it.
function(ipusim_declare_floor name)
  cmake_parse_arguments(ARG "PROGRAM" "FLOOR" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  if(NOT ARG_FLOOR MATCHES "^[0-9]+$")
    message(FATAL_ERROR "${name} declares no floor: say FLOOR and a number (cmake/Floors.cmake)")
  endif()
  ipusim_links(public ${ARG_LINK})
  ipusim_links(all ${ARG_LINK} ${ARG_PRIVATE_LINK})
  foreach(other ${all})
    get_property(floor GLOBAL PROPERTY IPUSIM_FLOOR_${other})
    if("${floor}" STREQUAL "")
      message(FATAL_ERROR "${name} (floor ${ARG_FLOOR}) links ipusim::${other}, which is not declared yet: lower floors "
        "come first in the CMakeLists.txt above, and are libraries of ipusim_add_library()")
    elseif(NOT floor LESS ARG_FLOOR)
      message(FATAL_ERROR "${name} (floor ${ARG_FLOOR}) links ipusim::${other} (floor ${floor}): a library uses only "
        "lower floors. Move what both need down, or pass it in from above")
    endif()
  endforeach()
  set(headers)
  if(NOT ARG_PROGRAM)
    file(GLOB headers RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/include/ipusim ${CMAKE_CURRENT_SOURCE_DIR}/include/ipusim/*)
  endif()
  set_property(GLOBAL APPEND PROPERTY IPUSIM_LIBRARIES ${name})
  set_property(GLOBAL PROPERTY IPUSIM_FLOOR_${name} ${ARG_FLOOR})
  set_property(GLOBAL PROPERTY IPUSIM_FOLDER_${name} ${CMAKE_CURRENT_SOURCE_DIR})
  set_property(GLOBAL PROPERTY IPUSIM_LINK_${name} ${all})
  set_property(GLOBAL PROPERTY IPUSIM_PUBLIC_${name} ${public})
  set_property(GLOBAL PROPERTY IPUSIM_SOURCES_${name} ${ARG_SOURCES})
  set_property(GLOBAL PROPERTY IPUSIM_HEADERS_${name} ${headers})
endfunction()

# What a library may include: folders below include/ipusim of its own, of what it links, and of what those link
# publicly.
function(ipusim_visible_headers result name)
  get_property(visible GLOBAL PROPERTY IPUSIM_HEADERS_${name})
  get_property(open GLOBAL PROPERTY IPUSIM_LINK_${name})
  set(seen)
  while(open)
    list(POP_FRONT open other)
    if(other IN_LIST seen)
      continue()
    endif()
    list(APPEND seen ${other})
    get_property(headers GLOBAL PROPERTY IPUSIM_HEADERS_${other})
    get_property(public GLOBAL PROPERTY IPUSIM_PUBLIC_${other})
    list(APPEND visible ${headers})
    list(APPEND open ${public})
  endwhile()
  set(${result} ${visible} PARENT_SCOPE)
endfunction()

# What a file of a library includes though it must not, one line each.
function(ipusim_wrong_includes result file name visible)
  get_property(folder GLOBAL PROPERTY IPUSIM_FOLDER_${name})
  get_property(floor GLOBAL PROPERTY IPUSIM_FLOOR_${name})
  cmake_path(GET file PARENT_PATH here)
  set(errors)
  file(STRINGS ${file} lines REGEX "^[ \t]*#[ \t]*include[ \t]*([<\"]ipusim/|\")")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^[^<\"]*[<\"]([^>\"]*)[>\"].*$" "\\1" header "${line}")
    if(header MATCHES "^ipusim/([^/]+)/")
      set(part ${CMAKE_MATCH_1})
      if(part IN_LIST visible)
        continue()
      endif()
      get_property(owner GLOBAL PROPERTY IPUSIM_OWNER_${part})
      get_property(other GLOBAL PROPERTY IPUSIM_FLOOR_${owner})
      if("${owner}" STREQUAL "")
        list(APPEND errors "${file}: includes ${header}: no library brings ipusim/${part}")
      elseif(other LESS floor)
        list(APPEND errors "${file}: includes ${header} of ipusim::${owner}, which ${name} does not link")
      else()
        list(APPEND errors
          "${file}: includes ${header} of ipusim::${owner} (floor ${other}), which is not below ${name} (floor ${floor})")
      endif()
    elseif(header MATCHES "\\.\\./")
      cmake_path(ABSOLUTE_PATH header BASE_DIRECTORY ${here} NORMALIZE OUTPUT_VARIABLE target)
      cmake_path(IS_PREFIX folder ${target} inside)
      if(NOT inside)
        list(APPEND errors "${file}: includes ${header}, a file of another folder: only public headers of lower floors \
can be used")
      endif()
    endif()
  endforeach()
  set(${result} ${errors} PARENT_SCOPE)
endfunction()

# Reads the includes of all declared libraries and programs, and fails with a line for each that goes up, aside
# without a link, or into another folder. Sources are held against their own library; headers of a folder with
# several libraries against the highest of them. Tests are not read: some look below the interfaces.
function(ipusim_check_includes)
  get_property(names GLOBAL PROPERTY IPUSIM_LIBRARIES)
  set(folders)
  foreach(name ${names})
    get_property(headers GLOBAL PROPERTY IPUSIM_HEADERS_${name})
    get_property(folder GLOBAL PROPERTY IPUSIM_FOLDER_${name})
    get_property(floor GLOBAL PROPERTY IPUSIM_FLOOR_${name})
    foreach(header ${headers})
      get_property(known GLOBAL PROPERTY IPUSIM_OWNER_${header} SET)
      if(NOT known)
        set_property(GLOBAL PROPERTY IPUSIM_OWNER_${header} ${name})
      endif()
    endforeach()
    if(headers STREQUAL "")
      continue()  # a program
    elseif(NOT folder IN_LIST folders)
      list(APPEND folders ${folder})
      set(highest_${folder} ${name})
    else()
      get_property(other GLOBAL PROPERTY IPUSIM_FLOOR_${highest_${folder}})
      if(floor GREATER other)
        set(highest_${folder} ${name})
      endif()
    endif()
  endforeach()

  set(errors)
  foreach(name ${names})
    get_property(sources GLOBAL PROPERTY IPUSIM_SOURCES_${name})
    get_property(folder GLOBAL PROPERTY IPUSIM_FOLDER_${name})
    ipusim_visible_headers(visible ${name})
    foreach(source ${sources})
      cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder} NORMALIZE OUTPUT_VARIABLE file)
      if(EXISTS ${file})  # not one that the build makes
        ipusim_wrong_includes(wrong ${file} ${name} "${visible}")
        list(APPEND errors ${wrong})
      endif()
    endforeach()
  endforeach()
  foreach(folder ${folders})
    set(name ${highest_${folder}})
    ipusim_visible_headers(visible ${name})
    file(GLOB_RECURSE headers ${folder}/include/*.hpp ${folder}/src/*.hpp)
    foreach(file ${headers})
      ipusim_wrong_includes(wrong ${file} ${name} "${visible}")
      list(APPEND errors ${wrong})
    endforeach()
  endforeach()
  if(errors)
    list(JOIN errors "\n  " text)
    message(FATAL_ERROR "Includes that the floors do not allow (cmake/Floors.cmake):\n  ${text}")
  endif()
endfunction()
