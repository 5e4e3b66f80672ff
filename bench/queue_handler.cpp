// The handler that events.py measures with: takes a millisecond, and tells for each message of its batch how
// long ago, in microseconds, the time in the body was.
#include <charconv>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <thread>

#include "runtime-api/client/runtime.hpp"

namespace {
long long now_us() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1'000'000LL + now.tv_nsec / 1000;
}
}  // namespace

int main() {
  using namespace aws::lambda_runtime;
  run_handler([](const invocation_request& request) {
    const auto begun = now_us();
    constexpr std::string_view kBody = R"("body":"at )";
    for (std::size_t at = 0; (at = request.payload.find(kBody, at)) != std::string::npos;) {
      at += kBody.size();
      long long sent = 0;
      std::from_chars(request.payload.data() + at, request.payload.data() + request.payload.size(), sent);
      std::printf("waited %lld\n", begun - sent);
    }
    std::fflush(stdout);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return invocation_response::success("null", "application/json");
  });
}
