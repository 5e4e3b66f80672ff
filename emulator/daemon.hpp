// The daemon of `emu up` and `emu run`: the App on real parts (disk, processes, sockets, the clock), from
// open to a clean end. One per process. The pure parts of the program never include this.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "emulator/base/clock.hpp"
#include "emulator/cold_starts.hpp"
#include "emulator/deploy/project.hpp"
#include "emulator/deploy/stacks/stacks.hpp"
#include "emulator/services/sqs/options.hpp"
#include "runtime-api/guard.hpp"
#include "runtime-api/switches.hpp"
#include "storage/rocks_engine.hpp"

namespace emu {
struct DaemonSettings {
  std::uint16_t port = 0;                     // 0: a free one
  std::optional<std::filesystem::path> data;  // none: everything in memory, gone at the end
  std::string region = "us-east-1";
  bool strict = false;
  storage::Durability durability = storage::Durability::process;
  bool dynamodb_classic = false;  // DynamoDB's validation texts of before 2026
  sqs::Options sqs;
  int concurrency = 1000;                     // Lambda's, of an account in a region
  std::optional<std::filesystem::path> jwks;  // a JWKS document: of issuers that cannot be reached
  double api_rate = 10'000;    // API Gateway's, requests per second of an account in a region; 0: any
  std::uint16_t api_port = 0;  // where the project's own API is at the root, and nothing else; 0: nowhere
  bool any_host = false;       // serve requests that a foreign web page may have sent
  ColdStartOptions cold_start;
  runtime::Switches switches;
};

class Daemon {
 public:
  // Opens the data directory and binds the port. Throws storage::CannotOpen or http::PortInUse, each with a
  // line for the user. `mark` is what the Guard of this process kills by, should the daemon be killed.
  Daemon(DaemonSettings settings, std::string mark);
  ~Daemon();
  std::uint16_t port() const;
  std::filesystem::path scratch()
      const;  // what nobody needs once the daemon has ended; the Guard's to remove

  // Serves until stop(), SIGINT or SIGTERM, with `main` running beside. Returns what main returned, 128 + the
  // signal's number, or 0 after a shutdown request. Every function process has ended when it returns.
  int run(std::function<awaitable<int>(Daemon&)> main);
  void stop();  // from any thread

  // Creates or updates the project's stacks, and gives what came of all of them. Throws Problems.
  awaitable<deploy::Deployed> deploy(deploy::Project project);
  awaitable<Json> overview();
  // Waits for a child process and gives its exit status (128 + signal if it was killed).
  awaitable<int> wait_for(int pid);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};
}  // namespace emu
