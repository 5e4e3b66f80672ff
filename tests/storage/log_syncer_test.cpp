#include "storage/log_syncer.hpp"

#include <doctest/doctest.h>

#include <future>
#include <semaphore>

using namespace emu::storage;

namespace {
// A log whose syncs the test ends one by one.
struct SlowLog {
  std::counting_semaphore<> entered{0}, released{0};
  std::atomic<int> syncs = 0;
  std::atomic<bool> works = true, free = false;
  LogSyncer syncer{[this] {
    const int number = ++syncs;
    entered.release();
    if (!free) released.acquire();
    return works && number > 0;
  }};

  ~SlowLog() {
    free = true;
    released.release(8);
  }
  void write() {
    syncer.begin();
    syncer.succeeded();
  }
  struct Told {
    bool forced;
    int sync;
  };
  std::future<Told> wait() {
    auto told = std::make_shared<std::promise<Told>>();
    syncer.when_durable([this, told](bool forced) { told->set_value({forced, syncs}); });
    return told->get_future();
  }
};
bool waiting(std::future<SlowLog::Told>& told) {
  return told.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
}
}  // namespace

TEST_CASE("a log that nothing was written to is durable, one that was written to is not until it is forced") {
  SlowLog log;
  CHECK(log.syncer.durable());
  log.write();
  CHECK_FALSE(log.syncer.durable());
  auto told = log.wait();
  log.entered.acquire();
  CHECK(waiting(told));
  log.free = true;
  log.released.release();
  CHECK(told.get().forced);
  CHECK(log.syncer.durable());
}

TEST_CASE("all who come while one sync runs share the next") {
  SlowLog log;
  log.write();
  auto first = log.wait();
  log.entered.acquire();
  const int running = log.syncs;
  std::vector<std::future<SlowLog::Told>> later;
  for (int i = 0; i < 20; ++i) {
    log.write();
    later.push_back(log.wait());
  }
  CHECK(waiting(later.front()));
  log.free = true;
  log.released.release();
  CHECK(first.get().forced);
  for (auto& told : later) CHECK(told.get().sync == running + 1);
}

TEST_CASE("a write that is under way when a sync begins is not covered by it") {
  SlowLog log;
  log.syncer.begin();
  log.write();
  auto told = log.wait();
  log.entered.acquire();
  log.syncer.succeeded();
  log.released.release();
  CHECK(told.get().forced);
  CHECK_FALSE(log.syncer.durable());
}

TEST_CASE("a sync that fails is told, and the next one covers what it did not") {
  SlowLog log;
  log.free = true;
  log.works = false;
  log.write();
  CHECK_FALSE(log.wait().get().forced);
  CHECK_FALSE(log.syncer.durable());
  log.works = true;
  CHECK(log.wait().get().forced);
  CHECK(log.syncer.durable());
}

TEST_CASE("a write that failed needs no sync") {
  SlowLog log;
  log.syncer.begin();
  log.syncer.failed();
  CHECK(log.syncer.durable());
}

TEST_CASE("what nobody waits for is forced all the same, at the latest at the end") {
  int syncs = 0;
  {
    LogSyncer syncer([&] { return ++syncs > 0; });
    syncer.begin();
    syncer.succeeded();
  }
  CHECK(syncs == 1);
}
