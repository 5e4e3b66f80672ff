#include "emulator/deploy/stacks/stacks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/deploy/stacks/deployment.hpp"
#include "emulator/source/spelling.hpp"

namespace emu::deploy {
namespace {
constexpr std::string_view kRecordedOnly = "AWS::CDK::Metadata";  // does nothing on AWS either

std::string listed(const auto& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

bool has(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

void check_properties(const TemplateResource& resource, const ResourceType& row,
                      std::vector<Problem>& problems, Notes& notes) {
  std::vector<std::string_view> known(row.properties.begin(), row.properties.end());
  known.insert(known.end(), row.without_effect.begin(), row.without_effect.end());
  for (const auto& [name, value] : resource.properties.members) {
    if (has(row.properties, name)) continue;
    if (has(row.without_effect, name)) {
      const std::string text = fmt::format("{} of {} is accepted and has no effect here", name, row.type);
      const bool written = value.place.line > 0;  // by the user, and not by a compiler
      if (written && std::ranges::find(notes, text, &Note::text) == notes.end())
        notes.push_back({value.place, text});
      continue;
    }
    const auto near = nearest(name, known);
    problems.push_back(
        {value.place, near ? fmt::format("{} ({}): unsupported property \"{}\"; did you mean \"{}\"?",
                                         resource.logical_id, row.type, name, *near)
                           : fmt::format("{} ({}): unsupported property \"{}\"; supported are {}",
                                         resource.logical_id, row.type, name, listed(known))});
  }
}

// Everything that can be known to be wrong before the first change.
Notes check_against(const Template& wanted, const ResourceRows& rows, const StoredStack* before) {
  std::vector<Problem> problems;
  Notes notes;
  std::vector<std::string_view> types;
  for (const auto& [type, row] : rows) types.push_back(type);
  for (const auto& resource : wanted.resources()) {
    const auto row = rows.find(resource.type);
    if (row != rows.end())
      check_properties(resource, *row->second.type, problems, notes);
    else if (resource.type != kRecordedOnly) {
      const auto near = nearest(resource.type, types);
      problems.push_back(
          {resource.type_place,
           near ? fmt::format("Unrecognized resource types: [{}]; did you mean {}?", resource.type, *near)
                : fmt::format("Unrecognized resource types: [{}]; supported are {}", resource.type,
                              listed(types))});
    }
    if (!before) continue;
    const auto old = std::ranges::find(before->Resources, resource.logical_id, &StoredResource::LogicalId);
    if (old != before->Resources.end() && old->Type != resource.type)
      problems.push_back(
          {resource.type_place,
           fmt::format("Update of resource type is not permitted. The new template modifies resource type "
                       "of the following resources: [{}] (was {})",
                       resource.logical_id, old->Type)});
  }
  if (!problems.empty()) throw Problems(std::move(problems));
  return notes;
}

// Marks a stack as being deployed for as long as it lives.
class Busy {
 public:
  Busy(Guarded<std::set<std::string>>& busy, const Scope& scope, const std::string& name)
      : busy_(busy), key_(scope.account + "/" + scope.region + "/" + name) {
    if (!busy_.with([&](auto& set) { return set.insert(key_).second; }))
      throw Problems(Place{},
                     fmt::format("Stack {} is being deployed already; wait until that is done", name));
  }
  ~Busy() {
    busy_.with([&](auto& set) { set.erase(key_); });
  }
  Busy(const Busy&) = delete;

 private:
  Guarded<std::set<std::string>>& busy_;
  std::string key_;
};
}  // namespace

Stacks::Stacks(storage::Engine& disk, Clock& clock, Ids& ids, std::vector<Service*> services)
    : stored_(disk, storage::Space::stacks), clock_(clock), ids_(ids) {
  for (Service* service : services)
    for (const auto& type : service->resource_types()) rows_.emplace(type.type, ResourceRow{service, &type});
}

std::optional<StoredStack> Stacks::find(const Scope& scope, std::string_view stack_name) const {
  return stored_.get(scope, stack_name);
}

void Stacks::check(const Scope& scope, const std::string& stack_name, Node document,
                   const Parameters& given) const {
  const auto before = find(scope, stack_name);
  const Template wanted(std::move(document),
                        {scope.account, scope.region, stack_name, before ? before->Id : stack_name}, given);
  check_against(wanted, rows_, before ? &*before : nullptr);
}

awaitable<Deployed> Stacks::apply(Context context, std::string stack_name, Node document, Parameters given) {
  const Busy busy(busy_, context.scope, stack_name);
  auto before = find(context.scope, stack_name);
  StoredStack stack;
  if (before) {
    stack = *before;
  } else {
    stack.Name = stack_name;
    stack.Id = fmt::format("arn:aws:cloudformation:{}:{}:stack/{}/{}", context.scope.region,
                           context.scope.account, stack_name, ids_.uuid());
    stack.CreatedMs = epoch_ms(clock_.now());
  }
  stack.Status = before && !before->Resources.empty() ? "UPDATE_IN_PROGRESS" : "CREATE_IN_PROGRESS";
  const Template wanted(std::move(document),
                        {context.scope.account, context.scope.region, stack_name, stack.Id}, given);
  Notes notes = check_against(wanted, rows_, before ? &*before : nullptr);
  Deployment deployment({stored_, clock_, ids_, rows_}, std::move(context), std::move(stack));
  Deployed deployed = co_await deployment.apply(wanted);
  deployed.notes.insert(deployed.notes.begin(), notes.begin(), notes.end());
  co_return deployed;
}

awaitable<Deployed> Stacks::remove(Context context, std::string stack_name) {
  const Busy busy(busy_, context.scope, stack_name);
  auto stack = find(context.scope, stack_name);
  if (!stack) co_return Deployed{.status = "DELETE_COMPLETE"};
  Deployment deployment({stored_, clock_, ids_, rows_}, std::move(context), std::move(*stack));
  co_return co_await deployment.remove();
}
}  // namespace emu::deploy
