// Stands in for processes: a function is a C++ callable with a cold start and a service time, all on the
// Clock. For World tests and experiments, which so run the same pool, limits and invoker as `emu up`.
#pragma once
#include "emulator/base/guarded.hpp"
#include "runtime-api/launcher.hpp"
#include "runtime-api/response_stream.hpp"

namespace emu::runtime {
struct ModelFunction {
  std::function<Outcome(const Invocation&)> handler;
  std::function<Duration()> cold_start = [] { return Duration::zero(); };
  std::function<Duration()> service_time = [] { return Duration::zero(); };
  // Set: the function streams what this writes, instead of answering by its handler.
  std::function<awaitable<void>(Invocation, ResponseSink&)> stream = nullptr;
};

class ModelLauncher final : public Launcher {
 public:
  explicit ModelLauncher(Clock& clock) : clock_(clock) {}
  void add(std::string function_name, ModelFunction model);  // replaces an earlier one
  // A function without a model fails as one without code does: Runtime.InvalidEntrypoint.
  awaitable<std::shared_ptr<Sandbox>> launch(std::shared_ptr<const FunctionSpec> spec) override;
  int launched();  // environments so far
  int closed();

 private:
  struct State {
    std::map<std::string, std::shared_ptr<const ModelFunction>> functions;
    int launched = 0, closed = 0;
  };
  Clock& clock_;
  std::shared_ptr<Guarded<State>> state_ = std::make_shared<Guarded<State>>();
  class Model;
};
}  // namespace emu::runtime
