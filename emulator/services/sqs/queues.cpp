#include "emulator/services/sqs/queues.hpp"

#include <mutex>

namespace emu::sqs {
SharedQueue Queues::find(const Scope& scope, std::string_view name) const {
  const std::shared_lock hold(mutex_);
  const auto names = by_scope_.find(scope);
  if (names == by_scope_.end()) return nullptr;
  const auto it = names->second.find(name);
  return it == names->second.end() ? nullptr : it->second;
}

SharedQueue Queues::find(std::string_view arn) const {
  const auto parsed = Arn::parse(arn);
  if (!parsed || parsed->service != "sqs") return nullptr;
  return find({parsed->account, parsed->region}, parsed->resource);
}

std::vector<SharedQueue> Queues::in(const Scope& scope) const {
  std::vector<SharedQueue> out;
  const std::shared_lock hold(mutex_);
  if (const auto names = by_scope_.find(scope); names != by_scope_.end())
    for (const auto& [name, queue] : names->second) out.push_back(queue);
  return out;
}

std::vector<SharedQueue> Queues::all() const {
  std::vector<SharedQueue> out;
  const std::shared_lock hold(mutex_);
  for (const auto& [scope, names] : by_scope_)
    for (const auto& [name, queue] : names) out.push_back(queue);
  return out;
}

bool Queues::add(SharedQueue queue) {
  const std::lock_guard hold(mutex_);
  auto& slot = by_scope_[queue->scope][queue->name];
  if (slot) return false;
  slot = std::move(queue);
  return true;
}

void Queues::remove(const Queue& queue) {
  const std::lock_guard hold(mutex_);
  const auto names = by_scope_.find(queue.scope);
  if (names == by_scope_.end()) return;
  const auto it = names->second.find(queue.name);
  if (it != names->second.end() && it->second.get() == &queue) names->second.erase(it);
}
}  // namespace emu::sqs
