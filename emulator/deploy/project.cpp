#include "emulator/deploy/project.hpp"

#include <fmt/format.h>

#include "emulator/base/file.hpp"
#include "emulator/deploy/handlers.hpp"
#include "emulator/deploy/serverless_yml.hpp"
#include "emulator/deploy/source.hpp"

namespace emu::deploy {
namespace fs = std::filesystem;
namespace {
constexpr const char* kFiles[] = {"serverless.yml", "serverless.yaml"};
constexpr std::pair<const char*, const char*> kLater[] = {
    {"serverless.json", "serverless.json"},
    {"serverless.js", "a serverless configuration that is a program"},
    {"serverless.cjs", "a serverless configuration that is a program"},
    {"serverless.mjs", "a serverless configuration that is a program"},
    {"serverless.ts", "a serverless configuration that is a program"},
    {"template.yaml", "a SAM or CloudFormation template"},
    {"template.yml", "a SAM or CloudFormation template"},
    {"template.json", "a SAM or CloudFormation template"},
    {"cdk.json", "a CDK project"},
    {"cdk.out", "a CDK assembly"}};
}  // namespace

std::optional<fs::path> find_project(const fs::path& directory) {
  for (const auto* name : kFiles)
    if (fs::is_regular_file(directory / name)) return directory / name;
  for (const auto& [name, what] : kLater)
    if (fs::exists(directory / name))
      throw Problems(
          {name},
          fmt::format("{} is not supported yet; supported are serverless.yml and serverless.yaml", what));
  return std::nullopt;
}

Project load_project(const fs::path& directory, ProjectOptions options) {
  const auto file = find_project(directory);
  if (!file) throw Problems({directory.string()}, "there is no serverless.yml here");
  const auto text = read_file(*file);
  if (!text) throw Problems({file->string()}, "this file cannot be read");
  Project project{.directory = fs::canonical(directory), .file = *file};
  VariableInputs inputs{.directory = project.directory,
                        .params = std::move(options.params),
                        .environment = std::move(options.environment),
                        .account = std::move(options.account),
                        .instance_id = std::move(options.instance_id)};
  if (options.stage) inputs.options["stage"] = *options.stage;
  if (options.region) inputs.options["region"] = *options.region;
  auto compiled = compile_serverless(parse_yaml(*text, file->filename().string()), std::move(inputs));
  project.service = std::move(compiled.service);
  project.stage = std::move(compiled.stage);
  project.region = std::move(compiled.region);
  project.stack_name = std::move(compiled.stack_name);
  project.stack_template = std::move(compiled.stack_template);
  project.notes = std::move(compiled.notes);
  for (auto& note : missing_handlers(project.stack_template, project.directory))
    project.notes.push_back(std::move(note));
  return project;
}
}  // namespace emu::deploy
