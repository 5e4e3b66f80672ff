// An App over nothing: memory, virtual time, a launcher that starts nothing. For `emu inspect`, which reads
// the rows of the services without a daemon.
#pragma once
#include <memory>

#include "emulator/api/service.hpp"

namespace emu {
class OfflineApp {
 public:
  OfflineApp();
  ~OfflineApp();
  std::span<Service* const> services() const;

 private:
  struct Held;
  std::unique_ptr<Held> held_;
};
}  // namespace emu
