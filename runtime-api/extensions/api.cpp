#include "runtime-api/extensions/api.hpp"

#include "emulator/base/json.hpp"
#include "runtime-api/api_messages.hpp"

namespace emu::runtime {
namespace {
constexpr std::string_view kExtension = "/2020-01-01/extension/";
constexpr std::string_view kTelemetry = "/2022-07-01/telemetry";
constexpr std::string_view kLogs = "/2020-08-15/logs";
constexpr std::string_view kIdentifier = "Lambda-Extension-Identifier";

std::string trimmed(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}
}  // namespace

ExtensionApi::ExtensionApi(Clock& clock, Ids& ids, asio::any_io_executor loop,
                           std::shared_ptr<const FunctionSpec> spec, ExtensionNews news)
    : clock_(clock),
      ids_(ids),
      loop_(loop),
      spec_(std::move(spec)),
      news_(std::move(news)),
      courier_(clock, std::move(loop)) {}

bool ExtensionApi::claims(std::string_view path) {
  return path.starts_with(kExtension) || path.starts_with(kTelemetry) || path.starts_with(kLogs);
}

awaitable<http::Response> ExtensionApi::serve(http::Request request) {
  const auto path = trimmed(request.path());
  if (path.starts_with(kExtension)) {
    const auto verb = std::string_view(path).substr(kExtension.size());
    if (request.method == "GET" && verb == "event/next") co_return co_await next(std::move(request));
    if (request.method == "POST" && verb == "register") co_return enter(request);
    if (request.method == "POST" && verb == "init/error") co_return failed(request, true);
    if (request.method == "POST" && verb == "exit/error") co_return failed(request, false);
  }
  if (request.method == "PUT" && path == kTelemetry) co_return subscribe(TelemetryApi::telemetry, request);
  if (request.method == "PUT" && path == kLogs) co_return subscribe(TelemetryApi::logs, request);
  co_return error_body(404, "NotFound", "404 page not found");
}

http::Response ExtensionApi::enter(const http::Request& request) {
  auto entered = extensions_.enter(request.headers.get("Lambda-Extension-Name"), request.body, ids_.uuid(),
                                   spec_->managed_instances());
  if (const auto* r = std::get_if<Extensions::Refusal>(&entered)) return refused(*r);
  nlohmann::ordered_json body{
      {"functionName", spec_->name}, {"functionVersion", spec_->version}, {"handler", spec_->handler}};
  if (request.headers.get("Lambda-Extension-Accept-Feature").find("accountId") != std::string_view::npos)
    body["accountId"] = spec_->account;
  auto reply = http::json_response(200, json_text(body));
  reply.headers.add(std::string(kIdentifier), std::get<Extension>(entered).id);
  news_.changed();
  return reply;
}

awaitable<http::Response> ExtensionApi::next(http::Request request) {
  const int mine = generation_;
  auto said = extensions_.next(request.headers.find(kIdentifier));
  if (const auto* r = std::get_if<Extensions::Refusal>(&said)) co_return refused(*r);
  news_.changed();
  const std::string id(request.headers.get(kIdentifier));
  std::optional<std::string> event;
  if (auto* now = std::get_if<std::string>(&said)) event = std::move(*now);
  while (!event) {
    co_await parked_.wait(clock_, loop_, kNever);
    if (mine != generation_) co_return error_body(500, "Runtime.Unknown", "The environment has ended");
    if (!extensions_.newest(id,
                            std::get<Extensions::Parked>(said)))  // else the event went where nobody reads
      co_return error_body(403, "Extension.InvalidExtensionState", "Another request for the next event came");
    event = extensions_.take(id);
  }
  auto reply = http::json_response(200, std::move(*event));
  reply.headers.add("Lambda-Extension-Event-Identifier", ids_.uuid());
  co_return reply;
}

http::Response ExtensionApi::failed(const http::Request& request, bool at_init) {
  const auto refusal = extensions_.failed(request.headers.find(kIdentifier), at_init,
                                          request.headers.get("Lambda-Extension-Function-Error-Type"));
  if (refusal) return refused(*refusal);
  news_.changed();
  return accepted();
}

http::Response ExtensionApi::subscribe(TelemetryApi api, const http::Request& request) {
  auto who = extensions_.known(request.headers.find(kIdentifier));
  if (const auto* r = std::get_if<Extensions::Refusal>(&who)) return refused(*r);
  auto asked =
      read_subscription(api, std::get<Extension*>(who)->name, request.body, spec_->managed_instances());
  if (const auto* r = std::get_if<Mailbox::Refusal>(&asked)) return refused(*r);
  auto& subscription = std::get<Subscription>(asked);
  if (const auto r = telemetry_.subscribe(clock_.now(), subscription)) return refused(*r);
  courier_.begin(telemetry_.subscribers().back());
  news_.subscribed(subscription);
  return http::json_response(200, "\"OK\"");
}

void ExtensionApi::tell(Telemetry::Item item) {
  telemetry_.add(clock_.now(), std::move(item));
  if (!telemetry_.subscribers().empty()) courier_.look();
}

void ExtensionApi::invoke(const Delivery& delivery) {
  if (!extensions_.any()) return;
  extensions_.invoke(invoke_event(delivery));
  parked_.wake_all();
}

bool ExtensionApi::shut_down(std::string_view reason, Time deadline) {
  const bool any = extensions_.shut_down(shutdown_event(reason, deadline));
  if (any) parked_.wake_all();
  return any;
}

void ExtensionApi::restart() {
  ++generation_;
  courier_.restart();
  extensions_ = {};
  telemetry_ = {};
  parked_.wake_all();
}
}  // namespace emu::runtime
