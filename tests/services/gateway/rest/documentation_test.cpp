#include "emulator/base/certificate.hpp"
#include "tests/services/gateway/rest/rest_world.hpp"

namespace emu {
using namespace test;

namespace {
Json part(const std::string& api, Json location, std::string description = "d") {
  return {{"restApiId", api},
          {"location", std::move(location)},
          {"properties", Json{{"description", description}}.dump()}};
}
}  // namespace

TEST_CASE("a documentation part is at one location, with the defaults of what was not said") {
  RestWorld w;
  const auto made = w.call(w.apis, "CreateDocumentationPart", part(w.api_id, {{"type", "METHOD"}}));
  CHECK(made["location"] == Json{{"type", "METHOD"}, {"path", "/"}, {"method", "*"}});
  const auto again =
      w.fail(w.apis, "CreateDocumentationPart", part(w.api_id, {{"type", "METHOD"}, {"path", "/"}}));
  CHECK(again.code == "ConflictException");
  CHECK(again.message ==
        "Documentation part already exists for the specified location: type 'METHOD', path '/', method "
        "'*'.");
  w.call(w.apis, "CreateDocumentationPart", part(w.api_id, {{"type", "API"}}));
  for (const auto& wrong :
       {Json{{"type", "API"}, {"path", "/x"}}, Json{{"type", "MODEL"}}, Json{{"type", "NOTHING"}}})
    CHECK(w.fail(w.apis, "CreateDocumentationPart", part(w.api_id, wrong)).code == "BadRequestException");
  CHECK(
      w.fail(
           w.apis, "CreateDocumentationPart",
           {{"restApiId", w.api_id}, {"location", {{"type", "MODEL"}, {"name", "m"}}}, {"properties", "{}"}})
          .message == "Documentation part properties must be non-empty");
  CHECK(w.call(w.apis, "GetDocumentationParts", {{"restApiId", w.api_id}, {"type", "API"}})["item"].size() ==
        1);
  const Json one{{"restApiId", w.api_id}, {"documentationPartId", made["id"]}};
  auto patch = one;
  patch["patchOperations"] =
      Json::array({{{"op", "replace"}, {"path", "/properties"}, {"value", R"({"description":"new"})"}}});
  w.call(w.apis, "UpdateDocumentationPart", patch);
  CHECK(w.call(w.apis, "GetDocumentationPart", one)["properties"] == R"({"description":"new"})");
  w.call(w.apis, "DeleteDocumentationPart", one);
  CHECK(w.fail(w.apis, "GetDocumentationPart", one).message ==
        "Invalid Documentation part identifier specified");
}

TEST_CASE("a documentation version keeps the parts as they were, and a stage that names it exports them") {
  RestWorld w;
  w.mock("/orders", "GET", "{statusCode:200}", {{"statusCode", "200"}});
  w.deploy();
  w.call(w.apis, "CreateDocumentationPart", part(w.api_id, {{"type", "API"}}, "first"));
  const Json version{
      {"restApiId", w.api_id}, {"documentationVersion", "v1"}, {"stageName", "prod"}, {"description", "d"}};
  CHECK(w.call(w.apis, "CreateDocumentationVersion", version)["version"] == "v1");
  CHECK(w.fail(w.apis, "CreateDocumentationVersion", version).code == "ConflictException");
  w.call(w.apis, "ImportDocumentationParts",
         {{"restApiId", w.api_id},
          {"mode", "overwrite"},
          {"body",
           "x-amazon-apigateway-documentation:\n  documentationParts:\n  - location: {type: API}\n"
           "    properties: {description: second}\n  - location: {type: NOTHING}\n"}});
  const auto exported = [&] {
    const auto made = w.call(w.apis, "GetExport",
                             {{"restApiId", w.api_id},
                              {"stageName", "prod"},
                              {"exportType", "oas30"},
                              {"extensions", "documentation"}});
    return Json::parse(made["body"].get<std::string>());
  };
  const auto said = exported()["x-amazon-apigateway-documentation"];
  CHECK(said["version"] == "v1");
  CHECK(said["documentationParts"][0]["properties"]["description"] == "first");
  const Json stage{{"restApiId", w.api_id}, {"stageName", "prod"}};
  CHECK(w.call(w.apis, "GetStage", stage)["documentationVersion"] == "v1");
  CHECK(w.fail(w.apis, "UpdateStage",
               {{"restApiId", w.api_id},
                {"stageName", "prod"},
                {"patchOperations",
                 Json::array({{{"op", "replace"}, {"path", "/documentationVersion"}, {"value", "v9"}}})}})
            .message == "Invalid Documentation version specified");
  w.call(w.apis, "DeleteDocumentationVersion", version);
  CHECK_FALSE(exported().contains("x-amazon-apigateway-documentation"));
  CHECK_FALSE(w.call(w.apis, "GetStage", stage).contains("documentationVersion"));
}

TEST_CASE("parts are imported where they can be; the others are warned of, or all are refused") {
  RestWorld w;
  const Json body{{"x-amazon-apigateway-documentation",
                   {{"documentationParts",
                     Json::array({part("", {{"type", "API"}}), part("", {{"type", "NOTHING"}})})}}}};
  Json in{{"restApiId", w.api_id}, {"body", body.dump()}, {"failOnWarnings", true}};
  CHECK(w.fail(w.apis, "ImportDocumentationParts", in).code == "BadRequestException");
  CHECK(w.call(w.apis, "GetDocumentationParts", {{"restApiId", w.api_id}})["item"].empty());
  in["failOnWarnings"] = false;
  const auto made = w.call(w.apis, "ImportDocumentationParts", in);
  CHECK(made["ids"].size() == 1);
  CHECK(made["warnings"].size() == 1);
  CHECK(w.call(w.apis, "ImportDocumentationParts", in)["ids"] == made["ids"]);  // merged: the same part
}

TEST_CASE("an imported API brings its documentation along, unless that is to be ignored") {
  RestWorld w;
  const Json document{{"swagger", "2.0"},
                      {"info", {{"title", "t"}}},
                      {"x-amazon-apigateway-documentation",
                       {{"documentationParts", Json::array({part("", {{"type", "API"}})})}}}};
  const auto parts = [&](Json in) {
    in["body"] = document.dump();
    const auto api = w.call(w.apis, "ImportRestApi", in)["id"];
    return w.call(w.apis, "GetDocumentationParts", {{"restApiId", api}})["item"].size();
  };
  CHECK(parts(Json::object()) == 1);
  CHECK(parts({{"ignore", "documentation"}}) == 0);
}

TEST_CASE("a model's template makes one example of what it describes") {
  RestWorld w;
  w.call(w.apis, "CreateModel",
         {{"restApiId", w.api_id},
          {"name", "Orders"},
          {"contentType", "application/json"},
          {"schema", R"({"type":"array","items":{"type":"object","properties":{
              "id":{"type":"integer"},"price":{"type":"number"},"gone":{"type":"boolean"},
              "more":{"$ref":"https://apigateway.amazonaws.com/restapis/x/models/Orders"}}}})"}});
  const auto made =
      w.call(w.apis, "GetModelTemplate", {{"restApiId", w.api_id}, {"modelName", "Orders"}})["value"]
          .get<std::string>();
  CHECK(made.starts_with("#set($inputRoot = $input.path('$'))\n["));
  for (const auto* line :
       {"\"id\" : 42,", "\"price\" : 42.0", "\"gone\" : true", "#foreach($elem in $inputRoot)"})
    CHECK(made.find(line) != made.npos);
  CHECK(w.call(w.apis, "GetModelTemplate", {{"restApiId", w.api_id}, {"modelName", "Empty"}})["value"] ==
        "#set($inputRoot = $input.path('$'))\n{\n}");
  CHECK(w.fail(w.apis, "GetModelTemplate", {{"restApiId", w.api_id}, {"modelName", "None"}}).code ==
        "NotFoundException");
}

