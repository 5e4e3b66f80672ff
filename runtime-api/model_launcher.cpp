#include "runtime-api/model_launcher.hpp"

#include <atomic>

#include "runtime-api/platform_error.hpp"

namespace emu::runtime {
class ModelLauncher::Model final : public Sandbox {
 public:
  Model(Clock& clock, std::shared_ptr<Guarded<State>> launcher, std::shared_ptr<const FunctionSpec> spec,
        std::shared_ptr<const ModelFunction> model)
      : clock_(clock), launcher_(std::move(launcher)), spec_(std::move(spec)), model_(std::move(model)) {}

  awaitable<Outcome> invoke(Invocation invocation) override {
    if (!model_) co_return platform_error("Runtime.InvalidEntrypoint", invocation.request_id, kNoBootstrap);
    co_await initialise();
    const Duration needed = model_->service_time();
    co_await clock_.sleep(std::min(needed, spec_->timeout));
    if (needed > spec_->timeout) co_return timed_out(invocation.request_id, spec_->timeout);
    auto outcome = model_->stream ? co_await streamed(invocation) : model_->handler(invocation);
    if (outcome.trace_id.empty()) outcome.trace_id = invocation.trace_id;
    co_return outcome;
  }

  awaitable<bool> warmed() override {
    if (model_) co_await initialise();
    co_return model_ != nullptr;
  }

  awaitable<void> initialise() {
    if (!ready_) ready_ = clock_.now() + std::max(model_->cold_start(), spec_->init_at_least);
    if (clock_.now() < *ready_) co_await clock_.sleep(*ready_ - clock_.now());
  }

  awaitable<Outcome> streamed(Invocation invocation) {
    if (invocation.sink) {
      co_await model_->stream(invocation, *invocation.sink);
      co_return Outcome{.streamed = true};
    }
    Collector all;
    co_await model_->stream(invocation, all);
    co_return Outcome{.payload = std::move(all.bytes), .content_type = std::move(all.content_type)};
  }

  void close() override {
    if (!closed_.exchange(true)) launcher_->with([](State& s) { ++s.closed; });
  }

 private:
  Clock& clock_;
  const std::shared_ptr<Guarded<State>> launcher_;
  const std::shared_ptr<const FunctionSpec> spec_;
  const std::shared_ptr<const ModelFunction> model_;
  std::optional<Time> ready_;  // its initialisation is, or will be, over
  std::atomic<bool> closed_ = false;
};

void ModelLauncher::add(std::string function_name, ModelFunction model) {
  auto shared = std::make_shared<const ModelFunction>(std::move(model));
  state_->with([&](State& s) { s.functions.insert_or_assign(std::move(function_name), std::move(shared)); });
}

awaitable<std::shared_ptr<Sandbox>> ModelLauncher::launch(std::shared_ptr<const FunctionSpec> spec) {
  auto model = state_->with([&](State& s) {
    ++s.launched;
    const auto at = s.functions.find(spec->name);
    return at == s.functions.end() ? nullptr : at->second;
  });
  co_return std::make_shared<Model>(clock_, state_, std::move(spec), std::move(model));
}

int ModelLauncher::launched() {
  return state_->with([](State& s) { return s.launched; });
}
int ModelLauncher::closed() {
  return state_->with([](State& s) { return s.closed; });
}
}  // namespace emu::runtime
