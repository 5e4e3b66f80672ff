// The queues of every scope, by name.
#pragma once
#include <map>
#include <shared_mutex>
#include <vector>

#include "emulator/services/sqs/queue.hpp"

namespace emu::sqs {
class Queues {
 public:
  SharedQueue find(const Scope& scope, std::string_view name) const;  // null: none
  SharedQueue find(std::string_view arn) const;
  std::vector<SharedQueue> in(const Scope& scope) const;  // by name, ascending
  std::vector<SharedQueue> all() const;                   // of every scope
  bool add(SharedQueue queue);                            // false: the name is taken
  void remove(const Queue& queue);

 private:
  using ByName = std::map<std::string, SharedQueue, std::less<>>;
  mutable std::shared_mutex mutex_;
  std::map<Scope, ByName> by_scope_;
};
}  // namespace emu::sqs
