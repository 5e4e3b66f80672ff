// GetModelTemplate: a mapping template that makes what a model describes, as AWS generates it: one example
// value per type, to be replaced by hand.
#include <fmt/format.h>

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kModelName[] = {kRestApiId, {"modelName", Shape::text, true}};
constexpr int kDeepestModel = 16;  // a model may refer to itself
constexpr std::size_t kLongestSample = 64 * 1024;

struct Sampler {
  const Json& models;
  std::string out;

  void write(const Json& schema, int depth) {
    if (depth > kDeepestModel || out.size() > kLongestSample) {
      out += "{}";
      return;
    }
    if (const auto ref = text(schema, "$ref"); !ref.empty()) {
      const auto* model = part_of(models, {std::string_view(ref).substr(ref.rfind('/') + 1)});
      const auto found = bounded_parse(model ? text(*model, "schema") : std::string());
      return write(found.is_object() ? found : Json::object(), depth + 1);
    }
    const auto type = text(schema, "type");
    if (type == "array") return write_list(object(schema, "items"), depth);
    if (type == "object" || schema.contains("properties"))
      return write_map(object(schema, "properties"), depth);
    out += type == "integer" ? "42" : type == "number" ? "42.0" : type == "boolean" ? "true" : "\"foo\"";
  }

 private:
  static std::string indent(int depth) { return std::string(static_cast<std::size_t>(depth) * 2, ' '); }

  void write_map(const Json& properties, int depth) {
    out += "{";
    const char* between = "\n";
    for (const auto& [name, each] : properties.items()) {
      out += between + indent(depth + 1) + Json(name).dump() + " : ";
      write(each.is_object() ? each : Json::object(), depth + 1);
      between = ",\n";
    }
    out += "\n" + indent(depth) + "}";
  }

  void write_list(const Json& items, int depth) {
    out += "[\n" + indent(depth) +
           "##TO"
           "DO: Update this foreach loop to reference array from input json\n" +
           indent(depth) + "#foreach($elem in $inputRoot)\n" + indent(depth + 1);
    write(items, depth + 1);
    out += "#if($foreach.hasNext),#end\n\n" + indent(depth) + "#end\n" + indent(depth) + "]";
  }
};

Result<Json> model_template(RestApis& apis, Context& context, const Json& in) {
  const auto api = apis.find(context.scope, text(in, "restApiId"));
  if (!api) return apis.no_such_api();
  const auto* model = part_of(api->record, {"models", text(in, "modelName")});
  if (!model) return absent("Invalid Model Name specified");
  const auto schema = bounded_parse(text(*model, "schema"));
  Sampler sampler{object(api->record, "models"), "#set($inputRoot = $input.path('$'))\n"};
  sampler.write(schema.is_object() ? schema : Json::object(), 0);
  return Json{{"value", std::move(sampler.out)}};
}

constexpr Operation kRows[] = {
    row<model_template, kModelName>("GetModelTemplate",
                                    "GET /restapis/{restApiId}/models/{modelName}/default_template"),
};
}  // namespace

std::span<const Operation> model_template_rows() { return kRows; }
}  // namespace emu::gateway::v1
