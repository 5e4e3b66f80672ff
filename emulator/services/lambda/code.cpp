#include "emulator/services/lambda/code.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include "emulator/base/digest.hpp"
#include "emulator/base/file.hpp"
#include "emulator/services/lambda/archive.hpp"
#include "emulator/services/lambda/errors.hpp"

namespace emu::lambda {
namespace fs = std::filesystem;
namespace {
// On disk, under the store's directory: <sha256 hex>/code.zip is the code; <sha256 hex>/task is the same
// unpacked, <sha256 hex>/boot the boot in which that was done; bundles/ is Bundler's.
constexpr std::string_view kZip = "code.zip", kTask = "task", kBoot = "boot", kDraft = "draft-";

[[noreturn]] void fail(const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), path.native());
}

void sync(const fs::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(path);
  const int done = fsync(fd);
  close(fd);
  if (done != 0) fail(path);
}

void write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) fail(path);
}

// Unpacked files are not synced one by one. After a boot that may have been a power failure they are made
// anew from the zip, which was.
std::string this_boot() { return read_file("/proc/sys/kernel/random/boot_id").value_or(""); }

// A directory that is gone at the end of the scope, unless it got another name.
struct Draft {
  explicit Draft(const fs::path& parent) {
    std::string name = parent / (std::string(kDraft) + "XXXXXX");
    if (!mkdtemp(name.data())) fail(name);
    path = name;
  }
  ~Draft() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Draft(const Draft&) = delete;
  fs::path path;
};

std::optional<std::string> to_hex(std::string_view sha256_base64) {
  const auto raw = base64_decode(sha256_base64);
  if (!raw || raw->size() != 32) return std::nullopt;
  return hex(*raw);
}

fs::path made(fs::path directory) {
  fs::create_directories(directory);
  return fs::canonical(directory);
}
}  // namespace

CodeStore::CodeStore(Loops& loops, fs::path directory, BundlerOptions options)
    : loops_(loops),
      directory_(made(std::move(directory))),
      bundler_(directory_ / "bundles", std::move(options)) {
  for (const auto& entry : fs::directory_iterator(directory_))  // left over by a kill
    if (entry.path().filename().native().starts_with(kDraft)) fs::remove_all(entry.path());
}

CodeClaim CodeStore::claim(std::string sha256_base64) {
  claims_->with([&](auto& claims) { ++claims[sha256_base64]; });
  return {nullptr, [all = claims_, digest = std::move(sha256_base64)](const void*) {
            all->with([&](auto& claims) {
              if (--claims[digest] == 0) claims.erase(digest);
            });
          }};
}

Result<CodeLocation> CodeStore::store_zip(std::string_view zip) {
  const auto digest = sha256(zip);
  auto held = claim(base64_encode(digest));
  auto location = unpacked(zip, digest);
  if (location) location->claim = std::move(held);
  return location;
}

Result<CodeLocation> CodeStore::unpacked(std::string_view zip, const std::string& digest) {
  const auto home = directory_ / hex(digest);
  if (fs::exists(home / kZip)) return find(base64_encode(digest));
  Draft draft(directory_);
  fs::create_directory(draft.path / kTask);
  const auto bytes = unzip(zip, draft.path / kTask);
  if (!bytes) return bytes.error();
  write_file(draft.path / kBoot, this_boot());
  write_file(draft.path / kZip, zip);
  sync(draft.path / kZip);
  sync(draft.path);
  fs::permissions(draft.path, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec);
  std::error_code exists;
  fs::rename(draft.path, home, exists);  // refused if another request was faster with the same zip
  if (exists && !fs::exists(home / kZip)) throw std::system_error(exists, home.native());
  sync(directory_);
  unpacked_bytes_.with([&](auto& all) { all.insert_or_assign(base64_encode(digest), *bytes); });
  return location(base64_encode(digest), home);
}

CodeLocation CodeStore::location(std::string sha256_base64, const fs::path& home) const {
  return {.task_root = home / kTask,
          .sha256_base64 = std::move(sha256_base64),
          .size_bytes = static_cast<std::int64_t>(fs::file_size(home / kZip))};
}

std::int64_t CodeStore::unpacked_bytes(std::string_view sha256_base64) {
  const auto known = unpacked_bytes_.with([&](const auto& all) {
    const auto at = all.find(sha256_base64);
    return at == all.end() ? std::optional<std::int64_t>() : at->second;
  });
  const auto name = to_hex(sha256_base64);
  if (known || !name) return known.value_or(0);
  std::int64_t bytes = 0;
  std::error_code e;
  for (fs::recursive_directory_iterator it(directory_ / *name / kTask, e), end; !e && it != end;
       it.increment(e))
    if (it->symlink_status().type() == fs::file_type::regular)
      bytes += static_cast<std::int64_t>(it->file_size());
  if (!e) unpacked_bytes_.with([&](auto& all) { all.emplace(sha256_base64, bytes); });
  return bytes;
}

