#include <algorithm>
#include <thread>

#include "tests/services/dynamodb/dynamodb_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
Json list(std::initializer_list<std::string_view> numbers) {
  Json out{{"L", Json::array()}};
  for (const auto n : numbers) out["L"].push_back(N(n));
  return out;
}
DynamoWorld& with_item(DynamoWorld& w, Json item) {
  w.table();
  item["pk"] = S("a");
  w.put(item);
  return w;
}
std::string syntax(std::string_view text) {
  return "1 validation error detected: Invalid UpdateExpression: " + std::string(text);
}
}  // namespace

TEST_CASE("an update of an absent key creates the item") {
  DynamoWorld w;
  w.table();
  CHECK(w.update("ADD n :one SET l = list_append(if_not_exists(l, :e), :x)",
                 {{":one", N("1")}, {":e", list({})}, {":x", {{"L", {S("x")}}}}}) ==
        Json{{"pk", S("a")}, {"n", N("1")}, {"l", {{"L", {S("x")}}}}});
  CHECK(w.call("UpdateItem", {{"TableName", "Tab"}, {"Key", {{"pk", S("bare")}}}}) == Json::object());
  CHECK(w.get({{"pk", S("bare")}}) == Json{{"pk", S("bare")}});
}

TEST_CASE("an update that only takes away creates nothing") {
  DynamoWorld w;
  w.table();
  CHECK(w.update("REMOVE x").is_null());
  CHECK(w.get({{"pk", S("a")}}).is_null());
}

TEST_CASE("list indices mean the list as it was") {
  DynamoWorld w;
  with_item(w, {{"l", list({"0", "1", "2", "3"})}});
  CHECK(w.update("REMOVE l[0], l[2]")["l"] == list({"1", "3"}));
  CHECK(w.update("SET l[9] = :y, l[7] = :x", {{":x", N("8")}, {":y", N("9")}})["l"] ==
        list({"1", "3", "8", "9"}));
  w.put({{"pk", S("a")}, {"l", list({"2", "3", "4", "5", "6", "7"})}});
  CHECK(w.update("REMOVE l[1] SET l[3] = :v", {{":v", N("17")}})["l"] == list({"2", "4", "17", "6", "7"}));
}

TEST_CASE("right-hand sides read the item before the update") {
  DynamoWorld w;
  with_item(w, {{"x", N("1")}, {"y", N("2")}});
  const auto now = w.update("SET x = y, y = x, z = x + y, d = y - x");
  CHECK(now["x"] == N("2"));
  CHECK(now["y"] == N("1"));
  CHECK(now["z"] == N("3"));
  CHECK(now["d"] == N("1"));
}

TEST_CASE("sets grow by ADD and shrink by DELETE until they are gone") {
  DynamoWorld w;
  with_item(w, {{"s", {{"SS", {"a", "b"}}}}});
  CHECK(w.update("ADD s :v", {{":v", {{"SS", {"b", "c"}}}}})["s"] == Json{{"SS", {"a", "b", "c"}}});
  CHECK(w.update("DELETE s :v", {{":v", {{"SS", {"a", "x"}}}}})["s"] == Json{{"SS", {"b", "c"}}});
  CHECK_FALSE(w.update("DELETE s :v", {{":v", {{"SS", {"b", "c"}}}}}).contains("s"));
  CHECK(w.update("ADD n :v", {{":v", N("-2.5")}})["n"] == N("-2.5"));
}

TEST_CASE("UPDATED_OLD and UPDATED_NEW show the touched places only") {
  DynamoWorld w;
  with_item(w, {{"m", {{"M", {{"a", N("1")}, {"b", N("2")}}}}}});
  const Json five{{":v", N("5")}};
  CHECK(w.update("SET m.a = :v", five, {{"ReturnValues", "UPDATED_OLD"}}) ==
        Json::parse(R"({"m":{"M":{"a":{"N":"1"}}}})"));
  CHECK(w.update("SET m.a = :v", five, {{"ReturnValues", "UPDATED_NEW"}}) ==
        Json::parse(R"({"m":{"M":{"a":{"N":"5"}}}})"));
  CHECK(w.update("REMOVE gone", {}, {{"ReturnValues", "UPDATED_NEW"}}).is_null());
  CHECK(w.update("SET x = :v", five, {{"ReturnValues", "NONE"}}).is_null());
}

