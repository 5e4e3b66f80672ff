#include "emulator/base/arn.hpp"

namespace emu {
std::string Arn::text() const {
  return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
}

std::optional<Arn> Arn::parse(std::string_view text) {
  std::string_view parts[5];
  for (auto& part : parts) {
    const auto colon = text.find(':');
    if (colon == text.npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (parts[0] != "arn" || text.empty()) return std::nullopt;
  return Arn{std::string(parts[1]), std::string(parts[2]), std::string(parts[3]), std::string(parts[4]),
             std::string(text)};
}
}  // namespace emu
