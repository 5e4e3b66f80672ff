# Debian's libraries. What the daemon links is linked statically: it starts in a third less time and holds 5 MB
# less than with two dozen shared objects to map and relocate. libfmt comes as a shared object only.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
foreach(name archive bz2 crypto lz4 lzma nettle pugixml rocksdb snappy ssl yaml-cpp z zstd)
  find_library(EMU_LIB_${name} lib${name}.a REQUIRED)
endforeach()
set(EMU_COMPRESSION ${EMU_LIB_lz4} ${EMU_LIB_snappy} ${EMU_LIB_bz2} ${EMU_LIB_zstd} ${EMU_LIB_z})
set(EMU_ROCKSDB ${EMU_LIB_rocksdb} ${EMU_COMPRESSION} dl)
set(EMU_ARCHIVE ${EMU_LIB_archive} ${EMU_LIB_nettle} ${EMU_LIB_lzma} ${EMU_COMPRESSION})

# A request allocates some two hundred times, on every loop at once: a fifth more of them a second than with
# glibc's malloc. Debian has it as a shared object only.
find_library(EMU_MIMALLOC mimalloc REQUIRED)

# Requests are read with it; a shared object only, as well.
find_library(EMU_SIMDJSON simdjson REQUIRED)

# The tests' own HTTP client, with the definitions it was compiled with: they change its classes.
find_package(PkgConfig REQUIRED)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
