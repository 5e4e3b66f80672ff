// emu inspect ops: the operation rows themselves, so that this table cannot lie. Needs no daemon.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "emulator/cli/options.hpp"
#include "emulator/offline.hpp"

namespace emu::cli {
namespace {
Json document(std::span<Service* const> services) {
  Json out = Json::object();
  for (const Service* service : services) {
    Json& rows = out[std::string(service->title())] = Json::object();
    for (const auto& row : service->operations())
      rows[std::string(row.name)] = {{"members", row.members()}, {"without_effect", row.without_effect}};
  }
  return out;
}

void plain(std::span<Service* const> services) {
  for (const Service* service : services)
    for (const auto& row : service->operations()) {
      fmt::print("{}.{}", service->title(), row.name);
      if (!row.without_effect.empty())
        fmt::print("  (without effect: {})", fmt::join(row.without_effect, ", "));
      fmt::print("\n");
    }
}

void markdown(std::span<Service* const> services) {
  fmt::print(
      "# Compatibility\n\nMade by `emu inspect ops --markdown`. Every parameter of a listed operation is "
      "acted "
      "upon, refused as AWS\nrefuses it, or named in the last column: accepted without effect, refused under "
      "`--strict`.\n");
  for (const Service* service : services) {
    fmt::print("\n## {}\n\n| operation | accepted without effect |\n|---|---|\n", service->title());
    for (const auto& row : service->operations())
      fmt::print("| {} | {} |\n", row.name, fmt::join(row.without_effect, ", "));
    if (!service->resource_types().empty())
      fmt::print("\n| CloudFormation type | accepted without effect |\n|---|---|\n");
    for (const auto& type : service->resource_types())
      fmt::print("| {} | {} |\n", type.type, fmt::join(type.without_effect, ", "));
    if (!service->not_served().empty()) fmt::print("\nNot served:\n\n");
    for (const auto line : service->not_served()) fmt::print("- {}\n", line);
  }
}
}  // namespace

int inspect_ops(const InspectOptions& o) {
  const OfflineApp offline;
  const auto services = offline.services();
  if (o.json)
    fmt::print("{}\n", document(services).dump(2));
  else if (o.markdown)
    markdown(services);
  else
    plain(services);
  return 0;
}
}  // namespace emu::cli