// What a layer for Node has is below node_modules, which is no source of a function and not watched
// otherwise.
CodeStore::LayerWatch CodeStore::watch_layer(const fs::path& directory) const {
  std::vector<fs::path> roots{directory};
  if (fs::is_directory(directory / "nodejs/node_modules")) roots.push_back(directory / "nodejs/node_modules");
  for (const auto& root : roots) watch_->add(root);
  return {new std::vector<fs::path>(std::move(roots)), [watch = watch_](const std::vector<fs::path>* held) {
            for (const auto& root : *held) watch->remove(root);
            delete held;
          }};
}

std::uint64_t CodeStore::generation(const LayerWatch& layer) const {
  std::uint64_t sum = 0;  // each only grows
  for (const auto& root : *layer) sum += watch_->generation(root);
  return sum;
}

std::optional<std::string> CodeStore::read_zip(std::string_view sha256_base64) const {
  const auto name = to_hex(sha256_base64);
  return name ? read_file(directory_ / *name / kZip) : std::nullopt;
}

Result<CodeLocation> CodeStore::find(std::string_view sha256_base64) {
  const auto name = to_hex(sha256_base64);
  if (!name || !fs::exists(directory_ / *name / kZip))
    return AwsError::internal(fmt::format("The code {} is not in {}", sha256_base64, directory_.native()));
  const auto home = directory_ / *name;
  std::lock_guard hold(unpacking_);
  if (read_file(home / kBoot) != this_boot() || !fs::is_directory(home / kTask)) {
    Draft draft(directory_);
    if (auto done = unzip(read_file(home / kZip).value_or(""), draft.path); !done) return done.error();
    fs::remove_all(home / kTask);
    fs::rename(draft.path, home / kTask);
    write_file(home / kBoot, this_boot());
  }
  return location(std::string(sha256_base64), home);
}

Result<CodeLocation> CodeStore::hot_directory(const fs::path& directory) {
  std::error_code e;
  const auto root = fs::canonical(directory, e);
  if (e || !fs::is_directory(root))
    return invalid_parameter(fmt::format("The code directory {} does not exist", directory.native()));
  watch_->add(root);
  const auto state = tree_state(root);
  return CodeLocation{.task_root = root,
                      .sha256_base64 = base64_encode(state.sha256),
                      .size_bytes = state.size_bytes,
                      .hot = true};
}

awaitable<Result<fs::path>> CodeStore::prepare(CodeLocation code, std::string runtime, std::string handler) {
  if (!runtime.starts_with("nodejs")) co_return code.task_root;
  auto work = [this, code = std::move(code), runtime = std::move(runtime),
               handler = std::move(handler)]() -> Result<fs::path> {
    const auto source = typescript_source(code.task_root, handler);
    if (source.empty()) return code.task_root;
    auto bundle = bundler_.bundle(code.task_root, source, runtime);
    if (!code.hot) return bundle ? Result<fs::path>(bundle->task_root) : bundle.error();
    if (!bundle) {
      watch_->touch(
          code.task_root);  // what has to change for it to succeed may lie outside of what is watched
      return bundle.error();
    }
    watch_sources(code.task_root, bundle->inputs);
    return bundle->task_root;
  };
  co_return co_await loops_.blocking(std::move(work));
}

// Sources elsewhere, e.g. sibling packages of a workspace. Installed packages are left out: installing
// changes package-lock.json too, which is seen.
void CodeStore::watch_sources(const fs::path& root, const std::vector<fs::path>& sources) {
  std::set<fs::path> directories;
  for (const auto& source : sources) {
    const auto& text = source.native();
    if (!text.starts_with(root.native() + '/') && text.find("/node_modules/") == std::string::npos)
      directories.insert(source.parent_path());
  }
  for (const auto& directory : directories) watch_->add_outside(root, directory);
}

std::uint64_t CodeStore::generation(const CodeLocation& code) const {
  return code.hot ? watch_->generation(code.task_root) : 0;
}

void CodeStore::forget(const CodeLocation& code) {
  const Draft grave(directory_);
  bury(code, grave.path);
}

bool CodeStore::forget_unclaimed(const CodeLocation& code, const std::function<bool()>& unused) {
  const Draft grave(directory_);  // erased when others may claim again
  return claims_->with([&](const auto& claims) {
    if (claims.contains(code.sha256_base64)) return false;
    if (unused()) bury(code, grave.path);
    return true;
  });
}

// Gone in one step.
void CodeStore::bury(const CodeLocation& code, const fs::path& grave) {
  if (code.hot) return watch_->remove(code.task_root);
  bundler_.forget(code.task_root);
  unpacked_bytes_.with([&](auto& all) { all.erase(code.sha256_base64); });
  const auto name = to_hex(code.sha256_base64);
  std::error_code absent;
  if (name) fs::rename(directory_ / *name, grave / *name, absent);
}
}  // namespace emu::lambda
