#include "emulator/app.hpp"

namespace emu {
App::App(const Parts& p, bool strict)
    : loops_(p.loops),
      invoker_(p.clock, p.launcher, concurrency_),
      dynamodb_(p.disk, p.clock, p.loops, p.ids),
      lambda_(p.disk, p.clock, p.loops, p.ids, invoker_, concurrency_, p.code),
      gateway_(p.disk, p.clock, p.ids, lambda_),
      lambda_target_(lambda_),
      iam_(p.disk, p.clock, p.ids),
      logs_(p.disk, p.clock),
      services_{&lambda_, &dynamodb_, &gateway_, &sts_, &iam_, &logs_},
      dispatcher_(services_, p.ids, strict, [this](http::Request r) { return unclaimed(std::move(r)); }),
      stacks_(p.disk, p.clock, p.ids, services_) {
  ports_.serve("lambda", lambda_target_);
}

void App::start() {
  for (Service* service : services_) service->load();
  for (Service* service : services_) loops_.spawn(service->run());
  loops_.spawn(invoker_.reap());
}

awaitable<http::Response> App::handle(http::Request request) {
  if (gateway_.claims(request)) return gateway_.serve(std::move(request));
  return dispatcher_.handle(std::move(request));
}

void App::set_front_api(std::string api_id) {
  front_api_.with([&](std::string& front) { front = std::move(api_id); });
}

std::string App::front_api() {
  return front_api_.with([](const std::string& front) { return front; });
}

awaitable<http::Response> App::unclaimed(http::Request request) {
  const auto front = front_api();
  if (front.empty()) {
    co_return http::json_response(
        404, Json{{"message", "emu serves nothing under " + request.method + " " +
                                  std::string(request.path()) + "; `emu status` lists what is deployed"}}
                 .dump());
  }
  request.target = "/_aws/execute-api/" + front + "/$default" + request.target;
  co_return co_await gateway_.serve(std::move(request));
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
