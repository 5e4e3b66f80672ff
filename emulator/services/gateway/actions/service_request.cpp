#include "emulator/services/gateway/actions/service_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "emulator/base/arn.hpp"
#include "emulator/base/error.hpp"
#include "emulator/services/gateway/in_time.hpp"

namespace emu::gateway {
namespace {
struct Served {
  std::string_view service;
  std::string_view target;  // what X-Amz-Target begins with; empty: it takes the action as a query's
  std::string_view media_type;
  bool by_form = false;  // it finds the action in a form or the query
};
constexpr Served kServed[] = {
    {"dynamodb", "DynamoDB_20120810.", "application/x-amz-json-1.0"},
    {"streams.dynamodb", "DynamoDBStreams_20120810.", "application/x-amz-json-1.0"},
    {"logs", "Logs_20140328.", "application/x-amz-json-1.1"},
    {"sqs", "", "", true},
    {"lambda", "", ""},
    {"iam", "", "", true},
    {"sts", "", "", true},
};

const Served* served(std::string_view service) {
  const auto at = std::ranges::find(kServed, service, &Served::service);
  return at == std::end(kServed) ? nullptr : &*at;
}

// Who asks another service, and may leave before it answers: a long poll of a queue must not take messages
// for nobody.
struct Asked final : http::Peer {
  void when_gone(std::function<void()> gone) override {
    if (left)
      gone();
    else
      gone_ = std::move(gone);
  }
  void leave() {
    left = true;
    if (auto gone = std::exchange(gone_, nullptr)) gone();
  }
  bool left = false;

 private:
  std::function<void()> gone_;
};

std::string_view query_of(std::string_view target) {
  return target.substr(std::min(target.find('?'), target.size() - 1) + 1);
}

// The Query protocol's parameters of a request in one place: those of the integration's URI first, and of
// each name the first only. A queue that the path names is that one.
void settle_form(http::Request& request) {
  std::set<std::string> seen;
  if (request.path().size() > 1) seen.insert("QueueUrl");
  auto fields = http::parse_query(request.query());
  std::ranges::move(http::parse_query(request.body), std::back_inserter(fields));
  std::string form;
  for (const auto& [name, value] : fields)
    if (seen.insert(name).second)
      form += fmt::format("{}{}={}", form.empty() ? "" : "&", http::percent_encode(name),
                          http::percent_encode(value));
  request.target = std::string(request.path());
  if (request.method == "POST") {
    request.body = std::move(form);
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  } else if (!form.empty()) {
    request.target += "?" + form;
  }
}
}  // namespace

std::optional<ServiceTarget> service_target(std::string_view uri) {
  // arn:aws:apigateway:REGION:SERVICE:path/… or action/…: the service stands where an account does
  const auto arn = Arn::parse(uri);
  if (!arn || arn->service != "apigateway") return std::nullopt;
  ServiceTarget out{arn->region, arn->account, "/", {}};
  uri = arn->resource;
  if (uri.starts_with("action/")) {
    const auto query = std::min(uri.find('?'), uri.size());
    out.action = uri.substr(7, query - 7);
    out.path += uri.substr(query);
  } else if (uri.starts_with("path/")) {
    uri.remove_prefix(5);
    while (uri.starts_with('/')) uri.remove_prefix(1);
    out.path += uri;
  } else {
    return std::nullopt;
  }
  return out;
}

std::string unserved(const ServiceTarget& target) {
  const auto& service = target.service;
  if (service.find("${") != service.npos) return {};  // known when a stage has it
  if (service == "lambda" && !target.action.empty())
    return "Lambda is integrated with by path/2015-03-31/functions/…/invocations, it has no actions";
  if (service == "lambda" && target.path.find("/response-streaming-invocations") != target.path.npos)
    return "emu streams no responses of AWS integrations yet";
  if (served(service)) return {};
  std::string names;
  for (const auto& each : kServed) names += (names.empty() ? "" : ", ") + std::string(each.service);
  return fmt::format("emu has no service {} to integrate with yet; it has {}", service, names);
}

void address_to(const ServiceTarget& target, const std::string& account, http::Request& request) {
  const auto* service = served(target.service);
  request.target = target.path;
  if (!target.action.empty() && service && !service->target.empty()) {
    request.headers.set("X-Amz-Target", std::string(service->target) + target.action);
  } else if (!target.action.empty()) {
    request.target += fmt::format("{}Action={}", request.target.find('?') == std::string::npos ? "?" : "&",
                                  http::percent_encode(target.action));
  }
  if (request.method == "GET" || request.method == "HEAD") request.body.clear();
  if (service && service->by_form && !request.headers.find("X-Amz-Target")) settle_form(request);
  if (service && !service->media_type.empty() && !request.headers.find("Content-Type"))
    request.headers.add("Content-Type", std::string(service->media_type));
  if (!request.headers.find("Accept")) request.headers.add("Accept", "application/json");
  const auto name = target.service.substr(target.service.rfind('.') + 1);  // "streams.dynamodb" signs so
  request.headers.set("Host", fmt::format("{}.{}.amazonaws.com", target.service, target.region));
  request.headers.set("X-Amz-Date", "19700101T000000Z");
  request.headers.set("Authorization",
                      fmt::format("AWS4-HMAC-SHA256 Credential={}/19700101/{}/{}/aws4_request, "
                                  "SignedHeaders=host;x-amz-date, Signature=0",
                                  account, target.region, name));
}

std::optional<http::Response> without_action(const ServiceTarget& target, const http::Request& request) {
  const auto* service = served(target.service);
  const bool by_form = service && service->by_form && target.action.empty();
  const bool has_form = request.headers.get("Content-Type").starts_with("application/x-www-form-urlencoded");
  if (!by_form || has_form || request.headers.find("X-Amz-Target")) return std::nullopt;
  for (const auto& [name, value] : http::parse_query(query_of(target.path)))
    if (name == "Action") return std::nullopt;
  return http::text_response(
      403,
      "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to "
      "be authorized</Message>\n</AccessDeniedException>\n",
      "text/xml");
}

awaitable<std::optional<http::Response>> ask_in_time(Clock& clock, const http::Handler& services,
                                                     http::Request request, Duration patience,
                                                     std::shared_ptr<http::Peer> client) {
  const auto asked = std::make_shared<Asked>();
  if (client) client->when_gone([asked] { asked->leave(); });
  request.peer = asked;
  auto answer = co_await in_time(clock, services(std::move(request)), http::Response{500, {}, {}}, patience,
                                 "a gateway asking another service");
  if (!answer) asked->leave();
  co_return answer;
}
}  // namespace emu::gateway
