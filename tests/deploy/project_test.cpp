#include "emulator/deploy/project.hpp"

#include <doctest/doctest.h>

#include "tests/deploy/golden.hpp"

using namespace emu;
using test::refused;

TEST_CASE("a directory with a serverless.yml is a project") {
  const test::Folder folder;
  folder.write("serverless.yml", test::golden("seed/serverless.yml"));
  const auto project = deploy::load_project(folder.path(), {.stage = "prod", .account = "000000000000"});
  CHECK(project.stack_names() == "serverless-backend-prod");
  CHECK(project.service == "serverless-backend");
  CHECK(project.directory == folder.path());
  CHECK(project.stacks.front()
            .stack_template.at({"Resources", "ProcessOrderLambdaFunction", "Properties", "Code", "S3Key"})
            ->text() == folder.path().string());
}

TEST_CASE("a directory without a project file has none") {
  const test::Folder folder;
  CHECK_FALSE(deploy::find_project(folder.path()));
  CHECK(refused([&] { deploy::load_project(folder.path(), {}); }) ==
        folder.path().string() + ": there is no serverless.yml or cdk.out here");
}

TEST_CASE("other kinds of project are told that they are not supported yet") {
  const test::Folder folder;
  folder.write("template.yaml", "{}");
  CHECK(refused([&] { deploy::find_project(folder.path()); }) ==
        "template.yaml: a SAM or CloudFormation template is not supported yet; supported are serverless.yml, "
        "serverless.yaml and what `cdk synth` writes");
  folder.write("serverless.yaml", "service: x\n");
  CHECK(deploy::find_project(folder.path()) == folder.path() / "serverless.yaml");
}

TEST_CASE("a handler whose file is not there is told with its line, and deployed all the same") {
  const test::Folder folder;
  std::filesystem::create_directory(folder.path() / "src");
  folder.write("src/there.ts", "");
  folder.write("src/module.py", "");
  folder.write("serverless.yml",
               "service: s\nprovider: {name: aws}\nfunctions:\n"
               "  a: {handler: src/there.run}\n"
               "  b: {handler: src/gone.run}\n"
               "  c: {handler: src.module.run, runtime: python3.12}\n"
               "  d: {handler: gone.run, runtime: python3.12}\n"
               "  e: {handler: any, runtime: provided.al2023}\n");
  std::string notes;
  for (const auto& note : deploy::load_project(folder.path(), {}).notes) notes += note.line() + "\n";
  CHECK(
      notes ==
      "serverless.yml:5: no .js, .mjs, .cjs or .ts file holds the handler src/gone.run; invocations fail "
      "until "
      "there is one\n"
      "serverless.yml:7: no .py file holds the handler gone.run; invocations fail until there is one\n"
      "serverless.yml:8: there is no executable named bootstrap for the runtime provided.al2023; invocations "
      "fail until there is one\n");
}
