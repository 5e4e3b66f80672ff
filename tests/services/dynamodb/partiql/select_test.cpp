#include "tests/services/dynamodb/partiql/partiql_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// Sor: partitions o and p with the range keys 1, 2, 3; the flag says which is odd.
class Rows : public PartiqlWorld {
 public:
  Rows() {
    for (const auto* pk : {"o", "p"})
      for (const auto* sk : {"1", "2", "3"})
        put({{"pk", S(pk)}, {"sk", N(sk)}, {"flag", S(*sk == '2' ? "even" : "odd")}}, "Sor");
  }
  std::string keys(std::string_view where) {
    return column("sk", fmt::format("SELECT sk FROM Sor WHERE {}", where));
  }
};
constexpr std::string_view kOverlapping =
    "Overlapping conditions with range keys are not supported in where clause";
}  // namespace

TEST_CASE("a SELECT by the whole key reads one item") {
  PartiqlWorld w;
  w.put({{"pk", S("a")}, {"v", N("1")}});
  const auto reply = w.execute("SELECT * FROM Tab WHERE pk = 'a'", {}, {{"Limit", 1}});
  CHECK(reply == Json{{"Items", {{{"pk", S("a")}, {"v", N("1")}}}}});
  CHECK(w.execute("SELECT * FROM Tab WHERE pk = 'b'") == Json{{"Items", Json::array()}});
  CHECK(w.items("SELECT * FROM Tab WHERE pk = ?", P(S("a"))).size() == 1);
  CHECK(w.items("SELECT * FROM Tab WHERE pk = 'a' AND v > 1").empty());
}

TEST_CASE("a column is called by the last name of its path") {
  PartiqlWorld w;
  w.put({{"pk", S("a")},
         {"m", {{"M", {{"k", {{"L", {S("c"), S("d")}}}}, {"sub", S("deep")}}}}},
         {"e", S("x")}});
  CHECK(w.items("SELECT m.sub, m.k[0], \"e\" FROM Tab WHERE pk = 'a'") ==
        Json{{{"sub", S("deep")}, {"k[0]", S("c")}, {"e", S("x")}}});
  CHECK(w.items("SELECT m['sub'], nothing FROM Tab WHERE pk = 'a'") == Json{{{"sub", S("deep")}}});
  CHECK(w.items("SELECT nothing FROM Tab WHERE pk = 'a'") == Json::array({Json::object()}));
  CHECK(w.items("SELECT m.k[-0] FROM Tab WHERE pk = 'a'") == Json{{{"k[0]", S("c")}}});
}

TEST_CASE("conditions on the range key narrow what is read") {
  Rows w;
  CHECK(w.keys("pk = 'o' AND sk > 1") == "2 3");
  CHECK(w.keys("pk = 'o' AND 2 >= sk") == "1 2");
  CHECK(w.keys("pk = 'o' AND sk BETWEEN 2 AND 3") == "2 3");
  CHECK(w.keys("pk = 'o' AND sk > 0 AND sk < 3 AND flag = 'odd'") == "1");
  CHECK(w.keys("pk = 'o' AND sk IN [1, 3]") == "1 3");
  CHECK(w.keys("pk = 'o' AND (sk = 3 OR sk = 1)") == "1 3");
  CHECK(w.keys("pk = 'o' AND sk <> 2") == "1 3");
  CHECK(w.keys("pk = 'o' AND NOT sk = 2") == "1 3");
  CHECK(w.keys("pk = 'o' AND pk = 'p'").empty());
  const auto cost = [&](std::string_view where) {
    return w.execute(fmt::format("SELECT * FROM Sor WHERE {}", where), {}, {{"Limit", 2}})
        .contains("NextToken");
  };
  CHECK(!cost("pk = 'o' AND sk = 1"));
  CHECK(!cost("pk = 'o' AND sk > 2"));
  CHECK(cost("pk = 'o' AND flag = 'even'"));
}

