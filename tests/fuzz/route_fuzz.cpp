// Any bytes as Host and path: addressed or not, then routed through a table with every kind of route.
#include "emulator/services/gateway/routing/address.hpp"
#include "emulator/services/gateway/routing/route_table.hpp"

namespace {
const emu::gateway::RouteTable& table() {
  static const auto built = [] {
    emu::gateway::RouteTable table;
    std::size_t n = 0;
    for (const auto* key :
         {"$default", "ANY /{proxy+}", "GET /a/b", "GET /a/{x}", "GET /{x}/{y}/c", "GET /a/{rest+}"})
      table.add(*emu::gateway::RouteKey::parse(key), n++);
    return table;
  }();
  return built;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto line = std::min(text.find('\n'), text.size());
  emu::http::Request request{"GET", text.substr(0, line), {}, {}, ""};
  request.headers.add("Host", text.substr(std::min(text.size(), line + 1)));
  const auto address = emu::gateway::address_of(request);
  if (address.has_value() != emu::gateway::addresses_api(request)) __builtin_trap();
  if (address && !table().find("GET", address->path)) __builtin_trap();  // $default takes everything
  emu::gateway::RouteKey::parse(text);
  return 0;
}
