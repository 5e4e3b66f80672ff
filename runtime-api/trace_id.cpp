#include "runtime-api/trace_id.hpp"

#include <fmt/compile.h>

namespace emu::runtime {
std::string new_trace(Ids& ids, Time now) {
  return fmt::format(FMT_COMPILE("Root=1-{:08x}-{}"), epoch_ms(now) / 1000, ids.text(24, Ids::kHex));
}

std::string continue_trace(std::string_view received, Ids& ids, Time now) {
  std::string root, sampled = "0", rest;
  while (!received.empty()) {
    const auto field = received.substr(0, received.find(';'));
    received.remove_prefix(std::min(received.size(), field.size() + 1));
    if (field.starts_with("Root=")) {
      if (field != "Root=") root = field;
    } else if (field.starts_with("Sampled=")) {
      sampled = field.substr(8);
    } else if (!field.starts_with("Parent=") && !field.starts_with("Self=")) {
      rest += fmt::format(";{}", field);
    }
  }
  if (root.empty()) root = new_trace(ids, now);
  if (sampled == "?" || sampled.empty()) sampled = "0";
  return fmt::format(FMT_COMPILE("{};Parent={};Sampled={}{}"), root, ids.text(16, Ids::kHex), sampled, rest);
}
}  // namespace emu::runtime
