// Mapping templates: the part of Velocity that API Gateway's templates are written in (spec-gateway 19):
// references, #set, #if, #foreach, #stop, ## comments, methods of texts, maps and lists. Pure; bounded in
// depth, in what it writes and in what it handles on the way. #define, #macro and #parse are refused. Used by
// integrations and gateway responses.
#pragma once
#include <string>
#include <string_view>

#include "emulator/base/json.hpp"

namespace emu::gateway {
// What a template can ask for.
struct TemplateInput {
  std::string body;
  Json parameters = {{"path", Json::object()},
                     {"querystring", Json::object()},
                     {"header", Json::object()}};  // of $input.params()
  Json context = Json::object();                   // changed by #set($context.responseOverride…)
  Json stage_variables = Json::object();
};

struct TemplateError {
  std::string message;
};

// Throws TemplateError. `input.context` keeps the overrides that the template set.
std::string render(std::string_view text, TemplateInput& input);
}  // namespace emu::gateway
