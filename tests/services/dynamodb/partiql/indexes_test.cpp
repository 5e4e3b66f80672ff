#include "tests/services/dynamodb/partiql/partiql_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
// Ind: hash pk, range sk, with indexes of every kind.
class Indexed : public PartiqlWorld {
 public:
  Indexed() {
    const auto attribute = [](std::string_view name) {
      return Json{{"AttributeName", name}, {"AttributeType", "S"}};
    };
    const auto key = [](std::string_view name, std::string_view type) {
      return Json{{"AttributeName", name}, {"KeyType", type}};
    };
    const auto index = [](std::string_view name, Json keys, Json projection) {
      return Json{{"IndexName", name}, {"KeySchema", std::move(keys)}, {"Projection", std::move(projection)}};
    };
    const Json all{{"ProjectionType", "ALL"}}, only{{"ProjectionType", "KEYS_ONLY"}};
    const Json some{{"ProjectionType", "INCLUDE"}, {"NonKeyAttributes", {"projected"}}};
    call("CreateTable", {{"TableName", "Ind"},
                         {"BillingMode", "PAY_PER_REQUEST"},
                         {"AttributeDefinitions",
                          {attribute("pk"), attribute("sk"), attribute("g"), attribute("l"), attribute("h")}},
                         {"KeySchema", {key("pk", "HASH"), key("sk", "RANGE")}},
                         {"LocalSecondaryIndexes",
                          Json::array({index("local", {key("pk", "HASH"), key("l", "RANGE")}, only)})},
                         {"GlobalSecondaryIndexes",
                          {index("all", Json::array({key("g", "HASH")}), all),
                           index("some", Json::array({key("g", "HASH")}), some),
                           index("wide", {key("g", "HASH"), key("h", "HASH")}, all)}}});
    for (const auto* n : {"1", "2"})
      put({{"pk", S("p")},
           {"sk", S(n)},
           {"g", S("y")},
           {"h", S("h")},
           {"l", S(n)},
           {"projected", S("pro")},
           {"v", S(n)}},
          "Ind");
  }
};
}  // namespace

TEST_CASE("a SELECT reads an index named beside the table") {
  Indexed w;
  CHECK(w.items(R"(SELECT * FROM "Ind"."all" WHERE g = 'y' AND v = '2')").size() == 1);
  CHECK(w.items("SELECT * FROM Ind.some WHERE g = 'y'")[0].size() == 4);
  CHECK(w.column("v", "SELECT v FROM Ind.\"all\" WHERE sk = '1'") == "1");  // a scan of the index
  CHECK(w.column("sk", "SELECT sk FROM Ind.local WHERE pk = 'p' ORDER BY l DESC") == "2 1");
  const auto page = w.execute("SELECT * FROM Ind.\"all\" WHERE g = 'y'", {},
                              {{"Limit", 1}, {"ReturnConsumedCapacity", "INDEXES"}});
  CHECK(page["LastEvaluatedKey"].size() == 3);
  CHECK(page["ConsumedCapacity"]["GlobalSecondaryIndexes"]["all"]["CapacityUnits"] == 0.5);
  CHECK(w.items("SELECT * FROM Ind.\"all\" WHERE g = 'y'", {}, {{"NextToken", page["NextToken"]}}).size() ==
        1);
}

TEST_CASE("a local index reaches the item, a global one does not") {
  Indexed w;
  CHECK(w.column("v", "SELECT v FROM Ind.local WHERE pk = 'p' AND l = '2'") == "2");
  CHECK(w.items("SELECT * FROM Ind.local WHERE pk = 'p'", {}, {{"ConsistentRead", true}}).size() == 2);
  CHECK(w.refused("SELECT v, w, g, v.x FROM Ind.some WHERE g = 'y'") ==
        "One or more parameter values were invalid: Global secondary index some does not project [v, w]");
  CHECK(w.refused("SELECT * FROM Ind.some WHERE g = 'y'", {}, {{"ConsistentRead", true}}) ==
        "Strongly consistent read is not supported on Global Secondary Indexes");
}

TEST_CASE("a read of an index by key filters on what the index holds") {
  Indexed w;
  const auto refused = [&](std::string_view index, std::string_view names) {
    return fmt::format(
        "One or more parameter values were invalid: Secondary index {} does not project one or more filter "
        "attributes: [{}]",
        index, names);
  };
  CHECK(w.refused("SELECT pk FROM Ind.some WHERE g = 'y' AND v = '1'") == refused("some", "v"));
  CHECK(w.refused("SELECT pk FROM Ind.local WHERE pk = 'p' AND v = '1'") == refused("local", "v"));
  CHECK(w.refused("SELECT pk FROM Ind.some WHERE g = 'y' AND b = '1' AND (a = '2' OR projected = '3')") ==
        refused("some", "a, b"));
  CHECK(w.refused("SELECT pk FROM Ind.some WHERE g = 'y' AND (zz = '1' OR aa = '2' OR mm = '3')") ==
        refused("some", "zz, aa, mm"));
  CHECK(w.items("SELECT pk FROM Ind.some WHERE g = 'y' AND (projected = 'pro' OR projected = 'x')").size() ==
        2);
  CHECK(w.items("SELECT pk FROM Ind.some WHERE v = '1'").empty());  // a scan finds nothing instead
  CHECK(w.items("SELECT pk FROM Ind.some WHERE NOT v = '1'").size() == 2);
}

TEST_CASE("an index of several hash keys is not read, whatever else is wrong") {
  Indexed w;
  const std::string refused =
      "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or multi-attribute "
      "RANGE keys.";
  CHECK(w.refused("SELECT * FROM Ind.wide WHERE g = 'y' AND h = 'h'") == refused);
  CHECK(w.refused("SELECT COUNT(*) FROM Ind.wide") == refused);
  CHECK(w.refused("SELECT * FROM Ind.wide WHERE g = 5") == refused);
  CHECK(w.refused("SELECT * FROM Ind.wide WHERE").ends_with("Unexpected term"));
}
