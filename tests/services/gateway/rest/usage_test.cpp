#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;

namespace {
struct KeyedWorld : RestWorld {
  std::string key, value, plan;

  explicit KeyedWorld(Json quota = {{"limit", 3}, {"period", "WEEK"}}) {
    proxy("/x", "GET", {{"apiKeyRequired", true}});
    deploy();
    const auto made = call(apis, "CreateApiKey", {{"name", "k"}, {"enabled", true}});
    key = made["id"];
    value = made["value"];
    Json in{{"name", "p"}, {"apiStages", Json::array({{{"apiId", api_id}, {"stage", "prod"}}})}};
    if (!quota.is_null()) in["quota"] = quota;
    plan = call(apis, "CreateUsagePlan", in)["id"];
    call(apis, "CreateUsagePlanKey", {{"usagePlanId", plan}, {"keyId", key}, {"keyType", "API_KEY"}});
  }
  int get() {
    auto r = request("GET", "/prod/x");
    r.headers.add("X-API-Key", value);
    return send(std::move(r)).status;
  }
  Json usage(gateway::v1::RestApis& of, const char* from, const char* to) {
    return call(of, "GetUsage", {{"usagePlanId", plan}, {"startDate", from}, {"endDate", to}})["values"][key];
  }
  Json remain(const char* rest) {
    return call(
        apis, "UpdateUsage",
        {{"usagePlanId", plan},
         {"keyId", key},
         {"patchOperations", Json::array({{{"op", "replace"}, {"path", "/remaining"}, {"value", rest}}})}});
  }
};
}  // namespace

TEST_CASE("the use of a key is told by day, with what is left of its quota") {
  KeyedWorld w;  // it is Thursday, 2026-01-01
  CHECK(w.get() == 200);
  w.advance(24h);
  CHECK(w.get() == 200);
  CHECK(w.get() == 200);
  CHECK(w.get() == 429);
  CHECK(w.usage(w.apis, "2025-12-31", "2026-01-05") ==
        Json::array({{0, 3}, {1, 2}, {2, 0}, {0, 0}, {0, 3}, {0, 3}}));
  KeyedWorld free{Json()};
  CHECK(free.get() == 200);
  CHECK(free.usage(free.apis, "2026-01-01", "2026-01-01") == Json::array({{1, -1}}));
}

TEST_CASE("what keys have used is there after a restart, a second after it was used") {
  KeyedWorld w;
  w.start(w.apis.run());
  CHECK(w.get() == 200);
  CHECK(w.get() == 200);
  w.advance(1s);
  gateway::v1::RestApis again(w.disk, w.clock, w.ids);
  again.load();
  CHECK(w.usage(again, "2026-01-01", "2026-01-01") == Json::array({{2, 1}}));
  gateway::Door door{w.http_apis, again, w.clock, w.ids, w.functions};
  const auto ask = [&] {
    auto r = w.request("GET", "/prod/x");
    r.headers.add("X-API-Key", w.value);
    return w.run(door.serve(std::move(r))).status;
  };
  CHECK(ask() == 200);
  CHECK(ask() == 429);
}

TEST_CASE("what a key has used goes with the key, and with its place in the plan") {
  KeyedWorld w;
  CHECK(w.get() == 200);
  w.call(w.apis, "DeleteUsagePlanKey", {{"usagePlanId", w.plan}, {"keyId", w.key}});
  w.call(w.apis, "CreateUsagePlanKey", {{"usagePlanId", w.plan}, {"keyId", w.key}, {"keyType", "API_KEY"}});
  CHECK(w.usage(w.apis, "2026-01-01", "2026-01-01") == Json::array({{0, 3}}));
  CHECK(w.fail(w.apis, "GetUsage",
               {{"usagePlanId", w.plan}, {"startDate", "2026-01-01junk"}, {"endDate", "2026-01-02"}})
            .code == "BadRequestException");
}

TEST_CASE("UpdateUsage says what remains of a quota until its period ends") {
  KeyedWorld w;
  for (int i = 0; i < 3; ++i) CHECK(w.get() == 200);
  CHECK(w.get() == 429);
  const auto said = w.remain("2");
  CHECK(said["values"][w.key] == Json::array({{3, 2}}));
  CHECK(said["startDate"] == "2026-01-01");
  CHECK(w.get() == 200);
  CHECK(w.get() == 200);
  CHECK(w.get() == 429);
  CHECK(w.usage(w.apis, "2026-01-01", "2026-01-01") == Json::array({{5, 0}}));
  w.advance(24h * 7);
  for (int i = 0; i < 3; ++i) CHECK(w.get() == 200);
  CHECK(w.get() == 429);
}

TEST_CASE("UpdateUsage refuses what is no number, and keys and plans that are not there") {
  KeyedWorld w;
  const auto refused = [&](const char* path, const char* value, const std::string& plan,
                           const std::string& key) {
    return w
        .fail(w.apis, "UpdateUsage",
              {{"usagePlanId", plan},
               {"keyId", key},
               {"patchOperations", Json::array({{{"op", "replace"}, {"path", path}, {"value", value}}})}})
        .code;
  };
  CHECK(refused("/remaining", "many", w.plan, w.key) == "BadRequestException");
  CHECK(refused("/remaining", "-1", w.plan, w.key) == "BadRequestException");
  CHECK(refused("/limit", "1", w.plan, w.key) == "BadRequestException");
  CHECK(refused("/remaining", "1", "none", w.key) == "NotFoundException");
  CHECK(refused("/remaining", "1", w.plan, "none") == "NotFoundException");
}

TEST_CASE("a request that was let in while its key left the plan is counted no more") {
  KeyedWorld w;
  w.call(w.apis, "DeleteUsagePlanKey", {{"usagePlanId", w.plan}, {"keyId", w.key}});
  const gateway::Usage::Key late{{"000000000000", "us-east-1"}, w.plan, w.key};
  CHECK(w.apis.usage.admit(late, std::nullopt, w.clock.now()));
  w.apis.usage.save();
  w.call(w.apis, "CreateUsagePlanKey", {{"usagePlanId", w.plan}, {"keyId", w.key}, {"keyType", "API_KEY"}});
  CHECK(w.usage(w.apis, "2026-01-01", "2026-01-01") == Json::array({{0, 3}}));
}
}  // namespace emu
