// CloudFormation's AWS::Lambda:: types, brought about by the same functions that serve the API (spec-iac 9).
#pragma once
#include <span>

#include "emulator/api/resource.hpp"
#include "emulator/services/lambda/lambda.hpp"

namespace emu::lambda {
// Of a removal: what is gone already is removed.
template <class T>
Result<Done> unless_gone(const Result<T>& result) {
  if (!result && result.error().http_status != 404) return result.error();
  return Done{};
}

std::span<const ResourceType> resource_types();
std::span<const ResourceType> event_resource_types();  // mappings/resources.cpp
// qualified_resources.cpp
std::span<const ResourceType> qualified_resource_types();
// Makes the provisioned concurrency of a version or alias what the property ProvisionedConcurrencyConfig
// says.
awaitable<Result<Done>> provision_resource(Lambda& lambda, Context& context, std::string arn,
                                           Json properties);
}  // namespace emu::lambda
