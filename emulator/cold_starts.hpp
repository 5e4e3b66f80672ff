// The cold-start model of config/cold-start.yaml, as it is embedded in the program or as a file of the
// user's says. Read once, when the daemon starts.
#pragma once
#include <filesystem>
#include <optional>

#include "runtime-api/scheduler/cold_start.hpp"

namespace emu {
struct ColdStartOptions {
  std::string setting = "real";                // for functions without a tag of their own
  std::uint64_t seed = 1;                      // the same seed, the same draws
  std::optional<std::filesystem::path> model;  // in place of the embedded one
};

// Throws Problems, with the file's line where there is one.
runtime::ColdStarts read_cold_starts(const ColdStartOptions& options);
}  // namespace emu
