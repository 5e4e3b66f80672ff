#include "emulator/deploy/templates/template.hpp"

#include <doctest/doctest.h>

#include "emulator/source/source.hpp"
#include "tests/deploy/golden.hpp"

using namespace emu;
using test::refused;

namespace {
deploy::Template read(std::string_view yaml, const deploy::Parameters& given = {}) {
  return {parse_yaml(yaml, "t.yml"), {"000000000000", "us-east-1", "shop", "arn:stack"}, given};
}
std::optional<Json> lookup(const std::string& id, const std::string& attribute) {
  if (attribute.empty()) return "id-of-" + id;
  if (attribute == "Arn" || attribute == "Nested.Arn") return "arn-of-" + id;
  return std::nullopt;
}
std::optional<std::string> imported(const std::string& name) {
  return name == "shared-vpc" ? std::optional<std::string>("vpc-1") : std::nullopt;
}
// What property P of resource R resolves to, beside a resource T, and with some sections above.
Json value(std::string_view yaml, std::string_view sections = "", const deploy::Parameters& given = {}) {
  const auto t = read(
      fmt::format(
          "{}Resources:\n  T: {{Type: A::B::C}}\n  R:\n    Type: A::B::C\n    Properties:\n      P: {}\n",
          sections, yaml),
      given);
  const auto& r = *std::ranges::find(t.resources(), "R", &deploy::TemplateResource::logical_id);
  return t.resolve(r.properties, lookup, imported).value("P", Json("absent"));
}
std::string error(std::string_view yaml, std::string_view sections = "",
                  const deploy::Parameters& given = {}) {
  return refused([&] { value(yaml, sections, given); });
}
std::string refusal(std::string_view yaml) {
  return refused([&] { read(yaml); });
}
constexpr std::string_view kConditions =
    "Parameters: {Stage: {Type: String, Default: dev}}\nConditions:\n  Prod: !Equals [!Ref Stage, prod]\n  "
    "Dev: !Not [Condition: Prod]\n"
    "  Either: !Or [Condition: Prod, Condition: Dev]\n  Both: !And [Condition: Prod, Condition: Dev]\n";
}  // namespace

TEST_CASE("Ref and GetAtt give what the resource gives") {
  CHECK(value("!Ref T") == "id-of-T");
  CHECK(value("!GetAtt T.Arn") == "arn-of-T");
  CHECK(value("{'Fn::GetAtt': T.Nested.Arn}") == "arn-of-T");
  CHECK(error("!GetAtt T.Nope") ==
        "t.yml:6: Template error: resource T does not support attribute type Nope in Fn::GetAtt");
}

TEST_CASE("pseudo parameters are the stack's own") {
  CHECK(value("!Ref AWS::AccountId") == "000000000000");
  CHECK(
      value("!Sub '${AWS::Region}.${AWS::URLSuffix}/${AWS::Partition}/${AWS::StackName}/${AWS::StackId}'") ==
      "us-east-1.amazonaws.com/aws/shop/arn:stack");
  CHECK(value("!Ref AWS::NoValue") == "absent");
}

TEST_CASE("Sub fills in parameters, attributes and its own map, and leaves literals") {
  CHECK(value("!Sub '${T}-${T.Arn}-${!Lit}-$x'") == "id-of-T-arn-of-T-${Lit}-$x");
  CHECK(value("!Sub ['${a}-${T}', {a: !Ref AWS::Region}]") == "us-east-1-id-of-T");
}

TEST_CASE("lists are joined, split and selected from") {
  CHECK(value("!Join ['-', [a, !Ref T, 3, true]]") == "a-id-of-T-3-true");
  CHECK(value("!Select ['1', !Split [',', 'a,b,c']]") == "b");
  CHECK(value("!Select [0, !GetAZs '']") == "us-east-1a");
  CHECK(value("!Base64 hello") == "aGVsbG8=");
  CHECK(error("!Select [5, [a]]") ==
        "t.yml:6: Template error: Fn::Select cannot select nonexistent value at index 5");
  CHECK(error("!Join [a]").find("every Fn::Join object requires two parameters") != std::string::npos);
}

