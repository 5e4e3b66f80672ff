// The words of a filter pattern (FilterLogEvents): all of them must be in the message, "several words" as
// they stand, none of -these, and one at least of ?these. Pure. JSON and space-delimited patterns ({…}, […])
// are refused.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace emu::logs {
class Terms {
 public:
  explicit Terms(std::string_view pattern);  // throws InvalidParameterException
  bool match(std::string_view message) const;

 private:
  std::vector<std::string> all_, any_, none_;
};
}  // namespace emu::logs
