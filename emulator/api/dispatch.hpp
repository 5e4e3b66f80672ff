// One AWS API request from bytes to bytes: identify, decode, call, encode. The only place that catches
// AwsError.
#pragma once
#include "emulator/api/identify.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/http/server.hpp"

namespace emu {
class Dispatcher {
 public:
  // strict: a member that is accepted without effect is refused, so that a test learns what emu ignores.
  // fallback answers what no AWS API claims: an unsigned request to a path that no operation has.
  // any_host: requests that a foreign web page may have sent are served, too (origin.hpp).
  // project: whether an API of the project is behind the fallback. Then unsigned requests to plain_paths()
  // are the project's.
  Dispatcher(std::span<Service* const> services, Clock& clock, Ids& ids, bool strict,
             http::Handler fallback = {}, bool any_host = false, std::function<bool()> project = {});
  // from_outside: not what an integration asks of a service here, which may carry a page's headers.
  awaitable<http::Response> handle(http::Request request, bool from_outside = true);

 private:
  bool unclaimed(const Identified& target, const http::Request& request, const Signed& by) const;
  Context make_context(const http::Request& request, const Signed& by, const Identified& target);
  // A JSON request to an operation that does not wait.
  http::Response answer_at_once(Context& context, const Identified& target, std::string_view body) const;
  Result<std::string> try_at_once(Context& context, const Identified& target, std::string_view body) const;
  // Any other.
  awaitable<http::Response> answer(Context& context, const Identified& target,
                                   const http::Request& request) const;
  awaitable<http::Response> call(Context& context, const Identified& target,
                                 const http::Request& request) const;
  awaitable<Result<http::Response>> run(Context& context, const Identified& target,
                                        const http::Request& request, std::string_view body) const;
  Index index_;
  Clock& clock_;
  Ids& ids_;
  const bool strict_, any_host_;
  const http::Handler fallback_;
  const std::function<bool()> project_;
};
}  // namespace emu
