#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/log.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/gateway/responses/rest_error.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/services/gateway/rest/serve.hpp"

namespace emu::gateway::v1 {
namespace {
// The API's own for this type, else for its class.
const Json* configured(const Call& call, const GatewayResponseType& type, int status) {
  if (!call.stage) return nullptr;
  if (const auto* own = part_of(call.stage->gateway_responses, {type.type})) return own;
  return part_of(call.stage->gateway_responses, {status < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX"});
}

std::string parameter(const Call& call, const Json& error, const std::string& expression) {
  if (expression.starts_with("context.error.")) {
    const auto it = error.find(expression.substr(14));
    return it == error.end() || !it->is_string() ? "" : it->get<std::string>();
  }
  return mapped(call, expression).value_or("");
}
}  // namespace

http::Response gateway_response(Call& call, std::string_view type, int status, std::string_view message,
                                std::string_view validation) {
  const auto& row = *gateway_response_type(type);
  auto out = rest_error(type, status, message);
  const auto said = std::string(message.empty() ? row.message : message);
  call.error = {{"message", said},
                {"messageString", said.empty() ? "null" : json_text(Json(said))},
                {"responseType", row.type},
                {"validationErrorString", validation}};
  const Json& error = call.error;
  const auto* own = configured(call, row, out.status);
  if (!own) return out;
  if (const auto given = number_in<int>(text(*own, "statusCode")); given && *given >= 200 && *given <= 599)
    out.status = *given;
  const auto* templates = part_of(*own, {"responseTemplates"});
  if (templates && templates->is_object() && !templates->empty()) {
    const auto chosen =
        templates->contains("application/json") ? templates->find("application/json") : templates->begin();
    const auto source = chosen->is_string() ? chosen->get<std::string>() : "";
    // The default template keeps AWS's own spacing.
    if (source != R"({"message":$context.error.messageString})") {
      TemplateInput input = call.stage && call.method ? template_input(call) : TemplateInput{};
      input.context = context_of(call);
      input.context["error"] = error;
      try {
        out.body = render(source, input);
      } catch (const TemplateError& e) {
        log_warning(fmt::format("the template of the gateway response {} of {}: {}", row.type, call.api->id,
                                e.message));
      }
      out.headers.set("Content-Type", chosen.key());
    }
  }
  static constexpr std::string_view kTo = "gatewayresponse.header.";
  for (const auto& [to, expression] : object(*own, "responseParameters").items()) {
    if (!to.starts_with(kTo) || !expression.is_string()) continue;
    auto value = parameter(call, error, expression.get<std::string>());
    if (std::ranges::none_of(value, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }))
      out.headers.set(to.substr(kTo.size()), std::move(value));
  }
  return out;
}
}  // namespace emu::gateway::v1
