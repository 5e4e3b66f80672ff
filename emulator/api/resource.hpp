// CloudFormation resource types, as rows that services contribute beside their operations. The deploy engine
// (emulator/deploy/stacks.hpp) knows none of them by name.
#pragma once
#include <span>

#include "emulator/api/context.hpp"
#include "emulator/base/clock.hpp"
#include "emulator/base/error.hpp"

namespace emu {
class Service;

// A resource that exists: what Ref gives, and what Fn::GetAtt may ask for.
struct Resource {
  std::string physical_id;
  Json attributes = Json::object();
};

struct ResourceRequest {
  std::string logical_id;
  std::string stack;
  std::string suggested_name;  // "{stack}-{LogicalId}-{random}", for when the template names none
  Json properties;             // intrinsics resolved
};

struct ResourceType {
  std::string_view type;                             // "AWS::DynamoDB::Table"
  std::span<const std::string_view> properties;      // acted upon; unknown ones are refused with their line
  std::span<const std::string_view> without_effect;  // accepted and not acted upon
  std::span<const std::string_view> create_only;     // a change replaces the resource
  awaitable<Result<Resource>> (*create)(Service&, Context&, ResourceRequest);
  // Brings an existing resource to these properties; `old` is what create or the last update returned.
  awaitable<Result<Resource>> (*update)(Service&, Context&, Resource old, ResourceRequest);
  awaitable<Result<Done>> (*remove)(Service&, Context&, Resource);
};
}  // namespace emu
