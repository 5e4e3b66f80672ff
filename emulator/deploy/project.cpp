#include "emulator/deploy/project.hpp"

#include <fmt/format.h>

#include "emulator/base/file.hpp"
#include "emulator/deploy/cdk/assembly.hpp"
#include "emulator/deploy/handlers.hpp"
#include "emulator/deploy/serverless/serverless_yml.hpp"
#include "emulator/source/source.hpp"

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
    {"template.json", "a SAM or CloudFormation template"}};
constexpr const char *kCdkProject = "cdk.json", *kAssemblyFile = "manifest.json";
constexpr const char* kRegionOfNone = "us-east-1";

// Where `cdk synth` of this directory writes: cdk.out, or what cdk.json says.
std::string output_of(const fs::path& directory) {
  const auto text = read_file(directory / kCdkProject);
  const Node settings = text ? parse_json(*text, kCdkProject) : Node();
  const Node* output = settings.find("output");
  return output && output->is_string() ? output->text() : "cdk.out";
}

std::optional<fs::path> find_assembly(const fs::path& directory) {
  if (is_assembly(directory)) return directory / kAssemblyFile;
  const auto output = output_of(directory);
  // There, a manifest is meant to be one, however broken it is.
  if (fs::is_regular_file(directory / output / kAssemblyFile)) return directory / output / kAssemblyFile;
  const bool project = fs::exists(directory / kCdkProject);
  if (!project && !fs::exists(directory / output)) return std::nullopt;
  throw Problems({project ? kCdkProject : output},
                 "this CDK project is not synthesized; run `npx cdk synth`, which writes cdk.out");
}

void compile(Project& project, ProjectOptions options) {
  const auto text = read_file(project.file);
  if (!text) throw Problems({project.file.string()}, "this file cannot be read");
  VariableInputs inputs{.directory = project.directory,
                        .params = std::move(options.params),
                        .environment = std::move(options.environment),
                        .account = std::move(options.account),
                        .instance_id = std::move(options.instance_id)};
  if (options.stage) inputs.options["stage"] = *options.stage;
  if (options.region) inputs.options["region"] = *options.region;
  auto compiled = compile_serverless(parse_yaml(*text, project.file.filename().string()), std::move(inputs));
  project.service = std::move(compiled.service);
  project.stage = std::move(compiled.stage);
  project.region = compiled.region;
  project.stacks.push_back(
      {std::move(compiled.stack_name), std::move(compiled.region), {}, std::move(compiled.stack_template)});
  project.notes = std::move(compiled.notes);
}

void assemble(Project& project, const ProjectOptions& options) {
  std::error_code gone;
  const auto at = fs::canonical(project.file.parent_path(), gone);
  if (gone) throw Problems({project.file.string()}, "this file cannot be read");
  const auto below = fs::relative(at, project.directory);
  auto assembly = read_assembly(at, below == "." ? "" : below.string() + "/");
  project.notes = std::move(assembly.notes);
  for (auto& stack : assembly.stacks) {
    if (!stack.account.empty() && stack.account != options.account)
      project.notes.push_back({stack.place, fmt::format("{} is for the account {}; here it is in {}",
                                                        stack.name, stack.account, options.account)});
    if (options.region && !stack.region.empty() && stack.region != *options.region)
      project.notes.push_back({stack.place, fmt::format("{} is for the region {}, whatever --region says",
                                                        stack.name, stack.region)});
    auto region = stack.region.empty() ? options.region.value_or(kRegionOfNone) : std::move(stack.region);
    project.stacks.push_back({std::move(stack.name), std::move(region), std::move(stack.parameters),
                              std::move(stack.stack_template)});
  }
  project.region = project.stacks.front().region;
  if (!options.params.empty())
    project.notes.push_back({{}, "parameters of serverless.yml say nothing to a CDK project"});
  if (options.stage)
    project.notes.push_back({{}, "--stage says nothing to a CDK project, whose stages are its own"});
}
}  // namespace

std::optional<fs::path> find_project(const fs::path& directory) {
  for (const auto* name : kFiles)
    if (fs::is_regular_file(directory / name)) return directory / name;
  if (auto manifest = find_assembly(directory)) return manifest;
  for (const auto& [name, what] : kLater)
    if (fs::exists(directory / name))
      throw Problems({name}, fmt::format("{} is not supported yet; supported are serverless.yml, "
                                         "serverless.yaml and what `cdk synth` writes",
                                         what));
  return std::nullopt;
}

Project load_project(const fs::path& directory, ProjectOptions options) {
  const auto file = find_project(directory);
  if (!file) throw Problems({directory.string()}, "there is no serverless.yml or cdk.out here");
  Project project{.directory = fs::canonical(directory), .file = *file};
  if (file->filename() == kAssemblyFile)
    assemble(project, options);
  else
    compile(project, std::move(options));
  for (const auto& stack : project.stacks)
    for (auto& note : missing_handlers(stack.stack_template)) project.notes.push_back(std::move(note));
  return project;
}

std::string Project::stack_names() const {
  std::string out;
  for (const auto& stack : stacks) out += (out.empty() ? "" : ", ") + stack.name;
  return out;
}
}  // namespace emu::deploy
