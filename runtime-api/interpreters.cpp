#include "runtime-api/interpreters.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <vector>

#include "runtime-api/process.hpp"

extern char** environ;

namespace emu::runtime {
namespace {
constexpr int kPatienceMs = 5000;

struct Version {
  int major = 0, minor = 0;
  auto operator<=>(const Version&) const = default;
};

Version parse(std::string_view text) {
  Version v;
  const auto dot = std::from_chars(text.data(), text.data() + text.size(), v.major).ptr;
  if (dot != text.data() + text.size() && *dot == '.')
    std::from_chars(dot + 1, text.data() + text.size(), v.minor);
  return v;
}

// What a program prints, or nothing if it fails.
std::string output_of(const std::string& program, std::vector<std::string> arguments) {
  Command command{.program = program, .arguments = std::move(arguments), .directory = "/"};
  command.arguments.insert(command.arguments.begin(), program);
  for (char** variable = environ; variable && *variable; ++variable)
    command.environment.emplace_back(*variable);
  const auto child = spawn(command);
  if (child.pid < 0 || child.failed != "") return {};
  std::string text;
  char part[512];
  for (pollfd ready{child.output.number(), POLLIN, 0}; ::poll(&ready, 1, kPatienceMs) > 0;) {
    const auto got = ::read(child.output.number(), part, sizeof part);
    if (got <= 0) break;
    text.append(part, static_cast<std::size_t>(got));
  }
  int status = 0;
  ::kill(-child.pid, SIGKILL);  // it has closed its output, or said nothing for too long
  while (::waitpid(child.pid, &status, 0) < 0 && errno == EINTR) continue;
  return text;
}

struct Asked {
  std::vector<std::string> first, others;  // names: of this version, of any
  std::vector<std::string> question;       // prints version and path on two lines
  Version wanted, least;
  bool minor_counts;
};

std::optional<Asked> asked(std::string_view runtime) {
  if (family(runtime) == Family::node) {
    Asked a{.others = {"node", "nodejs"},
            .question = {"-p", "process.versions.node + '\\n' + process.execPath"},
            .wanted = parse(runtime.substr(6)),
            .least = {18, 0},
            .minor_counts = false};
    a.first = {fmt::format("node{}", a.wanted.major), "node", "nodejs"};
    for (int major = 18; major < 40; ++major) a.others.push_back(fmt::format("node{}", major));
    return a;
  }
  if (family(runtime) != Family::python) return std::nullopt;
  Asked a{
      .others = {"python3"},
      .question =
          {"-S", "-E", "-c",
           "import sys; print('%d.%d\\n%s' % (sys.version_info[0], sys.version_info[1], sys.executable))"},
      .wanted = parse(runtime.substr(6)),
      .least = {3, 9},
      .minor_counts = true};
  a.first = {fmt::format("python3.{}", a.wanted.minor), "python3"};
  for (int minor = 9; minor < 25; ++minor) a.others.push_back(fmt::format("python3.{}", minor));
  return a;
}

std::vector<std::string> on_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path && *path ? path : "/usr/local/bin:/usr/bin:/bin";
  std::vector<std::string> out;
  while (!rest.empty()) {
    const auto folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    const auto file = fmt::format("{}/{}", folder, name);
    std::error_code ignored;
    if (!folder.empty() && ::access(file.c_str(), X_OK) == 0 &&
        std::filesystem::is_regular_file(file, ignored))
      out.push_back(file);
  }
  return out;
}

std::optional<Interpreter> ask(const std::string& file, const Asked& a) {
  const auto said = output_of(file, a.question);
  const auto line = said.find('\n');
  if (line == said.npos) return std::nullopt;
  Interpreter out{.path = said.substr(line + 1), .version = said.substr(0, line)};
  out.path.erase(std::min(out.path.size(), out.path.find('\n')));
  const auto version = parse(out.version);
  out.exact = version.major == a.wanted.major && (!a.minor_counts || version.minor == a.wanted.minor);
  if (version < a.least || ::access(out.path.c_str(), X_OK) != 0) return std::nullopt;
  return out;
}

std::optional<Interpreter> search(const Asked& a) {
  for (const auto& name : a.first)
    for (const auto& file : on_path(name))
      if (auto found = ask(file, a); found && found->exact) return found;
  std::vector<std::future<std::optional<Interpreter>>>
      answers;  // together: a version manager's scripts are slow
  for (const auto& name : a.others)
    for (const auto& file : on_path(name))
      answers.push_back(std::async(std::launch::async, [file, &a] { return ask(file, a); }));
  std::optional<Interpreter> newest;
  for (auto& answer : answers)
    if (auto found = answer.get(); found && (!newest || parse(newest->version) < parse(found->version)))
      newest = std::move(found);
  return newest;
}
}  // namespace

Family family(std::string_view runtime) {
  if (runtime.starts_with("nodejs")) return Family::node;
  if (runtime.starts_with("python")) return Family::python;
  if (runtime.starts_with("provided") || runtime == "go1.x") return Family::provided;
  return Family::unknown;
}

std::optional<Interpreter> Interpreters::find(const std::string& runtime) {
  const auto question = asked(runtime);
  if (!question) return std::nullopt;
  // Under the lock: whoever else needs it would only run the same programs a second time.
  return known_.with([&](auto& known) {
    const auto at = known.find(runtime);
    if (at != known.end()) return at->second;
    return known[runtime] = search(*question);
  });
}

bool Interpreters::has_module(const std::string& python, const std::string& module) {
  const auto question = fmt::format("import importlib.util as u; print(bool(u.find_spec('{}')))", module);
  return output_of(python, {"-c", question}).starts_with("True");
}
}  // namespace emu::runtime
