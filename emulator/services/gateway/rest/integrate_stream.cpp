// AWS_PROXY with responseTransferMode STREAM (spec-gateway 18.1): the function's response goes on while it is
// written, behind the head that its prelude says.
#include "emulator/services/gateway/in_time.hpp"
#include "emulator/services/gateway/rest/integrate.hpp"
#include "emulator/services/gateway/urls/url_answer.hpp"

namespace emu::gateway::v1 {
namespace {
// Until the head is there.
awaitable<Result<http::Response>> begin(runtime::FunctionUrls& functions, std::string arn,
                                        runtime::Invocation invocation) {
  runtime::FunctionUrl called;
  called.arn = std::move(arn);
  called.streams = true;
  auto pipe = co_await functions.call_url(std::move(called), std::move(invocation));
  if (!pipe) co_return std::move(pipe.error());
  if (!(*pipe)->streams()) {
    const auto outcome = (*pipe)->outcome();
    if (outcome.kind == runtime::Outcome::Kind::throttled)
      co_return AwsError{"TooManyRequestsException", "the function was throttled: " + outcome.throttle_reason,
                         429};
    co_return AwsError::internal("the function did not stream its response: " + outcome.payload);
  }
  co_return co_await streamed_answer(*pipe);
}
}  // namespace

awaitable<Integrated> integrate_stream(const Backends& with, Call& call, std::string event) {
  runtime::Invocation invocation;
  invocation.request_id = with.ids.uuid();
  call.integration.request_id = invocation.request_id;
  invocation.payload = std::move(event);
  invocation.invoked_arn = call.method->function_arn;
  invocation.trace_id = call.trace_id;
  if (!with.streaming) co_return Failure{"API_CONFIGURATION_ERROR", 500, "nothing here streams"};
  Result<http::Response> otherwise = AwsError::internal("");
  auto begun = co_await in_time(
      with.clock, begin(*with.streaming, call.method->function_arn, std::move(invocation)),
      std::move(otherwise), call.method->timeout, "a gateway streaming a function's response");
  if (!begun) co_return Failure{"INTEGRATION_TIMEOUT", 0, "the function did not answer in time"};
  if (!*begun) {
    const auto& error = begun->error();
    if (error.http_status == 413) co_return Failure{"REQUEST_TOO_LARGE"};
    if (error.http_status == 429) co_return Failure{"DEFAULT_5XX", 500, error.message};
    if (error.http_status >= 500) co_return Failure{"DEFAULT_5XX", 502, error.message};
    co_return Failure{"API_CONFIGURATION_ERROR", 500, error.message};
  }
  call.integration.status = (*begun)->status;
  call.integration.call_status = 200;
  co_return std::move(**begun);
}
}  // namespace emu::gateway::v1