TEST_CASE("alternatives of the key are read one by one") {
  Rows w;
  CHECK(w.keys("pk IN ['p', 'o'] AND sk = 1") == "1 1");
  CHECK(w.column("pk", "SELECT pk FROM Sor WHERE pk IN ['p', 'o'] AND sk = 1") == "p o");
  CHECK(w.keys("pk = 'o' AND sk = 1 OR pk = 'p' AND sk = 2") == "1 2");
  CHECK(w.keys("pk = 'o' AND NOT sk = 1 OR pk = 'o' AND sk = 2") == "2 3");
  CHECK(w.keys("pk = 'o' OR pk = 'o' AND NOT sk = 1") == "1 2 3");
  CHECK(w.keys("pk = 'o' AND (sk < 2 OR sk > 2 OR sk = 2)") == "1 2 3");
  CHECK(w.items("SELECT * FROM Sor WHERE pk = 'o' OR sk = 1").size() == 4);  // a scan
  for (const auto* where :
       {"pk IN ['o', 'o']", "pk = 'o' OR pk = 'o'", "pk = 'o' AND (sk > 0 OR sk < 5)",
        "pk = 'o' AND (sk = 1 OR flag = 'even')", "pk = 'o' AND flag = 'odd' OR pk = 'o' AND flag = 'even'"})
    CHECK_MESSAGE(w.refused(fmt::format("SELECT * FROM Sor WHERE {}", where)) == kOverlapping, where);
}

TEST_CASE("a statement comes down to fifty reads at most") {
  Rows w;
  const auto values = [](int count) {
    std::string out = "'v0'";
    for (int i = 1; i < count; ++i) out += fmt::format(",'v{}'", i);
    return out;
  };
  const std::string too_many = "Too many decomposed read operations for a given query.";
  CHECK(w.refused(fmt::format("SELECT * FROM Sor WHERE pk IN [{}]", values(51))) == too_many);
  CHECK(w.refused(fmt::format("SELECT * FROM Sor WHERE pk IN [{}] AND sk IN [1, 2]", values(26))) ==
        too_many);
  CHECK(w.items(fmt::format("SELECT * FROM Sor WHERE pk IN [{}] AND flag IN [{}]", values(50), values(100)))
            .empty());
  CHECK(w.items(fmt::format("SELECT * FROM Sor WHERE pk IN [{}] OR flag = 'odd'", values(51))).size() == 4);
  CHECK(w.refused(fmt::format("SELECT * FROM Sor WHERE pk = 'o' AND flag IN [{}]", values(101))) ==
        "The IN operator is provided with too many operands; number of operands: 101");
}

TEST_CASE("a key is compared with values of its type") {
  Rows w;
  const std::string mismatch = "Key attribute's data type should match its data type in table's schema: Key ";
  CHECK(w.refused("SELECT * FROM Sor WHERE pk = 1") == mismatch + "pk");
  CHECK(w.refused("SELECT * FROM Sor WHERE pk = 1 OR pk = 'o'") == mismatch + "pk");
  CHECK(w.refused("SELECT * FROM Sor WHERE pk = 'o' AND sk IN [1, '2']") == mismatch + "sk");
  CHECK(w.refused("SELECT * FROM Sor WHERE pk = true") ==
        "Key value must be of type S, N, or B. Key name: pk, Key type: BOOL");
  CHECK(w.items("SELECT * FROM Sor WHERE pk > 1").empty());
}

