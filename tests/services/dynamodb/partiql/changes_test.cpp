#include "tests/services/dynamodb/partiql/partiql_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
constexpr std::string_view kNoKey =
    "Where clause does not contain a mandatory equality on all key attributes";

class OneItem : public PartiqlWorld {
 public:
  OneItem() {
    put({{"pk", S("a")},
         {"n", N("5")},
         {"s", S("old")},
         {"l", {{"L", {S("a"), S("b"), S("c")}}}},
         {"m", {{"M", {{"sub", S("old")}, {"sib", S("keep")}}}}},
         {"ss", {{"SS", {"a", "b"}}}}});
  }
  // UPDATE of the item, then what it holds under a name.
  Json updated(std::string_view name, std::string_view changes, Json parameters = {}) {
    CHECK(items(fmt::format("UPDATE Tab {} WHERE pk = 'a'", changes), std::move(parameters)) ==
          Json::array());
    return tab("a").value(std::string(name), Json());
  }
  std::string update_refused(std::string_view changes, Json parameters = {}) {
    return refused(fmt::format("UPDATE Tab {} WHERE pk = 'a'", changes), std::move(parameters));
  }
  Json returned(std::string_view changes, std::string_view returning) {
    return items(fmt::format("UPDATE Tab {} WHERE pk = 'a' RETURNING {} *", changes, returning));
  }
};
}  // namespace

TEST_CASE("INSERT writes an item, once") {
  PartiqlWorld w;
  CHECK(w.execute("INSERT INTO Tab VALUE {'pk': 'a', 'n': 1, 'l': [1, 'x', null], 'm': {'k': true}, "
                  "'ns': <<1, 34.5>>, 'p': ?}",
                  P(S("v"))) == Json{{"Items", Json::array()}});
  CHECK(w.tab("a") == Json{{"pk", S("a")},
                           {"n", N("1")},
                           {"l", {{"L", {N("1"), S("x"), {{"NULL", true}}}}}},
                           {"m", {{"M", {{"k", {{"BOOL", true}}}}}}},
                           {"ns", {{"NS", {"1", "34.5"}}}},
                           {"p", S("v")}});
  const auto again =
      w.failed("INSERT INTO Tab VALUE {'pk': 'a'}", {}, {{"ReturnValuesOnConditionCheckFailure", "ALL_OLD"}});
  CHECK(again.code == "DuplicateItemException");
  CHECK(again.message == "Duplicate primary key exists in table");
  w.execute("DELETE FROM Tab WHERE pk = 'a'");
  w.execute("INSERT INTO Tab VALUE ?", P(Json{{"M", {{"pk", S("a")}, {"v", N("2")}}}}));
  CHECK(w.tab("a") == Json{{"pk", S("a")}, {"v", N("2")}});
}

