#include "emulator/services/sqs/queue_address.hpp"

#include <algorithm>

namespace emu::sqs {
namespace {
bool is_account(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "us-gov-west-1"
bool is_region(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return text.size() > 4 && letter(text[0]) && letter(text[1]) && text[2] == '-' && digit(text.back()) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || digit(c) || c == '-'; });
}

// The last segment of a path, which is cut off.
std::string_view take_last(std::string_view& path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  const auto slash = path.rfind('/');
  const auto last = slash == path.npos ? path : path.substr(slash + 1);
  path = slash == path.npos ? std::string_view{} : path.substr(0, slash);
  return last;
}

struct Steps {
  std::string_view name, account, region;  // empty: not said
  std::string_view rest;
};
Steps steps_of(std::string_view path) {
  Steps out;
  out.name = take_last(path);
  if (auto before = path; is_account(take_last(before))) {
    out.account = take_last(path);
    const auto region = take_last(before);
    if (is_region(region) && take_last(before) == "queue") {
      out.region = region;
      path = before;
    }
  }
  out.rest = path;
  return out;
}

struct HostParts {
  std::optional<std::string_view> region;
  std::string_view plain;
};
HostParts host_parts(std::string_view host) {
  const auto label = [](std::string_view& from) {
    const auto dot = std::min(from.find('.'), from.size());
    const auto out = from.substr(0, dot);
    from.remove_prefix(std::min(from.size(), dot + 1));
    return out;
  };
  auto rest = host;
  const auto first = label(rest);
  if (first == "queue" && !rest.empty()) return {kDefaultRegion, rest};
  const auto second = label(rest);
  if (first == "sqs" && is_region(second)) return {second, rest};
  if (second == "queue" && is_region(first)) return {first, rest};
  return {std::nullopt, host};
}
}  // namespace

std::optional<std::string_view> host_region(std::string_view host) { return host_parts(host).region; }
std::string_view plain_host(std::string_view host) { return host_parts(host).plain; }

bool is_queue_path(std::string_view path) {
  const auto steps = steps_of(path);
  return !steps.name.empty() && !steps.account.empty() && (steps.rest.empty() || steps.rest == "/");
}

QueueAddress queue_address(std::string_view url, const Scope& caller) {
  std::string_view host;
  if (const auto scheme = url.find("://"); scheme != url.npos) {
    url.remove_prefix(scheme + 3);
    const auto slash = std::min(url.find('/'), url.size());
    host = url.substr(0, slash);
    url.remove_prefix(slash);
  }
  const auto steps = steps_of(url.substr(0, url.find('?')));
  QueueAddress out{caller, steps.name};
  if (!steps.account.empty()) out.scope.account = steps.account;
  if (!steps.region.empty())
    out.scope.region = steps.region;
  else if (const auto region = host_region(host))
    out.scope.region = *region;
  return out;
}
}  // namespace emu::sqs
