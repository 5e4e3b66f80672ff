#include "emulator/services/gateway/rest/keys/csv.hpp"
#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;
using gateway::v1::parse_csv;

TEST_CASE("a row of comma-separated values may quote commas, line ends and quotes") {
  using Rows = std::vector<gateway::v1::CsvRow>;
  CHECK(parse_csv("a,b\r\n c , \"d, \"\"e\"\"\nf\" \n\n,\n") ==
        Rows{{"a", "b"}, {"c", "d, \"e\"\nf"}, {"", ""}});
  CHECK(parse_csv("\xEF\xBB\xBFname,key") == Rows{{"name", "key"}});
  CHECK(parse_csv("a,\"open") == Rows{{"a", "open"}});
  CHECK(parse_csv("'a,b' ,'tis\nc") == Rows{{"a,b", "'tis"}, {"c"}});
  CHECK(parse_csv("").empty());
}

TEST_CASE("API keys are imported from a file, with the usage plans they belong to") {
  RestWorld w;
  const auto plan = w.call(w.apis, "CreateUsagePlan", {{"name", "gold"}})["id"].get<std::string>();
  const auto made = w.call(
      w.apis, "ImportApiKeys",
      {{"format", "csv"},
       {"body",
        "Name,key,description,Enabled,usageplanIds\nfirst,aaaaaaaaaaaaaaaaaaaaaaaa,\"one, first\",TRUE,\"" +
            plan + ",nothing\"\nshort,abc,,,\nsecond,bbbbbbbbbbbbbbbbbbbbbbbb,,false,\n" +
            "twice,bbbbbbbbbbbbbbbbbbbbbbbb,,,\n"}});
  CHECK(made["ids"].size() == 2);
  CHECK(made["warnings"].size() == 2);  // no such plan; too short
  const auto first = w.call(w.apis, "GetApiKey", {{"apiKey", made["ids"][0]}, {"includeValue", true}});
  CHECK(first["name"] == "first");
  CHECK(first["value"] == "aaaaaaaaaaaaaaaaaaaaaaaa");
  CHECK(first["description"] == "one, first");
  CHECK(first["enabled"] == true);
  const auto second = w.call(w.apis, "GetApiKey", {{"apiKey", made["ids"][1]}});
  CHECK(second["name"] == "twice");  // the latest of a key counts
  CHECK(second["enabled"] == true);
  CHECK(w.call(w.apis, "GetUsagePlanKeys", {{"usagePlanId", plan}})["item"][0]["id"] == made["ids"][0]);
}

TEST_CASE("a key that is imported again is changed; what a file says beside is ignored") {
  RestWorld w;
  const auto plan = w.call(w.apis, "CreateUsagePlan", {{"name", "gold"}})["id"].get<std::string>();
  const auto import = [&](const std::string& body) {
    return w.call(w.apis, "ImportApiKeys", {{"format", "csv"}, {"body", body}});
  };
  const auto made =
      import("name,team,key,usageplanids\nfirst,x,aaaaaaaaaaaaaaaaaaaaaaaa,'" + plan + ",none'\n");
  CHECK(made["warnings"].size() == 1);
  const Json id{{"apiKey", made["ids"][0]}};
  CHECK(w.call(w.apis, "GetApiKey", id)["enabled"] == true);
  const auto again =
      import("name,key,enabled,usageplanids\nother,aaaaaaaaaaaaaaaaaaaaaaaa,FALSE," + plan + "\n");
  CHECK(again["ids"] == made["ids"]);
  CHECK(w.call(w.apis, "GetApiKey", id)["name"] == "other");
  CHECK(w.call(w.apis, "GetApiKey", id)["enabled"] == false);
  CHECK(w.call(w.apis, "GetUsagePlanKeys", {{"usagePlanId", plan}})["item"].size() == 1);
  CHECK(import("name,key\nx,bbbbbbbbbbbbbbbbbbbbbbbb,more\n" + std::string(1025, 'n') +
               ",cccccccccccccccccccccccc\n")["warnings"]
            .size() == 2);
}

TEST_CASE("a file of keys that must be without warnings imports all or nothing") {
  RestWorld w;
  const auto in = [](std::string body) {
    return Json{{"format", "csv"}, {"failOnWarnings", true}, {"body", std::move(body)}};
  };
  for (const auto* body : {"", "name\nx\n", "name,key\na,aaaaaaaaaaaaaaaaaaaaaaaa\nb,short\n"})
    CHECK(w.fail(w.apis, "ImportApiKeys", in(body)).code == "BadRequestException");
  CHECK(w.call(w.apis, "GetApiKeys", Json::object())["item"].empty());
}
}  // namespace emu
