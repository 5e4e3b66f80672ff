#include "tests/services/dynamodb/sixty_cases/cases.hpp"

using namespace emu;
using namespace emu::test;

TEST_CASE("case 58: PartiQL knows no alias, inserts a key once, and needs a known first word") {
  SixtyCases w;
  w.table();
  w.put(R"({"pk":{"S":"x"}})");
  CHECK(w.refused("ExecuteStatement", R"({"Statement":"SELECT * FROM \"Tab\" t WHERE pk='x'"})") ==
        "ValidationException: Aliasing is not supported");
  CHECK(w.refused("ExecuteStatement", R"({"Statement":"INSERT INTO \"Tab\" VALUE {'pk': 'x'}"})") ==
        "DuplicateItemException: Duplicate primary key exists in table");
  CHECK(w.refused("ExecuteStatement", R"({"Statement":"SELECTT 1"})") ==
        "ValidationException: Statement wasn't well formed, can't be processed: Expected data manipulation");
}
