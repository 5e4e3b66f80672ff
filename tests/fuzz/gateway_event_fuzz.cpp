// Any request, as the four events: always JSON, with what was sent in its place; and through a REST API's
// tree.
#include <cstdlib>

#include "emulator/base/json.hpp"
#include "emulator/services/gateway/events/event.hpp"
#include "emulator/services/gateway/routing/resource_tree.hpp"

namespace {
using namespace emu;
using namespace emu::gateway;

void check(const std::string& event) {
  if (!Json::accept(event)) std::abort();
}

// Lines: target, header name, header value, body.
http::Request request_of(std::string_view text) {
  const auto line = [&] {
    const auto end = std::min(text.find('\n'), text.size());
    auto out = std::string(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
    return out;
  };
  http::Request out{"POST", line(), {}, {}, "203.0.113.7"};
  auto name = line();
  out.headers.add(std::move(name), line());
  out.headers.add("cookie", out.headers.begin()->value);
  out.body = text;
  return out;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  static const LiveApi api;
  static const LiveStage stage;
  static const LiveRoute route;
  static const StringMap none;
  static const Identity nobody;
  static const auto tree = [] {
    ResourceTree out;
    std::size_t n = 0;
    for (const auto* path : {"/", "/a/b", "/a/{x}", "/{x}/{y}/c", "/a/{rest+}"}) out.add(path, n++);
    return out;
  }();
  const auto request = request_of({reinterpret_cast<const char*>(data), size});
  const auto path = std::string(request.path());
  const auto match = tree.find(path);
  const auto parameters = match ? match->parameters : RouteTable::PathParameters{};
  const EventSource source{api, stage, route, parameters, request, path, path, "d", "r", "t", Time{}};
  check(event_v2(source));
  check(event_v1(source));
  check(event_rest({"a",  "i",  "s", "d", none, "r", "/",    "",     parameters, request,
                    path, path, "d", "r", "e",  "t", Time{}, nobody, "",         size % 2 == 0}));
  return 0;
}
