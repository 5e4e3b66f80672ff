// What is deployed and where to reach it, as one document: `emu up` and `emu status` print it, CI scripts
// read it from /_emu/status.
#pragma once
#include "emulator/app.hpp"

namespace emu {
struct Home {
  std::uint16_t port = 0;
  std::string region;
  std::string data;     // directory, or empty: kept in memory
  std::string logs;     // directory of function logs
  std::string project;  // file that was deployed, or empty
  std::string stack;
  std::string isolation;    // of function processes: what this machine allows
  std::string api_address;  // of the project's own port, or why there is none
};
// {process, endpoint, region, data, logs, project, stack, isolation, front_api, api_address, routes:
// [{method, url, function}],
//  functions: [{name, runtime}], tables: [name],
//  queues: [URL]}
awaitable<Json> overview(App& app, Home home);
}  // namespace emu
