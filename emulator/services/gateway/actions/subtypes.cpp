#include "emulator/services/gateway/actions/subtypes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/json.hpp"
#include "emulator/services/gateway/proxy.hpp"
#include "emulator/services/gateway/responses/answer.hpp"

namespace emu::gateway {
namespace {
struct Parameter {
  std::string_view name;
  bool required = false;
  std::string_view member = {};  // of a map or list: how the Query protocol numbers its members
};
struct Subtype {
  std::string_view name, service, action;
  std::span<const Parameter> parameters;
};

constexpr Parameter kQueue{"QueueUrl", true}, kRegion{"Region"};
constexpr Parameter kSend[] = {kQueue,
                               {"MessageBody", true},
                               {"DelaySeconds"},
                               {"MessageAttributes", false, "MessageAttribute"},
                               {"MessageDeduplicationId"},
                               {"MessageGroupId"},
                               {"MessageSystemAttributes", false, "MessageSystemAttribute"},
                               kRegion};
constexpr Parameter kReceive[] = {kQueue,
                                  {"AttributeNames", false, "AttributeName"},
                                  {"MaxNumberOfMessages"},
                                  {"MessageAttributeNames", false, "MessageAttributeName"},
                                  {"ReceiveRequestAttemptId"},
                                  {"VisibilityTimeout"},
                                  {"WaitTimeSeconds"},
                                  kRegion};
constexpr Parameter kDelete[] = {{"ReceiptHandle", true}, kQueue, kRegion};
constexpr Parameter kPurge[] = {kQueue, kRegion};
constexpr Subtype kSubtypes[] = {
    {"SQS-SendMessage", "sqs", "SendMessage", kSend},
    {"SQS-ReceiveMessage", "sqs", "ReceiveMessage", kReceive},
    {"SQS-DeleteMessage", "sqs", "DeleteMessage", kDelete},
    {"SQS-PurgeQueue", "sqs", "PurgeQueue", kPurge},
};
// Of a parameter that is a map or a list: SQS takes ten attributes in 256 KB, and asks for as many names.
constexpr std::size_t kLongestMembers = 256 * 1024, kMostMembers = 100, kDeepestMembers = 4;
// What AWS has beside these.
constexpr std::string_view kOthers[] = {"EventBridge-PutEvents",       "AppConfig-GetConfiguration",
                                        "Kinesis-PutRecord",           "StepFunctions-StartExecution",
                                        "StepFunctions-StopExecution", "StepFunctions-StartSyncExecution"};

const Subtype* find_subtype(std::string_view name) {
  const auto at = std::ranges::find(kSubtypes, name, &Subtype::name);
  return at == std::end(kSubtypes) ? nullptr : &*at;
}

bool is_source(std::string_view value) {
  static constexpr std::string_view kSources[] = {"$request.header.", "$request.querystring.",
                                                  "$request.path.",   "$request.body.",
                                                  "$context.",        "$stageVariables."};
  if (!value.starts_with('$') || value.starts_with("${")) return true;  // a text, perhaps with sources in it
  return value == "$request.body" || value == "$request.path" ||
         std::ranges::any_of(kSources, [&](std::string_view source) { return value.starts_with(source); });
}

// A text of the account: a region.
bool is_region(std::string_view value) {
  return std::ranges::all_of(value, [](unsigned char c) { return std::isalnum(c) || c == '-'; });
}

void put(std::string& form, std::string_view name, std::string_view value) {
  form += fmt::format("{}{}={}", form.empty() ? "" : "&", http::percent_encode(name),
                      http::percent_encode(value));
}

std::string as_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : json_text(value);
}

// A document that an integration wrote, with what it takes from the request in its texts: a value cannot
// break out of the text it stands in.
void fill_in_texts(Json& document, const EventSource& source) {
  if (document.is_string()) document = mapped_value(source, document.get<std::string>());
  if (document.is_structured())
    for (auto& part : document) fill_in_texts(part, source);
}

// Null: there is none, or more than SQS takes.
Json members_of(const EventSource& source, const std::string& expression) {
  const bool written = expression.starts_with('{') || expression.starts_with('[');
  const auto text = written ? expression : mapped_value(source, expression);
  if (text.size() > kLongestMembers || nests_deeper(text, kDeepestMembers)) return nullptr;
  auto document = bounded_parse(text);
  if (document.is_discarded() || !document.is_structured() || document.size() > kMostMembers) return nullptr;
  if (written) fill_in_texts(document, source);
  return document;
}

// {"a": {"DataType": "String", "StringValue": "x"}} and ["All"], in the numbered form of the Query protocol.
bool put_members(std::string& form, const Parameter& parameter, const Json& document) {
  int number = 0;
  if (document.is_array()) {
    for (const auto& each : document)
      put(form, fmt::format("{}.{}", parameter.member, ++number), as_text(each));
    return true;
  }
  for (const auto& [name, attribute] : document.items()) {
    const auto at = fmt::format("{}.{}", parameter.member, ++number);
    put(form, at + ".Name", name);
    if (!attribute.is_object()) return false;
    for (const auto& [member, text] : attribute.items()) put(form, at + ".Value." + member, as_text(text));
  }
  return document.is_object();
}
}  // namespace

