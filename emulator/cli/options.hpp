// What the command line said, one struct per command; parse.cpp fills them and calls the command.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "emulator/cold_starts.hpp"
#include "emulator/services/sqs/options.hpp"
#include "storage/rocks_engine.hpp"

namespace emu::cli {
inline constexpr std::uint16_t kDefaultPort = 4566;

struct DaemonOptions {
  std::filesystem::path directory = ".";
  std::uint16_t port = kDefaultPort;
  std::optional<std::filesystem::path> data;  // default: DIR/.emu
  bool ephemeral = false;
  bool strict = false;
  storage::Durability durability = storage::Durability::process;
  std::string dynamodb_validation = "modern";  // or "classic"
  sqs::Options sqs;
  int concurrency = 1000;
  std::optional<std::filesystem::path> jwks;
  double api_rate = 10'000;
  std::uint16_t api_port = 0;  // the project's own; 0: none
  bool any_host = false;
  ColdStartOptions cold_start;
  std::string freeze = "on", memory = "limit", cpu = "on";  // or "off"; "measure"; "off"
  int boot_ahead = 0;
  std::vector<std::string> debug;  // functions
  std::string stage;               // empty: as the project says
  std::string region;              // empty: as the project says
};

struct UpOptions : DaemonOptions {
  UpOptions() { api_port = 3000; }
  bool detach = false;
};
struct RunOptions : DaemonOptions {
  std::vector<std::string> command;
};
struct ClientOptions {
  std::uint16_t port = kDefaultPort;
};
struct InvokeOptions : ClientOptions {
  std::string name;
  std::string payload;  // JSON, "@file" or "-" for standard input
  bool show_log = false;
};
struct LogsOptions : ClientOptions {
  std::string name;  // empty: every function
  bool follow = false;
};
struct InspectOptions {
  bool json = false;
  bool markdown = false;
};
struct EnvironmentsOptions : ClientOptions {
  bool json = false;
};
struct VerifyOptions {
  std::filesystem::path directory = ".";
  std::optional<std::filesystem::path> data;  // default: DIR/.emu
  bool json = false;
};

// Each returns the exit status of the program.
int up(const UpOptions&);
int run(const RunOptions&);
int down(const ClientOptions&);
int status(const ClientOptions&);
int invoke(const InvokeOptions&);
int logs(const LogsOptions&);
int env(const ClientOptions&);
int certificate(const ClientOptions&);
int inspect_ops(const InspectOptions&);
int inspect_environments(const EnvironmentsOptions&);
int verify(const VerifyOptions&);

int main(int argc, char** argv);
}  // namespace emu::cli
