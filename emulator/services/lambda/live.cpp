#include "emulator/services/lambda/live.hpp"

namespace emu::lambda {
using Ready = std::shared_ptr<runtime::Function>;

std::uint64_t Live::layers_generation(const CodeStore& store) const {
  std::uint64_t sum = 0;  // each only grows
  for (const auto& layer : layers_) sum += store.generation(layer);
  return sum;
}

awaitable<Result<Ready>> Live::ready(std::shared_ptr<Live> self, CodeStore& store,
                                     runtime::Invoker& invoker) {
  const auto generation = store.generation(self->code_);
  const auto layers = self->layers_generation(store);
  const auto is_current = [&](const Slot& slot) {
    return slot.function && slot.generation == generation && slot.layers == layers;
  };
  auto current = self->slot_.with([&](Slot& slot) { return is_current(slot) ? slot.function : Ready{}; });
  if (current) co_return current;

  auto prepared = co_await store.prepare(self->code_, self->spec_.runtime, self->spec_.handler);
  if (!prepared) co_return std::move(prepared.error());
  auto spec = self->spec_;
  spec.task_root = std::move(*prepared);
  auto fresh = std::make_shared<runtime::Function>(std::move(spec));
  Ready old;
  bool retired = false;
  int wanted = 0;
  auto chosen = self->slot_.with([&](Slot& slot) {
    if (is_current(slot)) return slot.function;  // another invocation was faster
    slot.generation = generation;
    const bool same_layers = std::exchange(slot.layers, layers) == layers;
    const bool bundle = same_layers && fresh->spec->task_root != self->code_.task_root;
    if (bundle && slot.function && slot.function->spec->task_root == fresh->spec->task_root)
      return slot.function;  // bundles are named after their content: what changed was not part of it
    old = std::exchange(slot.function, fresh);
    retired = slot.retired;
    wanted = slot.wanted;
    return fresh;
  });
  if (old) invoker.retire(std::move(old));
  if (retired) invoker.retire(chosen);  // updated meanwhile: it serves this invocation and ends
  if (wanted > 0 && !retired) co_await invoker.provision(chosen, wanted);  // of the code as it is now
  co_return chosen;
}

bool Live::want(int environments) {
  return slot_.with([&](Slot& slot) { return std::exchange(slot.wanted, environments) != environments; });
}

awaitable<void> Live::provision(std::shared_ptr<Live> self, int environments, CodeStore& store,
                                runtime::Invoker& invoker) {
  auto function = co_await ready(self, store, invoker);
  const bool current = self->slot_.with([&](Slot& slot) {
    slot.unprepared = !function;
    return slot.wanted == environments && !slot.retired;  // else whoever changed it provisions
  });
  if (!function || !current) co_return;
  auto& prepared = *function;
  co_await invoker.provision(std::move(prepared), environments);
}

runtime::ProvisionedView Live::provisioned(runtime::Invoker& invoker) {
  const auto [function, unprepared] =
      slot_.with([](Slot& slot) { return std::pair(slot.function, slot.unprepared); });
  auto out = function ? invoker.provisioned(*function) : runtime::ProvisionedView{};
  out.failed = out.failed || unprepared;
  return out;
}

void Live::retire(runtime::Invoker& invoker) {
  auto function = slot_.with([](Slot& slot) {
    slot.retired = true;
    return slot.function;
  });
  if (function) invoker.retire(std::move(function));
}
}  // namespace emu::lambda
