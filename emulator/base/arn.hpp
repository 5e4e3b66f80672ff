// Amazon Resource Names: arn:partition:service:region:account:resource.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace emu {
inline constexpr std::string_view kDefaultAccount = "000000000000";  // of who names none

struct Arn {
  std::string partition = "aws", service, region, account, resource;
  std::string text() const;
  static std::optional<Arn> parse(std::string_view text);
};
}  // namespace emu
