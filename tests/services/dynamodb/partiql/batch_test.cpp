#include "tests/services/dynamodb/partiql/partiql_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
class Batch : public PartiqlWorld {
 public:
  static Json input(std::initializer_list<std::string_view> texts) {
    Json statements = Json::array();
    for (const auto text : texts) statements.push_back(statement(text));
    return {{"Statements", std::move(statements)}};
  }
  Json responses(std::initializer_list<std::string_view> texts) {
    return call("BatchExecuteStatement", input(texts))["Responses"];
  }
  std::string batch_refused(std::initializer_list<std::string_view> texts) {
    return refusal("BatchExecuteStatement", input(texts));
  }
};
constexpr std::string_view kNeedsKey =
    "Select statements within BatchExecuteStatement must specify the primary key in the where clause.";
}  // namespace

TEST_CASE("a batch of reads answers each by itself") {
  Batch w;
  w.put({{"pk", S("a")}, {"v", N("1")}});
  const auto r =
      w.responses({"SELECT v FROM Tab WHERE pk = 'a'", "SELECT * FROM Tab WHERE pk IN ['none']",
                   "SELECT * FROM gone WHERE pk = 'a'", "SLECT 1", "SELECT * FROM Tab WHERE v = 1"});
  CHECK(r[0] == Json{{"TableName", "Tab"}, {"Item", {{"v", N("1")}}}});
  CHECK(r[1] == Json{{"TableName", "Tab"}});
  CHECK(r[2] == Json{{"Error", {{"Code", "ResourceNotFound"}, {"Message", "Requested resource not found"}}}});
  CHECK(r[3]["Error"]["Code"] == "ValidationError");
  CHECK(r[3]["Error"]["Message"] == std::string(kNotWellFormed) + "Expected data manipulation");
  CHECK(r[4] == Json{{"Error", {{"Code", "ValidationError"}, {"Message", kNeedsKey}}}});
}

TEST_CASE("a batch of writes goes on after a failure") {
  Batch w;
  w.put({{"pk", S("a")}, {"v", S("x")}});
  w.put({{"pk", S("b")}, {"v", S("x")}});
  const auto r = w.responses(
      {"INSERT INTO Tab VALUE {'pk': 'a'}", "UPDATE Tab SET t = 1 WHERE pk = 'b' AND v = 'wrong'",
       "INSERT INTO Tab VALUE {'pk': 'c'}", "DELETE FROM Tab WHERE pk = 'd' RETURNING ALL OLD *",
       "UPDATE Tab SET t = 1 WHERE v = 'x'", "DELETE FROM Tab WHERE pk = 'e' RETURNING ALL NEW *"});
  CHECK(r[0] ==
        Json{{"Error", {{"Code", "DuplicateItem"}, {"Message", "Duplicate primary key exists in table"}}},
             {"TableName", "Tab"}});
  CHECK(r[1] ==
        Json{{"Error", {{"Code", "ConditionalCheckFailed"}, {"Message", "The conditional request failed"}}},
             {"TableName", "Tab"}});
  CHECK(r[2] == Json{{"TableName", "Tab"}});
  CHECK(r[3] == Json{{"TableName", "Tab"}});
  CHECK(r[4]["Error"]["Code"] == "ValidationError");
  CHECK(r[5]["Error"]["Message"].get<std::string>().starts_with("Invalid returning clause"));
  CHECK(!w.tab("c").is_null());
  const auto shown = w.responses({"UPDATE Tab SET v = 'y' WHERE pk = 'b' RETURNING MODIFIED NEW *",
                                  "DELETE FROM Tab WHERE pk = 'a' RETURNING ALL OLD *"});
  CHECK(shown[0]["Item"] == Json{{"v", S("y")}});
  CHECK(shown[1]["Item"] == Json{{"pk", S("a")}, {"v", S("x")}});
}

