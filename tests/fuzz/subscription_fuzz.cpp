// The bodies that extensions send: registrations and subscriptions, of any bytes.
#include <cstdint>

#include "runtime-api/extensions/extensions.hpp"
#include "runtime-api/extensions/subscription.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  emu::runtime::Extensions extensions;
  extensions.expect({"one"});
  extensions.enter("one", text, "11111111-2222-3333-4444-555555555555");
  emu::runtime::read_subscription(emu::runtime::TelemetryApi::telemetry, "one", text);
  emu::runtime::read_subscription(emu::runtime::TelemetryApi::logs, "one", text);
  return 0;
}
