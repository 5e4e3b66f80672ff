#include "emulator/services/gateway/authorizers/user_pools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "emulator/base/arn.hpp"

namespace emu::gateway {
namespace {
bool on_this_machine(std::string_view url) {
  static constexpr std::string_view kHere[] = {"http://localhost", "http://127.0.0.1", "http://[::1]"};
  return std::ranges::any_of(kHere, [&](std::string_view here) {
    return url.starts_with(here) && url.size() > here.size() &&
           (url[here.size()] == ':' || url[here.size()] == '/');
  });
}

// "Fri Jul 13 02:11:49 UTC 2018"
std::string java_date(std::int64_t seconds) {
  using namespace std::chrono;
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds at{std::chrono::seconds(seconds)};
  const auto day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  return fmt::format("{} {} {:02} {:02}:{:02}:{:02} UTC {}", kDays[weekday(day).c_encoding()],
                     kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     static_cast<int>(date.year()));
}

std::string as_claim(const std::string& name, const Json& value) {
  constexpr std::int64_t kYear9999 = 253'402'300'799;
  const bool date = (name == "exp" || name == "iat") && value.is_number_integer();
  if (date && value.get<std::int64_t>() >= 0 && value.get<std::int64_t>() <= kYear9999)
    return java_date(value.get<std::int64_t>());
  if (!value.is_array()) return value.is_string() ? value.get<std::string>() : json_text(value);
  std::string joined;
  for (const auto& each : value)
    joined += (joined.empty() ? "" : ",") + (each.is_string() ? each.get<std::string>() : json_text(each));
  return joined;
}
}  // namespace

bool is_pool(std::string_view issuer, std::span<const std::string> provider_arns) {
  static constexpr std::string_view kPool = "userpool/";
  return std::ranges::any_of(provider_arns, [&](const std::string& text) {
    const auto arn = Arn::parse(text);
    if (!arn || arn->service != "cognito-idp" || !arn->resource.starts_with(kPool)) return false;
    const auto pool = arn->resource.substr(kPool.size());
    return issuer == fmt::format("https://cognito-idp.{}.amazonaws.com/{}", arn->region, pool) ||
           (on_this_machine(issuer) && issuer.ends_with("/" + pool));
  });
}

Json pool_claims(const Json& claims) {
  Json out = Json::object();
  for (const auto& [name, value] : claims.items()) out[name] = as_claim(name, value);
  return out;
}
}  // namespace emu::gateway