TEST_CASE("what an update cannot do to the item at hand is refused without prefix") {
  DynamoWorld w;
  with_item(w, {{"s", S("text")}, {"l", list({"1"})}, {"n", N("9e125")}});
  const Json one{{":v", N("1")}};
  CHECK(w.update_refusal("SET gone.b = :v", one) ==
        "The document path provided in the update expression is invalid for update");
  CHECK(w.update_refusal("SET l.b = :v", one) ==
        "The document path provided in the update expression is invalid for update");
  CHECK(w.update_refusal("REMOVE gone.b") ==
        "The document path provided in the update expression is invalid for update");
  CHECK(w.update_refusal("SET x = gone + :v", one) ==
        "The provided expression refers to an attribute that does not exist in the item");
  CHECK(w.update_refusal("SET x = s + :v", one) ==
        "An operand in the update expression has an incorrect data type");
  CHECK(w.update_refusal("ADD s :v", one) ==
        "An operand in the update expression has an incorrect data type");
  CHECK(w.update_refusal("SET n = n + n") ==
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
  CHECK(w.update_refusal("SET pk = :v", one) ==
        "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of "
        "the key");
  CHECK(
      w.update_refusal("SET pk.x = :v", one) ==
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: Key: pk");
  CHECK(w.update_refusal("SET big = :v", {{":v", S(std::string(409'600, 'x'))}}) ==
        "Item size to update has exceeded the maximum allowed size");
}

TEST_CASE("malformed updates are refused before the table is looked up") {
  DynamoWorld w;  // no table at all
  const Json v{{":v", N("1")}};
  const auto refusal = [&](std::string_view text, Json values) { return w.update_refusal(text, values); };
  CHECK(refusal("SET views = :v", v) ==
        syntax("Attribute name is a reserved keyword; reserved keyword: views"));
  CHECK(refusal("SET a = :v, a.b = :v", v) == syntax("Two document paths overlap with each other; must "
                                                     "remove or rewrite one of these paths; path one: [a], "
                                                     "path two: [a, b]"));
  CHECK(refusal("SET a.c = :v, a[1] = :v", v) == syntax("Two document paths conflict with each other; must "
                                                        "remove or rewrite one of these paths; path one: [a, "
                                                        "c], path two: [a, [1]]"));
  CHECK(refusal("ADD a :v", {{":v", S("x")}}) ==
        syntax("Incorrect operand type for operator or function; operator: ADD, operand type: STRING"));
  CHECK(refusal("DELETE a :v", v) ==
        syntax("Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER"));
  CHECK(refusal("SET a = b + :v", {{":v", S("x")}}) ==
        syntax("Incorrect operand type for operator or function; operator or function: +, operand type: S"));
  CHECK(refusal("SET a = list_append(b, :v)", v) ==
        syntax("Incorrect operand type for operator or function; operator or function: list_append, operand "
               "type: N"));
  CHECK(refusal("SET a = if_not_exists(:v, :v)", v) ==
        syntax("Operator or function requires a document path; operator or function: if_not_exists"));
  CHECK(refusal("SET a = list_append(list_append(a, :v), :v)", v) ==
        syntax("The function is not allowed to be used this way in an expression; function: list_append"));
  CHECK(refusal("SET a = nope(:v)", v) == syntax("Invalid function name; function: nope"));
  CHECK(refusal("SET a = :v SET b = :v", v) ==
        syntax("The \"SET\" section can only be used once in an update expression;"));
  CHECK(refusal("SET a = :v + :v + :v", v) == syntax("Syntax error; token: \"+\", near: \":v + :v\""));
  CHECK(refusal("ADD hits : incr", v) == syntax("Syntax error; token: \":\", near: \"hits : incr\""));
  CHECK(refusal("INVALID SYNTAX HERE", v) ==
        syntax("Syntax error; token: \"INVALID\", near: \"INVALID SYNTAX\""));
  CHECK(refusal("SET _123 = :v", v) == syntax("Syntax error; token: \"_\", near: \"SET _123\""));
  CHECK(refusal(" ", v) == syntax("The expression can not be empty;"));
  CHECK(refusal("SET a = :v", {{":v", N("1")}, {":w", N("1")}}) ==
        "1 validation error detected: Value provided in ExpressionAttributeValues unused in expressions: "
        "keys: {:w}");
}

TEST_CASE("updates of one item from several threads are all counted, while the table changes its indexes") {
  DynamoWorld w;
  w.table();
  constexpr int kThreads = 4, kEach = 200;
  const auto row = [&](std::string_view name) {
    return *std::ranges::find(w.db.operations(), name, &Operation::name);
  };
  std::atomic<int> refused = 0;
  const auto repeat = [&](Operation operation, std::vector<Json> inputs, int times) {
    asio::io_context io;
    Context context = w.context;
    auto work = [&]() -> awaitable<void> {
      for (int i = 0; i < times; ++i)
        for (const auto& input : inputs)
          if (!co_await operation.call(w.db, context, input)) ++refused;
    };
    asio::co_spawn(io, work, [&](std::exception_ptr thrown) {
      if (thrown) ++refused;
    });
    io.run();
  };
  {
    const Json add{{"TableName", "Tab"},
                   {"Key", {{"pk", S("a")}}},
                   {"UpdateExpression", "ADD n :one SET g = :g"},
                   {"ExpressionAttributeValues", {{":one", N("1")}, {":g", S("x")}}}};
    const auto index = [](std::string_view change) {
      return Json::parse(
          R"({"TableName":"Tab","AttributeDefinitions":[{"AttributeName":"g","AttributeType":"S"}],
        "GlobalSecondaryIndexUpdates":[)" +
          std::string(change) + "]}");
    };
    const auto create = index(R"({"Create":{"IndexName":"by-g","Projection":{"ProjectionType":"ALL"},
      "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}})");
    const auto remove = index(R"({"Delete":{"IndexName":"by-g"}})");
    std::vector<std::jthread> threads;  // joined before what they use goes
    for (int i = 0; i < kThreads; ++i) threads.emplace_back([&] { repeat(row("UpdateItem"), {add}, kEach); });
    threads.emplace_back([&] {
      repeat(row("UpdateTable"), {create, remove}, 20);
      repeat(row("UpdateTable"), {create}, 1);
    });
  }
  CHECK(refused == 0);
  CHECK(w.get({{"pk", S("a")}})["n"] == N(std::to_string(kThreads * kEach)));
  const auto indexed = w.call("Scan", {{"TableName", "Tab"}, {"IndexName", "by-g"}});
  REQUIRE(indexed["Count"] == 1);
  CHECK(indexed["Items"][0]["n"] == N(std::to_string(kThreads * kEach)));
}
