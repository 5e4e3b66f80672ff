#include "emulator/deploy/stacks/deployment.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/text.hpp"

namespace emu::deploy {
namespace {
constexpr std::size_t kRandomSuffix = 12;  // of physical names, spec-iac 8.8

Resource as_resource(const StoredResource& r) { return {r.PhysicalId, r.Attributes}; }

// The property a service's message is about ("… at 'runtime' failed to satisfy constraint …"), else the
// resource.
const Place& place_of(const TemplateResource& resource, std::string_view message) {
  for (const auto& [key, value] : resource.properties.members) {
    std::string wire = key;
    wire[0] = lower(wire[0]);
    for (const auto& name : {key, wire})
      for (const auto* end : {"'", "."})
        if (message.find("'" + name + end) != message.npos) return value.place;
  }
  return resource.place;
}

Problem failure(const TemplateResource& resource, const AwsError& error, std::string_view before = {}) {
  return {place_of(resource, error.message),
          fmt::format("{} ({}): {}{}", resource.logical_id, resource.type, before, error.message)};
}

bool replaces(const ResourceType& row, const Json& before, const Json& after) {
  if (!row.update) return true;
  return std::ranges::any_of(row.create_only, [&](std::string_view property) {
    return before.value(property, Json()) != after.value(property, Json());
  });
}

// On AWS a name given in the template cannot be taken twice, so such a replacement always fails there too.
bool custom_named(const Json& properties, const StoredResource& resource) {
  return std::ranges::any_of(properties, [&](const Json& value) { return value == resource.PhysicalId; });
}
}  // namespace

const ResourceRow* Deployment::row_of(std::string_view type) const {
  const auto it = parts_.rows.find(type);
  return it == parts_.rows.end() ? nullptr : &it->second;
}

StoredResource* Deployment::stored(std::string_view logical_id) {
  const auto it = std::ranges::find(stack_.Resources, logical_id, &StoredResource::LogicalId);
  return it == stack_.Resources.end() ? nullptr : &*it;
}

void Deployment::persist(std::string_view status, std::string reason) {
  stack_.Status = status;
  stack_.StatusReason = std::move(reason);
  stack_.UpdatedMs = epoch_ms(parts_.clock.now());
  parts_.stored.put(context_.scope, stack_.Name, stack_);
}

void Deployment::changed(const StoredResource& resource, Action action) {
  result_.changes.push_back({resource.LogicalId, resource.Type, resource.PhysicalId, action});
}

Lookup Deployment::lookup() {
  return [this](const std::string& id, const std::string& attribute) -> std::optional<Json> {
    const StoredResource* resource = stored(id);
    if (!resource) return std::nullopt;
    if (attribute.empty()) return resource->PhysicalId;
    const auto it = resource->Attributes.find(attribute);
    return it == resource->Attributes.end() ? std::nullopt : std::optional(*it);
  };
}

std::optional<std::string> Deployment::exported_elsewhere(std::string_view name, std::string* by) const {
  std::optional<std::string> found;
  parts_.stored.each([&](const Scope& scope, const std::string& stack_name, const StoredStack& stack) {
    if (scope != context_.scope || stack_name == stack_.Name) return;
    for (const auto& output : stack.Outputs)
      if (output.ExportName == name) {
        found = output.Value;
        if (by) *by = stack_name;
      }
  });
  return found;
}

Imports Deployment::imports() {
  return [this](const std::string& name) { return exported_elsewhere(name); };
}

awaitable<Deployed> Deployment::apply(const Template& wanted) {
  const bool fresh = stack_.Resources.empty();
  result_.stack_id = stack_.Id;
  Failure failed;
  for (const auto& resource : wanted.resources()) {
    failed = co_await bring(wanted, resource);
    if (failed) break;
  }
  if (!failed) failed = take_outputs(wanted);
  if (failed) {
    persist(fresh ? "ROLLBACK_IN_PROGRESS" : "UPDATE_ROLLBACK_IN_PROGRESS", failed->text);
    co_await roll_back();
    persist(fresh ? "ROLLBACK_COMPLETE" : "UPDATE_ROLLBACK_COMPLETE", failed->text);
    std::vector<Problem> all{std::move(*failed)};
    all.insert(all.end(), result_.notes.begin(), result_.notes.end());  // what could not be undone
    throw Problems(std::move(all));
  }
  stack_.Parameters = wanted.parameters();
  persist("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
  co_await clean_up(wanted);
  std::ranges::sort(
      stack_.Resources, {}, [&](const StoredResource& r) {  // what is new may stand behind what needs it
        return std::ranges::find(wanted.resources(), r.LogicalId, &TemplateResource::logical_id) -
               wanted.resources().begin();
      });
  persist(fresh ? "CREATE_COMPLETE" : "UPDATE_COMPLETE");
  result_.status = stack_.Status;
  co_return std::move(result_);
}

awaitable<Deployment::Failure> Deployment::bring(const Template& wanted, const TemplateResource& resource) {
  Json properties;
  try {
    properties = wanted.resolve(resource.properties, lookup(), imports());
  } catch (const Problems& problems) {
    co_return problems.all.front();
  }
  StoredResource* old = stored(resource.logical_id);
  if (!old) co_return co_await create(resource, std::move(properties), std::nullopt);
  old->DeletionPolicy = resource.deletion_policy;
  old->ReplacePolicy = resource.replace_policy;
  if (old->Properties == properties) {
    changed(*old, Action::unchanged);
    co_return std::nullopt;
  }
  const ResourceRow* row = row_of(resource.type);
  if (row && replaces(*row->type, old->Properties, properties)) {
    auto replaced = *old;
    co_return co_await create(resource, std::move(properties), std::move(replaced));
  }
  co_return co_await update(resource, *old, std::move(properties));
}

awaitable<Deployment::Failure> Deployment::create(const TemplateResource& resource, Json properties,
                                                  std::optional<StoredResource> instead_of) {
  const ResourceRow* row = row_of(resource.type);
  const std::string name =
      fmt::format("{}-{}-{}", stack_.Name, resource.logical_id, parts_.ids.text(kRandomSuffix, Ids::kAlnum));
  Result<Resource> made = Resource{name};  // types without a row (AWS::CDK::Metadata) are only recorded
  if (row) {
    ResourceRequest request{resource.logical_id, stack_.Name, name, properties};
    made = co_await call_create(*row, std::move(request));
  }
  if (!made) {
    const bool named = instead_of && custom_named(properties, *instead_of);
    const std::string why =
        named ? fmt::format(
                    "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
                    "Rename {} and update the stack again. ",
                    instead_of->PhysicalId)
              : "";
    co_return failure(resource, made.error(), why);
  }
  StoredResource record{resource.logical_id,    resource.type,         made->physical_id,
                        made->attributes,       std::move(properties), resource.deletion_policy,
                        resource.replace_policy};
  if (StoredResource* old = stored(resource.logical_id)) {
    stack_.Replaced.push_back(*old);
    *old = record;
  } else {
    stack_.Resources.push_back(record);
  }
  changed(record, instead_of ? Action::replaced : Action::created);
  journal_.push_back({std::move(record), std::move(instead_of)});
  persist(stack_.Status);
  co_return std::nullopt;
}

awaitable<Deployment::Failure> Deployment::update(const TemplateResource& resource, StoredResource& old,
                                                  Json properties) {
  StoredResource before = old;
  if (const ResourceRow* row = row_of(resource.type)) {
    ResourceRequest request{resource.logical_id, stack_.Name, old.PhysicalId, properties};
    Result<Resource> made = co_await call_update(*row, as_resource(before), std::move(request));
    if (!made) co_return failure(resource, made.error());
    old.PhysicalId = made->physical_id;
    old.Attributes = made->attributes;
  }
  old.Properties = std::move(properties);
  changed(old, Action::updated);
  journal_.push_back({std::nullopt, std::move(before)});
  persist(stack_.Status);
  co_return std::nullopt;
}

Deployment::Failure Deployment::take_outputs(const Template& wanted) {
  try {
    result_.outputs = wanted.outputs(lookup(), imports());
  } catch (const Problems& problems) {
    return problems.all.front();
  }
  std::vector<StoredOutput> outputs;
  for (const auto& output : result_.outputs) {
    std::string by;
    if (!output.export_name.empty() && exported_elsewhere(output.export_name, &by))
      return Problem{
          {}, fmt::format("Export with name {} is already exported by stack {}", output.export_name, by)};
    outputs.push_back({output.key, output.value, output.description, output.export_name});
  }
  stack_.Outputs = std::move(outputs);
  return std::nullopt;
}

awaitable<Deployment::Failure> Deployment::erase(StoredResource resource, bool keep) {
  if (keep) {
    changed(resource, Action::retained);
    co_return std::nullopt;
  }
  if (const ResourceRow* row = row_of(resource.Type); row && row->type->remove) {
    const Result<Done> done = co_await call_remove(*row, as_resource(resource));
    if (!done)
      co_return Problem{{},
                        fmt::format("{} ({}) could not be deleted: {}", resource.LogicalId, resource.Type,
                                    done.error().message)};
  }
  changed(resource, Action::deleted);
  co_return std::nullopt;
}

// Deletes, last made first, what the template has no more and what was replaced. As on AWS, what cannot be
// deleted now is forgotten, and said.
awaitable<void> Deployment::clean_up(const Template& wanted) {
  while (!stack_.Replaced.empty()) {
    StoredResource old = stack_.Replaced.back();
    const bool keep = !old.ReplacePolicy.empty();
    if (auto failed = co_await erase(std::move(old), keep)) result_.notes.push_back(std::move(*failed));
    stack_.Replaced.pop_back();
    persist(stack_.Status);
  }
  for (std::size_t i = stack_.Resources.size(); i-- > 0;) {
    StoredResource old = stack_.Resources[i];
    if (std::ranges::any_of(wanted.resources(), [&](const auto& r) { return r.logical_id == old.LogicalId; }))
      continue;
    const bool keep = !old.DeletionPolicy.empty();
    if (auto failed = co_await erase(std::move(old), keep)) result_.notes.push_back(std::move(*failed));
    stack_.Resources.erase(stack_.Resources.begin() + static_cast<std::ptrdiff_t>(i));
    persist(stack_.Status);
  }
}

awaitable<void> Deployment::roll_back() {
  result_.notes.clear();
  for (; !journal_.empty(); journal_.pop_back()) {
    Undo undo = journal_.back();
    const std::string id = undo.made ? undo.made->LogicalId : undo.before->LogicalId;
    if (undo.made) {
      const bool keep = undo.made->DeletionPolicy == "Retain" || undo.made->DeletionPolicy == "Snapshot";
      StoredResource made = *undo.made;
      if (auto failed = co_await erase(std::move(made), keep)) result_.notes.push_back(std::move(*failed));
    } else if (const ResourceRow* row = row_of(undo.before->Type)) {
      ResourceRequest request{id, stack_.Name, undo.before->PhysicalId, undo.before->Properties};
      Resource now = as_resource(*stored(id));
      const Result<Resource> done = co_await call_update(*row, std::move(now), std::move(request));
      if (!done)
        result_.notes.push_back(
            {{}, fmt::format("{} could not be put back as it was: {}", id, done.error().message)});
    }
    if (undo.before)
      *stored(id) = *undo.before;
    else
      std::erase_if(stack_.Resources, [&](const StoredResource& r) { return r.LogicalId == id; });
    if (undo.made && undo.before)
      std::erase_if(stack_.Replaced, [&](const StoredResource& r) {
        return r.PhysicalId == undo.before->PhysicalId && r.LogicalId == id;
      });
    persist(stack_.Status, stack_.StatusReason);
  }
}

awaitable<Deployed> Deployment::remove() {
  result_.stack_id = stack_.Id;
  persist("DELETE_IN_PROGRESS");
  std::string failed_ids;
  std::vector<StoredResource> left;
  std::vector<Problem> problems;
  for (auto* list : {&stack_.Resources, &stack_.Replaced}) {
    while (!list->empty()) {
      StoredResource resource = list->back();
      StoredResource copy = resource;
      const bool keep = !resource.DeletionPolicy.empty();
      if (auto failed = co_await erase(std::move(copy), keep)) {
        problems.push_back(std::move(*failed));
        failed_ids += (failed_ids.empty() ? "" : ", ") + resource.LogicalId;
        left.insert(left.begin(), std::move(resource));
      }
      list->pop_back();
    }
  }
  stack_.Resources = std::move(left);
  if (!problems.empty()) {
    persist("DELETE_FAILED", fmt::format("The following resource(s) failed to delete: [{}]. ", failed_ids));
    throw Problems(std::move(problems));
  }
  parts_.stored.erase(context_.scope, stack_.Name);
  result_.status = "DELETE_COMPLETE";
  co_return std::move(result_);
}

awaitable<Result<Resource>> Deployment::call_create(ResourceRow row, ResourceRequest request) {
  try {
    co_return co_await row.type->create(*row.service, context_, std::move(request));
  } catch (const AwsError& e) {  // a property that does not decode
    co_return e;
  }
}

awaitable<Result<Resource>> Deployment::call_update(ResourceRow row, Resource old, ResourceRequest request) {
  try {
    co_return co_await row.type->update(*row.service, context_, std::move(old), std::move(request));
  } catch (const AwsError& e) {
    co_return e;
  }
}

awaitable<Result<Done>> Deployment::call_remove(ResourceRow row, Resource old) {
  try {
    co_return co_await row.type->remove(*row.service, context_, std::move(old));
  } catch (const AwsError& e) {
    co_return e;
  }
}
}  // namespace emu::deploy
