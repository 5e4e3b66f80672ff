// The function of load_test.py: notes in the file COUNTER, under its lock, how many of its environments are
// inside the handler at once, and the most there ever were. Its event is how many to wait for before it
// leaves; none with 0.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>

#include "runtime-api/client/runtime.hpp"

namespace {
struct Count {
  int inside = 0;
  int most = 0;
};

Count add(int file, int change) {
  ::flock(file, LOCK_EX);
  Count count;
  if (::pread(file, &count, sizeof count, 0) != sizeof count) count = {};
  if (change != 0) {
    count.inside += change;
    count.most = std::max(count.most, count.inside);
    if (::pwrite(file, &count, sizeof count, 0) != sizeof count) std::abort();
  }
  ::flock(file, LOCK_UN);
  return count;
}
}  // namespace

int main() {
  using namespace aws::lambda_runtime;
  const int file = ::open(std::getenv("COUNTER"), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return 1;
  run_handler([file](const invocation_request& request) {
    const int awaited = std::stoi(request.payload);
    auto count = add(file, 1);
    while (count.most < awaited && request.get_time_remaining() > std::chrono::seconds(2)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      count = add(file, 0);
    }
    // A little less than the tenth of a second that the platform's limit of ten requests a second leaves an
    // environment.
    if (awaited == 0) std::this_thread::sleep_for(std::chrono::milliseconds(95));
    count = add(file, -1);
    const auto answer =
        R"({"pid":)" + std::to_string(::getpid()) + R"(,"most":)" + std::to_string(count.most) + "}";
    return invocation_response::success(answer, "application/json");
  });
}
