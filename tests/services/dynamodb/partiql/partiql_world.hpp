// A DynamoWorld that speaks PartiQL: statements and their refusals in one word each.
#pragma once
#include "tests/services/dynamodb/dynamodb_world.hpp"

namespace emu::test {
// Parameters.
template <class... Values>
Json P(Values... values) {
  return Json::array({std::move(values)...});
}

// Tab: hash pk S. Sor: hash pk S, range sk N.
class PartiqlWorld : public DynamoWorld {
 public:
  PartiqlWorld() {
    table("Tab");
    table("Sor", true);
  }
  static Json statement(std::string_view text, Json parameters = {}, Json more = Json::object()) {
    Json in{{"Statement", text}};
    if (!parameters.is_null()) in["Parameters"] = std::move(parameters);
    in.update(more);
    return in;
  }
  Json execute(std::string_view text, Json parameters = {}, Json more = Json::object()) {
    return call("ExecuteStatement", statement(text, std::move(parameters), std::move(more)));
  }
  Json items(std::string_view text, Json parameters = {}, Json more = Json::object()) {
    return execute(text, std::move(parameters), std::move(more))["Items"];
  }
  std::string refused(std::string_view text, Json parameters = {}, Json more = Json::object()) {
    return refusal("ExecuteStatement", statement(text, std::move(parameters), std::move(more)));
  }
  AwsError failed(std::string_view text, Json parameters = {}, Json more = Json::object()) {
    return fail("ExecuteStatement", statement(text, std::move(parameters), std::move(more)));
  }
  // The values of one attribute over a SELECT's rows, without their types, joined by blanks.
  std::string column(std::string_view name, std::string_view text, Json parameters = {}) {
    std::string out;
    for (const auto& item : items(text, std::move(parameters)))
      out += (out.empty() ? "" : " ") + item.at(std::string(name)).begin().value().get<std::string>();
    return out;
  }
  Json tab(std::string_view pk) { return get({{"pk", S(pk)}}); }
};
inline constexpr std::string_view kNotWellFormed = "Statement wasn't well formed, can't be processed: ";
}  // namespace emu::test
