#include "emulator/deploy/variables/variables.hpp"

#include <doctest/doctest.h>

#include "emulator/deploy/variables/variable_syntax.hpp"
#include "emulator/source/source.hpp"
#include "tests/deploy/golden.hpp"

using namespace emu;
using test::refused;

namespace {
Json resolve(std::string_view yaml, deploy::VariableInputs in = {}) {
  return deploy::resolve_variables(parse_yaml(yaml, "serverless.yml"), std::move(in)).json();
}
Json value(std::string_view variable, deploy::VariableInputs in = {}) {
  return resolve(
      "x: " + std::string(variable) + "\ncustom: {a: 1, list: [p, q], deep: {k: v}, dev: {t: dev-table}}\n",
      std::move(in))["x"];
}
std::string error(std::string_view yaml, deploy::VariableInputs in = {}) {
  return refused([&] { resolve(yaml, std::move(in)); });
}
}  // namespace

TEST_CASE("self refers anywhere, forwards too, and keeps the type of a whole value") {
  CHECK(value("${self:custom.a}") == Json(1));
  CHECK(value("${self:custom.deep}") == Json{{"k", "v"}});
  CHECK(value("${self:custom.list.1}") == Json("q"));
  CHECK(value("n-${self:custom.a}-${self:custom.deep.k}") == Json("n-1-v"));
  CHECK(value("${self:custom.${sls:stage}.t}") == Json("dev-table"));
}

TEST_CASE("a chain of variables is followed to its end") {
  const auto out = resolve(
      "service: shop\nprovider:\n  environment:\n    T: ${self:service}-orders-${sls:stage}\n"
      "a: ${self:b}\nb: ${self:provider.environment.T}\n");
  CHECK(out["a"] == "shop-orders-dev");
}

TEST_CASE("options, environment and parameters are tried in the order written") {
  CHECK(value("${opt:stage, 'dev'}") == "dev");
  CHECK(value("${opt:stage, 'dev'}", {.options = {{"stage", "prod"}}}) == "prod");
  CHECK(value("${env:A, env:B, 'c'}", {.environment = {{"B", "b"}}}) == "b");
  CHECK(value("\"${opt:x, 'a, b'}\"") == "a, b");
  CHECK(value("${opt:x, 1.5}") == Json(1.5));
  CHECK(value("${opt:x, true}") == Json(true));
  CHECK(value("${opt:x, null}") == Json(nullptr));
  CHECK(value("${opt:x, self:custom.a}") == Json(1));
  CHECK(resolve("params: {dev: {d: 1}, default: {d: 2, e: 3}}\nx: '${param:d}${param:e}${param:f}'\n",
                {.params = {{"f", "9"}}})["x"] == "139");
}

TEST_CASE("the stage is the option's, else the provider's, else dev") {
  CHECK(resolve("provider: {stage: qa}\nx: ${sls:stage}\n")["x"] == "qa");
  CHECK(resolve("provider: {stage: \"${opt:stage, 'qa'}\"}\nx: ${sls:stage}\n",
                {.options = {{"stage", "prod"}}})["x"] == "prod");
  CHECK(value("${sls:instanceId}", {.instance_id = "i-1"}) == "i-1");
}

TEST_CASE("aws and strToBool are values too") {
  CHECK(value("${aws:accountId}", {.account = "000000000000"}) == "000000000000");
  CHECK(resolve("provider: {region: eu-west-1}\nx: ${aws:region}\n")["x"] == "eu-west-1");
  CHECK(value("${strToBool(${env:X, 'FALSE'})}") == Json(false));
  CHECK(error("x: ${strToBool(perhaps)}\n")
            .ends_with("Expected either \"true\", \"false\", \"0\", or \"1\". Received: \"perhaps\""));
}

TEST_CASE("what is not a variable is left alone") {
  for (const auto* text : {"${AWS::Region}", "${Table}", "${domain}", "${Table.Arn}", "$5", "a}", "${!x}"})
    CHECK(value(std::string("'") + text + "'") == text);
  CHECK(value("'\\${self:custom.a}'") == "${self:custom.a}");
  CHECK(value("'${Table}/${self:custom.a}'") == "${Table}/1");
}

TEST_CASE("files give YAML, JSON or text, with variables of their own") {
  const test::Folder folder;
  folder.write("v.yml", "a: {b: '${self:service}'}\nlist: [1]\n");
  folder.write("v.json", "{\"k\": [true]}");
  folder.write("note.txt", "hello");
  const deploy::VariableInputs in{.directory = folder.path()};
  const auto out = resolve(
      "service: s\na: ${file(v.yml):a.b}\nb: ${file(./v.json):k.0}\nc: ${file(note.txt)}\n"
      "d: ${file(none.yml), 'gone'}\ne: ${file(v.yml)}\n",
      in);
  CHECK(out["a"] == "s");
  CHECK(out["b"] == Json(true));
  CHECK(out["c"] == "hello");
  CHECK(out["d"] == "gone");
  CHECK(out["e"]["a"]["b"] == "s");
  CHECK(
      error("x: ${file(v.js):k}\n", in) ==
      "serverless.yml:1: Cannot resolve variable at \"x\": v.js is a program, and programs are not run here; "
      "write its values into a .yml or .json file");
  folder.write("bad.yml", "a: b: c\n");
  CHECK(error("x: ${file(bad.yml)}\n", in).starts_with("bad.yml:1: "));
}

