#include "runtime-api/opt_shelf.hpp"

#include "emulator/base/digest.hpp"

namespace emu::runtime {
namespace fs = std::filesystem;
namespace {
// Later layers replace files of earlier ones; folders are shared.
void lay_over(const fs::path& layer, const fs::path& into) {
  std::error_code failed;
  for (auto it = fs::recursive_directory_iterator(layer, failed); !failed && it != fs::end(it);
       it.increment(failed)) {
    const auto to = into / it->path().lexically_relative(layer);
    std::error_code ignored;
    if (it->is_directory(ignored) && !it->is_symlink(ignored)) {
      if (!fs::is_directory(to, ignored)) fs::remove_all(to, ignored);
      fs::create_directories(to, ignored);
      continue;
    }
    fs::remove_all(to, ignored);
    if (it->is_symlink(ignored)) {
      fs::copy_symlink(it->path(), to, ignored);
      continue;
    }
    fs::create_hard_link(it->path(), to, ignored);
    if (ignored) fs::copy_file(it->path(), to, ignored);
  }
}
}  // namespace

fs::path OptShelf::prepare(const std::vector<fs::path>& layers) {
  if (layers.empty()) return {};
  if (layers.size() == 1) return layers.front();
  std::string key;
  for (const auto& layer : layers) key += layer.string() + '\n';
  // Under the lock: whoever else needs it would only make it a second time.
  return made_.with([&](auto& made) {
    auto& folder = made[key];
    if (folder.empty()) {
      folder = directory_ / hex(sha256(key)).substr(0, 32);
      std::error_code ignored;
      fs::remove_all(folder, ignored);
      fs::create_directories(folder, ignored);
      for (const auto& layer : layers) lay_over(layer, folder);
    }
    return folder;
  });
}
}  // namespace emu::runtime
