// Code archives as users send them: untrusted bytes. Used by CodeStore alone. Nothing is ever written outside
// the given directory, and nothing larger than AWS accepts (spec-lambda 0 and E.4).
#pragma once
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "emulator/base/error.hpp"

namespace emu::lambda {
struct ArchiveLimits {
  std::int64_t zipped_bytes = 52'428'800;     // direct upload
  std::int64_t unzipped_bytes = 262'144'000;  // code and layers
  std::int64_t entries = 200'000;             // ours: bounds the inodes that 50 MB of zip can ask for
};

// Unpacks a zip into an existing, empty directory; executable bits are kept. The number of bytes written.
Result<std::int64_t> unzip(std::string_view zip, const std::filesystem::path& into,
                           ArchiveLimits limits = {});
}  // namespace emu::lambda
