// Where a queue URL points, whichever strategy wrote it (spec-sqs 1.3), and what makes a URL's host and path.
// Knows no queues. Used for requests (queue_url.hpp) and for telling whose a request is
// (wire/query_side.cpp).
#pragma once
#include <optional>
#include <string_view>

#include "emulator/api/context.hpp"

namespace emu::sqs {
struct QueueAddress {
  Scope scope;
  std::string_view name;  // part of the URL that was read
};
// Account and region are the caller's where the URL does not say them; a bare name is a URL, too.
QueueAddress queue_address(std::string_view url, const Scope& caller);

bool is_queue_path(std::string_view path);  // "/000000000000/q", "/queue/eu-west-1/000000000000/q"
// The region in a host: "sqs.eu-west-1.…", "eu-west-1.queue.…"; "queue.…" is us-east-1's.
std::optional<std::string_view> host_region(std::string_view host);
std::string_view plain_host(std::string_view host);  // without what says the service and region
}  // namespace emu::sqs
