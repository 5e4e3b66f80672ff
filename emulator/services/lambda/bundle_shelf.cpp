#include "emulator/services/lambda/bundle_shelf.hpp"

#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

#include "emulator/base/digest.hpp"
#include "emulator/base/file.hpp"
#include "emulator/services/lambda/watch.hpp"
#include "emulator/wire/json.hpp"

namespace emu::lambda {
namespace fs = std::filesystem;
namespace {
constexpr std::size_t kKept = 3;  // earlier bundles: environments may still run from them

std::string content_key(const fs::path& directory, const std::vector<std::string>& outputs) {
  std::string all;
  for (const auto& name : outputs) all += name + '\n' + sha256(read_file(directory / name).value_or(""));
  return hex(sha256(all)).substr(0, 32);
}

std::vector<std::string> files_below(const fs::path& directory) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.symlink_status().type() == fs::file_type::regular)
      out.push_back(entry.path().lexically_relative(directory).native());
  std::sort(out.begin(), out.end());
  return out;
}

void link_level(const fs::path& from, const fs::path& to, fs::path::const_iterator down,
                fs::path::const_iterator end) {
  std::error_code e, ignored;
  for (fs::directory_iterator at(to, e), last; !e && at != last; at.increment(e))
    if (at->is_symlink(ignored) && !fs::exists(at->path(), ignored)) fs::remove(at->path(), ignored);
  for (fs::directory_iterator at(from, e), last; !e && at != last; at.increment(e)) {
    const auto name = at->path().filename();
    if (down != end && name == *down) continue;
    if (is_ignored_directory(name) && name != "node_modules") continue;
    fs::create_symlink(at->path(), to / name, ignored);  // where an output or a link is already, it stays
  }
  if (down != end) link_level(from / *down, to / *down, std::next(down), end);
}
}  // namespace

void link_rest(const fs::path& task_root, const fs::path& bundle, const fs::path& handler_directory) {
  link_level(task_root, bundle, handler_directory.begin(), handler_directory.end());
}

void BundleShelf::open() {
  if (std::exchange(opened_, true)) return;
  fs::create_directories(directory_);
  auto stored = Json::parse(read_file(directory_ / "manifest.json").value_or(""), nullptr, false);
  try {
    if (stored.is_object()) manifest = wire::decode(wire::Tag<Manifest>{}, stored, "");
  } catch (const AwsError&) {
    manifest = {};  // written by another version
  }
  if (manifest.content != content_key(bundle(), manifest.outputs)) manifest = {};
}

void BundleShelf::save() const {
  // Replaced in one step. Not synced: what a power failure spoils, open() finds out.
  const auto text = json_text(wire::encode(manifest));
  std::ofstream(directory_ / "manifest.new", std::ios::binary) << text;
  fs::rename(directory_ / "manifest.new", directory_ / "manifest.json");
}

std::int64_t BundleShelf::now_ns() const {
  std::ofstream(directory_ / "clock") << '.';
  return changed_ns(directory_ / "clock");
}

fs::path BundleShelf::draft() const {
  std::string name = directory_ / "draft-XXXXXX";
  if (!mkdtemp(name.data())) throw std::system_error(errno, std::generic_category(), name);
  return name;
}

void BundleShelf::publish(const fs::path& draft) {
  manifest.outputs = files_below(draft);
  manifest.content = content_key(draft, manifest.outputs);
  const auto place = bundle();
  if (fs::exists(place) && content_key(place, manifest.outputs) == manifest.content) {
    fs::remove_all(draft);
    return;
  }
  fs::remove_all(place);
  fs::rename(draft, place);
  std::vector<std::pair<std::int64_t, fs::path>> others;
  for (const auto& entry : fs::directory_iterator(directory_))
    if (entry.is_directory() && entry.path() != place)
      others.emplace_back(changed_ns(entry.path()), entry.path());
  std::sort(others.rbegin(), others.rend());
  for (std::size_t i = kKept; i < others.size(); ++i) fs::remove_all(others[i].second);
}
}  // namespace emu::lambda
