#include "emulator/offline.hpp"

#include "emulator/app.hpp"
#include "emulator/base/temporary_directory.hpp"
#include "emulator/base/virtual_clock.hpp"
#include "storage/memory_engine.hpp"

namespace emu {
namespace {
class NoLauncher final : public runtime::Launcher {
 public:
  awaitable<std::shared_ptr<runtime::Sandbox>> launch(std::shared_ptr<const runtime::FunctionSpec>) override {
    throw std::logic_error("nothing is launched offline");
  }
};
}  // namespace

struct OfflineApp::Held {
  VirtualClock clock;
  Loops loops{1, 0};
  Ids ids{0};
  storage::MemoryEngine disk;
  NoLauncher launcher;
  TemporaryDirectory directory;
  lambda::CodeStore code{loops, directory.path(), {}};
  App app{{clock, loops, ids, disk, launcher, code}, false};
};

OfflineApp::OfflineApp() : held_(std::make_unique<Held>()) {}
OfflineApp::~OfflineApp() = default;
std::span<Service* const> OfflineApp::services() const { return held_->app.services(); }
}  // namespace emu
