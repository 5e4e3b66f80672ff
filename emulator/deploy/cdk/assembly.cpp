#include "emulator/deploy/cdk/assembly.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/digest.hpp"
#include "emulator/base/file.hpp"
#include "emulator/source/source.hpp"

namespace emu::deploy {
namespace fs = std::filesystem;
namespace {
constexpr std::string_view kManifest = "manifest.json", kTemplate = ".template.json";
constexpr int kMaxNesting = 10;  // of assemblies, which CDK calls stages
constexpr int kMaxChain = 1000;  // of artifacts that each depend on the next

std::string text_at(const Node& node, std::initializer_list<std::string_view> path) {
  const Node* found = node.at(path);
  return found && found->is_string() ? found->text() : "";
}

class Reader {
 public:
  Reader(fs::path directory, std::string shown, Assembly& into, int depth)
      : directory_(std::move(directory)), shown_(std::move(shown)), into_(into), depth_(depth) {}

  void read() {
    manifest_ = file(std::string(kManifest), {shown_ + std::string(kManifest)});
    const Node* artifacts = manifest_.find("artifacts");
    if (!artifacts || !artifacts->is_map())
      throw Problems({shown_ + std::string(kManifest), 1}, "this is no manifest of a CDK assembly");
    if (const Node* missing = manifest_.find("missing"); missing && !missing->items.empty())
      throw Problems(
          missing->place,
          fmt::format("the assembly lacks what CDK looks up in an account ({}); synthesize it with a "
                      "cdk.context.json that has it",
                      text_at(missing->items[0], {"provider"})));
    for (const auto& [id, artifact] : artifacts->members) read_assets(artifact);
    for (const auto& [id, artifact] : artifacts->members) visit(id, *artifacts, 0);
  }

 private:
  // A path of the assembly's own.
  void stay_within(const std::string& name, const Place& named_at) const {
    const auto path = fs::path(name).lexically_normal();
    if (name.empty() || path.is_absolute() || *path.begin() == "..")
      throw Problems(named_at,
                     fmt::format("\"{}\" is no file of this assembly; run `npx cdk synth` again", name));
  }

  Node file(const std::string& name, const Place& named_at) {
    stay_within(name, named_at);
    const auto text = read_file(directory_ / name);
    if (!text)
      throw Problems(named_at, fmt::format("{} cannot be read; run `npx cdk synth` again", shown_ + name));
    return parse_json(*text, shown_ + name);
  }

  // Depth first along the dependencies, which a manifest made by hand may close to a circle.
  void visit(const std::string& id, const Node& artifacts, int depth) {
    if (!visited_.insert(id).second) return;
    const Node* artifact = artifacts.find(id);
    if (!artifact) return;
    if (depth > kMaxChain) throw Problems(artifact->place, "too many artifacts depend on one another");
    if (const Node* needs = artifact->find("dependencies"))
      for (const auto& other : needs->items)
        if (other.is_string()) visit(other.text(), artifacts, depth + 1);
    const auto type = text_at(*artifact, {"type"});
    if (type == "aws:cloudformation:stack") read_stack(id, *artifact);
    if (type == "cdk:cloud-assembly") read_nested(*artifact);
  }

  void read_nested(const Node& artifact) {
    const auto name = text_at(artifact, {"properties", "directoryName"});
    stay_within(name, artifact.place);
    if (depth_ >= kMaxNesting) throw Problems(artifact.place, "assemblies are nested too deeply");
    Reader(directory_ / name, shown_ + name + "/", into_, depth_ + 1).read();
  }

  // Where the files are that templates name by their keys in CDK's bucket.
  void read_assets(const Node& artifact) {
    if (text_at(artifact, {"type"}) != "cdk:asset-manifest") return;
    const Node list = file(text_at(artifact, {"properties", "file"}), artifact.place);
    const Node* files = list.find("files");
    if (!files) return;
    for (const auto& [hash, asset] : files->members) {
      const Node* destinations = asset.find("destinations");
      const auto path = text_at(asset, {"source", "path"});
      if (!destinations || path.empty()) continue;
      for (const auto& [name, destination] : destinations->members)
        assets_[text_at(destination, {"objectKey"})] = path;
    }
  }

