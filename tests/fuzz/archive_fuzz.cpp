// Code archives: whatever the bytes, nothing appears beside the directory that they are unpacked into.
#include <cstdint>
#include <cstdlib>
#include <filesystem>

#include "emulator/base/log.hpp"
#include "emulator/services/lambda/archive.hpp"
#include "tests/support/folder.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  emu::quiet_logs();
  const emu::test::Folder folder;
  std::filesystem::create_directories(folder / "outer/task");
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)emu::lambda::unzip(bytes, folder / "outer/task", {.unzipped_bytes = 100'000, .entries = 100});
  for (const auto& entry : std::filesystem::directory_iterator(folder / "outer"))
    if (entry.path() != folder / "outer/task") std::abort();
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    if (entry.path() != folder / "outer") std::abort();
  return 0;
}
