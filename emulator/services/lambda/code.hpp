// Where the code of functions is: zips, unpacked once per content, and directories used in place ("hot"),
// whose changes the next invocation sees. Owned by Lambda. Code that was acknowledged is on disk; content
// never changes under a CodeLocation that is not hot.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/base/error.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/base/loops.hpp"
#include "emulator/services/lambda/typescript.hpp"
#include "emulator/services/lambda/watch.hpp"

namespace emu::lambda {
// While it lives, the code with its digest is not forgotten, although no record names it yet.
using CodeClaim = std::shared_ptr<const void>;

struct CodeLocation {
  std::filesystem::path task_root;
  std::string sha256_base64;    // CodeSha256: of the zip; of a hot directory, of its names, sizes and times
  std::int64_t size_bytes = 0;  // CodeSize: of the zip; of a hot directory, of its files
  bool hot = false;
  CodeClaim claim = nullptr;  // of a zip just stored, until what uses it is written
};

class CodeStore {
 public:
  CodeStore(Loops& loops, std::filesystem::path directory, BundlerOptions options);
  CodeStore(const CodeStore&) = delete;

  // Before it is looked up which records there are.
  CodeClaim claim(std::string sha256_base64);

  // These two block (unzip, fsync, directory walk): call them through Loops::blocking.
  Result<CodeLocation> store_zip(std::string_view zip);
  Result<CodeLocation> hot_directory(const std::filesystem::path& directory);

  // Of a stored zip; 0 of one that is not here. Walks its files, the first time after a restart.
  std::int64_t unpacked_bytes(std::string_view sha256_base64);

  std::optional<std::string> read_zip(std::string_view sha256_base64) const;
  // Stored code after a restart; the first time after a boot it is unpacked again, which blocks.
  Result<CodeLocation> find(std::string_view sha256_base64);

  // What the environment starts in: the task root itself, or a bundle of it if the handler is TypeScript.
  // Changed code gives another path if it is a bundle, the same path if not: compare generation() too. The
  // error is a Runtime.… one with the compiler's file:line:column; generation() changes then, so that the
  // next invocation tries again.
  awaitable<Result<std::filesystem::path>> prepare(CodeLocation code, std::string runtime,
                                                   std::string handler);

  // Changes whenever hot code may have: ask before each invocation (a microsecond, no waiting). If it differs
  // from what it was before the last prepare(), prepare() again and retire the environments. 0 if not hot.
  std::uint64_t generation(const CodeLocation& code) const;

  // A directory that is a layer, used in place: its changes are another generation as well, while the watch
  // is held. Blocks.
  using LayerWatch = std::shared_ptr<const std::vector<std::filesystem::path>>;
  LayerWatch watch_layer(const std::filesystem::path& directory) const;
  std::uint64_t generation(const LayerWatch& layer) const;

  // No function uses this code any more (once per hot_directory()): a zip is erased, a directory left alone
  // and no longer watched. Blocks.
  void forget(const CodeLocation& code);
  // The same if nobody claims the code and it is `unused`, asked while nobody can begin to claim it; false:
  // it is claimed.
  bool forget_unclaimed(const CodeLocation& code, const std::function<bool()>& unused);

 private:
  using Claims = Guarded<std::map<std::string, int, std::less<>>>;  // by digest
  Result<CodeLocation> unpacked(std::string_view zip, const std::string& digest);
  void bury(const CodeLocation& code, const std::filesystem::path& grave);
  CodeLocation location(std::string sha256_base64, const std::filesystem::path& home) const;
  void watch_sources(const std::filesystem::path& root, const std::vector<std::filesystem::path>& sources);
  Guarded<std::map<std::string, std::int64_t, std::less<>>> unpacked_bytes_;  // by digest
  const std::shared_ptr<Claims> claims_ = std::make_shared<Claims>();
  Loops& loops_;
  const std::filesystem::path directory_;
  std::mutex unpacking_;
  Bundler bundler_;
  const std::shared_ptr<Watch> watch_ = std::make_shared<Watch>();  // also of what is kept after the store
};
}  // namespace emu::lambda
