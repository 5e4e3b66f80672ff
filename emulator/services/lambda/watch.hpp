// Directories whose files are a function's code, watched through inotify. Used by CodeStore alone. A change
// that was made before generation() was called is in its answer: the kernel queues the event before write()
// or rename() returns to the editor, and generation() reads the queue first.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace emu::lambda {
class Watch {
 public:
  Watch();
  ~Watch();
  // Watches a directory and everything below it, except what is not source (node_modules, .git, …).
  // Each add() wants a remove(). Blocks.
  void add(const std::filesystem::path& root);
  // A directory elsewhere whose files belong to that root's code too, e.g. a sibling package.
  void add_outside(const std::filesystem::path& root, const std::filesystem::path& directory);
  void remove(const std::filesystem::path& root);
  // Makes the next generation() another one, though nothing changed on disk.
  void touch(const std::filesystem::path& root);
  // Grows with every change below the root. Any thread; about a microsecond.
  std::uint64_t generation(const std::filesystem::path& root);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// All that is source below a directory, by names, modes, sizes and times.
struct TreeState {
  std::string sha256;
  std::int64_t size_bytes = 0;
};
TreeState tree_state(const std::filesystem::path& root);

// Not source: never read for code, never watched.
bool is_ignored_directory(const std::filesystem::path& name);
}  // namespace emu::lambda
