// Which program runs a runtime: "nodejs20.x" -> /usr/bin/node. Looked for on PATH once per runtime and
// remembered; process_launcher.cpp asks from the blocking pool, as asking an interpreter for its version
// takes its start-up time.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/base/guarded.hpp"

namespace emu::runtime {
enum class Family { node, python, provided, unknown };
Family family(std::string_view runtime);

struct Interpreter {
  std::string path;     // as it names itself, so that no version manager's script is run at every start
  std::string version;  // "20.20.2", "3.11"
  bool exact = true;    // false: the newest compatible one; its own is not installed
};

class Interpreters {
 public:
  // The exact version; else the newest that is at least Node 18 or Python 3.9; else none. Blocking the first
  // time.
  std::optional<Interpreter> find(const std::string& runtime);
  static bool has_module(const std::string& python, const std::string& module);  // blocking

 private:
  Guarded<std::map<std::string, std::optional<Interpreter>>> known_;
};
}  // namespace emu::runtime
