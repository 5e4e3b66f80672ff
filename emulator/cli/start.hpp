// What `emu up` and `emu run` share: find the project, start a daemon, deploy, then do what the command is
// for. Whatever keeps the daemon from starting is one line on standard error and exit status 1; a problem
// with the project is a line for each, and 2.
#pragma once
#include <functional>

#include "emulator/cli/options.hpp"
#include "emulator/daemon.hpp"

namespace emu::cli {
int start(const DaemonOptions& options, std::function<awaitable<int>(Daemon&)> then);
// After a change of the project file; prints what came of it. A refused change leaves what was deployed.
awaitable<void> deploy_again(const DaemonOptions& options, Daemon& daemon);
std::string shown(const std::filesystem::path& directory);  // as messages name it
std::filesystem::path data_directory(const DaemonOptions& options);
}  // namespace emu::cli
