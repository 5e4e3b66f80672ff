// Stacks: every front end (serverless.yml now) hands a template to apply(), which creates, updates and
// deletes resources through the rows the services contribute (emulator/api/resource.hpp); it knows none of
// them by name. A template that cannot work is refused before anything is created (and by check(), so that
// none of several is applied where one cannot work); a failure on the way is rolled back. Both are thrown as
// Problems. One deployment of a stack at a time. Owned by App.
#pragma once
#include <set>

#include "emulator/api/service.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/deploy/stacks/stored_stack.hpp"
#include "emulator/deploy/templates/template.hpp"

namespace emu::deploy {
struct ResourceRow {
  Service* service;
  const ResourceType* type;
};
using ResourceRows = std::map<std::string_view, ResourceRow>;

enum class Action { unchanged, created, updated, replaced, deleted, retained };
struct Change {
  std::string logical_id, type, physical_id;
  Action action;
};

struct Deployed {
  std::string stack_id, status;  // "UPDATE_COMPLETE"
  std::vector<Change> changes;   // one per resource, in the order they were made
  std::vector<Output> outputs;
  Notes notes;
};

class Stacks {
 public:
  Stacks(storage::Engine& disk, Clock& clock, Ids& ids, std::vector<Service*> services);
  Stacks(const Stacks&) = delete;

  // Throws Problems for what apply() would refuse before its first change.
  void check(const Scope& scope, const std::string& stack_name, Node document, const Parameters& given) const;
  awaitable<Deployed> apply(Context context, std::string stack_name, Node document, Parameters given);
  // Deletes every resource that is not to be retained, and forgets the stack. No such stack: nothing to do.
  awaitable<Deployed> remove(Context context, std::string stack_name);
  void verify(Report& report) const { stored_.verify(report, "stack"); }
  std::optional<StoredStack> find(const Scope& scope, std::string_view stack_name) const;

 private:
  Records<StoredStack> stored_;
  Clock& clock_;
  Ids& ids_;
  ResourceRows rows_;
  Guarded<std::set<std::string>> busy_;
};
}  // namespace emu::deploy
