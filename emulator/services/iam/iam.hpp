// Identity and Access Management: roles with their policies, kept and shown but not enforced: every caller
// may do everything. Roles belong to an account, not to a region.
#pragma once
#include "emulator/api/records.hpp"
#include "emulator/api/service.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/services/iam/role.hpp"

namespace emu::iam {
class Iam final : public Service {
 public:
  Iam(storage::Engine& disk, Clock& clock, Ids& ids)
      : clock(clock), ids(ids), records_(disk, storage::Space::roles) {}
  std::string_view name() const override { return "iam"; }
  Protocol protocol() const override { return Protocol::query; }
  std::string_view xml_namespace() const override { return "https://iam.amazonaws.com/doc/2010-05-08/"; }
  std::span<const Operation> operations() const override;
  std::span<const ResourceType> resource_types() const override;
  void load() override;
  void verify(Report& report) override { records_.verify(report, "role"); }

  using Roles = std::map<std::string, KeptRole>;  // by name
  // Runs work(Roles of the account) under the lock.
  template <class F>
  auto with(const Scope& scope, F work) {
    return roles_.with([&](auto& all) { return work(all[scope.account]); });
  }
  void save(const Scope& scope, const KeptRole& kept) {
    records_.put(global(scope), kept.role.RoleName, kept);
  }
  void forget(const Scope& scope, const std::string& name) { records_.erase(global(scope), name); }

  Clock& clock;
  Ids& ids;

 private:
  static Scope global(const Scope& scope) { return {scope.account, "aws-global"}; }
  Guarded<std::map<std::string, Roles>> roles_;  // by account
  Records<KeptRole> records_;
};

AwsError no_such_role(std::string_view name);

// Changes a role that exists; edit(KeptRole&) returns a Result, and what succeeds is kept.
template <class F>
auto change_role(Iam& iam, const Context& context, const std::string& name, F edit) {
  return iam.with(context.scope, [&](Iam::Roles& roles) -> decltype(edit(std::declval<KeptRole&>())) {
    const auto it = roles.find(name);
    if (it == roles.end()) return no_such_role(name);
    KeptRole next = it->second;
    auto result = edit(next);
    if (result) {
      iam.save(context.scope, next);
      it->second = std::move(next);
    }
    return result;
  });
}
}  // namespace emu::iam
