// Any bytes as a file of comma-separated values: rows that hold no more than was given.
#include <cstdint>
#include <cstdlib>

#include "emulator/services/gateway/rest/keys/csv.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::size_t held = 0;
  for (const auto& row : emu::gateway::v1::parse_csv({reinterpret_cast<const char*>(data), size}))
    for (const auto& cell : row) held += cell.size();
  if (held > size) std::abort();
  return 0;
}
