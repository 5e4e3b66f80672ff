#include "emulator/api/dispatch.hpp"

#include <fmt/format.h>

#include "emulator/api/front.hpp"
#include "emulator/api/origin.hpp"
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

// --strict: what is accepted and not acted upon is refused.
template <class Input>
void refuse_without_effect(const Operation& row, const Input& input) {
  for (const auto name : row.without_effect)
    if (input.contains(name))
      throw AwsError::validation(
          fmt::format("emu --strict: {} of {} is accepted but has no effect", name, row.name));
}

// Within a handler: what the exception says to the client.
AwsError caught(const Identified& target) {
  try {
    throw;
  } catch (const wire::Missing& e) {
    return target.service->missing(e);
  } catch (const AwsError& e) {
    return e;
  } catch (const std::exception& e) {
    log_fault(fmt::format("{}.{}", target.service->title(), target.operation->name), e.what());
  }
  return AwsError::internal("Internal server error");
}

http::Response json_reply(const Identified& target, std::string text) {
  return http::text_response(200, std::move(text), std::string(content_type(target.protocol)));
}

Json read_input(const Identified& target, const http::Request& request) {
  const auto& row = *target.operation;
  if (target.protocol == Protocol::rest_json)
    return wire::read_rest(row.rest, request, target.parameters, row.coerce);
  Json input = wire::read_query(request, query_names(target), row.coerce);
  if (const auto* side = target.service->query_side()) side->address(request, input);
  return input;
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

// The body of a JSON request with scalars of other types than modelled made those, where the service takes
// them and this is why the first attempt failed.
std::optional<std::string> mended(const Identified& target, const AwsError& failed, std::string_view body) {
  if (failed.code != "SerializationException" || !is_json(target.protocol)) return std::nullopt;
  try {
    Json input = to_json(wire::Reading(body).input());
    if (target.service->mend(input)) return json_text(input);
  } catch (const AwsError&) {
    return std::nullopt;  // no document at all
  }
  return std::nullopt;
}
}  // namespace

Dispatcher::Dispatcher(std::span<Service* const> services, Clock& clock, Ids& ids, bool strict,
                       http::Handler fallback, bool any_host, std::function<bool()> project)
    : index_(services),
      clock_(clock),
      ids_(ids),
      strict_(strict),
      any_host_(any_host),
      fallback_(std::move(fallback)),
      project_(std::move(project)) {}

bool Dispatcher::unclaimed(const Identified& target, const http::Request& request, const Signed& by) const {
  if (!fallback_ || !by.service.empty() || request.headers.find("X-Amz-Target")) return false;
  return !target.service || (target.service->plain_paths() && project_ && project_());
}

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

Result<std::string> Dispatcher::try_at_once(Context& context, const Identified& target,
                                            std::string_view body) const {
  try {
    if (strict_) refuse_without_effect(*target.operation, wire::Reading(body).input());
    return target.operation->answer(*target.service, context, body);
  } catch (...) {
    return caught(target);
  }
}

http::Response Dispatcher::answer_at_once(Context& context, const Identified& target,
                                          std::string_view body) const {
  auto text = try_at_once(context, target, body);
  if (!text)
    if (const auto other = mended(target, text.error(), body)) text = try_at_once(context, target, *other);
  if (!text) return error_reply(*target.service, context, std::move(text.error()));
  return json_reply(target, std::move(*text));
}

awaitable<Result<http::Response>> Dispatcher::run(Context& context, const Identified& target,
                                                  const http::Request& request, std::string_view body) const {
  auto& service = *target.service;
  const auto& row = *target.operation;
  try {
    if (is_json(target.protocol)) {
      if (strict_) refuse_without_effect(row, wire::Reading(body).input());
      auto text = co_await row.answer_later(service, context, body);
      if (!text) co_return std::move(text.error());
      co_return json_reply(target, std::move(*text));
    }
    Json input = read_input(target, request);
    if (strict_ && input.is_object()) refuse_without_effect(row, input);
    auto output = co_await row.call(service, context, std::move(input));
    if (!output) co_return std::move(output.error());
    if (target.protocol != Protocol::query) {
      auto reply = wire::write_rest(row.rest, std::move(*output));
      reply.stream = std::move(context.stream);
      co_return reply;
    }
    const wire::QueryReply reply{query_names(target), service.xml_namespace(), context.request_id,
                                 row.has_output};
    co_return accepts_json(service, request) ? wire::write_query_json(reply, *output)
                                             : wire::write_query(reply, *output);
  } catch (...) {
    co_return caught(target);
  }
}

awaitable<http::Response> Dispatcher::call(Context& context, const Identified& target,
                                           const http::Request& request) const {
  auto response = co_await run(context, target, request, request.body);
  if (!response)
    if (const auto other = mended(target, response.error(), request.body))
      response = co_await run(context, target, request, *other);
  if (!response) co_return error_reply(*target.service, context, std::move(response.error()));
  co_return std::move(*response);
}

awaitable<http::Response> Dispatcher::answer(Context& context, const Identified& target,
                                             const http::Request& request) const {
  if (target.operation) co_return co_await call(context, target, request);
  if (target.service && target.service->checksums() && front::has_document(request)) {
    try {
      const wire::Reading judged(request.body);  // before the operation's name (spec-dynamodb A2)
    } catch (const AwsError& e) {
      co_return error_reply(*target.service, context, e);
    }
  }
  co_return unknown(target, context, request);
}

awaitable<http::Response> Dispatcher::handle(http::Request request, bool from_outside) {
  const auto by = signed_by(request);
  const auto target = index_.identify(request, by);
  if (unclaimed(target, request, by)) co_return co_await fallback_(std::move(request));
  if (from_outside && !any_host_)
    if (auto away = turn_away_foreign(request)) co_return std::move(*away);
  Context context = make_context(request, by, target);
  const bool fronted = target.service && target.service->checksums();
  std::optional<http::Response> response;
  if (fronted) response = front::turn_away(request, context.scope.region);
  const bool at_once = target.operation && target.operation->answer && is_json(target.protocol);
  if (!response && at_once) response = answer_at_once(context, target, request.body);
  if (!response) response = co_await answer(context, target, request);
  response->headers.add("x-amzn-RequestId", std::move(context.request_id));
  if (fronted) front::finish(request, clock_.now(), *response);
  co_return std::move(*response);
}
}  // namespace emu
