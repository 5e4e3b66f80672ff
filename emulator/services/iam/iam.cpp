#include "emulator/services/iam/iam.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/iam/roles.hpp"

namespace emu::iam {
std::span<const Operation> Iam::operations() const {
  static const auto rows = joined({role_operations(), role_policy_operations()});
  return rows;
}

std::span<const ResourceType> Iam::resource_types() const { return resource_rows(); }

void Iam::load() {
  roles_.with([&](auto& all) {
    records_.each([&](const Scope& scope, const std::string& name, KeptRole kept) {
      all[scope.account][name] = std::move(kept);
    });
  });
}

AwsError no_such_entity(std::string message) { return {"NoSuchEntity", std::move(message), 404}; }
AwsError limit_exceeded(std::string message) { return {"LimitExceeded", std::move(message), 409}; }
AwsError no_such_role(std::string_view name) {
  return no_such_entity(fmt::format("The role with name {} cannot be found.", name));
}

void check_name(std::string_view name, std::string_view member, std::size_t longest) {
  if (name.empty()) throw violated(name, member, "Member must have length greater than or equal to 1");
  if (name.size() > longest)
    throw violated(name, member, fmt::format("Member must have length less than or equal to {}", longest));
  const bool plain = std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) ||
           std::string_view("_+=,.@-").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (!plain) throw violated(name, member, "Member must satisfy regular expression pattern: [\\w+=,.@-]+");
}

std::size_t check_policy(const std::string& document) {
  const auto json = bounded_parse(document);
  if (json.is_discarded()) throw AwsError{"MalformedPolicyDocument", "This policy contains invalid Json"};
  if (!json.is_object() || !json.contains("Statement"))
    throw AwsError{"MalformedPolicyDocument", "Syntax errors in policy."};
  return static_cast<std::size_t>(
      std::ranges::count_if(document, [](unsigned char c) { return !std::isspace(c); }));
}
}  // namespace emu::iam