TEST_CASE("INSERT is judged as PutItem is") {
  PartiqlWorld w;
  CHECK(w.refused("INSERT INTO Tab VALUE {'n': 1}") ==
        "One or more parameter values were invalid: Missing the key pk in the item");
  CHECK(w.refused("INSERT INTO Tab VALUE {'pk': 1}") ==
        "One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N");
  CHECK(w.refused("INSERT INTO gone VALUE {'pk': 'a', 'v': ?}", P(S(std::string(409'600, 'x')))) ==
        "Item size has exceeded the maximum allowed size");
}

TEST_CASE("UPDATE sets, computes and removes") {
  OneItem w;
  CHECK(w.updated("n", "SET n = n + 1") == N("6"));
  CHECK(w.updated("n", "SET n=n-1") == N("5"));
  CHECK(w.updated("n", "SET n = n - - 2") == N("7"));
  CHECK(w.updated("x", "SET x = if_not_exists(x, 3) + ?", P(N("4"))) == N("7"));
  CHECK(w.updated("m", "SET m.new = [2020, 'v'] REMOVE m.sub, m.sib") ==
        Json{{"M", {{"new", {{"L", {N("2020"), S("v")}}}}}}});
  CHECK(w.updated("l", "REMOVE l[1] SET m = 1") == Json{{"L", {S("a"), S("c")}}});
  CHECK(w.updated("l", "SET l = list_append(l, [<<'x', 'y'>>])") ==
        Json{{"L", {S("a"), S("c"), {{"SS", {"x", "y"}}}}}});
}

TEST_CASE("sets grow by set_add and shrink by set_delete") {
  OneItem w;
  CHECK(w.updated("ss", "SET ss = set_add(ss, <<'z', 'a'>>)") == Json{{"SS", {"a", "b", "z"}}});
  CHECK(w.updated("ss", "SET ss = SET_DELETE(ss, ?)", P(Json{{"SS", {"a"}}})) == Json{{"SS", {"b", "z"}}});
  CHECK(w.updated("fresh", "SET fresh = set_add(fresh, <<1>>) SET x = 1") == Json{{"NS", {"1"}}});
  CHECK(w.updated("ss", "SET ss = set_delete(ss, <<'b', 'z'>>)").is_null());
  CHECK(w.updated("none", "SET none = set_delete(none, <<'b'>>)").is_null());
}

TEST_CASE("set functions say what is wrong with their arguments, and where") {
  OneItem w;
  CHECK(w.update_refused("SET t = set_add(ss, <<'x'>>)") ==
        "The first argument to SET_ADD must equal the assignment value at 1:20:7");
  CHECK(w.update_refused("SET ss = set_add(<<'a'>>, <<'b'>>)") ==
        "The first argument to SET_ADD must equal the assignment value at 1:21:7");
  CHECK(w.update_refused("SET ss = set_add(ss, 'x')") ==
        "The second argument to SET_ADD must be a value with type SET at 1:29:2");
  CHECK(w.update_refused("SET \"ss\" = set_delete(\"ss\", ?)", P(N("1"))) ==
        "The second argument to SET_DELETE must be a value with type SET at 1:34:4");
  CHECK(w.update_refused("SET ss = set_add(ss)") == "SET_ADD must have exactly two arguments at 1:21:7");
  CHECK(w.update_refused("SET ss = set_add(ss, <<1>>)") ==
        "An operand in the update expression has an incorrect data type");
  CHECK(w.update_refused("SET ss = set_add(ss, <<>>)") == "Empty bags are not supported");
  CHECK(w.update_refused("SET x = nothing(ss)") == "Unrecognized function: nothing at 1:20:7");
}

TEST_CASE("UPDATE is refused in UpdateItem's words") {
  OneItem w;
  CHECK(w.update_refused("SET n = 'a' + 1") ==
        "Incorrect operand type for operator or function; operator or function: +, operand type: S");
  CHECK(w.update_refused("SET none = list_append(none, [1])") ==
        "The provided expression refers to an attribute that does not exist in the item");
  CHECK(w.update_refused("SET none[0] = 'x'") ==
        "The document path provided in the update expression is invalid for update");
  CHECK(w.update_refused("SET pk = 'b'") ==
        "One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of "
        "the key");
  CHECK(
      w.update_refused("SET m = 1 SET m.sub = 2").starts_with("Two document paths overlap with each other;"));
  CHECK(w.update_refused("SET v = ?", P(S(std::string(409'600, 'x')))) ==
        "Item size to update has exceeded the maximum allowed size");
  Json deep = S("x");
  for (int i = 0; i < 31; ++i) deep = {{"M", {{"a", deep}}}};
  CHECK(w.update_refused("SET m.deep = ?", P(deep)) == "Nesting Levels have exceeded supported limits");
}

TEST_CASE("a write names its item by the whole key") {
  PartiqlWorld w;
  w.put({{"pk", S("a")}, {"sk", N("1")}}, "Sor");
  for (const auto* text :
       {"UPDATE Sor SET a = 1 WHERE pk = 'a'", "UPDATE Sor SET a = 1", "DELETE FROM Sor WHERE sk = 1",
        "UPDATE Sor SET a = 1 WHERE pk = 'a' AND sk > 0", "UPDATE Sor SET a = 1 WHERE pk = 'a' OR sk = 1",
        "UPDATE Sor SET a = 1 WHERE pk IN ['a'] AND sk = 1", "FROM Sor SET c = 1", "FROM Sor REMOVE a",
        "FROM Sor WHERE a = 1 SET c = 1"})
    CHECK_MESSAGE(w.refused(text) == kNoKey, text);
  CHECK(w.refused("UPDATE Sor SET a = 1 WHERE pk = 'a' AND sk = 1 AND pk = 'b'") ==
        "Multiple conditions on same key pk. Only single item Update/Insert/Delete are supported");
  CHECK(w.refused("UPDATE Sor SET a = 1 WHERE pk = 'a' AND sk = '1'") ==
        "The provided key element does not match the schema");
  w.execute("UPDATE Sor SET a = 2 WHERE (pk = 'a' AND sk = 1) AND pk = 'a'");
  CHECK(w.get({{"pk", S("a")}, {"sk", N("1")}}, "Sor")["a"] == N("2"));
}

TEST_CASE("what else a write's WHERE says is its condition") {
  OneItem w;
  const auto failed = w.failed("UPDATE Tab SET n = 9 WHERE pk = 'a' AND s = 'new'", {},
                               {{"ReturnValuesOnConditionCheckFailure", "ALL_OLD"}});
  CHECK(failed.code == "ConditionalCheckFailedException");
  CHECK(failed.message == "The conditional request failed");
  CHECK(failed.extra["Item"]["n"] == N("5"));
  CHECK(w.failed("DELETE FROM Tab WHERE pk = 'a' AND NOT begins_with(s, 'o')").code ==
        "ConditionalCheckFailedException");
  w.execute("UPDATE Tab SET y = 1 WHERE pk = 'a' AND attribute_not_exists(y)");
  CHECK(w.failed("UPDATE Tab SET y = 2 WHERE pk = 'a' AND attribute_not_exists(y)").code ==
        "ConditionalCheckFailedException");
  CHECK(w.tab("a")["y"] == N("1"));
}

TEST_CASE("UPDATE makes no item, and DELETE needs none") {
  PartiqlWorld w;
  CHECK(w.failed("UPDATE Tab SET a = 1 WHERE pk = 'x'").code == "ConditionalCheckFailedException");
  CHECK(w.failed("UPDATE Tab SET a = 1 WHERE pk = 'x' AND attribute_not_exists(pk)").code ==
        "ConditionalCheckFailedException");
  CHECK(w.tab("x").is_null());
  CHECK(w.items("DELETE FROM Tab WHERE pk = 'x' AND s = 'y' RETURNING ALL OLD *").empty());
}

TEST_CASE("FROM may stand first in an update") {
  OneItem w;
  CHECK(w.items("from Tab where pk = ? and n = 5 set c = ? remove s returning all new *", P(S("a"), N("7")))
            .at(0) == w.tab("a"));
  CHECK(w.tab("a")["c"] == N("7"));
  CHECK(!w.tab("a").contains("s"));
  CHECK(w.failed("FROM Tab WHERE pk = 'a' AND n = 6 SET c = 1").code == "ConditionalCheckFailedException");
  CHECK(w.failed("FROM gone WHERE pk = 'x' SET c = 1").code == "ResourceNotFoundException");
}

TEST_CASE("RETURNING shows the item, or what was touched of it") {
  OneItem w;
  const auto old = w.tab("a");
  CHECK(w.returned("SET s = 'new'", "ALL OLD") == Json::array({old}));
  CHECK(w.returned("SET s = 'newer'", "MODIFIED OLD") == Json::array({{{"s", S("new")}}}));
  CHECK(w.returned("SET s = 'newest'", "MODIFIED NEW") == Json::array({{{"s", S("newest")}}}));
  CHECK(w.returned("SET m.sub = 'new'", "MODIFIED NEW") ==
        Json::array({{{"m", {{"M", {{"sub", S("new")}}}}}}}));
  CHECK(w.returned("SET l[2] = 'y', l[0] = 'x'", "MODIFIED OLD") ==
        Json::array({{{"l", {{"L", {S("a"), S("c")}}}}}}));
  CHECK(w.returned("SET l[9] = 'z'", "MODIFIED NEW").empty());
  CHECK(w.returned("REMOVE s", "MODIFIED NEW").empty());
  CHECK(w.returned("SET f = 1", "MODIFIED OLD").empty());
  CHECK(w.returned("SET f = 2", "ALL NEW") == Json::array({w.tab("a")}));
  const auto now = w.tab("a");
  for (const auto* other : {"ALL NEW", "MODIFIED OLD", "MODIFIED NEW"})
    CHECK(
        w.refused(fmt::format("DELETE FROM Tab WHERE pk = 'a' RETURNING {} *", other)) ==
        fmt::format("Invalid returning clause: RETURNING {} *. Only RETURNING ALL OLD * is allowed in DELETE "
                    "statements.",
                    other));
  CHECK(w.items("DELETE FROM Tab WHERE pk = 'a' RETURNING ALL OLD *") == Json::array({now}));
  CHECK(w.tab("a").is_null());
}

TEST_CASE("a write reports the capacity of the operation it is") {
  PartiqlWorld w;
  const auto units = [&](std::string_view text) {
    return w.execute(text, {}, {{"ReturnConsumedCapacity", "TOTAL"}})["ConsumedCapacity"];
  };
  CHECK(units("INSERT INTO Tab VALUE {'pk': 'a'}") == Json{{"TableName", "Tab"}, {"CapacityUnits", 1.0}});
  w.execute("UPDATE Tab SET v = ? WHERE pk = 'a'", P(S(std::string(1500, 'x'))));
  CHECK(units("UPDATE Tab REMOVE v WHERE pk = 'a'")["CapacityUnits"] == 2.0);
  CHECK(units("DELETE FROM Tab WHERE pk = 'none'")["CapacityUnits"] == 1.0);
}
