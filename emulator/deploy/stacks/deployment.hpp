// One run of one stack towards a template: what Stacks::apply and remove do, step by step, with the journal
// that a rollback needs (spec-iac 8). Lives as long as the run.
#pragma once
#include "emulator/deploy/stacks/stacks.hpp"

namespace emu::deploy {
struct DeploymentParts {
  Records<StoredStack>& stored;
  Clock& clock;
  Ids& ids;
  const ResourceRows& rows;
};

class Deployment {
 public:
  Deployment(DeploymentParts parts, Context context, StoredStack stack)
      : parts_(parts), context_(std::move(context)), stack_(std::move(stack)) {}
  Deployment(const Deployment&) = delete;

  awaitable<Deployed> apply(const Template& wanted);  // throws Problems, having rolled back
  awaitable<Deployed> remove();

 private:
  // Undoes one step: deletes what was made (if anything), puts back what was there (if anything).
  struct Undo {
    std::optional<StoredResource> made, before;
  };
  using Failure = std::optional<Problem>;

  awaitable<Failure> bring(const Template& wanted, const TemplateResource& resource);
  awaitable<Failure> create(const TemplateResource& resource, Json properties,
                            std::optional<StoredResource> instead_of);
  awaitable<Failure> update(const TemplateResource& resource, StoredResource& old, Json properties);
  awaitable<Failure> erase(StoredResource resource, bool keep);
  awaitable<void> clean_up(const Template& wanted);
  awaitable<void> roll_back();
  Failure take_outputs(const Template& wanted);

  awaitable<Result<Resource>> call_create(ResourceRow row, ResourceRequest request);
  awaitable<Result<Resource>> call_update(ResourceRow row, Resource old, ResourceRequest request);
  awaitable<Result<Done>> call_remove(ResourceRow row, Resource old);

  const ResourceRow* row_of(std::string_view type) const;
  StoredResource* stored(std::string_view logical_id);
  std::optional<std::string> exported_elsewhere(std::string_view name, std::string* by = nullptr) const;
  Lookup lookup();
  Imports imports();
  void persist(std::string_view status, std::string reason = "");
  void changed(const StoredResource& resource, Action action);

  DeploymentParts parts_;
  Context context_;
  StoredStack stack_;
  std::vector<Undo> journal_;
  Deployed result_;
};
}  // namespace emu::deploy