TEST_CASE("useDotenv reads the stage's file, or else .env, beneath the environment") {
  const test::Folder folder;
  folder.write(".env", "A=plain # comment\nB=\"two\\nlines\"\nexport C='$A'\nD=${A}!\nE=file\n");
  const auto out =
      resolve("useDotenv: true\nx: ['${env:A}', '${env:B}', '${env:C}', '${env:D}', '${env:E}']\n",
              {.directory = folder.path(), .environment = {{"E", "outer"}}});
  CHECK(out["x"] == Json{"plain", "two\nlines", "$A", "plain!", "outer"});
  folder.write(".env.dev", "A=dev\n");
  CHECK(resolve("useDotenv: true\nx: \"${env:A}-${env:D, 'none'}\"\n", {.directory = folder.path()})["x"] ==
        "dev-none");
}

TEST_CASE("a variable without a value is refused with its line") {
  CHECK(error("service: s\nprovider:\n  environment:\n    T: ${env:NOPE}\n") ==
        "serverless.yml:4: Cannot resolve variable at \"provider.environment.T\": Value not found at \"env\" "
        "source; "
        "set it, or give a fallback: ${env:NOPE, 'value'}");
  CHECK(error("a: ${opt:nope}\n")
            .ends_with("the options are stage and region; give a fallback: ${opt:nope, 'value'}"));
  CHECK(error("a: ${file(nope.yml)}\n")
            .ends_with("write that file or key, or give a fallback: ${file(nope.yml), 'value'}"));
  CHECK(error("a: ${self:b.c}\n")
            .starts_with(
                "serverless.yml:1: Cannot resolve variable at \"a\": Value not found at \"self\" source"));
}

TEST_CASE("sources of an AWS account are refused unless there is a fallback") {
  CHECK(error("a: 1\nb: ${ssm:/path/x}\n") ==
        "serverless.yml:2: Cannot resolve variable at \"b\": \"ssm\" values live in an AWS account and are "
        "not read here; "
        "give a fallback: ${ssm:/path/x, 'value'}");
  CHECK(value("${cf:stack.Out, 'local'}") == "local");
  CHECK(value("${s3:bucket/key, env:X, 'z'}") == "z");
}

TEST_CASE("an unknown source is refused with its line") {
  CHECK(error("a: ${vault:secret}\n") ==
        "serverless.yml:1: Cannot resolve variable at \"a\": unknown variable source \"vault\" in "
        "${vault:secret}; known are self, "
        "opt, env, sls, file, param, aws, strToBool (and cf, ssm, s3 with a fallback)");
}

TEST_CASE("cycles are refused with their line and their way") {
  CHECK(error("a: ${self:b}\nb: x-${self:c.d}\nc:\n  d: ${self:a}\n") ==
        "serverless.yml:1: Cannot resolve variable at \"a\": it refers to itself: a → b → c.d → a");
  CHECK(error("a: {b: '${self:a}'}\n").find("refers to itself") != std::string::npos);
  CHECK(error("a: ${self:}\n").find("refers to itself") != std::string::npos);
}

TEST_CASE("values that double each other end in a refusal") {
  std::string yaml = "v0: [x, x]\n";
  for (int i = 1; i < 30; ++i)
    yaml += fmt::format("v{}: ['${{self:v{}}}', '${{self:v{}}}']\n", i, i - 1, i - 1);
  CHECK(error(yaml).ends_with("grow without end"));
  CHECK(error("x: ${env:A}\n", {.environment = {{"A", "${env:A}"}}})
            .ends_with("its values give ever new variables"));
}

TEST_CASE("a malformed variable is refused with what to write") {
  CHECK(error("a: ${self:b\n") ==
        "serverless.yml:1: the variable ${self:b is not closed; add the missing '}'");
  CHECK(error("a: '${opt:stage, dev}'\n") ==
        "serverless.yml:1: \"dev\" in ${opt:stage, dev} is no value to fall back on; quote text: 'dev'");
  CHECK(error("a: '${opt:stage, ${self:b}}'\n") ==
        "serverless.yml:1: a fallback is written without its own ${…}: self:b");
  CHECK(error("a: 'x-${self:b}'\nb: [1]\n") ==
        "serverless.yml:1: Cannot resolve variable at \"a\": ${self:b} is a list, which cannot be part of a "
        "text");
}
