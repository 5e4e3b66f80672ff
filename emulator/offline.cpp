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
  explicit Held(std::unique_ptr<storage::Engine> d) : disk(std::move(d)) {}
  std::unique_ptr<storage::Engine> disk;
  VirtualClock clock;
  Loops loops{1, 0};
  Ids ids{0};
  NoLauncher launcher;
  TemporaryDirectory directory;
  lambda::CodeStore code{loops, directory.path(), {}};
  App app{{clock, loops, ids, *disk, launcher, code}, {}};
};

OfflineApp::OfflineApp() : OfflineApp(std::make_unique<storage::MemoryEngine>()) {}
OfflineApp::OfflineApp(std::unique_ptr<storage::Engine> disk)
    : held_(std::make_unique<Held>(std::move(disk))) {}
OfflineApp::~OfflineApp() = default;
std::span<Service* const> OfflineApp::services() const { return held_->app.services(); }

Report OfflineApp::verify() {
  Report report;
  held_->app.verify(report);
  return report;
}
}  // namespace emu