TEST_CASE("rows come in the order of the key") {
  Rows w;
  const auto order = [&](std::string_view rest) {
    std::string out;
    for (const auto& item : w.items(fmt::format("SELECT pk, sk FROM Sor WHERE {}", rest)))
      out += fmt::format("{}{} ", item["pk"]["S"].get<std::string>(), item["sk"]["N"].get<std::string>());
    return out;
  };
  CHECK(order("pk = 'o'") == "o1 o2 o3 ");
  CHECK(order("pk = 'o' ORDER BY sk DESC") == "o3 o2 o1 ");
  CHECK(order("pk = 'o' ORDER BY sk") == "o1 o2 o3 ");
  CHECK(order("pk = 'o' ORDER BY pk ASC") == "o3 o2 o1 ");
  CHECK(order("pk IN ['o', 'p'] ORDER BY pk DESC, sk ASC") == "p1 p2 p3 o1 o2 o3 ");
  CHECK(order("pk = 'o' AND (sk = 1 OR sk > 2) ORDER BY sk DESC") == "o3 o1 ");
  CHECK(w.refused("SELECT * FROM Sor ORDER BY sk") ==
        "Must have WHERE clause in the statement when using ORDER BY clause.");
  CHECK(w.refused("SELECT * FROM Sor WHERE pk = 'o' ORDER BY flag DESC") ==
        "Attribute flag in ORDER BY clause must be part of the primary key");
  CHECK(w.refused("SELECT * FROM Sor WHERE pk > 'a' ORDER BY sk") ==
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.");
  CHECK(w.refused("SELECT * FROM Sor WHERE pk IN ['o', 'p'] ORDER BY sk DESC") ==
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in WHERE "
        "clause.");
}

TEST_CASE("pages follow each other through their tokens") {
  Rows w;
  const auto walk = [&](std::string_view statement, int limit) {
    std::string out, token;
    int pages = 0;
    do {
      Json more{{"Limit", limit}};
      if (!token.empty()) more["NextToken"] = token;
      const auto page = w.execute(statement, {}, more);
      CHECK(page.contains("NextToken") == page.contains("LastEvaluatedKey"));
      for (const auto& item : page["Items"])
        out += fmt::format("{}{} ", item["pk"]["S"].get<std::string>(), item["sk"]["N"].get<std::string>());
      token = page.value("NextToken", "");
      ++pages;
    } while (!token.empty() && pages < 20);
    return fmt::format("{}in {}", out, pages);
  };
  CHECK(walk("SELECT * FROM Sor WHERE pk IN ['o', 'p'] ORDER BY pk DESC", 2) == "p3 p2 p1 o3 o2 o1 in 4");
  CHECK(walk("SELECT * FROM Sor WHERE pk = 'o' AND (sk = 1 OR sk = 3)", 1) == "o1 o3 in 3");
  CHECK(walk("SELECT * FROM Sor WHERE pk = 'o' AND flag = 'even'", 2) == "o2 in 2");
  const auto scanned = walk("SELECT * FROM Sor", 4);
  CHECK(scanned.ends_with("in 2"));
  CHECK(scanned.size() == std::string("o1 o2 o3 p1 p2 p3 in 2").size());
}

TEST_CASE("a token belongs to its statement and parameters") {
  Rows w;
  const auto token = w.execute("SELECT * FROM Sor WHERE pk = ?", P(S("o")), {{"Limit", 1}})["NextToken"];
  const auto with = [&](std::string_view text, Json parameters, Json given) {
    return w.refused(text, std::move(parameters), {{"NextToken", std::move(given)}});
  };
  CHECK(with("SELECT * FROM Sor WHERE pk = ?", P(S("p")), token) == "NextToken does not match request");
  CHECK(with("SELECT * FROM Sor", {}, token) == "NextToken does not match request");
  CHECK(with("SELECT * FROM Sor", {}, "garbage") == "Invalid NextToken");
  CHECK(with("SELECT * FROM Sor", {}, "AAAA") == "Invalid NextToken");
  CHECK(w.items("SELECT * FROM Sor WHERE pk = ?", P(S("o")), {{"NextToken", token}, {"ConsistentRead", true}})
            .size() == 2);
}

TEST_CASE("a page ends at a megabyte over all of a statement's reads") {
  PartiqlWorld w;
  for (const auto* pk : {"a", "b", "c", "d"}) w.put({{"pk", S(pk)}, {"v", S(std::string(390'000, 'x'))}});
  const auto page = w.execute("SELECT pk FROM Tab WHERE pk IN ['a', 'b', 'c', 'd']", {},
                              {{"ReturnConsumedCapacity", "TOTAL"}});
  CHECK(page["Items"].size() == 3);
  CHECK(page["ConsumedCapacity"]["CapacityUnits"] == 143.0);
  const auto rest =
      w.items("SELECT pk FROM Tab WHERE pk IN ['a', 'b', 'c', 'd']", {}, {{"NextToken", page["NextToken"]}});
  CHECK(rest == Json{{{"pk", S("d")}}});
}

TEST_CASE("a SELECT reports the capacity of the reads it comes down to") {
  Rows w;
  const auto units = [&](std::string_view text, bool consistent = false) {
    return w.execute(
        text, {}, {{"ReturnConsumedCapacity", "TOTAL"}, {"ConsistentRead", consistent}})["ConsumedCapacity"];
  };
  CHECK(units("SELECT * FROM Sor WHERE pk = 'o' AND sk = 1") ==
        Json{{"TableName", "Sor"}, {"CapacityUnits", 0.5}});
  CHECK(units("SELECT * FROM Sor WHERE pk = 'o' AND sk = 9", true)["CapacityUnits"] == 1.0);
  CHECK(units("SELECT * FROM Sor")["CapacityUnits"] == 0.5);
}
