#include "emulator/services/sqs/queue_url.hpp"

#include <algorithm>

#include "emulator/services/sqs/errors.hpp"
#include "emulator/services/sqs/queue_address.hpp"

namespace emu::sqs {
namespace {
// Nothing can stand before an address: "127.0.0.1:4566", "[::1]:4566".
bool is_address(std::string_view host) {
  return host.starts_with('[') ||
         std::ranges::all_of(host, [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == ':'; });
}
}  // namespace

std::string queue_url(const Sqs& service, const Context& context, const Queue& queue) {
  const auto& [account, region] = queue.scope;
  const auto with_region = [&](std::string_view host) {
    return fmt::format("http://{}/queue/{}/{}/{}", host, region, account, queue.name);
  };
  const auto without = [&](std::string_view host) {
    return fmt::format("http://{}/{}/{}", host, account, queue.name);
  };
  const std::string_view host = context.host, plain = plain_host(host);
  switch (service.urls) {
    case UrlStrategy::standard:
      if (is_address(plain)) return with_region(plain);
      return without(fmt::format("sqs.{}.{}", region, plain));
    case UrlStrategy::domain:
      if (is_address(plain)) return with_region(plain);
      return without(fmt::format("{}{}queue.{}", region == kDefaultRegion ? "" : region,
                                 region == kDefaultRegion ? "" : ".", plain));
    case UrlStrategy::path:
      return with_region(plain);
    case UrlStrategy::legacy:
      return without(plain);
    case UrlStrategy::dynamic:
      break;
  }
  // A client may use the URL unsigned, or signed for another region: what the host does not say is in the
  // path, but for the region that every other client means, too.
  return host_region(host).value_or(kDefaultRegion) == region ? without(host) : with_region(host);
}

Result<SharedQueue> queue_of(const Sqs& service, const Context& context,
                             const std::optional<std::string>& queue_url) {
  if (!queue_url) return missing_parameter("QueueUrl");
  const auto address = queue_address(*queue_url, context.scope);
  auto queue = service.queues.find(address.scope, address.name);
  if (!queue) return no_such_queue();
  return queue;
}
}  // namespace emu::sqs