TEST_CASE("mappings are found by their two keys") {
  const auto* mapping = "Mappings: {M: {us-east-1: {size: 4}}}\n";
  CHECK(value("!FindInMap [M, !Ref AWS::Region, size]", mapping) == 4);
  CHECK(error("!FindInMap [M, x, size]", mapping) ==
        "t.yml:7: Template error: Unable to get mapping for M::x::size");
}

TEST_CASE("conditions choose values, and NoValue leaves a property out") {
  CHECK(value("!If [Prod, p, d]", kConditions) == "d");
  CHECK(value("!If [Prod, p, d]", kConditions, {{"Stage", "prod"}}) == "p");
  CHECK(value("!If [Either, !If [Both, 1, 2], 3]", kConditions) == 2);
  CHECK(value("!If [Prod, p, !Ref AWS::NoValue]", kConditions) == "absent");
  CHECK(value("[a, !If [Prod, p, !Ref AWS::NoValue]]", kConditions) == Json::array({"a"}));
  CHECK(error("!If [Nope, 1, 2]", kConditions) ==
        "t.yml:12: Template error: unresolved condition dependency Nope in Fn::If");
}

TEST_CASE("a resource whose condition is false is gone, and may only be named where it is not needed") {
  const auto yaml = [](std::string_view use) {
    return fmt::format(
        "{}Resources:\n  A: {{Type: A::B::C, Condition: Prod}}\n  B: {{Type: A::B::C, DependsOn: A, "
        "Properties: {{P: {}}}}}\n",
        kConditions, use);
  };
  CHECK(read(yaml("!If [Prod, !Ref A, none]")).resources().size() == 1);
  CHECK(refusal(yaml("!Ref A")) ==
        "t.yml:9: Template format error: Unresolved resource dependencies [A] in the Resources block of the "
        "template");
}

TEST_CASE("parameters have types, defaults and constraints") {
  CHECK(value("!Ref N", "Parameters: {N: {Type: Number, Default: 3}}\n") == "3");
  CHECK(value("!Ref L", "Parameters: {L: {Type: CommaDelimitedList}}\n", {{"L", "a, b"}}) == Json{"a", "b"});
  CHECK(error("1", "Parameters: {N: {Type: Number}}\n", {{"N", "x"}}) ==
        "t.yml:1: Parameter 'N' must be a number.");
  CHECK(error("1", "Parameters: {N: {Type: String}}\n") == "t.yml:1: Parameters: [N] must have values");
  CHECK(error("1", "Parameters: {N: {Type: String, Default: x, AllowedValues: [a, b]}}\n") ==
        "t.yml:1: Parameter 'N' must be one of AllowedValues");
  CHECK(error("1", "Parameters: {N: {Type: String, Default: x, AllowedPattern: '[0-9]+'}}\n") ==
        "t.yml:1: Parameter 'N' must match pattern [0-9]+");
  CHECK(error("1", "Parameters: {N: {Type: Number, Default: 5, MaxValue: 4}}\n") ==
        "t.yml:1: Parameter 'N' must be a number not greater than 4");
  CHECK(error("1", "Parameters: {N: {Type: String, Default: ab, MinLength: 3}}\n") ==
        "t.yml:1: Parameter 'N' must contain at least 3 characters");
  CHECK(error("1", "Parameters: {N: {Type: String, Default: ''}}\n", {{"M", "x"}}) ==
        "t.yml:1: Parameters: [M] do not exist in the template");
}

TEST_CASE("an import gives what another stack exported") {
  CHECK(value("!ImportValue shared-vpc") == "vpc-1");
  CHECK(error("!ImportValue nothing") == "t.yml:6: No export named nothing found");
}

