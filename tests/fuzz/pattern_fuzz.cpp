// Any text as an event pattern, and any as the event: matched or refused, and never more.
#include "emulator/api/pattern.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto line = all.find('\n');
  const auto pattern = emu::Pattern::compile(all.substr(0, line));
  if (!pattern || line == all.npos) return 0;
  const auto event = emu::Json::parse(all.substr(line + 1), nullptr, false);
  if (!event.is_discarded()) pattern->matches(event);
  return 0;
}
