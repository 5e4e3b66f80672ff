#include "emulator/services/lambda/managed_instances.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "emulator/base/arn.hpp"
#include "emulator/services/lambda/errors.hpp"

namespace emu::lambda {
namespace {
constexpr std::size_t kLongestArn = 140;
constexpr int kMostConcurrent = 1600, kLeastManagedMemory = 2048;
constexpr double kLeastGiB = 2, kMostGiB = 8;  // of memory for each vCPU
constexpr std::string_view kProviderPattern =
    R"(arn:aws[a-zA-Z-]*:lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:capacity-provider:[a-zA-Z0-9-_]+)";
// Of those that emu hosts (Node.js 22, Python 3.13, OS-only runtimes and later).
constexpr std::array<std::string_view, 5> kRuntimes{"nodejs22.x", "nodejs24.x", "python3.13", "python3.14",
                                                    "provided.al2023"};

bool is_capacity_provider(std::string_view text) {
  constexpr std::string_view kKind = "capacity-provider:";
  const auto arn = Arn::parse(text);
  if (!arn || arn->service != "lambda" || arn->region.empty() || arn->account.size() != 12) return false;
  const std::string_view resource = arn->resource;
  return resource.starts_with(kKind) && resource.size() > kKind.size() &&
         std::ranges::all_of(resource.substr(kKind.size()),
                             [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

int default_for_each_vcpu(std::string_view runtime) {  // spec-lambda A.7
  return runtime.starts_with("nodejs") ? 64 : runtime.starts_with("python") ? 16 : 32;
}
}  // namespace

void check_capacity_provider(Violations& out, const ManagedInstances& asked) {
  const std::string path = "capacityProviderConfig.lambdaManagedInstancesCapacityProviderConfig.";
  if (!is_capacity_provider(asked.CapacityProviderArn))
    out.pattern(asked.CapacityProviderArn, path + "capacityProviderArn", kProviderPattern);
  out.longest(asked.CapacityProviderArn, path + "capacityProviderArn", kLongestArn);
  if (asked.PerExecutionEnvironmentMaxConcurrency)
    out.range(*asked.PerExecutionEnvironmentMaxConcurrency, path + "perExecutionEnvironmentMaxConcurrency", 1,
              kMostConcurrent);
  if (const auto gib = asked.ExecutionEnvironmentMemoryGiBPerVCpu;
      gib && (*gib < kLeastGiB || *gib > kMostGiB))
    out.add(fmt::format("{}", *gib), path + "executionEnvironmentMemoryGiBPerVCpu",
            *gib < kLeastGiB ? "Member must have value greater than or equal to 2.0"
                             : "Member must have value less than or equal to 8.0");
}

void check_managed_instances(const Settings& settings) {
  if (!settings.managed_instances) return;
  if (std::ranges::find(kRuntimes, settings.runtime) == kRuntimes.end())
    throw invalid_parameter(fmt::format(
        "The runtime {} is not supported for functions with a capacity provider.", settings.runtime));
  if (settings.memory_mb < kLeastManagedMemory)
    throw invalid_parameter(fmt::format(
        "MemorySize must be at least {} MB for functions with a capacity provider.", kLeastManagedMemory));
  if (settings.snap_start != "None")
    throw invalid_parameter("SnapStart is not supported for functions with a capacity provider.");
  if (settings.tenancy)
    throw invalid_parameter("Tenant isolation is not supported for functions with a capacity provider.");
}

int max_concurrency(const Settings& settings) {
  if (!settings.managed_instances) return 1;
  const auto& asked = *settings.managed_instances;
  if (asked.PerExecutionEnvironmentMaxConcurrency) return *asked.PerExecutionEnvironmentMaxConcurrency;
  const double gib = asked.ExecutionEnvironmentMemoryGiBPerVCpu.value_or(kLeastGiB);
  const int vcpus = std::max(1, static_cast<int>(settings.memory_mb / (gib * 1024)));
  return std::min(kMostConcurrent, vcpus * default_for_each_vcpu(settings.runtime));
}

Json capacity_provider_reply(const ManagedInstances& managed) {
  Json out{{"CapacityProviderArn", managed.CapacityProviderArn}};
  if (managed.PerExecutionEnvironmentMaxConcurrency)
    out["PerExecutionEnvironmentMaxConcurrency"] = *managed.PerExecutionEnvironmentMaxConcurrency;
  if (managed.ExecutionEnvironmentMemoryGiBPerVCpu)
    out["ExecutionEnvironmentMemoryGiBPerVCpu"] = *managed.ExecutionEnvironmentMemoryGiBPerVCpu;
  return {{"LambdaManagedInstancesCapacityProviderConfig", std::move(out)}};
}
}  // namespace emu::lambda
