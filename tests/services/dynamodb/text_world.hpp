// A DynamoWorld whose requests are written as the JSON a client sends and whose refusals are "Code: text",
// for tests where nothing but AWS's exact words will do. Used by sixty_cases/ and wording/.
#pragma once
#include "tests/services/dynamodb/dynamodb_world.hpp"

namespace emu::test {
struct TextWorld : DynamoWorld {
  Json answer(std::string_view operation, std::string_view input) {
    return call(operation, Json::parse(input));
  }
  std::string refused(std::string_view operation, const char* input) {
    return refused(operation, Json::parse(input));
  }
  std::string refused(std::string_view operation, Json input) {
    const auto fault = fail(operation, std::move(input));
    return fault.code + ": " + fault.message;
  }
  void put(std::string_view item, std::string_view table = "Tab") {
    DynamoWorld::put(Json::parse(item), table);
  }
  Json item(std::string_view pk = "a") { return get({{"pk", S(pk)}}); }
};

inline Json merged(Json base, const Json& more) {
  base.update(more);
  return base;
}
// A row of a table of refusals: what is given, what is said.
struct Refusal {
  const char* given;
  std::string text;
};
template <class Refuse>
void check_each(std::initializer_list<Refusal> rows, Refuse refuse) {
  for (const auto& row : rows) {
    const std::string given = row.given;
    CAPTURE(given);
    CHECK(refuse(row.given) == row.text);
  }
}

// The beginnings of ValidationExceptions: of any, and of a request-validation error of PutItem, UpdateItem
// and DeleteItem (A6).
#define VALIDATION "ValidationException: "
#define ENV VALIDATION "1 validation error detected: "
#define OMPV "One or more parameter values were invalid: "
}  // namespace emu::test
