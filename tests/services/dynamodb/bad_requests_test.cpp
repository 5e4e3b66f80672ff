// Generated requests, most of them bad: EMU_REQUESTS of them (default: some thousands) from EMU_SEED on, as
// `make storm` runs them under ASan.
#include <doctest/doctest.h>

#include <cstdlib>
#include <map>

#include "emulator/base/file.hpp"
#include "emulator/base/text.hpp"
#include "tests/fuzz/dynamodb_door.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr std::uint64_t kUsually = 5'000;
constexpr std::uint64_t kRenewedAfter = 10'000;  // what is stored stays small
constexpr std::size_t kMostMegabytes = 1500;     // ASan's share is most of it

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* given = std::getenv(name);
  return given ? number_in<std::uint64_t>(given).value_or(otherwise) : otherwise;
}

// Megabytes of memory the process has had at most.
std::size_t peak() {
  const auto status = read_file("/proc/self/status").value_or("");
  const auto at = status.find("VmHWM:");
  return at == status.npos ? 0 : static_cast<std::size_t>(std::atoll(status.c_str() + at + 6)) / 1024;
}
}  // namespace

TEST_CASE("generated requests end in 200, 400 or 413 of the right shape, in bounded memory") {
  const auto count = setting("EMU_REQUESTS", kUsually), seed = setting("EMU_SEED", 1);
  std::optional<DynamoDoor> door(std::in_place);
  Requests requests(seed, door->rows());
  std::map<int, std::uint64_t> by_status;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i % kRenewedAfter == kRenewedAfter - 1) door.emplace();
    auto asked = requests.next();
    const auto reply = door->send(asked);
    ++by_status[reply.status];
    const auto fault = fault_of(reply);
    if (!fault.empty())
      FAIL_CHECK(fault << ", request " << i << " of seed " << seed << ": " << asked.operation << " "
                       << asked.body.substr(0, 2000) << " -> " << reply.body.substr(0, 500));
  }
  CHECK(peak() < kMostMegabytes);
  if (count >= kUsually)
    for (const int status : {200, 400}) CHECK(by_status[status] > 0);
  for (const auto& [status, replies] : by_status) MESSAGE("status " << status << ": " << replies);
  MESSAGE("at most " << peak() << " MB");
}
