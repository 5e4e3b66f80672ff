#include "emulator/services/lambda/typescript.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

#include "emulator/base/digest.hpp"
#include "emulator/base/log.hpp"
#include "emulator/services/lambda/bundle_shelf.hpp"
#include "emulator/services/lambda/esbuild.hpp"

namespace emu::lambda {
namespace fs = std::filesystem;
namespace {
// On disk: change it when bundles made by an older emu must be made again.
constexpr std::string_view kFormat = "1";
constexpr int kMostBuilds = 5;  // while somebody keeps writing to the sources
constexpr std::string_view kMetafile = "inputs.json";
// CommonJS packages inside an ES module call require(), which a module does not have.
constexpr std::string_view kModuleBanner =
    R"(--banner:js=import{createRequire as emuRequire}from"node:module";)"
    R"(globalThis.require??=emuRequire(import.meta.url);)";

Json read_json(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Json::parse(in, nullptr, false);
}

// What Node would make of the compiled file: the extension decides, else the nearest package.json.
bool is_module(const fs::path& task_root, const fs::path& source) {
  if (source.extension() == ".mts") return true;
  if (source.extension() == ".cts") return false;
  for (fs::path at = (task_root / source).parent_path();; at = at.parent_path()) {
    if (fs::exists(at / "package.json")) {
      const auto package = read_json(at / "package.json");
      return package.is_object() && package.value("type", Json()) == "module";
    }
    if (at == at.parent_path()) return false;
  }
}

// The files in esbuild's account of its work; what it made up itself has no file.
std::vector<fs::path> sources_in(const Json& metafile, const fs::path& task_root) {
  std::vector<fs::path> out;
  if (!metafile.is_object() || !metafile.contains("inputs")) return out;
  for (const auto& [name, input] : metafile["inputs"].items()) {
    auto path = (task_root / name).lexically_normal();
    if (const auto attributes = name.find(" with {"); !fs::exists(path) && attributes != std::string::npos)
      path = (task_root / name.substr(0, attributes)).lexically_normal();
    if (fs::is_regular_file(path)) out.push_back(std::move(path));
  }
  return out;
}

// Where no package is installed at all, the SDK certainly is not: saves a run that fails.
std::vector<std::string> first_externals(const fs::path& task_root) {
  for (fs::path at = task_root;; at = at.parent_path()) {
    if (fs::exists(at / "node_modules")) return {};
    if (at == at.parent_path()) return {"@aws-sdk/*", "@smithy/*"};
  }
}

std::vector<std::string> arguments_for(const fs::path& task_root, const fs::path& source,
                                       const std::string& target, const fs::path& out) {
  const bool module = is_module(task_root, source);
  // .mjs and .cjs say what they are, whatever package.json is linked beside them.
  const auto file = (out / source).replace_extension(module ? ".mjs" : ".cjs");
  std::vector<std::string> words{
      "./" + source.native(), "--bundle",
      "--platform=node",      "--target=" + target,
      "--sourcemap",          "--outfile=" + file.native(),
      "--loader:.node=copy",  fmt::format("--metafile={}", (out / kMetafile).native()),
      "--log-level=error",    "--log-limit=0",
      "--color=false"};
  words.emplace_back(module ? "--format=esm" : "--format=cjs");
  if (module) words.emplace_back(kModuleBanner);
  return words;
}

AwsError build_error(const std::string& messages) {
  const auto text = readable_errors(messages);
  const bool import = text.find("Could not resolve") != std::string::npos;
  log_warning(text);
  return {import ? "Runtime.ImportModuleError" : "Runtime.UserCodeSyntaxError", text};
}

Bundle bundle_of(const BundleShelf& shelf, const fs::path& task_root, const fs::path& source) {
  Bundle out{.task_root = shelf.bundle()};
  out.inputs.assign(shelf.manifest.sources.begin(), shelf.manifest.sources.end());
  link_rest(task_root, out.task_root, source.parent_path());
  return out;
}
}  // namespace

fs::path typescript_source(const fs::path& task_root, const std::string& handler) {
  const auto slash = handler.rfind('/');
  const auto dot = handler.find('.', slash == std::string::npos ? 0 : slash + 1);
  if (dot == std::string::npos || handler.find("..") != std::string::npos) return {};
  const fs::path module = fs::path(handler.substr(0, dot)).lexically_normal();
  if (module.empty() || module.is_absolute()) return {};
  std::error_code e;
  for (const auto* extension : {"", ".js", ".mjs", ".cjs"})  // what the runtime tries, spec-lambda C.3
    if (fs::is_regular_file((task_root / module).native() + extension, e)) return {};
  for (const auto* extension : {".ts", ".tsx", ".mts", ".cts"})
    if (fs::is_regular_file((task_root / module).native() + extension, e)) return module.native() + extension;
  return {};
}

Bundler::Bundler(fs::path cache, BundlerOptions options)
    : cache_(std::move(cache)), options_(std::move(options)) {}
Bundler::~Bundler() = default;

std::shared_ptr<BundleShelf> Bundler::shelf(const fs::path& task_root, const std::string& key) {
  const auto directory = shelves_of(task_root) / hex(sha256(key)).substr(0, 32);
  return shelves_.with([&](auto& shelves) {
    auto& found = shelves[directory];
    if (!found) found = std::make_shared<BundleShelf>(directory);
    return found;
  });
}

fs::path Bundler::shelves_of(const fs::path& task_root) const {
  return cache_ / hex(sha256(task_root.native())).substr(0, 32);
}

void Bundler::forget(const fs::path& task_root) {
  const auto directory = shelves_of(task_root);
  shelves_.with([&](auto& all) {
    std::erase_if(all, [&](const auto& shelf) { return shelf.first.parent_path() == directory; });
  });
  std::error_code ignored;
  fs::remove_all(directory, ignored);
}

Result<Bundle> Bundler::bundle(const fs::path& task_root, const fs::path& source,
                               const std::string& runtime) {
  const auto version = runtime.substr(std::min(runtime.find_first_of("0123456789"), runtime.size()));
  const auto target = "node" + version.substr(0, version.find('.'));
  const auto shelf = this->shelf(task_root, fmt::format("{}\n{}\n{}", kFormat, source.native(), target));
  std::lock_guard hold(shelf->busy);  // who waits here finds the bundle made
  shelf->open();

  const auto program = find_esbuild(task_root, options_.esbuild);
  auto& manifest = shelf->manifest;
  const auto tool =
      program.empty() ? manifest.tool : fmt::format("{} {}", program.native(), changed_ns(program));
  const auto recorded = manifest.inputs.recorded_ns;
  if (!manifest.content.empty() && tool == manifest.tool && manifest.inputs.still_true(shelf->now_ns())) {
    if (manifest.inputs.recorded_ns != recorded) shelf->save();
    return bundle_of(*shelf, task_root, source);
  }
  if (program.empty())
    return AwsError{"Runtime.ImportModuleError",
                    fmt::format("{} is TypeScript and there is no esbuild to bundle it with: run npm install "
                                "--save-dev esbuild in {}",
                                source.native(), task_root.native())};
  manifest = {.tool = tool};
  return build(*shelf, program, task_root, source, target);
}

// Builds until the sources stood still meanwhile, so that what is recorded is what was bundled.
Result<Bundle> Bundler::build(BundleShelf& shelf, const fs::path& program, const fs::path& task_root,
                              const fs::path& source, const std::string& target) {
  auto& manifest = shelf.manifest;
  auto externals = first_externals(task_root);
  std::optional<BundleInputs> before;
  for (int builds = 1;; ++builds) {
    const auto draft = shelf.draft();
    const auto began = changed_ns(draft);
    auto words = arguments_for(task_root, source, target, draft);
    for (const auto& name : externals) words.push_back("--external:" + name);
    ++runs_;
    const auto run = run_esbuild(program, task_root, words);
    if (!run.succeeded) {
      fs::remove_all(draft);
      // The SDK is the runtime's where the project brings none, as on AWS.
      const auto unresolved = unresolved_sdk_packages(run.messages);
      const auto known = externals.size();
      for (const auto& name : unresolved)
        if (std::find(externals.begin(), externals.end(), name) == externals.end()) externals.push_back(name);
      if (externals.size() == known) return build_error(run.messages);
      continue;
    }
    const auto sources = sources_in(read_json(draft / kMetafile), task_root);
    fs::remove(draft / kMetafile);
    auto inputs = record_inputs(task_root, sources, began);
    const bool stood_still = inputs.quiet() || (before && before->same_content(inputs));
    if (!stood_still && builds < kMostBuilds) {
      fs::remove_all(draft);
      before = std::move(inputs);
      continue;
    }
    manifest.sources.assign(sources.begin(), sources.end());
    shelf.publish(draft);
    auto out = bundle_of(shelf, task_root, source);
    if (stood_still) {
      manifest.inputs = std::move(inputs);
      shelf.save();
    } else {
      manifest = {};  // the next call builds again
    }
    return out;
  }
}
}  // namespace emu::lambda
