#include "emulator/cli/start.hpp"

#include <fmt/format.h>

#include <fstream>

#include "emulator/api/context.hpp"
#include "emulator/base/ids.hpp"
#include "emulator/cli/table.hpp"
#include "emulator/http/server.hpp"
#include "emulator/source/problem.hpp"
#include "runtime-api/guard.hpp"
#include "storage/rocks_engine.hpp"

extern char** environ;

namespace emu::cli {
namespace fs = std::filesystem;
namespace {
std::optional<deploy::Project> load(const DaemonOptions& options) {
  if (!fs::is_directory(options.directory))
    throw Problems({}, fmt::format("{} {}; give the project's directory, or none for this one",
                                   fs::exists(options.directory) ? "not a directory:" : "no directory",
                                   options.directory.string()));
  if (!deploy::find_project(options.directory)) return std::nullopt;
  deploy::ProjectOptions wanted;
  if (!options.stage.empty()) wanted.stage = options.stage;
  if (!options.region.empty()) wanted.region = options.region;
  for (char** e = environ; *e; ++e) {
    const std::string_view entry(*e);
    const auto equals = std::min(entry.find('='), entry.size() - 1);
    wanted.environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  wanted.account = kDefaultAccount;
  wanted.instance_id = Ids().uuid();
  auto project = deploy::load_project(options.directory, std::move(wanted));
  for (const auto& note : project.notes) fmt::print(stderr, "emu: note: {}\n", note.line());
  return project;
}

// Our own files do not belong in the project's repository.
void ignore_in_git(const fs::path& data) {
  std::error_code failed;
  fs::create_directories(data, failed);
  if (!failed && !fs::exists(data / ".gitignore")) std::ofstream(data / ".gitignore") << "*\n";
}

void say(const Problems& problems) {
  for (const auto& problem : problems.all) fmt::print(stderr, "emu: {}\n", problem.line());
}

awaitable<bool> deploy_or_say(Daemon& daemon, deploy::Project project) {
  try {
    const auto deployed = co_await daemon.deploy(std::move(project));
    for (const auto& note : deployed.notes) fmt::print(stderr, "emu: note: {}\n", note.line());
    co_return true;
  } catch (const Problems& problems) {
    say(problems);
    co_return false;
  }
}

int serve(const DaemonOptions& options, std::optional<deploy::Project> project,
          std::function<awaitable<int>(Daemon&)> then) {
  DaemonSettings settings;
  settings.port = options.port;
  settings.strict = options.strict;
  settings.durability = options.durability;
  settings.dynamodb_classic = options.dynamodb_validation == "classic";
  settings.sqs = options.sqs;
  settings.concurrency = options.concurrency;
  settings.jwks = options.jwks;
  settings.api_rate = options.api_rate;
  settings.api_port = options.api_port;
  settings.any_host = options.any_host;
  settings.cold_start = options.cold_start;
  settings.switches = {options.freeze == "on",
                       options.memory == "limit",
                       options.cpu == "on",
                       {options.debug.begin(), options.debug.end()},
                       options.boot_ahead};
  settings.region = project ? project->region : options.region.empty() ? settings.region : options.region;
  if (!options.ephemeral) {
    settings.data = data_directory(options);
    ignore_in_git(*settings.data);
  }
  const auto mark = Ids().uuid();
  runtime::Guard guard(mark);  // before the first thread
  Daemon daemon(std::move(settings), mark);
  guard.remove_at_end(daemon.scratch());
  return daemon.run([&](Daemon& d) -> awaitable<int> {
    if (project) {
      const bool deployed = co_await deploy_or_say(d, *project);
      if (!deployed) co_return 2;
    }
    co_return co_await then(d);
  });
}
}  // namespace

awaitable<void> deploy_again(const DaemonOptions& options, Daemon& daemon) {
  const Json before = co_await daemon.overview();
  bool deployed = false;
  try {
    const auto project = load(options);
    if (project && project->stack_names() == before.value("stack", "") &&
        project->region == before.value("region", ""))
      deployed = co_await deploy_or_say(daemon, *project);
    else
      fmt::print(stderr, "emu: another stack or region than the one deployed; start emu again for it\n");
  } catch (const Problems& problems) {
    say(problems);
  } catch (const std::exception& e) {  // a file that goes while it is read: the next save may be whole
    fmt::print(stderr, "emu: {}\n", e.what());
  }
  if (deployed) {
    const Json after = co_await daemon.overview();
    fmt::print("the project file changed: deployed again\n{}", table(after));
  } else {
    fmt::print(stderr, "emu: the project file changed and was not deployed; what was deployed goes on\n");
  }
  std::fflush(stdout);
}

std::string shown(const fs::path& directory) {
  return directory == "." ? "this directory" : directory.string();
}

fs::path data_directory(const DaemonOptions& options) {
  return options.data ? *options.data : options.directory / ".emu";
}

int start(const DaemonOptions& options, std::function<awaitable<int>(Daemon&)> then) {
  try {
    return serve(options, load(options), std::move(then));
  } catch (const Problems& problems) {
    say(problems);
    return 2;
  } catch (const http::PortInUse&) {
    fmt::print(stderr,
               "emu: port {} is in use; stop what runs there (emu down{}, if it is emu) or choose another "
               "with --port\n",
               options.port, options.port == kDefaultPort ? "" : fmt::format(" --port {}", options.port));
  } catch (const std::exception& e) {
    fmt::print(stderr, "emu: {}\n", e.what());
  }
  return 1;
}
}  // namespace emu::cli
