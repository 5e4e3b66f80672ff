// emu logs [NAME] [-f]: prints the log files of functions, and goes on as lines come.
#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "emulator/base/error.hpp"
#include "emulator/cli/client.hpp"
#include "emulator/cli/options.hpp"

namespace emu::cli {
namespace {
namespace fs = std::filesystem;

bool is_meant(const std::string& function, const std::string& name) {
  return name.empty() || function == name || function.ends_with("-" + name);
}

class Tail {
 public:
  Tail(fs::path directory, std::string name) : directory_(std::move(directory)), name_(std::move(name)) {}

  // Prints what came since the last call; false if no file is of this name.
  bool print() {
    bool any = false;
    std::error_code none;
    for (const auto& entry : fs::recursive_directory_iterator(directory_, none)) {
      if (entry.path().extension() != ".log" || !is_meant(entry.path().stem().string(), name_)) continue;
      any = true;
      print(entry.path());
    }
    std::fflush(stdout);
    return any;
  }

  void wait() const {  // until something below the directory changed
    const int watch = ::inotify_init1(IN_CLOEXEC);
    std::error_code none;
    ::inotify_add_watch(watch, directory_.c_str(), IN_CREATE | IN_MODIFY);
    for (const auto& entry : fs::recursive_directory_iterator(directory_, none))
      if (entry.is_directory()) ::inotify_add_watch(watch, entry.path().c_str(), IN_CREATE | IN_MODIFY);
    pollfd ready{watch, POLLIN, 0};
    ::poll(&ready, 1, 1000);  // a line may have come between print() and the watch
    ::close(watch);
  }

 private:
  void print(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    auto& at = read_[file];
    in.seekg(at);
    const std::string fresh(std::istreambuf_iterator<char>(in), {});
    at += static_cast<std::streamoff>(fresh.size());
    if (fresh.empty()) return;
    if (name_.empty() && file != last_)
      fmt::print("==> {}\n", file.stem().string());  // whose lines these are
    last_ = file;
    fmt::print("{}", fresh);
  }
  fs::path directory_;
  std::string name_;
  fs::path last_;
  std::map<fs::path, std::streamoff> read_;
};

// Why there is nothing to print.
std::string silence(const Json& overview, const std::string& name) {
  if (name.empty()) return "no function has written anything yet; emu invoke runs one";
  for (const auto& f : overview.value("functions", Json::array()))
    if (is_meant(f.value("name", std::string()), name))
      return fmt::format("{} has not written anything yet; emu invoke {} runs it", name, name);
  return fmt::format("no function is named {}; emu status lists functions", name);
}
}  // namespace

int logs(const LogsOptions& o) {
  const auto answer = Client(o.port).get("/_emu/status");
  if (!answer) return 1;
  const auto overview = Json::parse(answer->body, nullptr, false);
  Tail tail(overview.value("logs", std::string()), o.name);
  const bool any = tail.print();
  if (!any && !o.follow) {
    fmt::print(stderr, "emu: {}\n", silence(overview, o.name));
    return 1;
  }
  while (o.follow) {
    tail.wait();
    tail.print();
  }
  return 0;
}
}  // namespace emu::cli