std::string refuse_subtype(const Integration& integration) {
  const auto& name = *integration.integrationSubtype;
  const auto* subtype = find_subtype(name);
  if (!subtype && std::ranges::find(kOthers, name) != std::end(kOthers))
    return fmt::format(
        "emu has no service for the integration subtype {} yet; it has SQS-SendMessage, "
        "SQS-ReceiveMessage, SQS-DeleteMessage and SQS-PurgeQueue",
        name);
  if (!subtype) return fmt::format("Invalid integration subtype specified: {}", name);
  if (integration.integrationType != "AWS_PROXY")
    return "IntegrationSubtype is only supported for integration type AWS_PROXY";
  if (integration.payloadFormatVersion != "1.0")
    return fmt::format("PayloadFormatVersion must be 1.0 for the integration subtype {}", name);
  const auto given = integration.requestParameters.value_or(StringMap{});
  for (const auto& parameter : subtype->parameters)
    if (parameter.required && !given.contains(std::string(parameter.name)))
      return fmt::format("The integration subtype {} requires the request parameter {}", name,
                         parameter.name);
  for (const auto& [parameter, value] : given) {
    if (std::ranges::find(subtype->parameters, parameter, &Parameter::name) == subtype->parameters.end())
      return fmt::format("Invalid mapping expression specified: {} is no request parameter of {}", parameter,
                         name);
    if (!is_source(value))
      return fmt::format(
          "Invalid selection expression specified: Validation Result: warnings : [], errors : "
          "[Invalid source: {} specified for destination: {}]",
          value, parameter);
  }
  return {};
}

std::optional<http::Request> subtype_request(const EventSource& source) {
  const auto& integration = *source.route.action;
  const auto* subtype = find_subtype(integration.integrationSubtype.value_or(""));
  if (!subtype) return std::nullopt;  // another emu kept it
  const auto parameters = integration.requestParameters.value_or(StringMap{});
  ServiceTarget target{source.api.scope.region, std::string(subtype->service), "/", {}};
  std::string form;
  put(form, "Action", subtype->action);
  put(form, "Version", "2012-11-05");
  for (const auto& parameter : subtype->parameters) {
    const auto given = parameters.find(std::string(parameter.name));
    if (given == parameters.end() && !parameter.required) continue;
    const auto expression = given == parameters.end() ? std::string() : given->second;
    auto value = mapped_value(source, expression);
    if (value.empty() && parameter.required) return std::nullopt;
    if (value.empty()) continue;
    if (parameter.name == kRegion.name) {
      if (!is_region(value)) return std::nullopt;
      target.region = std::move(value);
    } else if (parameter.member.empty()) {
      put(form, parameter.name, value);
    } else if (!put_members(form, parameter, members_of(source, expression))) {
      return std::nullopt;
    }
  }
  http::Request request{"POST", "/", {}, std::move(form), source.request.client_ip};
  request.headers.add("Content-Type", "application/x-www-form-urlencoded");
  request.headers.add("Accept", "application/xml");
  address_to(target, source.api.scope.account, request);
  return request;
}

awaitable<http::Response> acted(Clock& clock, const http::Handler& services, const EventSource& source) {
  if (!find_subtype(source.route.action->integrationSubtype.value_or(""))) co_return internal_server_error();
  auto request = subtype_request(source);
  if (!request) co_return gateway_error(400, "Bad Request");
  auto answer =
      co_await ask_in_time(clock, services, std::move(*request), source.route.timeout, source.request.peer);
  if (!answer) co_return service_unavailable();
  http::Response out{answer->status, {}, std::move(answer->body)};
  out.headers.add("Content-Type", std::string(answer->headers.get("Content-Type")));
  co_return mapped_answer(source, source.route.action->responseParameters, std::move(out));
}
}  // namespace emu::gateway
