#include "emulator/deploy/cdk/assembly.hpp"

#include <doctest/doctest.h>

#include "emulator/deploy/project.hpp"
#include "tests/deploy/golden.hpp"

using namespace emu;
using test::refused;
namespace fs = std::filesystem;

namespace {
constexpr std::string_view kAssetsOfOne =
    R"({"files": {"aa": {"source": {"path": "asset.aa", "packaging": "zip"},
                         "destinations": {"here": {"bucketName": "assets-${AWS::AccountId}", "objectKey": "aa.zip"}}}}})";
constexpr std::string_view kTemplateOfOne =
    R"({"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "nodejs20.x",
"Handler": "index.handler",
"Code": {"S3Bucket": {"Fn::Sub": "assets-${AWS::AccountId}"},
"S3Key": "aa.zip"}}}}})";
constexpr std::string_view kManifestOfOne =
    R"({"version": "55.0.0", "artifacts": {
  "One.assets": {"type": "cdk:asset-manifest", "properties": {"file": "One.assets.json"}},
  "One": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region",
          "properties": {"templateFile": "One.template.json"}, "dependencies": ["One.assets"]}}})";

// An assembly of one stack with one function.
struct Synthesized : test::Folder {
  Synthesized() {
    fs::create_directories(path() / "cdk.out" / "asset.aa");
    write("cdk.out/asset.aa/index.js", "");
    write("cdk.out/cdk.out", R"({"version":"55.0.0"})");
    write("cdk.out/manifest.json", std::string(kManifestOfOne));
    write("cdk.out/One.assets.json", std::string(kAssetsOfOne));
    write("cdk.out/One.template.json", std::string(kTemplateOfOne));
  }
  deploy::Project load(deploy::ProjectOptions options = {.account = "000000000000"}) {
    return deploy::load_project(path(), std::move(options));
  }
  std::string problem() {
    return refused([&] { load(); });
  }
};

const Node* code_of(const deploy::Project& project, std::string_view member) {
  return project.stacks.front().stack_template.at({"Resources", "F", "Properties", "Code", member});
}
std::string all_lines(const Notes& notes) {
  std::string out;
  for (const auto& note : notes) out += note.line() + "\n";
  return out;
}
}  // namespace

TEST_CASE("what cdk synth wrote is a project, of the directory above and of its own") {
  Synthesized folder;
  const auto project = folder.load();
  CHECK(project.file == folder.path() / "cdk.out/manifest.json");
  CHECK(project.stack_names() == "One");
  CHECK(project.region == "us-east-1");
  CHECK(all_lines(project.notes).empty());
  const auto inside = deploy::load_project(folder.path() / "cdk.out", {.account = "000000000000"});
  CHECK(inside.stack_names() == "One");
  CHECK(inside.stacks.front().stack_template.find("Resources")->place.line == 1);
  CHECK(inside.stacks.front().stack_template.find("Resources")->place.file == "One.template.json");
}

TEST_CASE("an asset that is a directory is used in place, one that is an archive goes along") {
  Synthesized folder;
  const auto project = folder.load();
  CHECK(code_of(project, "S3Bucket")->text() == "hot-reload");
  CHECK(code_of(project, "S3Key")->text() == fs::canonical(folder.path() / "cdk.out/asset.aa").string());
  CHECK(code_of(project, "S3Key")->place.line == 4);
  fs::remove_all(folder.path() / "cdk.out/asset.aa");
  CHECK(folder.problem() ==
        "cdk.out/One.template.json:4: the asset cdk.out/asset.aa is not there; run `npx cdk synth` again");
  fs::create_directory(folder.path() / "cdk.out/.cache");
  folder.write("cdk.out/.cache/aa.zip", "PK");
  const auto archived = folder.load();
  CHECK(code_of(archived, "ZipFile")->text() == "UEs=");
}

TEST_CASE("stacks come in the order of their dependencies, nested assemblies among them") {
  Synthesized folder;
  fs::create_directory(folder.path() / "cdk.out/assembly-Live");
  folder.write("cdk.out/manifest.json",
               R"({"artifacts": {
      "Site": {"type": "aws:cloudformation:stack", "dependencies": ["Live", "Data"],
               "environment": "aws://111122223333/eu-west-1",
               "properties": {"templateFile": "One.template.json", "stackName": "site", "parameters": {"P": "1"},
                              "tags": {"team": "a"}}},
      "Live": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Live"}},
      "Data": {"type": "aws:cloudformation:stack", "dependencies": ["Site"],
               "properties": {"templateFile": "One.template.json"}}}})");
  folder.write("cdk.out/assembly-Live/manifest.json",
               R"({"artifacts": {"Below": {"type": "aws:cloudformation:stack",
                   "properties": {"templateFile": "B.template.json"}}}})");
  folder.write("cdk.out/assembly-Live/B.template.json",
               R"({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})");
  const auto project = folder.load({.stage = "dev", .region = "eu-north-1", .account = "000000000000"});
  CHECK(project.stack_names() == "Below, Data, site");
  CHECK(project.stacks[0].region == "eu-north-1");
  CHECK(project.stacks[2].region == "eu-west-1");
  CHECK(project.stacks[2].parameters == deploy::Parameters{{"P", "1"}});
  CHECK(all_lines(project.notes) ==
        "cdk.out/manifest.json:5: tags of stacks are accepted and have no effect here\n"
        "cdk.out/manifest.json:2: site is for the account 111122223333; here it is in 000000000000\n"
        "cdk.out/manifest.json:2: site is for the region eu-west-1, whatever --region says\n"
        "--stage says nothing to a CDK project, whose stages are its own\n");
}

