#include "emulator/api/dispatch.hpp"

#include <fmt/format.h>

#include "emulator/api/front.hpp"
#include "emulator/base/log.hpp"
#include "emulator/wire/error_body.hpp"
#include "emulator/wire/query.hpp"
#include "emulator/wire/query_reply.hpp"

namespace emu {
namespace {
bool is_json(Protocol protocol) { return protocol == Protocol::json10 || protocol == Protocol::json11; }

wire::QueryNames query_names(const Identified& target) {
  const auto* side = target.service->query_side();
  return {side ? side->names : std::span<const wire::QueryName>{}, target.asked};
}

std::string_view content_type(Protocol protocol) {
  return protocol == Protocol::json10 ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1";
}

http::Response error_reply(const Service& service, const Context& context, AwsError error) {
  error = service.worded(std::move(error), context);
  const auto* side = service.query_side();
  switch (context.protocol) {
    case Protocol::json10:
    case Protocol::json11: {
      auto reply = wire::json_error(error, service.error_type(error), content_type(context.protocol));
      if (side)  // botocore takes the error's code from it
        reply.headers.add("x-amzn-query-error", fmt::format("{};{}", side->code(error),
                                                            error.http_status < 500 ? "Sender" : "Receiver"));
      return reply;
    }
    case Protocol::rest_json:
      return wire::rest_error(error);
    case Protocol::query:
      if (side) error.code = side->code(error);
      return wire::query_error(error, service.xml_namespace(), context.request_id);
  }
  return wire::rest_error(error);
}

// A Query request to a service that speaks JSON too may ask for its reply as JSON (spec-sqs 1).
bool accepts_json(const Service& service, const http::Request& request) {
  return service.query_side() && request.headers.get("Accept").find("application/json") != std::string::npos;
}

// Runs the operation; its output as the request's protocol says it.
awaitable<Result<http::Response>> run(const Identified& target, Context& context,
                                      const http::Request& request, Json input) {
  auto& service = *target.service;
  const auto& row = *target.operation;
  if (is_json(target.protocol)) {
    auto text = co_await row.answer(service, context, std::move(input));
    if (!text) co_return std::move(text.error());
    co_return http::text_response(200, std::move(*text), std::string(content_type(target.protocol)));
  }
  auto output = co_await row.call(service, context, std::move(input));
  if (!output) co_return std::move(output.error());
  if (target.protocol == Protocol::query) {
    const wire::QueryReply reply{query_names(target), service.xml_namespace(), context.request_id,
                                 row.has_output};
    co_return accepts_json(service, request) ? wire::write_query_json(reply, *output)
                                             : wire::write_query(reply, *output);
  }
  co_return wire::write_rest(row.rest, std::move(*output));
}

// What AWS answers for an operation it does not know, by protocol.
http::Response unknown(const Identified& target, const Context& context, const http::Request& request) {
  if (!target.service) {
    AwsError error{
        "UnknownOperationException",
        fmt::format("emu serves nothing under {}; `emu inspect ops` lists what it serves", target.asked),
        404};
    return target.asked.find(' ') == std::string::npos
               ? wire::json_error({"UnknownOperationException", ""},
                                  "com.amazon.coral.service#UnknownOperationException",
                                  content_type(Protocol::json10))
               : wire::rest_error(error);
  }
  AwsError error{"UnknownOperationException", ""};
  if (target.protocol == Protocol::rest_json) error.http_status = 404;
  if (target.protocol == Protocol::query) {
    if (target.asked.empty() && target.service->query_side())  // spec-sqs 1
      return http::text_response(404, "<UnknownOperationException/>\n", "text/xml");
    error = {"InvalidAction", fmt::format("The action {} is not valid for this {}.", target.asked,
                                          request.path() == "/" ? "web service" : "endpoint")};
  }
  return error_reply(*target.service, context, error);
}

// Documents are walked by recursion further on. AWS's own limit is unknown; items may be 32 deep.
constexpr int kMaxNesting = 1000;

bool too_deep(std::string_view text) {
  if (text.size() < 2 * kMaxNesting) return false;  // too short to do harm
  int depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted) {
      if (c == '\\') ++at;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxNesting) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

Json read_json(const http::Request& request) {
  Json input(Json::value_t::discarded);
  if (!too_deep(request.body)) input = Json::parse(request.body, nullptr, false);
  if (!input.is_object()) throw AwsError{"SerializationException", ""};
  return input;
}

// The input of a JSON request with scalars of other types than modelled, where the service takes them.
std::optional<Json> mended(const Identified& target, const http::Request& request) {
  if (!is_json(target.protocol)) return std::nullopt;
  try {
    Json input = read_json(request);
    if (target.service->mend(input)) return input;
  } catch (const AwsError&) {
    return std::nullopt;  // no document at all
  }
  return std::nullopt;
}
}  // namespace

Dispatcher::Dispatcher(std::span<Service* const> services, Clock& clock, Ids& ids, bool strict,
                       http::Handler fallback)
    : index_(services), clock_(clock), ids_(ids), strict_(strict), fallback_(std::move(fallback)) {}

Context Dispatcher::make_context(const http::Request& request, const Signed& by, const Identified& target) {
  const bool upper = target.service && target.service->protocol() == Protocol::json10 &&
                     !target.service->query_side();  // spec-dynamodb A1
  Context context;
  context.request_id = upper ? ids_.text(52, Ids::kUpperAlnum) : ids_.uuid();
  context.scope.account = account_of(by.access_key);
  if (!by.region.empty()) context.scope.region = by.region;
  context.host = request.headers.get("Host");
  context.access_key = by.access_key;
  context.trace_id = request.headers.get("X-Amzn-Trace-Id");
  context.peer = request.peer;
  context.protocol = target.protocol;
  return context;
}

Json Dispatcher::read(const Identified& target, const http::Request& request) const {
  const auto& row = *target.operation;
  Json input;
  switch (target.protocol) {
    case Protocol::json10:
    case Protocol::json11:
      input = read_json(request);
      break;
    case Protocol::rest_json:
      input = wire::read_rest(row.rest, request, target.parameters, row.coerce);
      break;
    case Protocol::query:
      input = wire::read_query(request, query_names(target), row.coerce);
      if (const auto* side = target.service->query_side()) side->address(request, input);
      break;
  }
  if (strict_ && input.is_object())
    for (const auto name : row.without_effect)
      if (input.contains(name))
        throw AwsError::validation(
            fmt::format("emu --strict: {} of {} is accepted but has no effect", name, row.name));
  return input;
}

awaitable<http::Response> Dispatcher::call(Context& context, const Identified& target,
                                           const http::Request& request) {
  AwsError failed = AwsError::internal("Internal server error");
  std::optional<Json> other;
  for (bool again = true; again;) {
    try {
      Json input = other ? std::move(*other) : read(target, request);
      auto response = co_await run(target, context, request, std::move(input));
      if (response) co_return std::move(*response);
      failed = std::move(response.error());
    } catch (const wire::Missing& e) {
      failed = target.service->missing(e);
    } catch (const AwsError& e) {
      failed = e;
    } catch (const std::exception& e) {
      log_fault(fmt::format("{}.{}", target.service->title(), target.operation->name), e.what());
    }
    again = !other && failed.code == "SerializationException" && (other = mended(target, request));
  }
  co_return error_reply(*target.service, context, std::move(failed));
}

awaitable<http::Response> Dispatcher::answer(Context& context, const Identified& target,
                                             const http::Request& request) {
  if (target.operation) co_return co_await call(context, target, request);
  if (target.service && target.service->checksums() && front::has_document(request)) {
    try {
      read_json(request);  // judged before the operation's name (spec-dynamodb A2)
    } catch (const AwsError& e) {
      co_return error_reply(*target.service, context, e);
    }
  }
  co_return unknown(target, context, request);
}

awaitable<http::Response> Dispatcher::handle(http::Request request) {
  const auto by = signed_by(request);
  const auto target = index_.identify(request, by);
  const bool unclaimed = !target.service && by.service.empty() && !request.headers.find("X-Amz-Target");
  if (unclaimed && fallback_) co_return co_await fallback_(std::move(request));
  Context context = make_context(request, by, target);
  const bool fronted = target.service && target.service->checksums();
  std::optional<http::Response> response;
  if (fronted) response = front::turn_away(request, context.scope.region);
  if (!response) response = co_await answer(context, target, request);
  response->headers.add("x-amzn-RequestId", std::move(context.request_id));
  if (fronted) front::finish(request, clock_.now(), *response);
  co_return std::move(*response);
}
}  // namespace emu
