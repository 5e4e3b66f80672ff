// Zips made byte by byte, so that a test can also make those that no tool would. Stored, not compressed,
// unless the entry brings compressed bytes of its own.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/digest.hpp"

namespace emu::test {
struct ZipEntry {
  std::string name, content;
  unsigned mode = 0100644;    // with the file type, as Unix has it
  std::string deflated = {};  // what to store instead of content
};

inline std::string zip_of(const std::vector<ZipEntry>& entries) {
  std::string out, directory;
  const auto put = [](std::string& to, std::uint32_t value, int bytes) {
    for (; bytes > 0; --bytes, value >>= 8) to += static_cast<char>(value & 0xff);
  };
  for (const auto& e : entries) {
    const auto& stored = e.deflated.empty() ? e.content : e.deflated;
    std::string common;
    put(common, 0x0800, 2);                      // names are UTF-8
    put(common, e.deflated.empty() ? 0 : 8, 2);  // method
    put(common, 0, 4);                           // time
    put(common, crc32(e.content), 4);
    put(common, static_cast<std::uint32_t>(stored.size()), 4);
    put(common, static_cast<std::uint32_t>(e.content.size()), 4);
    put(common, static_cast<std::uint32_t>(e.name.size()), 2);
    put(common, 0, 2);  // extra
    put(directory, 0x02014b50, 4);
    put(directory, 0x0314, 2);  // made on Unix
    put(directory, 20, 2);
    directory += common;
    put(directory, 0, 2);  // comment
    put(directory, 0, 2);  // disk
    put(directory, 0, 2);
    put(directory, e.mode << 16, 4);
    put(directory, static_cast<std::uint32_t>(out.size()), 4);
    directory += e.name;
    put(out, 0x04034b50, 4);
    put(out, 20, 2);
    out += common + e.name + stored;
  }
  const auto start = static_cast<std::uint32_t>(out.size()),
             size = static_cast<std::uint32_t>(directory.size());
  out += directory;
  put(out, 0x06054b50, 4);
  put(out, 0, 4);
  put(out, static_cast<std::uint32_t>(entries.size()), 2);
  put(out, static_cast<std::uint32_t>(entries.size()), 2);
  put(out, size, 4);
  put(out, start, 4);
  put(out, 0, 2);
  return out;
}
}  // namespace emu::test
