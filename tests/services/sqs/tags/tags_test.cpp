#include "tests/services/sqs/sqs_world.hpp"

using namespace emu;
using namespace emu::test;

namespace {
struct Tagged : SqsWorld {
  std::string url = queue("q");
  Json tags() { return call("ListQueueTags", {{"QueueUrl", url}}); }
  void tag(Json given) { call("TagQueue", {{"QueueUrl", url}, {"Tags", std::move(given)}}); }
};
}  // namespace

TEST_CASE("tags are merged, may be empty, and go away one by one") {
  Tagged w;
  CHECK(w.tags().empty());
  w.tag({{"a", "1"}, {"b", ""}});
  w.tag({{"a", "2"}});
  CHECK(w.tags()["Tags"] == Json{{"a", "2"}, {"b", ""}});
  w.call("UntagQueue", {{"QueueUrl", w.url}, {"TagKeys", {"a", "missing"}}});
  CHECK(w.tags()["Tags"] == Json{{"b", ""}});
  w.call("UntagQueue", {{"QueueUrl", w.url}, {"TagKeys", {"b"}}});
  CHECK_FALSE(w.tags().contains("Tags"));
}

TEST_CASE("tags have keys and values of limited length, and are fifty at most") {
  Tagged w;
  const auto refused = [&](Json given) {
    return w.refusal("TagQueue", {{"QueueUrl", w.url}, {"Tags", std::move(given)}});
  };
  w.tag({{std::string(128, 'k'), std::string(256, 'v')}});
  CHECK(refused({{"", "v"}}) ==
        "InvalidParameterValue: Tag keys must be between 1 and 128 characters in length.");
  CHECK(refused({{std::string(129, 'k'), "v"}}) ==
        "InvalidParameterValue: Tag keys must be between 1 and 128 characters in length.");
  CHECK(refused({{"k", std::string(257, 'v')}}) ==
        "InvalidParameterValue: Tag values must be between 0 and 256 characters in length.");
  Json many = Json::object();
  for (int i = 0; i < 50; ++i) many["k" + std::to_string(i)] = "v";
  CHECK(refused(many) == "InvalidParameterValue: Too many tags added for queue q.");
  CHECK(w.tags()["Tags"].size() == 1);
}

TEST_CASE("tagging needs tags, and untagging keys") {
  Tagged w;
  for (const auto& given : {Json{{"QueueUrl", w.url}}, Json{{"QueueUrl", w.url}, {"Tags", Json::object()}}})
    CHECK(w.refusal("TagQueue", given) == "MissingParameter: The request must contain the parameter Tags.");
  CHECK(w.refusal("UntagQueue", {{"QueueUrl", w.url}}) ==
        "MissingParameter: The request must contain the parameter TagKeys.");
}
