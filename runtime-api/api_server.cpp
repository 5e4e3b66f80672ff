#include "runtime-api/api_server.hpp"

#include <fmt/format.h>

#include "emulator/base/digest.hpp"
#include "emulator/base/json.hpp"
#include "emulator/base/text.hpp"
#include "runtime-api/platform_error.hpp"

namespace emu::runtime {
namespace {
constexpr std::string_view kRuntime = "/2018-06-01/runtime/";
constexpr std::string_view kErrorType = "Lambda-Runtime-Function-Error-Type";
// A streamed response may have 200 MB (spec-lambda 0). What is larger than the buffered limit is read to its
// end and dropped: a runtime that is refused while still sending sees a broken connection, not our answer.
constexpr std::uint64_t kBodyLimit = 200 * 1024 * 1024 + 1;

http::Response error_body(int status, std::string_view type, std::string_view message) {
  return http::json_response(status, json_text(Json{{"errorMessage", message}, {"errorType", type}}) + "\n");
}
http::Response refused(const Mailbox::Refusal& r) { return error_body(r.status, r.type, r.message); }
http::Response accepted() { return http::json_response(202, "{\"status\":\"OK\"}\n"); }

void add(http::Headers& headers, std::string_view name, const std::string& value) {
  if (!value.empty()) headers.add(std::string(name), value);
}

http::Response event(const Delivery& d, const Invocation& i) {
  http::Response out;
  out.headers.reserve(8);
  add(out.headers, "Content-Type", "application/json");
  add(out.headers, "Lambda-Runtime-Aws-Request-Id", i.request_id);
  add(out.headers, "Lambda-Runtime-Deadline-Ms", fmt::to_string(epoch_ms(d.deadline)));
  add(out.headers, "Lambda-Runtime-Invoked-Function-Arn", i.invoked_arn);
  add(out.headers, "Lambda-Runtime-Trace-Id", i.trace_id);
  add(out.headers, "Lambda-Runtime-Client-Context", i.client_context);
  out.body = i.payload;
  return out;
}

// What a runtime posted as an error becomes the caller's payload untouched, unless it says that it carries a
// cause for X-Ray, which is not for the caller.
Outcome reported_error(http::Request&& request) {
  Outcome out{.kind = Outcome::Kind::function_error};
  out.error_type = valid_error_type(request.headers.get(kErrorType));
  out.content_type = request.headers.find("Content-Type").value_or("application/json");
  out.payload = std::move(request.body);
  if (out.content_type != "application/vnd.aws.lambda.error.cause+json") return out;
  auto body = nlohmann::ordered_json::parse(out.payload, nullptr, false);
  if (body.is_object()) {
    body.erase("errorCause");
    out.payload = json_text(body);
    out.content_type = "application/json";
  } else {
    out.payload = "\"Invalid error body\"";
    out.content_type = "application/octet-stream";
  }
  return out;
}

// A response; or, where a stream broke off, the error in its trailers (spec-lambda A.4). Beast files trailers
// with the headers.
Outcome reported_response(http::Request&& request) {
  if (const auto failed = request.headers.find("Lambda-Runtime-Function-Error-Body")) {
    Outcome out{.kind = Outcome::Kind::function_error};
    out.error_type = valid_error_type(request.headers.get(kErrorType));
    out.payload = base64_decode(*failed).value_or("\"Invalid error body\"");
    return out;
  }
  Outcome out;
  if (const auto type = request.headers.find("Content-Type")) out.content_type = *type;
  out.payload = std::move(request.body);
  return out;
}

// "{id}/response" or "{id}/error" after …/invocation/.
std::optional<std::pair<std::string_view, bool>> answer_path(std::string_view rest) {
  const auto slash = rest.find('/');
  if (slash == rest.npos) return std::nullopt;
  const auto verb = rest.substr(slash + 1);
  if (verb != "response" && verb != "error") return std::nullopt;
  return std::pair{rest.substr(0, slash), verb == "error"};
}

http::Response other(const http::Request& request) {
  const auto path = request.path();
  if (path == "/ping") return http::text_response(200, "pong");
  if (path.starts_with("/2020-01-01/extension/"))
    return error_body(403, "Extension.NotSupported", "Extensions are not supported yet");
  if (path.starts_with("/2022-07-01/telemetry"))
    return error_body(403, "Telemetry.NotSupported", "The Telemetry API is not supported yet");
  if (path.starts_with("/2020-08-15/logs"))
    return error_body(403, "Logs.NotSupported", "The Logs API is not supported yet");
  if (path.starts_with("/2018-06-01/runtime/restore/"))
    return error_body(403, "InvalidStateTransition", "This environment does not use SnapStart");
  return error_body(404, "NotFound", "404 page not found");
}
}  // namespace

ApiServer::ApiServer(Loops& loops, Clock& clock, asio::any_io_executor loop, std::function<void()> changed)
    : clock_(clock), loops_(loops), loop_(std::move(loop)), changed_(std::move(changed)) {}

// The server's connections may outlive the environment by a moment, so they hold it only during a request.
std::uint16_t ApiServer::listen() {
  auto handler = [weak = weak_from_this()](http::Request request) {
    return serve(weak.lock(), std::move(request));
  };
  server_.emplace(loops_, std::move(handler), kBodyLimit);
  server_->on_cut_short([weak = weak_from_this()](const http::Request& head) {
    const auto self = weak.lock();
    return self ? self->cut_short(head) : std::nullopt;
  });
  return server_->listen_on(loop_, "127.0.0.1", 0);
}

void ApiServer::stop() {
  if (server_) server_->stop();
}

void ApiServer::wake() {
  for (const auto& wakeup : std::exchange(parked_, {})) wakeup->signal();
}

void ApiServer::deliver(Delivery delivery) {
  mailbox_.deliver(std::move(delivery));
  wake();
}

void ApiServer::restart() {
  ++generation_;
  mailbox_.restart();
  wake();
}

awaitable<http::Response> ApiServer::serve(std::shared_ptr<ApiServer> self, http::Request request) {
  if (!self) co_return error_body(500, "Runtime.Unknown", "The environment has ended");
  const auto path = request.path();
  if (path.starts_with(kRuntime)) {
    const auto rest = path.substr(kRuntime.size());
    if (request.method == "GET" && rest == "invocation/next") co_return co_await self->next();
    if (request.method == "POST" && rest == "init/error") co_return self->init_error(std::move(request));
    if (request.method == "POST" && rest.starts_with("invocation/"))
      if (const auto parts = answer_path(rest.substr(11))) {
        const std::string id(parts->first);
        co_return self->answer(id, parts->second, std::move(request));
      }
  }
  co_return other(request);
}

awaitable<http::Response> ApiServer::next() {
  const int mine = generation_;
  const auto before = mailbox_.state();
  auto next = mailbox_.next();
  if (const auto* r = std::get_if<Mailbox::Refusal>(&next)) co_return refused(*r);
  if (mailbox_.state() != before) changed_();
  while (std::holds_alternative<Mailbox::Parked>(next)) {
    auto wakeup = std::make_shared<Wakeup>(loop_);
    parked_.push_back(wakeup);
    co_await clock_.wait(wakeup, kNever);
    if (mine != generation_) co_return error_body(500, "Runtime.Unknown", "The environment has ended");
    if (mailbox_.state() == Mailbox::State::running) next = mailbox_.delivered();
  }
  const auto delivery = std::get<std::shared_ptr<const Delivery>>(std::move(next));
  co_return event(*delivery, delivery->invocation);
}

http::Response ApiServer::answer(std::string_view id, bool error, http::Request request) {
  if (const auto r = mailbox_.may_answer(id, error)) return refused(*r);
  auto reply = accepted();
  Outcome outcome;
  const auto mode = request.headers.get("Lambda-Runtime-Function-Response-Mode");
  if (!error && !mode.empty() && !same_text(mode, "streaming")) {
    reply = error_body(400, "InvalidFunctionResponseMode", "Invalid function response mode");
    outcome = platform_error("Runtime.InvalidResponseModeHeader", id, "Invalid function response mode");
  } else if (request.body.size() > kMaxResponse) {
    reply =
        error_body(413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes).");
    outcome = too_large();
  } else {
    outcome = error ? reported_error(std::move(request)) : reported_response(std::move(request));
  }
  if (const auto r = mailbox_.answer(id, error, std::move(outcome))) return refused(*r);
  changed_();
  return reply;
}

http::Response ApiServer::init_error(http::Request request) {
  if (const auto r = mailbox_.init_failed(reported_error(std::move(request)))) return refused(*r);
  changed_();
  return accepted();
}

std::optional<http::Response> ApiServer::cut_short(const http::Request& head) {
  const auto path = head.path();
  if (!path.starts_with("/2018-06-01/runtime/invocation/")) return std::nullopt;
  const auto parts = answer_path(path.substr(31));
  if (!parts || mailbox_.may_answer(parts->first, parts->second)) return std::nullopt;
  mailbox_.answer(parts->first, parts->second,
                  platform_error("Runtime.TruncatedResponse", parts->first, "Response is truncated"));
  changed_();
  return error_body(400, "TruncatedHTTPRequest", "HTTP request detected as truncated");
}
}  // namespace emu::runtime
