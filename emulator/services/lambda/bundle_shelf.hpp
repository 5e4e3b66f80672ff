// Where the bundles of one handler are kept: a manifest of what the latest was made from, and a directory per
// content. Used by Bundler alone, one caller at a time. A directory never changes once it has its name, but
// for the links to the rest of the project.
#pragma once
#include <boost/describe.hpp>
#include <mutex>

#include "emulator/services/lambda/bundle_inputs.hpp"

namespace emu::lambda {
struct Manifest {
  std::string tool;     // the esbuild that made it
  std::string content;  // names the directory of the outputs; empty: there is no bundle
  std::vector<std::string> sources, outputs;
  BundleInputs inputs;
};
BOOST_DESCRIBE_STRUCT(Manifest, (), (tool, content, sources, outputs, inputs))

class BundleShelf {
 public:
  explicit BundleShelf(std::filesystem::path directory) : directory_(std::move(directory)) {}
  std::mutex busy;  // to be held around everything below
  Manifest manifest;

  // Makes the directory and reads the manifest, once. A bundle whose bytes are not as they were made (a power
  // failure, a function that wrote to its code) is forgotten.
  void open();
  void save() const;
  std::int64_t now_ns() const;          // file system time
  std::filesystem::path draft() const;  // a new directory to build in
  // Gives the outputs of a draft their name and sets manifest.content and outputs.
  void publish(const std::filesystem::path& draft);
  std::filesystem::path bundle() const { return directory_ / manifest.content; }

 private:
  const std::filesystem::path directory_;
  bool opened_ = false;
};

// A handler may read files of its project by relative path, or require() what esbuild could not see: beside a
// bundle there is a link to everything else that the task root has at each level down to the handler's.
void link_rest(const std::filesystem::path& task_root, const std::filesystem::path& bundle,
               const std::filesystem::path& handler_directory);
}  // namespace emu::lambda
