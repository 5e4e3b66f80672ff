#include "emulator/services/lambda/live.hpp"

namespace emu::lambda {
using Ready = std::shared_ptr<runtime::Function>;

awaitable<Result<Ready>> Live::ready(std::shared_ptr<Live> self, CodeStore& store,
                                     runtime::Invoker& invoker) {
  const auto generation = store.generation(self->code_);
  auto current = self->slot_.with(
      [&](Slot& slot) { return slot.function && slot.generation == generation ? slot.function : Ready{}; });
  if (current) co_return current;

  auto prepared = co_await store.prepare(self->code_, self->spec_.runtime, self->spec_.handler);
  if (!prepared) co_return std::move(prepared.error());
  auto spec = self->spec_;
  spec.task_root = std::move(*prepared);
  auto fresh = std::make_shared<runtime::Function>(std::move(spec));
  Ready old;
  bool retired = false;
  auto chosen = self->slot_.with([&](Slot& slot) {
    if (slot.function && slot.generation == generation)
      return slot.function;  // another invocation was faster
    slot.generation = generation;
    const bool bundle = fresh->spec->task_root != self->code_.task_root;
    if (bundle && slot.function && slot.function->spec->task_root == fresh->spec->task_root)
      return slot.function;  // bundles are named after their content: what changed was not part of it
    old = std::exchange(slot.function, fresh);
    retired = slot.retired;
    return fresh;
  });
  if (old) invoker.retire(std::move(old));
  if (retired) invoker.retire(chosen);  // updated meanwhile: it serves this invocation and ends
  co_return chosen;
}

void Live::retire(runtime::Invoker& invoker) {
  auto function = slot_.with([](Slot& slot) {
    slot.retired = true;
    return slot.function;
  });
  if (function) invoker.retire(std::move(function));
}
}  // namespace emu::lambda
