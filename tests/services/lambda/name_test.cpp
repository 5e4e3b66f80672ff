#include "emulator/services/lambda/name.hpp"

#include <doctest/doctest.h>

using namespace emu;
using namespace emu::lambda;

namespace {
const Scope kScope;  // 000000000000, us-east-1

AwsError refused(std::string_view text, std::optional<std::string> qualifier = std::nullopt) {
  try {
    static_cast<void>(parse_name(kScope, text, qualifier));
  } catch (const AwsError& e) {
    return e;
  }
  FAIL(text << " was accepted");
  return AwsError::internal("");
}
}  // namespace

TEST_CASE("a function is named bare, partially or by full ARN, with its qualifier inside or beside") {
  struct {
    std::string_view text;
    std::optional<std::string> qualifier;
    std::string name, expected;
  } rows[] = {
      {"f", {}, "f", ""},
      {"f:1", {}, "f", "1"},
      {"f:$LATEST", {}, "f", "$LATEST"},
      {"f", "live", "f", "live"},
      {"f:live", "live", "f", "live"},
      {"function:f", {}, "f", ""},
      {"000000000000:function:f", {}, "f", ""},
      {"000000000000:function:f:2", {}, "f", "2"},
      {"arn:aws:lambda:us-east-1:000000000000:function:f", {}, "f", ""},
      {"arn:aws:lambda:us-east-1:000000000000:function:f:live", {}, "f", "live"},
      {"arn:aws:lambda:us-east-1:000000000000:function", {}, "function", ""},
      {"function", {}, "function", ""},
      {"function:$LATEST", {}, "function", "$LATEST"},
      {"arn", {}, "arn", ""},
      {"f", "", "f", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto parsed = parse_name(kScope, row.text, row.qualifier);
    CHECK(parsed.name == row.name);
    CHECK(parsed.qualifier == row.expected);
  }
}

TEST_CASE("a malformed name is a validation error that quotes the pattern") {
  const auto error = refused("a b");
  CHECK(error.code == "ValidationException");
  CHECK(error.message.starts_with(
      "1 validation error detected: Value 'a b' at 'functionName' failed to satisfy "
      "constraint: Member must satisfy regular expression pattern: (arn:(aws"));
  for (const auto text :
       {"", "a:b:c", "arn:aws:s3:::f", "arn:aws:lambda:us-east-1:000000000000:function:f:1:2", "a/b", ":",
        "f:", "f:$latest", "1:2:3:4:5:6:7:8:9:10"})
    CHECK_MESSAGE(refused(text).code == "ValidationException", text);
}

TEST_CASE("a malformed name and a malformed qualifier are reported together") {
  const auto error = refused("a b", "c d");
  CHECK(error.message.starts_with("2 validation errors detected: Value 'a b' at 'functionName'"));
  CHECK(
      error.message.contains("; Value 'c d' at 'qualifier' failed to satisfy constraint: Member must satisfy "
                             "regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+"));
}

TEST_CASE("a qualifier in the name and another beside it contradict") {
  const auto error = refused("f:1", "2");
  CHECK(error.code == "InvalidParameterValueException");
  CHECK(error.message ==
        "The derived qualifier from the function name does not match the specified qualifier.");
}

TEST_CASE("functions of other regions and accounts are out of reach") {
  const auto region = refused("arn:aws:lambda:eu-west-1:000000000000:function:f");
  CHECK(region.http_status == 404);
  CHECK(region.message == "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')");
  CHECK(region.message_key == "Message");
  const auto account = refused("arn:aws:lambda:us-east-1:111111111111:function:f");
  CHECK(account.http_status == 403);
  CHECK(account.code == "AccessDeniedException");
  CHECK(account.extra.at("Message").is_null());
}

TEST_CASE("regions of every partition are recognised") {
  for (const auto region :
       {"us-gov-west-1", "us-iso-east-1", "us-isob-east-1", "eusc-de-east-1", "cn-north-1"}) {
    const auto text = fmt::format("arn:aws:lambda:{}:000000000000:function:f", region);
    const auto parts = split_name(text, NameShape::plain);
    REQUIRE_MESSAGE(parts, region);
    CHECK(parts->region == region);
    CHECK(parts->name == "f");
  }
}

TEST_CASE("a name for a new function has at most 64 characters, an ARN 140") {
  CHECK(parse_new_name(kScope, std::string(64, 'f')).name.size() == 64);
  try {
    static_cast<void>(parse_new_name(kScope, std::string(65, 'f')));
    FAIL("accepted");
  } catch (const AwsError& e) {
    CHECK(e.code == "InvalidParameterValueException");
    CHECK(e.message ==
          fmt::format("1 validation error detected: Value '{}' at 'functionName' failed to satisfy "
                      "constraint: Member must have length less than or equal to 64",
                      std::string(65, 'f')));
  }
  try {
    static_cast<void>(parse_new_name(kScope, std::string(141, 'f')));
    FAIL("accepted");
  } catch (const AwsError& e) {
    CHECK(e.code == "ValidationException");
    CHECK(e.message.ends_with("Member must have length less than or equal to 140"));
  }
  CHECK(parse_name(kScope, std::string(65, 'f')).name.size() == 65);  // other operations just do not find it
}
