// Tags of REST APIs, stages, API keys and usage plans, by ARN:
// "arn:aws:apigateway:us-east-1::/restapis/{id}".
#include <fmt/format.h>

#include <algorithm>

#include "emulator/services/gateway/rest/rest_apis.hpp"
#include "emulator/services/gateway/rest/rows.hpp"

namespace emu::gateway::v1 {
namespace {
constexpr Member kArn{"resourceArn", Shape::text, true};
constexpr Member kTag[] = {kArn, {"tags", Shape::text_map, true}};
constexpr Member kUntag[] = {kArn, {"tagKeys", Shape::texts, true}};
constexpr Member kGet[] = {kArn, kPosition, kLimit};
constexpr std::string_view kWithoutEffect[] = {"limit", "position"};
constexpr std::size_t kMostTags = 50;

std::vector<std::string> steps_of(const std::string& arn) {
  const auto from = arn.find("::/");
  if (!arn.starts_with("arn:") || from == arn.npos) throw bad_request("Invalid ARN specified in the request");
  std::vector<std::string> out;
  for (auto rest = std::string_view(arn).substr(from + 3); !rest.empty();) {
    const auto slash = std::min(rest.find('/'), rest.size());
    out.emplace_back(rest.substr(0, slash));
    rest.remove_prefix(std::min(rest.size(), slash + 1));
  }
  return out;
}

// edit(Json& tagged document) is applied to what the ARN names.
template <class F>
Result<Json> on(RestApis& apis, const Scope& scope, const std::string& arn, F edit) {
  const auto steps = steps_of(arn);
  const auto unknown = absent("Invalid resource identifier specified");
  const auto done = [&](Json& document) -> Result<Json> {
    edit(document);
    return Json{{"tags", document.value("tags", Json::object())}};
  };
  if (steps.size() == 2 && steps[0] != "restapis")
    return apis.shelf.change(scope, steps[0], steps[1], unknown, done);
  if (steps.size() < 2 || steps[0] != "restapis") return unknown;
  return apis.change(scope, steps[1], [&](Json& record) -> Result<Json> {
    if (steps.size() == 2) return done(record["api"]);
    auto* stage = steps.size() == 4 && steps[2] == "stages" ? part_of(record, {"stages", steps[3]}) : nullptr;
    if (!stage) return unknown;
    return done(*stage);
  });
}

Result<Json> tag(RestApis& apis, Context& context, const Json& in) {
  auto out = on(apis, context.scope, text(in, "resourceArn"), [&](Json& document) {
    Json tags = document.value("tags", Json::object());
    tags.update(in["tags"]);
    if (tags.size() > kMostTags) throw bad_request("The number of tags exceeds the limit of 50");
    document["tags"] = std::move(tags);
  });
  if (!out) return out;
  return Json::object();
}

Result<Json> untag(RestApis& apis, Context& context, const Json& in) {
  auto out = on(apis, context.scope, text(in, "resourceArn"), [&](Json& document) {
    for (const auto& key : in["tagKeys"])
      if (document.contains("tags")) document["tags"].erase(key.get<std::string>());
  });
  if (!out) return out;
  return Json::object();
}

Result<Json> get(RestApis& apis, Context& context, const Json& in) {
  return on(apis, context.scope, text(in, "resourceArn"), [](Json&) {});
}

constexpr Operation kRows[] = {
    row<tag, kTag>("TagResource", "PUT /tags/{resourceArn+}", 204),
    row<untag, kUntag>("UntagResource", "DELETE /tags/{resourceArn+}?tagKeys", 204),
    row<get, kGet>("GetTags", "GET /tags/{resourceArn+}?position&limit").ignoring(kWithoutEffect),
};
}  // namespace

std::span<const Operation> tag_rows() { return kRows; }
}  // namespace emu::gateway::v1
