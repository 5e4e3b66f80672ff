// One AWS API request from bytes to bytes: identify, decode, call, encode. The only place that catches
// AwsError.
#pragma once
#include <set>

#include "emulator/api/identify.hpp"
#include "emulator/base/ids.hpp"

namespace emu {
class Dispatcher {
 public:
  // strict: a member that is accepted without effect is refused, so that a test learns what emu ignores.
  Dispatcher(std::span<Service* const> services, Ids& ids, bool strict);
  awaitable<http::Response> handle(http::Request request);

 private:
  Context make_context(const http::Request& request, const Signed& by, const Identified& target);
  awaitable<http::Response> call(Context& context, const Identified& target, const http::Request& request);
  Json read(const Identified& target, const http::Request& request) const;
  Index index_;
  Ids& ids_;
  const bool strict_;
};
}  // namespace emu
