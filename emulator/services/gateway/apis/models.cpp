#include "emulator/services/gateway/apis/models.hpp"

#include <fmt/format.h>

#include "emulator/services/gateway/apis/operations.hpp"
#include "emulator/services/gateway/apis/rows.hpp"

namespace emu::gateway {
namespace {
struct UpdateModelInput : ModelOptions {
  std::string modelId;
};
BOOST_DESCRIBE_STRUCT(UpdateModelInput, (), (apiId, contentType, description, modelId, name, schema))
struct ModelList {
  std::vector<Model> items;
  std::optional<std::string> nextToken;
};
BOOST_DESCRIBE_STRUCT(ModelList, (), (items, nextToken))

constexpr std::size_t kMostSchema = 32 * 1024;  // API reference

AwsError no_such_model() { return absent("Invalid Model identifier specified"); }

std::vector<Model>& models_of(ApiRecord& record) {
  if (!record.models) record.models.emplace();
  return *record.models;
}

void apply(const ApiRecord& record, ModelOptions in, Model& into) {
  const bool plain =
      !in.name || (!in.name->empty() && in.name->size() <= 128 &&
                   std::ranges::all_of(*in.name, [](unsigned char c) { return std::isalnum(c); }));
  if (!plain) throw bad_request("Model name must be alphanumeric");
  if (in.name && *in.name != into.name && record.models && find_by(*record.models, &Model::name, *in.name))
    throw conflict(fmt::format("Model name already exists for this API: {}", *in.name));
  if (in.schema && (in.schema->size() > kMostSchema || !Json::accept(*in.schema)))
    throw bad_request("Invalid model specified: Model schema is invalid");
  if (in.contentType) into.contentType = std::move(in.contentType);
  if (in.description) into.description = std::move(in.description);
  if (in.name) into.name = std::move(*in.name);
  if (in.schema) into.schema = std::move(*in.schema);
}

Result<Model> update(Gateway& gateway, Context& context, UpdateModelInput in) {
  const auto id = in.modelId;
  return change_model(gateway, context, id, std::move(in));
}

Result<Model> get(Gateway& gateway, Context& context, ModelInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  if (!api->record.models) return no_such_model();
  return copy_of(find_by(*api->record.models, &Model::modelId, in.modelId), no_such_model());
}

Result<ModelList> list(Gateway& gateway, Context& context, ListInput in) {
  const auto api = gateway.find(context.scope, in.apiId);
  if (!api) return gateway.no_such_api(context.scope, in.apiId);
  auto part = page(api->record.models.value_or(std::vector<Model>{}), in.maxResults, in.nextToken);
  return ModelList{std::move(part.items), std::move(part.nextToken)};
}

#define EMU_MODEL "/v2/apis/{apiId}/models/{modelId}"
constexpr Operation kRows[] = {
    rest<create_model>("CreateModel", "POST /v2/apis/{apiId}/models", 201),
    rest<get>("GetModel", "GET " EMU_MODEL),
    rest<list>("GetModels", "GET /v2/apis/{apiId}/models?maxResults&nextToken"),
    rest<update>("UpdateModel", "PATCH " EMU_MODEL),
    rest<remove_model>("DeleteModel", "DELETE " EMU_MODEL, 204),
};
#undef EMU_MODEL
}  // namespace

std::span<const Operation> model_operations() { return kRows; }

Result<Model> create_model(Gateway& gateway, Context& context, ModelOptions in) {
  if (!in.name) throw wire::Missing("name");
  if (!in.schema) throw wire::Missing("schema");
  return gateway.change(context.scope, std::string(in.apiId), [&](ApiRecord& record) -> Result<Model> {
    Model made{.modelId = gateway.new_id(6)};
    apply(record, std::move(in), made);
    models_of(record).push_back(made);
    return made;
  });
}

Result<Model> change_model(Gateway& gateway, Context& context, const std::string& id, ModelOptions in,
                           Others others) {
  return gateway.change(context.scope, std::string(in.apiId), [&](ApiRecord& record) -> Result<Model> {
    auto* found = find_by(models_of(record), &Model::modelId, id);
    if (!found) return no_such_model();
    if (others == Others::reset) *found = {.modelId = id, .name = found->name, .schema = found->schema};
    apply(record, std::move(in), *found);
    return *found;
  });
}

Result<Empty> remove_model(Gateway& gateway, Context& context, ModelInput in) {
  return gateway.change(context.scope, in.apiId, [&](ApiRecord& record) -> Result<Empty> {
    if (std::erase_if(models_of(record), [&](const Model& m) { return m.modelId == in.modelId; }) == 0)
      return no_such_model();
    return Empty{};
  });
}
}  // namespace emu::gateway
