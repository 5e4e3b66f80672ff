// Frames of a runtime's log, in pieces as the pipe brings them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "runtime-api/log_frames.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  emu::runtime::LogFrames frames;
  std::size_t given = 0;
  while (!rest.empty()) {
    const auto part = std::min<std::size_t>(rest.size(), 1 + static_cast<unsigned char>(rest.front()) % 37);
    for (const auto& record : frames.take(rest.substr(0, part))) given += record.size();
    rest.remove_prefix(part);
  }
  if (given > size) std::abort();
  return 0;
}
