#include "emulator/services/gateway/apis/operations.hpp"

#include "emulator/base/text.hpp"

namespace emu::gateway {
namespace {
std::size_t number(const std::string& text, const std::string& member) {
  const auto out = number_in<std::size_t>(text);
  return out ? *out : throw bad_request("Invalid " + member);
}
}  // namespace

PageBounds page_bounds(const std::optional<std::string>& max_results,
                       const std::optional<std::string>& next_token, std::size_t size) {
  const auto from = next_token ? number(*next_token, "nextToken") : 0;
  if (from > size) throw bad_request("Invalid nextToken");
  const auto most = max_results ? number(*max_results, "maxResults") : size;
  if (max_results && most == 0) throw bad_request("Invalid maxResults");
  return {from, std::min(most, size - from)};
}
}  // namespace emu::gateway
