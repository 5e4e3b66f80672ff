// An App that serves nobody: virtual time, a launcher that starts nothing. For `emu inspect`, which reads the
// rows of the services without a daemon, and `emu verify`, which looks at a data directory.
#pragma once
#include <memory>

#include "emulator/api/service.hpp"
#include "storage/engine.hpp"

namespace emu {
class OfflineApp {
 public:
  OfflineApp();  // over nothing
  explicit OfflineApp(std::unique_ptr<storage::Engine> disk);
  ~OfflineApp();
  std::span<Service* const> services() const;
  Report verify();  // what is on the disk

 private:
  struct Held;
  std::unique_ptr<Held> held_;
};
}  // namespace emu
