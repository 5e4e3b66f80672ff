#include "emulator/base/loops.hpp"

#include "emulator/base/log.hpp"

namespace emu {
Loops::Loops(int count, int blocking_threads) {
  for (int i = 0; i < count; ++i) loops_.push_back(std::make_unique<Loop>());
  if (blocking_threads > 0) pool_.emplace(static_cast<std::size_t>(blocking_threads));
}

Loops::~Loops() {
  stop();
  if (pool_) pool_->join();
}

void Loops::run() {
  for (auto& loop : loops_) loop->thread = std::jthread([&io = loop->io] { io.run(); });
  for (auto& loop : loops_) loop->thread.join();
}

void Loops::stop() {
  for (auto& loop : loops_) loop->io.stop();
}

void Loops::spawn(awaitable<void> work) {
  asio::co_spawn(next(), std::move(work), [](std::exception_ptr failed) {
    try {
      if (failed) std::rethrow_exception(failed);
    } catch (...) {
      log_caught("background work");
    }
  });
}
}  // namespace emu
