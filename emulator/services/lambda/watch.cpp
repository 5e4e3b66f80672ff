#include "emulator/services/lambda/watch.hpp"

#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "emulator/base/digest.hpp"
#include "emulator/base/guarded.hpp"
#include "emulator/base/log.hpp"

namespace emu::lambda {
namespace fs = std::filesystem;
namespace {
constexpr std::uint32_t kChanges = IN_CREATE | IN_DELETE | IN_MODIFY | IN_ATTRIB | IN_MOVED_FROM |
                                   IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK |
                                   IN_DONT_FOLLOW;

bool is_under(const fs::path& path, const fs::path& root) {
  const auto &p = path.native(), &r = root.native();
  return p.starts_with(r) && (p.size() == r.size() || p[r.size()] == '/' || r.ends_with('/'));
}

// What editors write beside the file they save.
bool is_editor_noise(std::string_view name) {
  return name.ends_with('~') || name.ends_with(".swp") || name.ends_with(".swx") || name.starts_with(".#") ||
         name == "4913";
}

// Calls visit(entry) for every file and directory of the tree that is source.
template <class Visit>
void walk(const fs::path& root, const Visit& visit) {
  std::error_code e;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(root, options, e), end; !e && at != end; at.increment(e)) {
    std::error_code gone;
    const bool directory = at->is_directory(gone) && !at->is_symlink(gone);
    if (directory && is_ignored_directory(at->path().filename())) {
      at.disable_recursion_pending();
      continue;
    }
    visit(*at, directory);
  }
}
}  // namespace

bool is_ignored_directory(const fs::path& name) {
  static const std::set<std::string, std::less<>> kIgnored = {
      ".aws-sam",    ".emu",        ".git", ".hg",   ".idea",   ".mypy_cache", ".nyc_output", ".pytest_cache",
      ".ruff_cache", ".serverless", ".svn", ".venv", ".vscode", "__pycache__", "cdk.out",     "node_modules"};
  return kIgnored.contains(name.native());
}

TreeState tree_state(const fs::path& root) {
  std::vector<std::string> lines;
  TreeState out;
  walk(root, [&](const fs::directory_entry& entry, bool directory) {
    struct stat s{};
    if (directory || lstat(entry.path().c_str(), &s) != 0 ||
        is_editor_noise(entry.path().filename().native()))
      return;
    out.size_bytes += s.st_size;
    lines.push_back(fmt::format("{}\n{} {} {}.{}\n", entry.path().lexically_relative(root).native(),
                                s.st_mode, s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec));
  });
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const auto& line : lines) all += line;
  out.sha256 = sha256(all);
  return out;
}

// One inotify instance, read whenever somebody asks. Every member is reached under the lock of Guarded.
struct Watch::State {
  struct ByText {  // paths compare by their parts, which is slow
    bool operator()(const fs::path& a, const fs::path& b) const { return a.native() < b.native(); }
  };
  struct Root {
    int users = 0;
    std::uint64_t generation = 1;
    bool present = false;     // the root directory itself is watched
    bool by_looking = false;  // the kernel has no watches left for it: compare tree_state instead
    std::string seen;         // when by_looking
    std::set<fs::path> outside;
  };
  struct Inner {
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    bool warned = false;
    std::map<fs::path, Root, ByText> roots;
    std::map<int, fs::path> directories;
    ~Inner() {
      if (fd >= 0) close(fd);
    }

    enum class Added { yes, gone, full };
    Added watch(const fs::path& directory) {
      const int wd = fd < 0 ? -1 : inotify_add_watch(fd, directory.c_str(), kChanges);
      if (wd >= 0) {
        directories[wd] = directory;
        return Added::yes;
      }
      return fd < 0 || errno == ENOSPC || errno == ENOMEM ? Added::full : Added::gone;
    }

    // Each directory is watched before it is listed, so none that appears meanwhile is missed.
    Added watch_tree(const fs::path& top) {
      const auto added = watch(top);
      if (added != Added::yes) return added;
      bool full = false;
      walk(top, [&](const fs::directory_entry& entry, bool directory) {
        if (directory && !full) full = watch(entry.path()) == Added::full;
      });
      return full ? Added::full : Added::yes;
    }

    void start(const fs::path& path, Root& root) {
      auto added = watch_tree(path);
      for (const auto& directory : root.outside)
        if (added != Added::full && watch(directory) == Added::full) added = Added::full;
      root.present = added == Added::yes;
      if (added != Added::full) return;
      root.by_looking = true;
      root.seen = look(path, root);
      if (!std::exchange(warned, true))
        log_warning(
            fmt::format("the system has no inotify watches left for {}: its files are compared before "
                        "every invocation instead (raise fs.inotify.max_user_watches)",
                        path.native()));
    }

