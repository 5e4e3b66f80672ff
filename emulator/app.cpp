#include "emulator/app.hpp"

#include <fmt/format.h>

#include "emulator/api/front.hpp"

namespace emu {
App::App(const Parts& p, const AppSettings& settings)
    : clock_(p.clock),
      loops_(p.loops),
      disk_(p.disk),
      concurrency_(settings.concurrency),
      invoker_(p.clock, p.launcher, concurrency_, {}, settings.cold_starts),
      dynamodb_(p.disk, p.clock, p.loops, p.ids),
      streams_(dynamodb_.streams, p.loops),
      stream_source_(dynamodb_.streams, p.loops),
      lambda_(p.disk, p.clock, p.loops, p.ids, invoker_, concurrency_, p.code, ports_),
      rest_apis_(p.disk, p.clock, p.ids),
      gateway_(p.disk, p.clock, p.ids, lambda_, rest_apis_, within()),
      door_(gateway_, rest_apis_, p.clock, p.ids, lambda_, within(), &url_port_),
      lambda_target_(lambda_),
      url_port_(lambda_),
      urls_(p.clock, p.ids, url_port_),
      sqs_(p.disk, p.clock, p.loops, p.ids, {.sixty_seconds = settings.sqs.sixty_seconds}),
      queue_target_(sqs_),
      event_queues_(sqs_),
      iam_(p.disk, p.clock, p.ids),
      logs_(p.disk, p.clock),
      log_sink_(logs_),
      services_{&lambda_, &dynamodb_, &streams_, &gateway_, &rest_apis_, &sqs_, &sts_, &iam_, &logs_},
      dispatcher_(
          services_, p.clock, p.ids, settings.strict,
          [this](http::Request r) { return unclaimed(std::move(r)); }, settings.any_host,
          [this] { return !front_api().empty(); }),
      stacks_(p.disk, p.clock, p.ids, services_) {
  ports_.serve("lambda", lambda_target_);
  ports_.serve("dynamodb", stream_source_);
  ports_.serve("sqs", queue_target_);
  ports_.serve("sqs", event_queues_);
  dynamodb_.speak(settings.dynamodb_validation);
  sqs_.urls = settings.sqs.urls;
  gateway_.authorizers.local_keys = settings.jwks;
  gateway_.access_logs.sink = rest_apis_.access_logs.sink = &log_sink_;
  if (settings.api_rate > 0)  // the burst is AWS's to choose: half a second's worth by default
    gateway_.throttles.account = rest_apis_.account = {settings.api_rate, settings.api_rate / 2};
  else
    gateway_.throttles.account = {};
}

void App::start() {
  for (Service* service : services_) service->load();
  for (Service* service : services_) loops_.spawn(service->run());
  loops_.spawn(invoker_.reap());
}

void App::verify(Report& report) {
  for (Service* service : services_) service->verify(report);
  stacks_.verify(report);
  report.covers(storage::Space::meta);
  for (auto next = storage::first_key(disk_, {}); next;) {
    const auto space = static_cast<storage::Space>(next->front());
    const auto rows = storage::prefix(storage::Key(space));
    if (!report.covered(space))
      report.add({fmt::format("key space {}", static_cast<int>(space)),
                  "it has rows that this emu does not know", "use the emu that wrote them"});
    if (rows.to.empty()) break;
    next = storage::first_key(disk_, {rows.to, {}});
  }
}

// A reply may tell of any write there was before it, also of somebody else's.
awaitable<void> App::until_durable() {
  struct Forced {
    std::shared_ptr<Wakeup> wakeup;
    std::atomic<bool> failed = false;
  };
  const auto forced = std::make_shared<Forced>(std::make_shared<Wakeup>(co_await asio::this_coro::executor));
  disk_.when_durable([forced](bool done) {
    forced->failed = !done;
    forced->wakeup->signal();
  });
  co_await clock_.wait(forced->wakeup, kNever);
  if (forced->failed) throw std::runtime_error("storage: what was written could not be forced to the medium");
}

awaitable<http::Response> App::handle(http::Request request) {
  auto response = co_await route(std::move(request));
  if (!disk_.durable()) co_await until_durable();
  co_return response;
}

awaitable<http::Response> App::handle_front(http::Request request) {
  // A custom domain is served at this port, too.
  const bool by_domain = rest_apis_.is_domain(request.headers.get("Host"));
  auto response = co_await (by_domain ? door_.serve(std::move(request)) : unclaimed(std::move(request)));
  if (!disk_.durable()) co_await until_durable();
  co_return response;
}

awaitable<http::Response> App::route(http::Request request) {
  if (gateway::Urls::claims(request)) return urls_.serve(std::move(request));
  if (door_.claims(request)) return door_.serve(std::move(request));
  return dispatcher_.handle(std::move(request));
}

http::Handler App::within() {
  return [this](http::Request request) { return dispatcher_.handle(std::move(request), false); };
}

void App::set_front_api(std::string api_id) {
  front_api_.with([&](std::string& front) { front = std::move(api_id); });
}

std::string App::front_api() {
  return front_api_.with([](const std::string& front) { return front; });
}

awaitable<http::Response> App::unclaimed(http::Request request) {
  const auto front = front_api();
  if (front.empty() && request.method == "GET" && request.target == "/")  // as DynamoDB's load balancer does
    co_return http::text_response(200, front::health(kDefaultRegion));
  if (front.empty()) {
    co_return http::json_response(
        404, Json{{"message", "emu serves nothing under " + request.method + " " +
                                  std::string(request.path()) + "; `emu status` lists what is deployed"}}
                 .dump());
  }
  const std::string_view stage = rest_apis_.serving(front) ? "" : "/$default";
  request.target = fmt::format("/_aws/execute-api/{}{}{}", front, stage, request.target);
  co_return co_await door_.serve(std::move(request));
}

awaitable<Result<Json>> App::call(std::string_view service, std::string_view operation, Context context,
                                  Json input) {
  for (Service* s : services_)
    if (s->name() == service)
      for (const auto& row : s->operations())
        if (row.name == operation) co_return co_await row.call(*s, context, std::move(input));
  co_return AwsError::internal("no such operation");
}
}  // namespace emu
