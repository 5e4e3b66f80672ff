#include "tests/services/dynamodb/partiql/partiql_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
class Transaction : public PartiqlWorld {
 public:
  static Json input(std::initializer_list<std::string_view> texts) {
    Json statements = Json::array();
    for (const auto text : texts) statements.push_back(statement(text));
    return {{"TransactStatements", std::move(statements)}};
  }
  Json responses(std::initializer_list<std::string_view> texts) {
    return call("ExecuteTransaction", input(texts))["Responses"];
  }
  std::string transaction_refused(std::initializer_list<std::string_view> texts) {
    return refusal("ExecuteTransaction", input(texts));
  }
  // The codes of the reasons.
  std::string cancelled(std::initializer_list<std::string_view> texts) {
    last = fail("ExecuteTransaction", input(texts));
    CHECK(last.code == "TransactionCanceledException");
    return last.message.substr(last.message.find('['));
  }
  std::string reason(std::size_t i) const {
    return last.extra.at("CancellationReasons").at(i).at("Message").get<std::string>();
  }
  AwsError last{"", ""};
};
constexpr std::string_view kFirst = "Validation failed in TransactStatements[0]: ";
std::string first(std::string_view text) { return std::string(kFirst) + std::string(text); }
}  // namespace

TEST_CASE("statements of a transaction happen together") {
  Transaction w;
  w.put({{"pk", S("a")}, {"n", N("1")}});
  w.put({{"pk", S("b")}});
  CHECK(w.responses({"INSERT INTO Tab VALUE {'pk': 'c'}", "UPDATE Tab SET n = n + 1 WHERE pk = 'a'",
                     "DELETE FROM Tab WHERE pk = 'b'"}) == Json::array());
  CHECK(w.tab("a")["n"] == N("2"));
  CHECK(w.tab("b").is_null());
  CHECK(w.responses({"SELECT n FROM Tab WHERE pk = 'a'", "SELECT * FROM Tab WHERE pk IN ['b']",
                     "SELECT * FROM Tab WHERE pk = 'c'"}) ==
        Json{{{"Item", {{"n", N("2")}}}}, Json::object(), {{"Item", {{"pk", S("c")}}}}});
}

TEST_CASE("a statement that fails cancels the transaction") {
  Transaction w;
  w.put({{"pk", S("a")}, {"v", S("x")}});
  CHECK(w.cancelled({"INSERT INTO Tab VALUE {'pk': 'a'}", "INSERT INTO Tab VALUE {'pk': 'new'}"}) ==
        "[DuplicateItem, None]");
  CHECK(w.reason(0) == "Duplicate primary key exists in table");
  CHECK(w.cancelled({"UPDATE Tab SET t = 1 WHERE pk = 'a' AND v = 'y'",
                     "UPDATE Tab SET t = 1 WHERE pk = 'none'",
                     "DELETE FROM Tab WHERE pk = 'other' AND v = 'y'"}) ==
        "[ConditionalCheckFailed, ConditionalCheckFailed, None]");
  CHECK(w.tab("new").is_null());
}

TEST_CASE("EXISTS is a condition on another item") {
  Transaction w;
  w.put({{"pk", S("a")}, {"v", S("x")}});
  w.responses(
      {"EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND w IS MISSING)", "INSERT INTO Tab VALUE {'pk': 'b'}"});
  CHECK(!w.tab("b").is_null());
  CHECK(w.cancelled({"EXISTS(SELECT * FROM Tab WHERE pk = 'a' AND v IS MISSING)",
                     "DELETE FROM Tab WHERE pk = 'b'"}) == "[ConditionalCheckFailed, None]");
  for (const auto* text : {"EXISTS(SELECT * FROM Tab WHERE pk = 'a')",
                           "EXISTS(SELECT * FROM Tab WHERE pk IN ['a'] AND v = 'x')"})
    CHECK_MESSAGE(w.transaction_refused({text, "DELETE FROM Tab WHERE pk = 'b'"}) ==
                      first("EXISTS() must contain a single item read with additional condition"),
                  text);
}

