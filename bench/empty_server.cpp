// An HTTP server whose handler does nothing: what the machine and the HTTP layer can give, measured in the
// same run as everything else. Prints its port, serves until it is killed.
#include <fmt/format.h>

#include <thread>

#include "emulator/http/server.hpp"

int main() {
  emu::Loops loops(static_cast<int>(std::thread::hardware_concurrency()), 0);
  auto handler = [](emu::http::Request) -> emu::awaitable<emu::http::Response> {
    co_return emu::http::json_response(200, "{}");
  };
  emu::http::Server server(loops, handler, 1 << 20);
  fmt::print("{}\n", server.listen("127.0.0.1", 0));
  std::fflush(stdout);
  loops.run();
}
