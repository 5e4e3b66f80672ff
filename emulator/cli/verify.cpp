// emu verify: checks a data directory from outside, without a daemon and without changing it.
#include <fmt/format.h>

#include "emulator/cli/options.hpp"
#include "emulator/offline.hpp"

namespace emu::cli {
int verify(const VerifyOptions& o) try {
  OfflineApp app(storage::RocksEngine::open_to_read(o.data.value_or(o.directory / ".emu") / "db"));
  const Report report = app.verify();
  if (o.json)
    fmt::print("{}\n", report.document().dump(2));
  else
    for (const auto& line : report.lines()) fmt::print("{}\n", line);
  return report.sound() ? 0 : 1;
} catch (const std::exception& e) {
  fmt::print(stderr, "emu: {}\n", e.what());
  return 1;
}
}  // namespace emu::cli
