#include "emulator/services/lambda/bundle_inputs.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <regex>
#include <set>

#include "emulator/base/digest.hpp"
#include "emulator/base/file.hpp"

namespace emu::lambda {
namespace fs = std::filesystem;
namespace {
// File times move in ticks of up to 10 ms: a file this young when it was read may have changed again without
// a new time.
constexpr std::int64_t kSettling_ns = 50'000'000;

std::int64_t nanoseconds(const timespec& t) { return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec; }

std::optional<struct stat> look(const std::string& path) {
  struct stat s{};
  if (stat(path.c_str(), &s) != 0 || !S_ISREG(s.st_mode)) return std::nullopt;
  return s;
}

std::string stamp_of(const struct stat& s) {
  return fmt::format("{} {} {} {}", s.st_ino, s.st_size, nanoseconds(s.st_mtim), nanoseconds(s.st_ctim));
}

// The stamp is taken before the content is read, so a change in between shows the next time.
InputFile record_file(const std::string& path) {
  const auto s = look(path);
  if (!s) return {.path = path};
  return {path, hex(sha256(read_file(path).value_or(""))), stamp_of(*s), nanoseconds(s->st_ctim)};
}

std::string list(const std::string& directory) {
  static const std::set<std::string, std::less<>> kResolved = {".ts",  ".tsx", ".mts", ".cts", ".js",
                                                               ".jsx", ".mjs", ".cjs", ".css", ".json"};
  std::vector<std::string> names;
  std::error_code e;
  for (fs::directory_iterator at(directory, e), end; !e && at != end; at.increment(e)) {
    const auto name = at->path().filename();
    std::error_code gone;
    if (name.native().starts_with('.')) continue;  // tools' own, e.g. node_modules/.cache
    if (at->is_directory(gone) || kResolved.contains(name.extension().native()))
      names.push_back(name.native() + '\n');
  }
  std::sort(names.begin(), names.end());
  std::string all;
  for (const auto& name : names) all += name;
  return hex(sha256(all));
}

template <class Visit>
void each_ancestor(fs::path directory, const Visit& visit) {
  for (;; directory = directory.parent_path()) {
    if (!visit(directory) || directory == directory.parent_path()) return;
  }
}

bool in_node_modules(const fs::path& path) {
  return path.native().find("/node_modules/") != std::string::npos;
}

// The settings that a tsconfig.json takes over from others. Its syntax is JSON with comments, of which only
// "extends" matters here; a match inside a comment merely watches one file more.
void follow_extends(const fs::path& tsconfig, std::set<std::string>& paths, int depth = 0) {
  static const std::regex kExtends(R"re("extends"\s*:\s*(\[[^\]]*\]|"[^"]*"))re"), kText(R"re("([^"]+)")re");
  const auto text = read_file(tsconfig).value_or("");
  std::smatch found;
  if (depth > 16 || !std::regex_search(text, found, kExtends)) return;
  const std::string value = found[1];
  for (std::sregex_iterator at(value.begin(), value.end(), kText), end; at != end; ++at) {
    const std::string name = (*at)[1];
    std::vector<fs::path> bases;
    if (name.starts_with('.') || name.starts_with('/'))
      bases.push_back(tsconfig.parent_path() / name);
    else
      each_ancestor(tsconfig.parent_path(), [&](const fs::path& d) {
        bases.push_back(d / "node_modules" / name);
        return true;
      });
    for (const auto& base : bases)
      for (const auto& candidate : {base, fs::path(base.native() + ".json"), base / "tsconfig.json"})
        if (const auto path = candidate.lexically_normal();
            paths.insert(path.native()).second && look(path.native()))
          follow_extends(path, paths, depth + 1);
  }
}
}  // namespace

std::int64_t changed_ns(const fs::path& path) {
  struct stat s{};
  return stat(path.c_str(), &s) == 0 ? nanoseconds(s.st_ctim) : 0;
}

bool BundleInputs::quiet() const {
  const auto before = [&](const auto& input) { return changed_ns(input.path) < recorded_ns; };
  return std::all_of(files.begin(), files.end(), before) &&
         std::all_of(listings.begin(), listings.end(), before);
}

bool BundleInputs::still_true(std::int64_t now_ns) {
  bool looked = false;
  for (auto& file : files) {
    const auto s = look(file.path);
    if (s.has_value() == file.sha256.empty()) return false;
    const bool settled = file.changed_ns + kSettling_ns < recorded_ns;
    if (!s || (settled && stamp_of(*s) == file.stamp)) continue;
    auto now = record_file(file.path);
    if (now.sha256 != file.sha256) return false;
    file = std::move(now);
    looked = true;
  }
  const auto unchanged = [](const InputListing& l) { return list(l.path) == l.sha256; };
  if (!std::all_of(listings.begin(), listings.end(), unchanged)) return false;
  if (looked) recorded_ns = now_ns;
  return true;
}

bool BundleInputs::same_content(const BundleInputs& other) const {
  const auto file = [](const InputFile& a, const InputFile& b) {
    return a.path == b.path && a.sha256 == b.sha256;
  };
  const auto listing = [](const InputListing& a, const InputListing& b) {
    return a.path == b.path && a.sha256 == b.sha256;
  };
  return std::equal(files.begin(), files.end(), other.files.begin(), other.files.end(), file) &&
         std::equal(listings.begin(), listings.end(), other.listings.begin(), other.listings.end(), listing);
}

BundleInputs record_inputs(const fs::path& task_root, const std::vector<fs::path>& sources,
                           std::int64_t now_ns) {
  std::set<std::string> paths, directories;
  for (const auto& source : sources) {
    paths.insert(source.native());
    const bool package = in_node_modules(source);
    each_ancestor(source.parent_path(), [&](const fs::path& d) {
      if (package && d.filename() == "node_modules") return false;
      if (!paths.insert((d / "package.json").native()).second) return false;  // seen from here up
      if (package) return true;
      for (const auto* name : {"tsconfig.json", "jsconfig.json"}) paths.insert((d / name).native());
      return true;
    });
    if (package) continue;
    each_ancestor(source.parent_path(), [&](const fs::path& d) {
      directories.insert(d.native());
      return d != task_root && d.native().starts_with(task_root.native());
    });
  }
  each_ancestor(task_root, [&](const fs::path& d) {
    for (const auto* name : {"node_modules", "node_modules/@aws-sdk", "node_modules/@smithy"})
      directories.insert((d / name).native());
    return true;
  });
  for (const auto& path : std::set<std::string>(paths))
    if (path.ends_with("/tsconfig.json") || path.ends_with("/jsconfig.json")) follow_extends(path, paths);

  BundleInputs out{.recorded_ns = now_ns};
  for (const auto& path : paths) out.files.push_back(record_file(path));
  for (const auto& path : directories) out.listings.push_back({path, list(path)});
  return out;
}
}  // namespace emu::lambda
