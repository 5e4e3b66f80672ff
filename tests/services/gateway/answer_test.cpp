#include "emulator/services/gateway/responses/answer.hpp"

#include <doctest/doctest.h>

#include "emulator/base/error.hpp"
#include "emulator/base/text.hpp"

namespace emu::gateway {
namespace {
bool is_internal_error(const http::Response& response) {
  return response.status == 500 && response.body == R"({"message":"Internal Server Error"})" &&
         response.headers.get("content-type") == "application/json";
}
std::vector<std::string> all(const http::Response& response, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& header : response.headers)
    if (same_text(header.name, name)) out.push_back(header.value);
  return out;
}
}  // namespace

TEST_CASE("2.0: a structured result is the response, as plain text unless it says otherwise") {
  auto response = answer_v2(R"({"statusCode":201,"headers":{"X-A":"1"},"body":"hello"})");
  CHECK(response.status == 201);
  CHECK(response.body == "hello");
  CHECK(response.headers.get("x-a") == "1");
  CHECK(response.headers.get("content-type") == "text/plain; charset=utf-8");
  response = answer_v2(R"({"statusCode":200,"headers":{"Content-Type":"application/json"},"body":"{}"})");
  CHECK(all(response, "content-type") == std::vector<std::string>{"application/json"});
}

TEST_CASE("2.0: anything without a status code is a 200 with the result as it is") {
  for (const auto* payload :
       {R"({"name":"John"})", "[1,2,3]", "12", "true", "null", "", R"({"name": "John", "age":)"}) {
    const auto response = answer_v2(payload);
    CHECK(response.status == 200);
    CHECK(response.body == payload);
    CHECK(response.headers.get("content-type") == "application/json");
  }
}

TEST_CASE("2.0: a string loses its quotes") {
  CHECK(answer_v2(R"("hi \"there\"")").body == "hi \"there\"");
  CHECK(answer_v2(R"("")").body.empty());
}

TEST_CASE("2.0: a status code is an integer or its digits") {
  CHECK(answer_v2(R"({"statusCode":"418"})").status == 418);
  for (const auto* status :
       {"200.5", "0", "-1", "\"test\"", "\"\"", "null", "true", "[]", "600", "99999999999999"})
    CHECK_MESSAGE(is_internal_error(answer_v2(std::string(R"({"statusCode":)") + status + "}")), status);
}

TEST_CASE("2.0: cookies come first, then a set-cookie header; multiValueHeaders are not read") {
  const auto response = answer_v2(
      R"({"statusCode":200,"cookies":["a=1","b=2"],"headers":{"set-cookie":"c=3"},"multiValueHeaders":{"x":["y"]}})");
  CHECK(all(response, "set-cookie") == std::vector<std::string>{"a=1", "b=2", "c=3"});
  CHECK(all(response, "x").empty());
}

TEST_CASE(
    "2.0: header values that are numbers or booleans become text, null is left out, others break the "
    "response") {
  const auto response = answer_v2(R"({"statusCode":200,"headers":{"a":1,"b":true,"c":null}})");
  CHECK(response.headers.get("a") == "1");
  CHECK(response.headers.get("b") == "true");
  CHECK_FALSE(response.headers.find("c"));
  for (const auto* headers : {R"({"a":[1]})", R"({"a":{}})", R"(["a"])", R"({"a b":"c"})", R"({"":"c"})",
                              R"({"a":"x\r\nevil: 1"})", R"({"a\r\nevil":"x"})"})
    CHECK_MESSAGE(
        is_internal_error(answer_v2(std::string(R"({"statusCode":200,"headers":)") + headers + "}")),
        headers);
}

TEST_CASE("the headers that frame a response are the gateway's own") {
  const auto response = answer_v2(
      R"({"statusCode":200,"headers":{"Content-Length":"99","transfer-encoding":"chunked","Date":"x"}})");
  for (const auto* name : {"content-length", "transfer-encoding", "date"})
    CHECK_FALSE(response.headers.find(name));
}

TEST_CASE("2.0: a body is text, and base64 only if marked") {
  CHECK(answer_v2(R"({"statusCode":200,"body":"aGk=","isBase64Encoded":true})").body == "hi");
  CHECK(answer_v2(R"({"statusCode":200,"body":"aGk=","isBase64Encoded":false})").body == "aGk=");
  CHECK(answer_v2(R"({"statusCode":200,"body":null})").body.empty());
  CHECK(is_internal_error(answer_v2(R"({"statusCode":200,"body":{"a":1}})")));
  CHECK(is_internal_error(answer_v2(R"({"statusCode":200,"body":"!!!","isBase64Encoded":true})")));
}

TEST_CASE("204 and 304 have no body") {
  for (const auto* status : {"204", "304"}) {
    const auto response = answer_v2(std::string(R"({"statusCode":)") + status + R"(,"body":"x"})");
    CHECK(response.body.empty());
    CHECK_FALSE(response.headers.find("content-type"));
  }
}

TEST_CASE("1.0: only a structured result is a response") {
  CHECK(answer_v1(R"({"statusCode":200,"body":"x"})").body == "x");
  CHECK(answer_v1(R"({"statusCode":200,"body":"x"})").headers.get("content-type") ==
        "text/plain; charset=utf-8");
  for (const auto* payload : {R"({"name":"John"})", R"("text")", "[1]", "null", "", "{"})
    CHECK_MESSAGE(is_internal_error(answer_v1(payload)), payload);
}

TEST_CASE("1.0: a header given singly and multiply is sent single value first; cookies are not read") {
  const auto response = answer_v1(
      R"({"statusCode":200,"headers":{"x":"single"},"multiValueHeaders":{"X":["m1","m2"]},"cookies":["a=1"]})");
  CHECK(all(response, "x") == std::vector<std::string>{"single", "m1", "m2"});
  CHECK(all(response, "set-cookie").empty());
  CHECK(is_internal_error(answer_v1(R"({"statusCode":200,"multiValueHeaders":{"x":"not a list"}})")));
}
}  // namespace emu::gateway
