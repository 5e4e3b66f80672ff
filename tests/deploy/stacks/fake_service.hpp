// A service of three resource types, and a log of what was asked of it. Things are kept by name; a Thing
// whose Fail property is set refuses to be made, updated or deleted.
#pragma once
#include <fmt/format.h>

#include "tests/support/world.hpp"

namespace emu::test {
class FakeService final : public Service {
 public:
  std::string_view name() const override { return "fake"; }
  Protocol protocol() const override { return Protocol::json10; }
  std::span<const Operation> operations() const override { return {}; }
  std::span<const ResourceType> resource_types() const override;
  std::string log;                     // "+A ~A -A"
  std::map<std::string, Json> things;  // by physical id

  std::string take_log() { return std::exchange(log, ""); }
};

namespace fake {
inline Result<Done> refuse_if_asked(const Json& properties, std::string_view when) {
  if (properties.value("Fail", "") == when)
    return AwsError::validation(fmt::format("Value at 'fail' was not liked on {}", when));
  return Done{};
}

inline awaitable<Result<Resource>> create(Service& s, Context&, ResourceRequest in) {
  auto& self = static_cast<FakeService&>(s);
  if (auto ok = refuse_if_asked(in.properties, "create"); !ok) co_return ok.error();
  const auto id = in.properties.value("Name", in.suggested_name);
  if (self.things.contains(id)) co_return AwsError{"AlreadyExists", id + " already exists"};
  if (in.properties.contains("Number") && !in.properties["Number"].is_number())
    throw AwsError::validation("Number is no number");
  self.things[id] = in.properties;
  self.log += "+" + in.logical_id + " ";
  co_return Resource{id, {{"Arn", "arn:" + id}}};
}

inline awaitable<Result<Resource>> update(Service& s, Context&, Resource old, ResourceRequest in) {
  auto& self = static_cast<FakeService&>(s);
  if (auto ok = refuse_if_asked(in.properties, "update"); !ok) co_return ok.error();
  self.things[old.physical_id] = in.properties;
  self.log += "~" + in.logical_id + " ";
  co_return old;
}

inline awaitable<Result<Done>> remove(Service& s, Context&, Resource old) {
  auto& self = static_cast<FakeService&>(s);
  if (auto ok = refuse_if_asked(self.things[old.physical_id], "remove"); !ok) co_return ok.error();
  self.things.erase(old.physical_id);
  self.log += "-" + old.attributes["Arn"].get<std::string>().substr(4) + " ";
  co_return Done{};
}

inline constexpr std::string_view kProperties[] = {"Name", "Size", "Link", "Number", "Fail"};
inline constexpr std::string_view kWithoutEffect[] = {"Tags"};
inline constexpr std::string_view kCreateOnly[] = {"Name"};
inline constexpr ResourceType kTypes[] = {
    {"AWS::Fake::Thing", kProperties, kWithoutEffect, kCreateOnly, create, update, remove},
    {"AWS::Fake::Fixed", kProperties, {}, {}, create, nullptr, remove},  // any change replaces it
};
}  // namespace fake

inline std::span<const ResourceType> FakeService::resource_types() const { return fake::kTypes; }
}  // namespace emu::test