TEST_CASE("what no transaction does is refused whole") {
  Transaction w;
  w.put({{"pk", S("a")}});
  CHECK(w.transaction_refused({"SELECT * FROM Tab WHERE"}) ==
        first(std::string(kNotWellFormed) + "Unexpected term"));
  CHECK(w.transaction_refused({"UPDATE Tab SET v = 1 WHERE pk = 'a' RETURNING ALL NEW *"}) ==
        first("RETURNING clause is not supported in ExecuteTransaction."));
  CHECK(w.transaction_refused({"SELECT * FROM Tab.i WHERE pk = 'a'"}) ==
        first("Reads on indices are not supported within transactions."));
  const auto needs_key =
      first("Select statements within ExecuteTransaction must specify the primary key in the where clause.");
  CHECK(w.transaction_refused({"SELECT * FROM Tab WHERE pk = 'a' AND v = 1"}) == needs_key);
  CHECK(w.transaction_refused({"SELECT * FROM Sor WHERE pk = 'a'"}) == needs_key);
  CHECK(w.transaction_refused({"SELECT * FROM Tab"}) == needs_key);
  CHECK(w.transaction_refused({"SELECT * FROM Tab WHERE pk = 'a'", "DELETE FROM Tab WHERE pk = 'b'"}) ==
        "ExecuteTransaction API does not support both read and write operations in the same request.");
  CHECK(w.transaction_refused({"DELETE FROM Tab WHERE pk = 'a'", "UPDATE Tab SET v = 1 WHERE pk = 'a'"}) ==
        "Transaction request cannot include multiple operations on one item");
  CHECK(w.transaction_refused({"SELECT * FROM Tab WHERE pk = 'a'", "SELECT * FROM Tab WHERE pk IN ['a']"}) ==
        "Transaction request cannot include multiple operations on one item");
  CHECK(w.transaction_refused({}) ==
        "1 validation error detected: Value '[]' at 'transactStatements' failed to satisfy constraint: "
        "Member must have "
        "length greater than or equal to 1");
  CHECK(!w.tab("a").contains("v"));
}

TEST_CASE("every statement's own mistake is a reason") {
  Transaction w;
  CHECK(w.cancelled({"UPDATE gone SET a = 1 WHERE pk = 'x' RETURNING ALL NEW *",
                     "DELETE FROM gone WHERE pk = 'x'"}) == "[ResourceNotFound, ResourceNotFound]");
  CHECK(w.reason(0) == "Requested resource not found");
  CHECK(
      w.cancelled({"UPDATE Sor SET a = 1 WHERE pk = 'k'", "UPDATE Sor SET a = 1 WHERE pk = 'k' AND sk = '1'",
                   "INSERT INTO Sor VALUE {'pk': 'k'}", "DELETE FROM Tab WHERE pk = 'k'"}) ==
      "[ValidationError, ValidationError, ValidationError, None]");
  CHECK(w.reason(0) == "The provided key element does not match the schema");
  CHECK(w.reason(1) == "The provided key element does not match the schema");
  CHECK(w.reason(2) == "One or more parameter values were invalid: Missing the key sk in the item");
  CHECK(w.cancelled({"SELECT * FROM Tab WHERE pk = 'a'", "SELECT * FROM Tab WHERE pk = 'a'",
                     "SELECT * FROM Tab WHERE pk = 1"}) == "[None, None, ValidationError]");
}

TEST_CASE("a transaction with a token happens once") {
  Transaction w;
  w.put({{"pk", S("a")}, {"n", N("0")}});
  auto in = w.input({"UPDATE Tab SET n = n + 1 WHERE pk = 'a'"});
  in["ClientRequestToken"] = "once";
  in["ReturnConsumedCapacity"] = "INDEXES";
  CHECK(w.call("ExecuteTransaction", in)["ConsumedCapacity"][0]["WriteCapacityUnits"] == 2.0);
  CHECK(w.call("ExecuteTransaction", in)["ConsumedCapacity"][0]["ReadCapacityUnits"] == 2.0);
  CHECK(w.tab("a")["n"] == N("1"));
  in["TransactStatements"][0]["Statement"] = "UPDATE Tab SET n = n + 2 WHERE pk = 'a'";
  CHECK(w.fail("ExecuteTransaction", in).code == "IdempotentParameterMismatchException");
}