TEST_CASE("a batch is all reads or all writes, of different items") {
  Batch w;
  CHECK(w.batch_refused({"SELECT * FROM Tab WHERE pk = 'a'", "INSERT INTO Tab VALUE {'pk': 'b'}"}) ==
        "Read and write requests together in the same batch is not supported.");
  CHECK(w.batch_refused({"SELECT * FROM Tab WHERE pk = 'a'", "SELECT pk FROM Tab WHERE pk = 'a'"}) ==
        "Provided list of item keys contains duplicates");
  CHECK(w.batch_refused({"INSERT INTO Tab VALUE {'pk': 'a'}", "DELETE FROM Tab WHERE pk = 'a'"}) ==
        "Provided list of item keys contains duplicates");
  CHECK(w.tab("a").is_null());
  CHECK(w.batch_refused({}) ==
        "1 validation error detected: Value '[]' at 'statements' failed to satisfy constraint: Member must "
        "have length "
        "greater than or equal to 1");
  Json many = Json::array();
  for (int i = 0; i < 26; ++i) many.push_back(w.statement("SELECT * FROM Tab"));
  CHECK(w.refusal("BatchExecuteStatement", {{"Statements", many}})
            .ends_with("at 'statements' failed to satisfy constraint: Member must have length less than or "
                       "equal to 25"));
  CHECK(w.refusal("BatchExecuteStatement", {{"Statements", {{{"Parameters", Json::array()}}}}}) ==
        "2 validation errors detected: Value null at 'statements.1.member.statement' failed to satisfy "
        "constraint: Member "
        "must not be null; Value '[]' at 'statements.1.member.parameters' failed to satisfy constraint: "
        "Member must have "
        "length greater than or equal to 1");
}

TEST_CASE("a batch reports capacity by table, each member at its own rate") {
  Batch w;
  w.put({{"pk", S("a")}});
  const auto capacity = [&](Json statements) {
    return w.call("BatchExecuteStatement", {{"Statements", std::move(statements)},
                                            {"ReturnConsumedCapacity", "TOTAL"}})["ConsumedCapacity"];
  };
  CHECK(capacity({w.statement("SELECT * FROM Tab WHERE pk = 'a'", {}, {{"ConsistentRead", true}}),
                  w.statement("SELECT * FROM Tab WHERE pk = 'b'"),
                  w.statement("SELECT * FROM Sor WHERE pk = 'b' AND sk = 1")}) ==
        Json{{{"TableName", "Tab"}, {"CapacityUnits", 1.5}}, {{"TableName", "Sor"}, {"CapacityUnits", 0.5}}});
}

TEST_CASE("a batch tells a bad parameter, or reads that no batch does, in the member's place") {
  Batch w;
  const auto error = [&](std::string_view text, Json parameters = {}) {
    return w.call(
        "BatchExecuteStatement",
        {{"Statements", Json::array({w.statement(text, std::move(parameters))})}})["Responses"][0]["Error"];
  };
  CHECK(error("UPDATE Tab SET y = ? WHERE pk = 'a'", P(Json{{"SS", Json::array()}}))["Message"] ==
        "One or more parameter values were invalid: An string set  may not be empty");
  CHECK(error("SELECT * FROM Sor WHERE pk = 'a' AND sk = 1 AND v = 'x'")["Message"] == kNeedsKey);
  CHECK(error("SELECT * FROM Sor WHERE pk = 'a' AND sk = 1 AND pk = 'b'")["Message"] == kNeedsKey);
  CHECK(error("SELECT * FROM Sor WHERE pk IN ['a', 'a'] AND sk = 1")["Message"] ==
        "Overlapping conditions with range keys are not supported in where clause");
  CHECK(error("SELECT * FROM Sor.none WHERE pk = 'a' AND sk = 1")["Message"] == kNeedsKey);
  CHECK(error("EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND v = 1)")["Message"] ==
        "EXISTS can only be used in ExecuteTransaction write requests.");
}