  void read_stack(const std::string& id, const Node& artifact) {
    const auto file_name = text_at(artifact, {"properties", "templateFile"});
    if (file_name.empty())
      throw Problems(artifact.place, fmt::format("the stack {} names no templateFile", id));
    AssembledStack stack{.name = text_at(artifact, {"properties", "stackName"}), .place = artifact.place};
    if (stack.name.empty()) stack.name = id;
    read_environment(text_at(artifact, {"environment"}), stack);
    if (const Node* parameters = artifact.at({"properties", "parameters"}))
      for (const auto& [name, value] : parameters->members) stack.parameters[name] = value.as_text();
    if (const Node* tags = artifact.at({"properties", "tags"}); tags && !tags->members.empty())
      into_.notes.push_back({tags->place, "tags of stacks are accepted and have no effect here"});
    stack.stack_template = file(file_name, artifact.place);
    drop_bootstrap_check(stack.stack_template);
    place_assets(stack.stack_template);
    into_.stacks.push_back(std::move(stack));
  }

  // "aws://123456789012/eu-west-1", or with unknown-account and unknown-region.
  static void read_environment(std::string_view environment, AssembledStack& stack) {
    constexpr std::string_view kScheme = "aws://";
    if (!environment.starts_with(kScheme)) return;
    environment.remove_prefix(kScheme.size());
    const auto slash = std::min(environment.find('/'), environment.size());
    const auto account = environment.substr(0, slash);
    const auto region = environment.substr(std::min(slash + 1, environment.size()));
    if (account != "unknown-account") stack.account = account;
    if (region != "unknown-region") stack.region = region;
  }

  // They ask the target account whether `cdk bootstrap` was run there; nothing here needs that.
  static void drop_bootstrap_check(Node& document) {
    constexpr const char *kParameter = "BootstrapVersion", *kRule = "CheckBootstrapVersion";
    if (Node* rules = document.find("Rules")) {
      rules->erase(kRule);
      if (rules->members.empty()) document.erase("Rules");
    }
    Node* parameters = document.find("Parameters");
    if (parameters && text_at(*parameters, {kParameter, "Type"}).starts_with("AWS::SSM::Parameter::"))
      parameters->erase(kParameter);
  }

  void place_assets(Node& node) {
    const Node* key = node.find("S3Key");
    const auto asset =
        key && key->is_string() && node.find("S3Bucket") ? assets_.find(key->text()) : assets_.end();
    if (asset != assets_.end()) {
      node = placed(asset->second, *key);
      return;
    }
    for (auto& item : node.items) place_assets(item);
    for (auto& member : node.members) place_assets(member.value);
  }

  Node placed(const std::string& path, const Node& key) const {
    std::error_code failed;
    const auto at = directory_ / path;
    if (fs::is_directory(at, failed))
      if (const auto real = fs::canonical(at, failed); !failed)
        return Node({{"S3Bucket", "hot-reload"}, {"S3Key", real.string()}}, key.place);
    // A directory that was published already may be there as the archive only.
    for (const auto& archive : {at, directory_ / ".cache" / key.text()})
      if (fs::is_regular_file(archive, failed))
        if (const auto bytes = read_file(archive))
          return Node({{"ZipFile", base64_encode(*bytes)}}, key.place);
    throw Problems(key.place,
                   fmt::format("the asset {} is not there; run `npx cdk synth` again", shown_ + path));
  }

  fs::path directory_;
  std::string shown_;
  Assembly& into_;
  int depth_;
  Node manifest_;
  std::map<std::string, std::string> assets_;  // by key in the bucket
  std::set<std::string> visited_;
};
}  // namespace

bool is_assembly(const fs::path& directory) {
  std::error_code failed;
  if (!fs::is_regular_file(directory / kManifest, failed)) return false;
  // Others have a manifest.json as well: CDK's stands beside a file "cdk.out" or templates.
  if (fs::is_regular_file(directory / "cdk.out", failed)) return true;
  return std::ranges::any_of(fs::directory_iterator(directory, failed), [](const auto& entry) {
    return entry.path().filename().native().ends_with(kTemplate);
  });
}

Assembly read_assembly(const fs::path& directory, const std::string& shown) {
  Assembly out;
  Reader(directory, shown, out, 1).read();
  if (out.stacks.empty()) throw Problems({shown + std::string(kManifest), 1}, "this assembly has no stack");
  return out;
}
}  // namespace emu::deploy
