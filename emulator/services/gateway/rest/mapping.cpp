#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/gateway/patterns.hpp"
#include "emulator/services/gateway/rest/integrate.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/services/gateway/templates/json_path.hpp"

namespace emu::gateway::v1 {
namespace {
std::optional<std::string> of_integration(const Call& call, const Answered& answered,
                                          const std::string& expression) {
  static constexpr std::string_view kHeader = "integration.response.header.",
                                    kBody = "integration.response.body.";
  if (expression.starts_with(kHeader)) {
    const auto value = answered.headers.find(std::string_view(expression).substr(kHeader.size()));
    return value ? std::optional(std::string(*value)) : std::nullopt;
  }
  if (expression == "integration.response.body") return answered.body;
  if (expression.starts_with(kBody)) {
    const auto found = at_json_path(bounded_parse(answered.body), "$." + expression.substr(kBody.size()));
    if (!found) return std::nullopt;
    return found->is_string() ? found->get<std::string>() : json_text(*found);
  }
  return mapped(call, expression);
}

// The template for what the client accepts, else for JSON, else the first.
std::pair<std::string, std::string> template_for(const Json& templates, const Call& call) {
  const auto accept = call.request.headers.get("accept");
  const auto wanted = lower(accept.substr(0, accept.find_first_of(",;")));
  for (const auto& type : {wanted, std::string("application/json")})
    if (templates.contains(type))
      return {type, templates[type].is_string() ? templates[type].get<std::string>() : ""};
  const auto& first = templates.items().begin();
  return {first.key(), first.value().is_string() ? first.value().get<std::string>() : ""};
}
}  // namespace

const Json* selected_response(const Json& integration, const std::string& text_of_it) {
  const auto* responses = part_of(integration, {"integrationResponses"});
  if (!responses) return nullptr;
  const Json* otherwise = nullptr;
  for (const auto& response : *responses) {
    const auto pattern = text(response, "selectionPattern");
    if (pattern.empty())
      otherwise = otherwise ? otherwise : &response;
    else if (matches_whole(pattern, text_of_it))
      return &response;
  }
  return otherwise;
}

Integrated map_response(const Call& call, const Json& document, const Answered& answered) {
  // AWS lets 1xx through, but a client takes such a response as interim and waits for ever.
  const auto declared = std::clamp(number_in<int>(text(document, "statusCode")).value_or(200), 200, 599);
  http::Response out{declared, {}, answered.body};
  std::string type = "application/json";
  auto input = template_input(call);
  input.body = answered.body;
  const auto* templates = part_of(document, {"responseTemplates"});
  try {
    if (templates && !templates->empty()) {
      auto [media, source] = template_for(*templates, call);
      type = std::move(media);
      // An empty template passes the body on, MOCK's nothing at all.
      if (!source.empty() || call.method->kind == LiveMethod::Kind::mock) out.body = render(source, input);
    } else if (call.method->kind == LiveMethod::Kind::mock) {
      out.body.clear();
    } else if (const auto given = answered.headers.find("content-type")) {
      type = *given;
    }
  } catch (const TemplateError& e) {
    return Failure{"API_CONFIGURATION_ERROR", 0, "response template: " + e.message};
  }
  if (const auto* overrides = part_of(input.context, {"responseOverride"})) {
    if (const auto* status = part_of(*overrides, {"status"}); status && status->is_number_integer())
      out.status = static_cast<int>(std::clamp<std::int64_t>(status->get<std::int64_t>(), 200, 599));
    if (const auto* headers = part_of(*overrides, {"header"}); headers && headers->is_object())
      for (const auto& [name, value] : headers->items())
        if (value.is_string() && http::is_header_value(value.get<std::string>()) &&
            http::is_header_name(name))
          out.headers.set(name, value.get<std::string>());
  }
  static constexpr std::string_view kTo = "method.response.header.";
  for (const auto& [to, expression] : object(document, "responseParameters").items()) {
    if (!to.starts_with(kTo) || !expression.is_string()) continue;
    auto value = of_integration(call, answered, expression.get<std::string>());
    if (value && http::is_header_value(*value)) out.headers.set(to.substr(kTo.size()), std::move(*value));
  }
  if (out.status == 204 || out.status == 304) out.body.clear();
  if (!out.headers.find("content-type") && out.status != 204) out.headers.add("Content-Type", type);
  return out;
}
}  // namespace emu::gateway::v1
