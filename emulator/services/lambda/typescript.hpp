// Handlers written in TypeScript: AWS runs JavaScript only, so what a deploy tool does with esbuild before an
// upload is done here before a start. Used by CodeStore alone. A bundle is kept under a key made of
// everything it was made from; with nothing changed esbuild is not run, not even after a restart
// (docs/decisions/0006-code-from-directories.md).
#pragma once
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "emulator/base/error.hpp"
#include "emulator/base/guarded.hpp"

namespace emu::lambda {
struct BundlerOptions {
  // Ours, for projects that bring none: node_modules/esbuild, or a program. May be empty.
  std::filesystem::path esbuild;
};

// The source of a handler that exists as TypeScript only ("src/a.handler" -> src/a.ts), relative to the task
// root; empty if there is JavaScript, or nothing.
std::filesystem::path typescript_source(const std::filesystem::path& task_root, const std::string& handler);

struct Bundle {
  std::filesystem::path task_root;            // holds the handler at its relative path, and links to the rest
  std::vector<std::filesystem::path> inputs;  // the user's files it was made from
};

class BundleShelf;

class Bundler {
 public:
  Bundler(std::filesystem::path cache, BundlerOptions options);
  ~Bundler();
  // Blocks. The same content gives the same task_root, changed content another one. A failed build is a
  // Runtime.UserCodeSyntaxError or Runtime.ImportModuleError with esbuild's "file:line:column: text".
  Result<Bundle> bundle(const std::filesystem::path& task_root, const std::filesystem::path& source,
                        const std::string& runtime);
  // Erases every bundle of that code.
  void forget(const std::filesystem::path& task_root);
  std::size_t runs() const { return runs_; }  // of esbuild, by this object

 private:
  std::filesystem::path shelves_of(const std::filesystem::path& task_root) const;
  std::shared_ptr<BundleShelf> shelf(const std::filesystem::path& task_root, const std::string& key);
  Result<Bundle> build(BundleShelf& shelf, const std::filesystem::path& program,
                       const std::filesystem::path& task_root, const std::filesystem::path& source,
                       const std::string& target);
  const std::filesystem::path cache_;
  const BundlerOptions options_;
  std::atomic<std::size_t> runs_ = 0;
  Guarded<std::map<std::filesystem::path, std::shared_ptr<BundleShelf>>> shelves_;
};
}  // namespace emu::lambda
