# Compiler and linker settings, the same for every target.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
add_compile_definitions(BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_SEPARATE_COMPILATION
                        EMU_VERSION="${PROJECT_VERSION}")
include_directories(${CMAKE_SOURCE_DIR})
include_directories(SYSTEM ${CMAKE_BINARY_DIR}/generated)
add_link_options(-fuse-ld=lld -Wl,--as-needed)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  add_compile_options(-O2 -g0 -ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections -Wl,--icf=safe -s -static-libstdc++ -static-libgcc)
endif()
if(EMU_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link -O1)
endif()
if(EMU_SANITIZE)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)  # an empty optional is read without a sanitizer's noticing
  # A null pointer is a fault that ASan shows, too; to check each costs a tenth of the build.
  add_compile_options(-fsanitize=${EMU_SANITIZE} -fno-sanitize=null -fno-omit-frame-pointer -gline-tables-only -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${EMU_SANITIZE})
endif()
find_program(EMU_CCACHE ccache)
if(EMU_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${EMU_CCACHE})
endif()
