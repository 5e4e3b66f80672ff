// A World: virtual time, memory instead of disk, seeded ids, one thread. A test puts the services it is about
// into it and calls their operations by name, as dispatch would.
#pragma once
#include <doctest/doctest.h>

#include "emulator/api/service.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/base/loops.hpp"
#include "emulator/base/virtual_clock.hpp"
#include "storage/memory_engine.hpp"

namespace emu::test {
using namespace std::chrono_literals;

class World {
 public:
  Loops loops{1, 0};  // first: what still sleeps at the end of a test holds timers of its loop
  VirtualClock clock{Time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}}};
  storage::MemoryEngine disk;
  Ids ids{42};
  Context context{.request_id = "11111111-2222-3333-4444-555555555555", .host = "localhost:4566"};

  // Runs a coroutine to its end, letting virtual time pass as far as it needs, at most `longest`.
  template <class T>
  T run(awaitable<T> work, Duration longest = 0s) {
    std::optional<T> out;
    std::exception_ptr thrown;
    auto go = [&]() -> awaitable<void> { out.emplace(co_await std::move(work)); };
    asio::co_spawn(loops.next(), go, [&](std::exception_ptr e) { thrown = e; });
    const Time end = clock.now() + longest;
    for (clock.run(loops.first(), clock.now()); !out && !thrown && clock.now() < end;)
      clock.run(loops.first(), std::min(end, clock.now() + 100ms));
    if (thrown) std::rethrow_exception(thrown);
    REQUIRE_MESSAGE(out.has_value(), "the coroutine is still waiting");
    return std::move(*out);
  }
  // Starts a coroutine and lets it run as far as it gets without time passing.
  void start(awaitable<void> work) {
    loops.spawn(std::move(work));
    clock.run(loops.first(), clock.now());
  }
  void advance(Duration by) { clock.run(loops.first(), clock.now() + by); }

  Result<Json> attempt(Service& service, std::string_view operation, Json input) {
    for (const auto& row : service.operations())
      if (row.name == operation) {
        try {
          // As clients meet it: through the texts of request and reply where the protocol has them.
          if (!row.answer && !row.answer_later) return run(row.call(service, context, std::move(input)), 1h);
          const auto body = json_text(input);
          auto text = row.answer ? row.answer(service, context, body)
                                 : run(row.answer_later(service, context, body), 1h);
          if (!text) return std::move(text.error());
          return text->empty() ? Json::object() : Json::parse(*text);
        } catch (const AwsError& e) {
          return e;
        }
      }
    FAIL("no operation " << operation);
    return AwsError::internal("");
  }
  Json call(Service& service, std::string_view operation, Json input = Json::object()) {
    auto result = attempt(service, operation, std::move(input));
    if (!result) FAIL(operation << ": " << result.error().code << ": " << result.error().message);
    return std::move(*result);
  }
  AwsError fail(Service& service, std::string_view operation, Json input = Json::object()) {
    auto result = attempt(service, operation, std::move(input));
    if (result) FAIL(operation << " succeeded: " << result->dump());
    return result.error();
  }
};
}  // namespace emu::test