    static std::string look(const fs::path& path, const Root& root) {
      auto seen = tree_state(path).sha256;
      for (const auto& directory : root.outside) seen += tree_state(directory).sha256;
      return seen;
    }

    void bump(const fs::path& directory) {
      for (auto& [path, root] : roots)
        if (is_under(directory, path) || root.outside.contains(directory)) ++root.generation;
    }

    // A directory went away or elsewhere: what was watched below it is not ours any more.
    void drop(const fs::path& top) {
      for (auto it = directories.begin(); it != directories.end();) {
        if (!is_under(it->second, top)) {
          ++it;
          continue;
        }
        inotify_rm_watch(fd, it->first);
        it = directories.erase(it);
      }
      for (auto& [path, root] : roots)
        if (is_under(path, top)) root.present = false;
    }

    void event(const inotify_event& e) {
      if (e.mask & IN_Q_OVERFLOW) {
        for (auto& [path, root] : roots) {
          ++root.generation;
          start(path, root);
        }
        return;
      }
      const auto at = directories.find(e.wd);
      if (at == directories.end()) return;
      const fs::path directory = at->second;
      if (e.mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)) {
        bump(directory);
        drop(directory);
        return;
      }
      const std::string name = e.len ? e.name : "";
      const bool is_directory = e.mask & IN_ISDIR;
      if (is_directory ? is_ignored_directory(name) : is_editor_noise(name)) return;
      bump(directory);
      if (!is_directory || name.empty()) return;
      if (e.mask & IN_MOVED_FROM) drop(directory / name);
      if (!(e.mask & (IN_CREATE | IN_MOVED_TO))) return;
      for (auto& [path, root] : roots)
        if (is_under(directory, path) && watch_tree(directory / name) == Added::full) start(path, root);
    }

    void read_events() {
      alignas(inotify_event) std::array<char, 16384> buffer;
      for (ssize_t got; fd >= 0 && (got = read(fd, buffer.data(), buffer.size())) > 0;)
        for (ssize_t at = 0; at < got;) {
          const auto& e = *reinterpret_cast<const inotify_event*>(buffer.data() + at);
          event(e);
          at += static_cast<ssize_t>(sizeof e + e.len);
        }
    }
  };
  Guarded<Inner> inner;
};

Watch::Watch() : state_(std::make_unique<State>()) {}
Watch::~Watch() = default;

void Watch::add(const fs::path& root) {
  state_->inner.with([&](State::Inner& in) {
    auto& entry = in.roots[root];
    if (entry.users++ == 0) in.start(root, entry);
  });
}

void Watch::add_outside(const fs::path& root, const fs::path& directory) {
  state_->inner.with([&](State::Inner& in) {
    const auto at = in.roots.find(root);
    if (at == in.roots.end() || !at->second.outside.insert(directory).second) return;
    if (in.watch(directory) == State::Inner::Added::full) in.start(root, at->second);
  });
}

void Watch::remove(const fs::path& root) {
  state_->inner.with([&](State::Inner& in) {
    const auto at = in.roots.find(root);
    if (at == in.roots.end() || --at->second.users > 0) return;
    in.roots.erase(at);
    std::erase_if(in.directories, [&](const auto& watched) {
      const auto wanted = [&](const auto& other) {
        return is_under(watched.second, other.first) || other.second.outside.contains(watched.second);
      };
      if (std::any_of(in.roots.begin(), in.roots.end(), wanted)) return false;
      inotify_rm_watch(in.fd, watched.first);
      return true;
    });
  });
}

void Watch::touch(const fs::path& root) {
  state_->inner.with([&](State::Inner& in) {
    if (const auto at = in.roots.find(root); at != in.roots.end()) ++at->second.generation;
  });
}

std::uint64_t Watch::generation(const fs::path& root) {
  return state_->inner.with([&](State::Inner& in) -> std::uint64_t {
    in.read_events();
    const auto at = in.roots.find(root);
    if (at == in.roots.end()) return 0;
    auto& entry = at->second;
    if (entry.by_looking) {
      auto now = State::Inner::look(root, entry);
      if (now != entry.seen) {
        entry.seen = std::move(now);
        ++entry.generation;
      }
    } else if (!entry.present) {  // it was deleted or moved: is there a new one?
      in.start(root, entry);
      if (entry.present) ++entry.generation;
    }
    return entry.generation;
  });
}
}  // namespace emu::lambda
