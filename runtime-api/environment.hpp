// The environment variables of a function process (spec-lambda C.1). Pure; used by process_launcher.cpp.
#pragma once
#include <string>
#include <vector>

#include "runtime-api/function.hpp"

namespace emu::runtime {
struct Surroundings {
  std::string runtime_api;  // "127.0.0.1:40123"
  std::string log_stream;
  std::string tmp;              // what the process sees as its own
  std::string runtime_dir;      // with python/ and nodejs/ in it
  std::string node_modules;     // AWS SDK for JavaScript; may be empty
  std::string endpoint_url;     // where AWS is
  std::string interpreter_dir;  // in front of PATH; empty for a custom runtime
  std::string mark, environment_mark;
  std::string opt;                // where the layers are; empty: there are none
  int framed_log = -1;            // the descriptor for it; of a custom runtime
  std::string credentials_token;  // for SnapStart, which asks for its credentials (spec-lambda A.6)
};
struct Credentials {
  std::string access_key, secret_key, token;
};
Credentials credentials_of(const FunctionSpec& spec);  // of its role's session
// "NAME=value", the marks first. What the customer sets wins over the platform's defaults (PATH, TZ, …), and
// loses against credentials and reserved names.
std::vector<std::string> process_environment(const FunctionSpec& spec, const Surroundings& around);
// The part of it that an external extension gets (spec-lambda B.1).
std::vector<std::string> extension_environment(const std::vector<std::string>& process);
}  // namespace emu::runtime
