#include "runtime-api/scheduler/cold_start.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace emu::runtime {
namespace {
using namespace std::chrono_literals;
const Json kModel = Json::parse(R"({
  "default": "plain",
  "before_init": {"median_ms": 80, "sigma": 0.4},
  "profiles": {
    "plain": {"sigma": 0.12, "runtimes": {
      "nodejs20.x": {"x86_64": {"128": 100, "1024": 50}, "arm64": 80},
      "python": {"x86_64": 90},
      "provided": {"x86_64": 10}}},
    "wild": {"sigma": 0, "outliers": {"share": 0.5, "from": 2, "to": 2}, "size_factor_per_10_mb": 0.5,
      "runtimes": {"python": {"x86_64": 100}, "provided": {"x86_64": {"median_ms": 100, "sigma": 0}}}}}})");

ColdStarts starts(std::uint64_t seed = 1, std::string_view setting = "modelled") {
  return {ColdStartModel::read(kModel), seed, *ColdStartSetting::parse(setting)};
}
FunctionSpec spec(std::string runtime, int memory_mb = 128) {
  return {.name = "f", .arn = "arn:f", .runtime = std::move(runtime), .memory_mb = memory_mb};
}
Duration median(ColdStarts& all, const FunctionSpec& spec) {
  std::vector<Duration> drawn;
  for (int i = 0; i < 999; ++i) drawn.push_back(all.draw(spec).init_at_least);
  std::ranges::sort(drawn);
  return drawn[499];
}
bool about(Duration got, Duration wanted) { return got > wanted * 97 / 100 && got < wanted * 103 / 100; }
}  // namespace

TEST_CASE("the settings are real, modelled with a profile or not, and fixed") {
  using Kind = ColdStartSetting::Kind;
  CHECK(ColdStartSetting::parse("real")->kind == Kind::real);
  CHECK(ColdStartSetting::parse("modelled")->profile.empty());
  CHECK(ColdStartSetting::parse("modelled:hello")->profile == "hello");
  CHECK(ColdStartSetting::parse("fixed:120")->length == 120ms);
  CHECK(ColdStartSetting::parse("fixed:0.5")->length == 500us);
  for (const auto* wrong :
       {"", "cold", "real:x", "modelled:", "fixed", "fixed:", "fixed:-1", "fixed:1s", "fixed:1e9"})
    CHECK_MESSAGE(!ColdStartSetting::parse(wrong), wrong);
}

TEST_CASE("the same seed draws the same, function by function, whatever starts in between") {
  auto one = starts(5), two = starts(5), other = starts(6);
  auto f = spec("nodejs20.x"), g = spec("python3.12");
  g.arn = "arn:g";
  std::vector<Duration> alone, beside, else_;
  for (int i = 0; i < 10; ++i) {
    alone.push_back(one.draw(f).init_at_least);
    static_cast<void>(two.draw(g));
    beside.push_back(two.draw(f).init_at_least);
    else_.push_back(other.draw(f).init_at_least);
  }
  CHECK(alone == beside);
  CHECK(alone != else_);
  CHECK(alone[0] != alone[1]);
}

TEST_CASE("draws have the median of the function's runtime, memory and architecture") {
  auto all = starts();
  CHECK(about(median(all, spec("nodejs20.x", 128)), 100ms));
  CHECK(about(median(all, spec("nodejs20.x", 512)), 100ms));
  CHECK(about(median(all, spec("nodejs20.x", 1024)), 50ms));
  auto arm = spec("nodejs20.x");
  arm.architecture = "arm64";
  CHECK(about(median(all, arm), 80ms));
  CHECK(about(median(all, spec("python3.14")), 90ms));  // by its family
  CHECK(about(median(all, spec("provided.al2023")), 10ms));
  CHECK(all.draw(spec("ruby3.3")).init_at_least == 0ms);  // the model says nothing about it
  CHECK(all.draw(spec("python3.14")).before > 0ms);
}

TEST_CASE(
    "the size of the package lengthens starts of interpreted runtimes; outliers are as often as they "
    "should") {
  auto all = starts(1, "modelled:wild");
  auto big = spec("python3.12");
  big.code_bytes = 20 * 1024 * 1024;
  int far = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto drawn = all.draw(big).init_at_least;
    CHECK((drawn == 200ms || drawn == 400ms));
    far += drawn == 400ms ? 1 : 0;
  }
  CHECK(far > 440);
  CHECK(far < 560);
  auto native = spec("provided.al2023");
  native.code_bytes = big.code_bytes;
  CHECK(all.draw(native).init_at_least <= 200ms);
}

TEST_CASE("a function's own setting goes before the default") {
  auto all = starts(1, "real");
  CHECK(all.draw(spec("python3.12")).init_at_least == 0ms);
  all.set("arn:f", ColdStartSetting::parse("fixed:300"));
  CHECK(all.draw(spec("python3.12")).init_at_least == 300ms);
  CHECK(all.draw(spec("python3.12")).before == 0ms);
  all.set("arn:f", std::nullopt);
  CHECK(all.draw(spec("python3.12")).init_at_least == 0ms);
  CHECK(all.knows(*ColdStartSetting::parse("modelled:wild")));
  CHECK(!all.knows(*ColdStartSetting::parse("modelled:none")));
}

TEST_CASE("a model that says less than it must is refused by the name of what is missing") {
  const auto refused = [](auto edit) {
    Json model = kModel;
    edit(model);
    try {
      static_cast<void>(ColdStartModel::read(model));
    } catch (const std::invalid_argument& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK(refused([](Json& m) { m["default"] = "none"; }) == "default: must name one of the profiles");
  CHECK(refused([](Json& m) { m.erase("before_init"); }) ==
        "the cold-start model: before_init must be a map");
  CHECK(refused([](Json& m) { m["profiles"]["plain"].erase("sigma"); }) ==
        "profiles.plain: sigma is missing");
  CHECK(refused([](Json& m) { m["profiles"]["plain"]["runtimes"]["python"]["x86_64"] = {{"small", 1}}; }) ==
        "profiles.plain.runtimes.python: small is no memory size in MB");
}
}  // namespace emu::runtime
