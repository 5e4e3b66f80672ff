#include "emulator/services/gateway/rest/part.hpp"

#include <fmt/format.h>

#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
// Whether a method still uses what is to go.
bool used(const Json& record, std::string_view member, const std::string& id) {
  for (const auto& resource : record["resources"])
    for (const auto& method : values_of(resource.value("resourceMethods", Json::object())))
      if (text(method, member) == id) return true;
  return false;
}
}  // namespace

Result<Json> show_part(const Part& part, RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* found = part_of(api->record, {part.plural, text(in, part.id_member)});
  if (!found) return absent(std::string(part.absent));
  return *found;
}

Result<Json> list_parts(const Part& part, RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  return page(values_of(api->record.value(std::string(part.plural), Json::object())), in);
}

Result<Json> update_part(const Part& part, RestApis& apis, Context& context, const Json& in) {
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    auto* found = part_of(record, {part.plural, text(in, part.id_member)});
    if (!found) return absent(std::string(part.absent));
    apply_patch(*found, part.patchable, in.value("patchOperations", Json()));
    if (part.check) part.check(*found);
    return *found;
  });
}

Result<Json> remove_part(const Part& part, RestApis& apis, Context& context, const Json& in) {
  const auto id = text(in, part.id_member);
  return apis.change(context.scope, text(in, "restApiId"), [&](Json& record) -> Result<Json> {
    if (!part_of(record, {part.plural, id})) return absent(std::string(part.absent));
    if (used(record, part.id_member, id))
      return conflict(fmt::format("Cannot delete '{}', is referenced by a method", id));
    record[std::string(part.plural)].erase(id);
    return Json::object();
  });
}
}  // namespace emu::gateway::v1