TEST_CASE("resources come after what they depend on, else as they are written") {
  std::string order;
  for (const auto& r : read("Resources:\n  A: {Type: X, DependsOn: [C]}\n  B: {Type: X, Properties: {P: !Sub "
                            "'${D.Arn}'}}\n  C: {Type: X}\n"
                            "  D: {Type: X, Properties: {P: [{Q: !GetAtt C.Arn}]}}\n")
                           .resources())
    order += r.logical_id;
  CHECK(order == "CADB");
}

TEST_CASE("a template that cannot be is refused in CloudFormation's words, with the line") {
  CHECK(refusal("Resources: {}\n") ==
        "t.yml:1: Template format error: At least one Resources member must be defined.");
  CHECK(refusal("Resources:\n  A: {Properties: {}}\n") ==
        "t.yml:2: Template format error: [/Resources/A] Every Resources object must contain a Type member.");
  CHECK(refusal("Resources:\n  A:\n    Type: X\n    Properties:\n      P: !Ref Nope\n") ==
        "t.yml:5: Template format error: Unresolved resource dependencies [Nope] in the Resources block of "
        "the template");
  CHECK(refusal("Resources:\n  A: {Type: X}\nOutputs:\n  O: {Value: !GetAtt Nope.Arn}\n") ==
        "t.yml:4: Template format error: Unresolved resource dependencies [Nope] in the Outputs block of the "
        "template");
  CHECK(refusal("Resources:\n  A: {Type: X, DependsOn: Nope}\n") ==
        "t.yml:2: Template format error: Unresolved resource dependencies [Nope] in the Resources block of "
        "the template");
  CHECK(refusal("Resources:\n  A: {Type: X, Properties: {P: !Ref B}}\n  B: {Type: X, DependsOn: A}\n") ==
        "t.yml:2: Circular dependency between resources: [A, B]");
  CHECK(refusal("Resources:\n  A: {Type: X, Properties: {P: !GetAtt B}}\n") ==
        "t.yml:2: Template error: every Fn::GetAtt object requires two non-empty parameters, the resource "
        "name and the resource attribute");
  CHECK(refusal("Resources:\n  A: {Type: X, Properties: {P: }}\n") ==
        "t.yml:2: [/Resources/A/Properties/P] 'null' values are not allowed in templates");
  CHECK(refusal("Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: X}}\n") ==
        "t.yml:1: the template section Transform is not supported yet");
  CHECK(refusal("Resorces: {}\n") == "t.yml:1: Invalid template property or properties [Resorces]");
  CHECK(refusal("Resources:\n  A: {Type: X, Foo: 1}\n") ==
        "t.yml:2: Invalid template resource property 'Foo' of A");
  CHECK(refusal("Resources:\n  A: {Type: X, DeletionPolicy: Keep}\n") ==
        "t.yml:2: Template format error: Unrecognized DeletionPolicy Keep");
  CHECK(refusal(
            "Conditions: {C: {Condition: D}, D: {Condition: C}}\nResources:\n  A: {Type: X, Condition: C}\n")
            .find("circular condition") != std::string::npos);
  CHECK(refusal("Resources:\n  A: {Type: X, Properties: {P: '{{resolve:ssm:x}}'}}\n")
            .find("dynamic references") != std::string::npos);
  CHECK(error("!Cidr [a, 1]") == "t.yml:6: Fn::Cidr is not supported");
}

TEST_CASE("outputs are resolved, with the names they are exported under") {
  const auto t =
      read(fmt::format("{}Resources:\n  T: {{Type: X}}\nOutputs:\n  A: {{Value: !GetAtt T.Arn, Description: "
                       "d, Export: {{Name: !Sub '${{AWS::StackName}}-a'}}}}\n"
                       "  B: {{Value: x, Condition: Prod}}\n",
                       kConditions));
  const auto outputs = t.outputs(lookup, imported);
  REQUIRE(outputs.size() == 1);
  CHECK(outputs[0].value == "arn-of-T");
  CHECK(outputs[0].export_name == "shop-a");
}
