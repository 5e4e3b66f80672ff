#include "runtime-api/api_server.hpp"

#include <fmt/format.h>

#include "emulator/base/json.hpp"
#include "emulator/base/text.hpp"
#include "runtime-api/api_messages.hpp"
#include "runtime-api/environment.hpp"
#include "runtime-api/platform_error.hpp"
#include "runtime-api/response_stream.hpp"
#include "runtime-api/stream_rate.hpp"

namespace emu::runtime {
namespace {
constexpr std::string_view kRuntime = "/2018-06-01/runtime/";
constexpr std::string_view kInvocation = "/2018-06-01/runtime/invocation/";
// A streamed response may have 200 MB (spec-lambda 0). What is larger than the buffered limit is read to its
// end and dropped: a runtime that is refused while still sending sees a broken connection, not our answer.
constexpr std::uint64_t kBodyLimit = 200 * 1024 * 1024 + 1;
constexpr Duration kCredentials = std::chrono::hours(6);
constexpr std::string_view kTruncated = "Response is truncated";

// "{id}/response" or "{id}/error" after …/invocation/.
std::optional<std::pair<std::string_view, bool>> answer_path(std::string_view rest) {
  const auto slash = rest.find('/');
  if (slash == rest.npos) return std::nullopt;
  const auto verb = rest.substr(slash + 1);
  if (verb != "response" && verb != "error") return std::nullopt;
  return std::pair{rest.substr(0, slash), verb == "error"};
}
}  // namespace

ApiServer::ApiServer(Loops& loops, Clock& clock, Ids& ids, asio::any_io_executor loop,
                     std::shared_ptr<const FunctionSpec> spec, ExtensionNews news)
    : clock_(clock),
      loops_(loops),
      loop_(std::move(loop)),
      spec_(std::move(spec)),
      changed_(news.changed),
      credentials_token_(ids.uuid()),
      mailbox_(spec_->initialization_type == "snap-start"),
      switchboard_(spec_->max_concurrency),
      extensions_(clock, ids, loop_, spec_, std::move(news)) {}

http::Response ApiServer::other(const http::Request& request) const {
  const auto path = request.path();
  if (path == "/ping") return http::text_response(200, "pong");
  if (request.method == "GET" && path == "/2021-04-23/credentials") {  // SnapStart's (spec-lambda A.6)
    if (request.headers.get("Authorization") != credentials_token_)
      return error_body(404, "UnauthorizedRequest", "The authorization token is not this environment's");
    const auto own = credentials_of(*spec_);
    return http::json_response(200, json_text(Json{{"AccessKeyId", own.access_key},
                                                   {"SecretAccessKey", own.secret_key},
                                                   {"Token", own.token},
                                                   {"Expiration", iso8601(clock_.now() + kCredentials)}}));
  }
  return error_body(404, "NotFound", "404 page not found");
}

// The server's connections may outlive the environment by a moment, so they hold it only during a request.
std::uint16_t ApiServer::listen() {
  auto handler = [weak = weak_from_this()](http::Request request) {
    return serve(weak.lock(), std::move(request));
  };
  server_.emplace(loops_, std::move(handler), kBodyLimit);
  // A runtime that asks for the next event behind its response has no use for the answer before that event.
  server_->answer_together("GET /2018-06-01/runtime/invocation/next ");
  server_->on_cut_short([weak = weak_from_this()](const http::Request& head) {
    const auto self = weak.lock();
    return self ? self->cut_short(head) : std::nullopt;
  });
  server_->on_stream([weak = weak_from_this()](const http::Request& head) {
    const auto self = weak.lock();
    return self && self->streams(head);
  });
  return server_->listen_on(loop_, "127.0.0.1", 0);
}

void ApiServer::stop() {
  if (server_) server_->stop();
}

void ApiServer::deliver(Delivery delivery) {
  if (several()) {
    switchboard_.deliver(std::move(delivery));
    parked_.wake_one();
  } else {
    mailbox_.deliver(std::move(delivery));
    parked_.wake_all();
  }
}

void ApiServer::restart() {
  ++generation_;
  mailbox_.restart();
  switchboard_.restart();
  extensions_.restart();
  parked_.wake_all();
}

std::optional<Mailbox::Refusal> ApiServer::may_answer(std::string_view id, bool error) const {
  return several() ? switchboard_.may_answer(id) : mailbox_.may_answer(id, error);
}

std::optional<Mailbox::Refusal> ApiServer::begin_stream(std::string_view id) {
  return several() ? switchboard_.begin_stream(id) : mailbox_.begin_stream(id);
}

std::optional<Mailbox::Refusal> ApiServer::accept(std::string_view id, bool error, Outcome outcome) {
  auto refused = several() ? switchboard_.answer(id, std::move(outcome))
                           : mailbox_.answer(id, error, std::move(outcome));
  if (!refused) changed_();
  return refused;
}

std::shared_ptr<const Delivery> ApiServer::delivered(std::string_view id) const {
  return several() ? switchboard_.delivered(id) : mailbox_.delivered();
}

bool ApiServer::streaming(std::string_view id) const {
  return several() ? switchboard_.streaming(id) : mailbox_.state() == Mailbox::State::streaming;
}

std::shared_ptr<ResponseTimes> ApiServer::begin_times(std::string_view id) {
  auto times = std::make_shared<ResponseTimes>(ResponseTimes{.begun = clock_.now(), .ended = {}});
  if (several())
    switchboard_.times(id, times);
  else
    times_ = times;
  return times;
}

awaitable<http::Response> ApiServer::serve(std::shared_ptr<ApiServer> self, http::Request request) {
  if (!self) co_return error_body(500, "Runtime.Unknown", "The environment has ended");
  const auto path = request.path();
  if (path.starts_with(kRuntime)) {
    const auto rest = path.substr(kRuntime.size());
    if (request.method == "GET" && rest == "invocation/next")
      co_return self->several() ? co_await self->next_of_several(std::move(request.peer))
                                : co_await self->next();
    if (request.method == "POST" && rest == "init/error") co_return self->init_error(std::move(request));
    if (request.method == "GET" && rest == "restore/next") co_return self->restore_next();
    if (request.method == "POST" && rest == "restore/error")
      co_return self->restore_error(std::move(request));
    if (request.method == "POST" && rest.starts_with("invocation/"))
      if (const auto parts = answer_path(rest.substr(11))) {
        std::string id(parts->first);
        if (request.stream) co_return co_await self->stream(std::move(id), std::move(request));
        co_return self->answer(id, parts->second, std::move(request));
      }
  }
  if (ExtensionApi::claims(path)) co_return co_await self->extensions_.serve(std::move(request));
  co_return self->other(request);
}

awaitable<http::Response> ApiServer::next() {
  const int mine = generation_;
  const auto before = mailbox_.state();
  auto next = mailbox_.next();
  if (const auto* r = std::get_if<Mailbox::Refusal>(&next)) co_return refused(*r);
  if (mailbox_.state() != before) changed_();
  while (std::holds_alternative<Mailbox::Parked>(next)) {
    co_await parked_.wait(clock_, loop_, kNever);
    if (mine != generation_) co_return error_body(500, "Runtime.Unknown", "The environment has ended");
    if (mailbox_.state() == Mailbox::State::running) next = mailbox_.delivered();
  }
  const auto delivery = std::get<std::shared_ptr<const Delivery>>(std::move(next));
  co_return event(*delivery);
}

// Each of them gets an invocation of its own (spec-lambda A.7).
awaitable<http::Response> ApiServer::next_of_several(std::shared_ptr<http::Peer> peer) {
  const int mine = generation_;
  const auto before = mailbox_.state();
  const auto first = mailbox_.next();
  if (const auto* r = std::get_if<Mailbox::Refusal>(&first)) co_return refused(*r);
  if (const auto r = switchboard_.park()) co_return refused(*r);
  if (mailbox_.state() != before || switchboard_.idle()) changed_();
  const auto gone = std::make_shared<bool>(false);
  if (peer)
    peer->when_gone([gone, weak = weak_from_this()] {
      *gone = true;
      if (const auto self = weak.lock()) self->parked_.wake_all();
    });
  auto delivery = switchboard_.take();
  while (!delivery) {
    co_await parked_.wait(clock_, loop_, kNever);
    if (mine != generation_) co_return error_body(500, "Runtime.Unknown", "The environment has ended");
    if (*gone) {  // nobody would read it; the others have been roused
      switchboard_.leave();
      co_return error_body(500, "Runtime.Unknown", "The runtime has hung up");
    }
    delivery = switchboard_.take();
  }
  co_return event(*delivery);
}

http::Response ApiServer::answer(std::string_view id, bool error, http::Request request) {
  if (const auto r = may_answer(id, error)) return refused(*r);
  const auto times = begin_times(id);
  times->bytes = request.body.size();
  auto reply = accepted();
  Outcome outcome;
  const auto mode = request.headers.get(kResponseMode);
  if (!error && !mode.empty() && !same_text(mode, "streaming")) {
    reply = error_body(400, "InvalidFunctionResponseMode", "Invalid function response mode");
    outcome = platform_error("Runtime.InvalidResponseModeHeader", id, "Invalid function response mode");
  } else if (request.body.size() > kMaxResponse) {
    reply =
        error_body(413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes).");
    outcome = too_large(kMaxResponse);
  } else {
    outcome = error ? reported_error(std::move(request)) : reported_response(std::move(request));
  }
  times->ended = clock_.now();
  if (const auto r = accept(id, error, std::move(outcome))) return refused(*r);
  return reply;
}

// Whether the caller wants this response while it arrives.
bool ApiServer::streams(const http::Request& head) const {
  const auto path = head.path();
  if (!path.starts_with(kInvocation) || !same_text(head.headers.get(kResponseMode), "streaming"))
    return false;
  const auto parts = answer_path(path.substr(kInvocation.size()));
  return parts && !parts->second && !may_answer(parts->first, false) &&
         delivered(parts->first)->invocation.sink;
}

awaitable<http::Response> ApiServer::stream(std::string id, http::Request request) {
  if (const auto r = begin_stream(id)) co_return refused(*r);
  const int mine = generation_;
  const auto sink = delivered(id)->invocation.sink;
  const auto times = begin_times(id);
  sink->begin(std::string(request.headers.find("Content-Type").value_or("application/octet-stream")));
  changed_();
  const bool fits = co_await pass_on(id, *request.stream, *sink, *times);
  if (mine != generation_ || !streaming(id))  // timed out, or died, meanwhile
    co_return error_body(400, "InvalidRequestID", "Invalid request ID");
  auto reply = accepted();
  Outcome outcome;
  if (!fits) {
    reply =
        error_body(413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (209715200 bytes).");
    outcome = too_large(kMaxStream);
  } else if (!request.stream->whole()) {
    reply = error_body(400, "TruncatedHTTPRequest", "HTTP request detected as truncated");
    outcome = platform_error(kTruncatedResponse, id, kTruncated);
  } else if (auto failed = error_in_trailers(request.stream->trailers())) {
    outcome = std::move(*failed);
  }
  outcome.streamed = true;
  times->ended = clock_.now();
  accept(id, false, std::move(outcome));
  co_return reply;
}

// What the caller no longer wants is read nevertheless: the function does not learn that he left. What a
// killed process has left behind is not its successor's. False: more than may be streamed.
awaitable<bool> ApiServer::pass_on(std::string_view id, http::IncomingBody& body, ResponseSink& sink,
                                   ResponseTimes& times) {
  const int mine = generation_;
  const auto listening = [&] { return mine == generation_ && streaming(id); };
  StreamRate rate(clock_.now());
  for (auto piece = co_await body.next(); piece && mine == generation_; piece = co_await body.next()) {
    times.bytes += piece->size();
    if (times.bytes > kMaxStream) co_return false;
    for (std::size_t sent = 0; sent < piece->size() && listening();) {
      const auto now = rate.take(clock_.now(), piece->size() - sent);
      if (now == 0) co_await clock_.sleep(rate.next() - clock_.now());
      if (now > 0) co_await sink.write(piece->substr(sent, now));
      sent += now;
    }
  }
  co_return true;
}

http::Response ApiServer::restore_next() {
  if (const auto r = mailbox_.restore_next()) return refused(*r);
  changed_();
  return http::text_response(200, "");
}

http::Response ApiServer::restore_error(http::Request request) {
  if (const auto r = mailbox_.restore_failed(reported_error(std::move(request)))) return refused(*r);
  changed_();
  return accepted();
}

http::Response ApiServer::init_error(http::Request request) {
  if (const auto r = mailbox_.init_failed(reported_error(std::move(request)))) return refused(*r);
  changed_();
  return accepted();
}

std::optional<http::Response> ApiServer::cut_short(const http::Request& head) {
  const auto path = head.path();
  if (!path.starts_with(kInvocation)) return std::nullopt;
  const auto parts = answer_path(path.substr(kInvocation.size()));
  if (!parts || may_answer(parts->first, parts->second)) return std::nullopt;
  accept(parts->first, parts->second, platform_error(kTruncatedResponse, parts->first, kTruncated));
  return error_body(400, "TruncatedHTTPRequest", "HTTP request detected as truncated");
}
}  // namespace emu::runtime
