#include "emulator/services/gateway/urls/url_answer.hpp"

#include <stdexcept>

#include "emulator/base/error.hpp"
#include "emulator/services/gateway/responses/answer.hpp"

namespace emu::gateway {
namespace {
constexpr std::string_view kIntegration = "application/vnd.awslambda.http-integration-response";
constexpr std::string_view kEndOfPrelude{"\0\0\0\0\0\0\0\0", 8};
constexpr std::size_t kLongestPrelude = 1024 * 1024;

http::Response of_outcome(const runtime::Outcome& outcome) {
  if (outcome.kind == runtime::Outcome::Kind::throttled) {
    auto out = http::json_response(
        429, json_text(
                 Json{{"Reason", outcome.throttle_reason}, {"Type", "User"}, {"message", "Rate Exceeded."}}));
    out.headers.add("x-amzn-ErrorType", "TooManyRequestsException");
    out.headers.add("Retry-After", "1");
    return out;
  }
  if (outcome.kind == runtime::Outcome::Kind::function_error) return bad_gateway();
  return answer_url(outcome.payload);
}

// Reads until the prelude is whole; what came behind it is left in `rest`.
awaitable<std::optional<http::Response>> read_head(std::shared_ptr<runtime::ResponsePipe> pipe,
                                                   std::string& rest) {
  if (!pipe->content_type().starts_with(kIntegration)) {
    http::Response plain{200, {}, {}};
    plain.headers.add("content-type", pipe->content_type());
    co_return plain;
  }
  std::size_t end = std::string::npos;
  while ((end = rest.find(kEndOfPrelude)) == std::string::npos) {
    auto piece = co_await pipe->read();
    if (!piece || rest.size() + piece->size() > kLongestPrelude) co_return std::nullopt;
    rest += *piece;
  }
  auto head = streamed_head(std::string_view(rest).substr(0, end));
  rest.erase(0, end + kEndOfPrelude.size());
  co_return head;
}

class Streamed final : public http::BodySource {
 public:
  Streamed(std::shared_ptr<runtime::ResponsePipe> pipe, std::string first)
      : pipe_(std::move(pipe)), first_(std::move(first)) {}
  ~Streamed() override { pipe_->abandon(); }
  awaitable<std::optional<std::string>> next() override {
    if (!first_.empty()) co_return std::exchange(first_, {});
    if (auto piece = co_await pipe_->read()) co_return piece;
    // The status is long sent: all that can be told is that the body is not whole.
    if (pipe_->outcome().kind != runtime::Outcome::Kind::ok)
      throw std::runtime_error("the function failed while it streamed");
    co_return std::nullopt;
  }
  void abandon() override { pipe_->abandon(); }

 private:
  const std::shared_ptr<runtime::ResponsePipe> pipe_;
  std::string first_;
};
}  // namespace

awaitable<http::Response> buffered_answer(std::shared_ptr<runtime::ResponsePipe> pipe) {
  if (!pipe->streams()) co_return of_outcome(pipe->outcome());
  std::string rest;
  auto head = co_await read_head(pipe, rest);
  if (!head) co_return bad_gateway();
  const bool integration = pipe->content_type().starts_with(kIntegration);
  while (auto piece = co_await pipe->read()) rest += *piece;
  if (pipe->outcome().kind != runtime::Outcome::Kind::ok) co_return bad_gateway();
  if (!integration) co_return answer_url(rest);
  head->body = std::move(rest);
  co_return std::move(*head);
}

awaitable<http::Response> streamed_answer(std::shared_ptr<runtime::ResponsePipe> pipe) {
  if (!pipe->streams()) co_return of_outcome(pipe->outcome());
  std::string rest;
  auto head = co_await read_head(pipe, rest);
  if (!head) {
    pipe->abandon();
    co_return bad_gateway();
  }
  head->stream = std::make_shared<Streamed>(std::move(pipe), std::move(rest));
  co_return std::move(*head);
}
}  // namespace emu::gateway
