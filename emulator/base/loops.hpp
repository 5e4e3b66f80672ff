// One io_context and one thread per core. A connection lives on one loop for life, so its coroutines need no
// strand and no lock of their own; what loops share is Guarded. Work that blocks goes to the blocking pool.
#pragma once
#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "emulator/base/clock.hpp"

namespace emu {
class Loops {
 public:
  // count: loops and threads. blocking_threads 0: blocking work runs inline, for tests on virtual time.
  explicit Loops(int count, int blocking_threads = 4);
  ~Loops();
  asio::any_io_executor next() { return loops_[turn_++ % loops_.size()]->io.get_executor(); }
  asio::io_context& first() { return loops_.front()->io; }
  void run();   // returns after stop()
  void stop();  // from any thread

  // Starts a coroutine on some loop; an exception that leaves it is logged, not lost.
  void spawn(awaitable<void> work);

  // Runs work() on the blocking pool and resumes on the caller's loop with its result. The work must be named
  // first and moved in (style.md 16).
  template <class F>
  awaitable<std::invoke_result_t<F>> blocking(F work) {
    if (!pool_) co_return work();
    using Value = std::invoke_result_t<F>;
    if constexpr (std::is_void_v<Value>) {
      auto task = [work = std::move(work)]() mutable -> awaitable<void> { co_return work(); };
      co_await asio::co_spawn(pool_->get_executor(), std::move(task), asio::use_awaitable);
    } else {  // Asio makes an empty result first, which a Result cannot be
      auto task = [work = std::move(work)]() mutable -> awaitable<std::optional<Value>> { co_return work(); };
      auto value = co_await asio::co_spawn(pool_->get_executor(), std::move(task), asio::use_awaitable);
      co_return std::move(*value);
    }
  }

 private:
  struct Loop {
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
    std::jthread thread;
  };
  std::vector<std::unique_ptr<Loop>> loops_;
  std::optional<asio::thread_pool> pool_;
  std::atomic<std::size_t> turn_ = 0;
};
}  // namespace emu