TEST_CASE("a client certificate is made, renamed, used by a stage and removed") {
  RestWorld w;
  w.mock("/orders", "GET", "{statusCode:200}", {{"statusCode", "200"}});
  w.deploy();
  const auto made =
      w.call(w.apis, "GenerateClientCertificate", {{"description", "d"}, {"tags", {{"a", "b"}}}});
  CHECK_FALSE(made.contains("key"));
  const auto facts = facts_of(made["pemEncodedCertificate"].get<std::string>());
  REQUIRE(facts);
  CHECK(facts->until == std::chrono::floor<std::chrono::seconds>(w.clock.now() + std::chrono::days(365)));
  const Json one{{"clientCertificateId", made["clientCertificateId"]}};
  CHECK(w.call(w.apis, "GetClientCertificate", one) == made);
  CHECK(w.call(w.apis, "GetClientCertificates", Json::object())["item"] == Json::array({made}));
  const auto use = [&](const Json& id) {
    return Json{{"restApiId", w.api_id},
                {"stageName", "prod"},
                {"patchOperations",
                 Json::array({{{"op", "replace"}, {"path", "/clientCertificateId"}, {"value", id}}})}};
  };
  CHECK(w.fail(w.apis, "UpdateStage", use("nothing")).code == "BadRequestException");
  w.call(w.apis, "UpdateStage", use(made["clientCertificateId"]));
  CHECK(w.fail(w.apis, "DeleteClientCertificate", one).code == "BadRequestException");
  w.call(w.apis, "UpdateStage", use(""));
  w.call(w.apis, "DeleteClientCertificate", one);
  CHECK(w.fail(w.apis, "GetClientCertificate", one).code == "NotFoundException");
}

TEST_CASE("no SDK is generated, and none is promised") {
  RestWorld w;
  CHECK(w.call(w.apis, "GetSdkTypes", Json::object())["item"].empty());
  CHECK(w.fail(w.apis, "GetSdkType", {{"id", "java"}}).code == "NotFoundException");
  CHECK(
      w.fail(w.apis, "GetSdk", {{"restApiId", w.api_id}, {"stageName", "prod"}, {"sdkType", "java"}}).code ==
      "BadRequestException");
}
}  // namespace emu