TEST_CASE("the check of CDK's bootstrap stack is taken out, other rules stay") {
  Synthesized folder;
  folder.write(
      "cdk.out/One.template.json",
      R"({"Resources": {}, "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>"}},
                   "Rules": {"CheckBootstrapVersion": {"Assertions": []}}})");
  auto project = folder.load();
  CHECK(project.stacks.front().stack_template.find("Parameters")->members.empty());
  CHECK_FALSE(project.stacks.front().stack_template.find("Rules"));
  folder.write("cdk.out/One.template.json", R"({"Resources": {}, "Rules": {"Mine": {"Assertions": []}}})");
  project = folder.load();
  CHECK(project.stacks.front().stack_template.find("Rules"));
}

TEST_CASE("what is wrong with an assembly is told with file and line") {
  Synthesized folder;
  folder.write("cdk.out/One.template.json", "{\n  \"Resources\": {\n    broken\n  }\n}");
  CHECK(folder.problem() ==
        "cdk.out/One.template.json:3: this is not JSON; look for a missing quote, comma or bracket here");
  fs::remove(folder.path() / "cdk.out/One.template.json");
  CHECK(folder.problem() ==
        "cdk.out/manifest.json:3: cdk.out/One.template.json cannot be read; run `npx cdk synth` again");
  folder.write("cdk.out/manifest.json", R"({"artifacts": {},
 "missing": [{"provider": "vpc-provider"}]})");
  CHECK(folder.problem() ==
        "cdk.out/manifest.json:2: the assembly lacks what CDK looks up in an account (vpc-provider); "
        "synthesize "
        "it with a cdk.context.json that has it");
  folder.write(
      "cdk.out/manifest.json",
      R"({"artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../t.json"}}}})");
  CHECK(folder.problem() ==
        "cdk.out/manifest.json:1: \"../t.json\" is no file of this assembly; run `npx cdk synth` again");
  std::string chain = R"({"artifacts": {)";
  for (int i = 0; i <= 1100; ++i)
    chain += (i ? ", " : "") + ("\"a" + std::to_string(i)) + R"(": {"dependencies": ["a)" +
             std::to_string(i + 1) + "\"]}";
  folder.write("cdk.out/manifest.json", chain + "}}");
  CHECK(folder.problem() == "cdk.out/manifest.json:1: too many artifacts depend on one another");
  folder.write("cdk.out/manifest.json", R"({"artifacts": {}})");
  CHECK(folder.problem() == "cdk.out/manifest.json:1: this assembly has no stack");
  folder.write("cdk.out/manifest.json", "[]");
  CHECK(folder.problem() == "cdk.out/manifest.json:1: this is no manifest of a CDK assembly");
}

TEST_CASE("a CDK project without its output is told to synthesize it, wherever it writes it") {
  Synthesized folder;
  fs::rename(folder.path() / "cdk.out", folder.path() / "elsewhere");
  folder.write("cdk.json", R"({"app": "node app.js", "output": "elsewhere"})");
  CHECK(folder.load().stack_names() == "One");
  folder.write("cdk.json", R"({"app": "node app.js"})");
  CHECK(folder.problem() ==
        "cdk.json: this CDK project is not synthesized; run `npx cdk synth`, which writes cdk.out");
  fs::remove(folder.path() / "cdk.json");
  CHECK_FALSE(deploy::find_project(folder.path()));
  folder.write("manifest.json", "{}");  // of some web site
  CHECK_FALSE(deploy::find_project(folder.path()));
}

TEST_CASE("a manifest that is no JSON is called by its name, whatever stands beside it") {
  Synthesized folder;
  fs::remove(folder.path() / "cdk.out/cdk.out");
  for (const auto& entry : fs::directory_iterator(folder.path() / "cdk.out"))
    if (entry.is_regular_file()) fs::remove(entry.path());
  folder.write("cdk.out/manifest.json", "{\n  broken\n}");
  CHECK(folder.problem().starts_with("cdk.out/manifest.json:2: this is not JSON"));
}

TEST_CASE("a function's file is looked for in its asset") {
  Synthesized folder;
  fs::remove(folder.path() / "cdk.out/asset.aa/index.js");
  CHECK(all_lines(folder.load().notes) ==
        "cdk.out/One.template.json:2: no .js, .mjs, .cjs or .ts file holds the handler index.handler; "
        "invocations "
        "fail until there is one\n");
}
