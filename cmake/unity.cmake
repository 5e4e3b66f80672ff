# With EMU_UNITY, files of a target are compiled a dozen at a time: half the time for who builds everything once, as CI
# does, and no help to who changes one file. Which can go together tools/alike.py tells, again after every change.
option(EMU_UNITY "Compile several files as one" OFF)
set(EMU_UNITY_FILES 12)

function(emu_unity target)
  if(NOT EMU_UNITY)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "^${CMAKE_SOURCE_DIR}/(emulator|runtime-api|storage|tests)/.*\\.cpp$")
  if(NOT sources)
    return()
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sources} ${CMAKE_SOURCE_DIR}/tools/alike.py)
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/tools/alike.py ${EMU_UNITY_FILES} ${sources}
    OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" lines "${lines}")
  foreach(line ${lines})
    string(REGEX MATCH "^([0-9]+) (.*)$" matched "${line}")
    set_source_files_properties(${CMAKE_MATCH_2} PROPERTIES UNITY_GROUP "${CMAKE_MATCH_1}")
  endforeach()
  target_compile_options(${target} PRIVATE -Wno-shadow)  # of a name that another file of the dozen has
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
