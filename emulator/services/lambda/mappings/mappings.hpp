// The event source mappings there are: durable, found by UUID, each with its runner. Owned by Lambda; its
// operations are in operations.cpp. What a change is on its way to ("Creating") is answered first and becomes
// true by settle().
#pragma once
#include <functional>

#include "emulator/api/records.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/services/lambda/mappings/runner.hpp"

namespace emu::lambda {
class Lambda;

class Mappings {
 public:
  Mappings(Lambda& lambda, storage::Engine& disk);
  void load();
  void start();  // their runners, once every service is loaded
  void verify(Report& report) const;

  // The UUID of the mapping of this source and function, if there is one already; else adds it.
  std::optional<std::string> add(const Scope& scope, Mapping mapping);
  SharedMapping find(const Scope& scope, std::string_view uuid);  // null: there is none
  // The mapping as `change` made it; null: there is none. What `change` throws changes nothing.
  SharedMapping change(const Scope& scope, std::string_view uuid,
                       const std::function<void(Mapping&)>& change);
  std::vector<SharedMapping> list(const Scope& scope);  // by UUID
  // Brings it where it is on its way to: at work, at rest, gone.
  void settle(const Scope& scope, const std::string& uuid);
  void settle_after_reply(const Scope& scope, const std::string& uuid);

  // How far a runner has come.
  std::optional<Checkpoint> checkpoint(const Scope& scope, const Mapping& mapping,
                                       std::string_view shard) const;
  void save(const Scope& scope, const Mapping& mapping, std::string_view shard, const Checkpoint& checkpoint);
  void note_result(const Scope& scope, const Mapping& mapping, std::string_view result);

 private:
  struct Key {
    Scope scope;
    std::string uuid;
    auto operator<=>(const Key&) const = default;
  };
  struct Entry {
    SharedMapping mapping;
    std::shared_ptr<Runner> runner;
  };
  using Entries = std::map<Key, Entry>;
  bool settled(const Scope& scope, const std::string& uuid);  // false: a full disk, say
  std::shared_ptr<Runner> make_runner(const Scope& scope, SharedMapping mapping);
  void forget_checkpoints(const Scope& scope, const std::string& uuid);

  Lambda& lambda_;
  storage::Engine& disk_;
  Records<Mapping> records_;
  Records<Checkpoint> checkpoints_;
  Guarded<Entries> entries_;
};
}  // namespace emu::lambda
