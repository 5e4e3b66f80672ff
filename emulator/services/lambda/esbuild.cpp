#include "emulator/services/lambda/esbuild.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <regex>
#include <sstream>

extern char** environ;

namespace emu::lambda {
namespace fs = std::filesystem;
namespace {
constexpr int kSilence_ms =
    60'000;  // ours: a build that prints nothing and does not end for so long is stuck
#if defined(__aarch64__)
constexpr std::string_view kPlatform = "linux-arm64";
#else
constexpr std::string_view kPlatform = "linux-x64";
#endif

bool runnable(const fs::path& path) { return access(path.c_str(), X_OK) == 0 && !fs::is_directory(path); }

// The native program beside an esbuild package, be it hoisted, nested or in a pnpm store; else empty.
fs::path native_program(const fs::path& package) {
  std::error_code e;
  const auto real = fs::canonical(package, e);
  if (e) return {};
  const fs::path name = fs::path("@esbuild") / kPlatform / "bin" / "esbuild";
  for (const auto& candidate : {real / "node_modules" / name, real.parent_path() / name})
    if (runnable(candidate)) return candidate;
  return {};
}

struct Child {
  pid_t pid = -1;
  int output = -1;
};

Child start(const fs::path& program, const fs::path& directory, const std::vector<std::string>& arguments) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addchdir_np(&files, directory.c_str());
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, ends[1], 1);
  posix_spawn_file_actions_adddup2(&files, ends[1], 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);

  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  // NODE_PATH would let packages resolve that the project does not ship.
  std::vector<std::string> settings{"PWD=" + directory.string()};
  for (char** at = environ; *at; ++at)
    if (const std::string_view s = *at; !s.starts_with("NODE_PATH=") && !s.starts_with("PWD="))
      settings.emplace_back(s);
  std::vector<char*> argv, envp;
  for (auto& w : words) argv.push_back(w.data());
  for (auto& s : settings) envp.push_back(s.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);

  Child child{.output = ends[0]};
  if (posix_spawn(&child.pid, program.c_str(), &files, &attributes, argv.data(), envp.data()) != 0)
    child.pid = -1;
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  close(ends[1]);
  return child;
}

// Messages come as "✘ [ERROR] text", an empty line, and "    file:line:column:".
struct Message {
  std::string text, place;
};
std::vector<Message> errors_in(const std::string& messages) {
  static const std::regex kPlace(R"(^    (\S.*:\d+:\d+):$)");
  constexpr std::string_view kMark = "[ERROR] ";
  std::vector<Message> out;
  std::istringstream lines(messages);
  bool placed = true;  // later places of a message belong to its notes
  for (std::string line; std::getline(lines, line);) {
    if (const auto at = line.find(kMark); at != std::string::npos && at < 8) {
      out.push_back({line.substr(at + kMark.size()), {}});
      placed = false;
    } else if (std::smatch m; !placed && std::regex_match(line, m, kPlace)) {
      out.back().place = m[1];
      placed = true;
    }
  }
  return out;
}
}  // namespace

fs::path find_esbuild(const fs::path& project, const fs::path& ours) {
  fs::path front;
  for (fs::path at = project;; at = at.parent_path()) {
    const auto package = at / "node_modules" / "esbuild";
    if (auto native = native_program(package); !native.empty()) return native;
    for (const auto& candidate : {package / "bin" / "esbuild", at / "node_modules" / ".bin" / "esbuild"})
      if (front.empty() && runnable(candidate)) front = candidate;
    if (at == at.parent_path()) break;
  }
  if (!ours.empty()) {
    const bool program = !fs::is_directory(ours);
    const auto package = program ? ours.parent_path().parent_path() : ours;
    if (auto native = native_program(package); !native.empty()) return native;
    if (const auto run = program ? ours : package / "bin" / "esbuild"; runnable(run)) return run;
  }
  return front;
}

EsbuildRun run_esbuild(const fs::path& program, const fs::path& directory,
                       const std::vector<std::string>& arguments) {
  const auto child = start(program, directory, arguments);
  EsbuildRun run;
  if (child.pid < 0) {
    if (child.output >= 0) close(child.output);
    run.messages = "[ERROR] " + program.string() + " cannot be started";
    return run;
  }
  std::array<char, 4096> buffer;
  pollfd ready{.fd = child.output, .events = POLLIN};
  for (;;) {
    if (poll(&ready, 1, kSilence_ms) == 0) {
      kill(child.pid, SIGKILL);
      run.messages = "[ERROR] " + program.string() + " did not end";
      break;
    }
    const auto got = read(child.output, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    run.messages.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(child.output);
  int status = -1;
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  run.succeeded = status == 0;
  return run;
}

std::string readable_errors(const std::string& messages) {
  constexpr std::size_t kShown = 10;  // esbuild's own default
  const auto errors = errors_in(messages);
  std::string out;
  for (std::size_t i = 0; i < std::min(errors.size(), kShown); ++i) {
    if (i) out += '\n';
    if (!errors[i].place.empty()) out += errors[i].place + ": ";
    out += errors[i].text;
  }
  if (errors.size() > kShown) out += "\nand " + std::to_string(errors.size() - kShown) + " more";
  return errors.empty() ? messages : out;
}

std::vector<std::string> unresolved_sdk_packages(const std::string& messages) {
  static const std::regex kUnresolved(R"re(^Could not resolve "(@(?:aws-sdk|smithy)/[^/"]+))re");
  std::vector<std::string> out;
  for (const auto& error : errors_in(messages))
    if (std::smatch m; std::regex_search(error.text, m, kUnresolved)) out.push_back(m[1]);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}
}  // namespace emu::lambda
