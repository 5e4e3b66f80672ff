// emu invoke NAME: one synchronous invocation through the Invoke API; prints the payload. Exit status 0, 1
// for a function error, 2 for a refused request.
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>

#include "emulator/base/error.hpp"
#include "emulator/cli/client.hpp"
#include "emulator/cli/options.hpp"
#include "emulator/http/message.hpp"

namespace emu::cli {
namespace {
std::optional<std::string> payload(const std::string& given) {
  if (given == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  if (!given.starts_with('@')) return given;
  std::ifstream file(given.substr(1), std::ios::binary);
  if (file) return std::string(std::istreambuf_iterator<char>(file), {});
  fmt::print(stderr, "emu: cannot read {}; --payload takes JSON, @file or -\n", given.substr(1));
  return std::nullopt;
}

bool is_json(const std::string& text, const std::string& given) {
  if (text.empty() || Json::accept(text)) return true;
  fmt::print(stderr, "emu: {} is not JSON; --payload takes JSON ('{{\"key\": \"value\"}}'), @file or -\n",
             given == "-"             ? "standard input"
             : given.starts_with('@') ? given.substr(1)
                                      : "the payload " + given);
  return false;
}

// "processOrder" of serverless.yml is deployed as "service-stage-processOrder", "OrderFunction" of a CDK
// stack as "Stack-OrderFunctionFABF799C-Kd83hFq0aZ1x".
bool stands_for(const std::string& name, const std::string& whole) {
  if (whole.ends_with("-" + name)) return true;
  const auto at = whole.find("-" + name);
  const auto after = std::string_view(whole).substr(at == whole.npos ? whole.size() : at + 1 + name.size());
  return after.size() > 8 && after[8] == '-' && after.find_first_not_of("0123456789ABCDEF") == 8;
}

// The one function that a short name stands for, unless one has exactly this name.
std::optional<std::string> full_name(const Client& client, const std::string& name) {
  const auto answer = client.get("/_emu/status");
  if (!answer) return std::nullopt;
  const auto json = Json::parse(answer->body, nullptr, false);
  if (!json.is_object()) return name;
  std::vector<std::string> ending;
  for (const auto& f : json.value("functions", Json::array())) {
    const auto whole = f.value("name", std::string());
    if (whole == name) return name;
    if (stands_for(name, whole)) ending.push_back(whole);
  }
  return ending.size() == 1 ? ending.front() : name;
}
}  // namespace

int invoke(const InvokeOptions& o) {
  const auto event = payload(o.payload);
  if (!event || !is_json(*event, o.payload)) return 2;
  const Client client(o.port);
  const auto name = full_name(client, o.name);
  if (!name) return 2;
  const auto answer = client.post("/2015-03-31/functions/" + http::percent_encode(*name) + "/invocations",
                                  *event, o.show_log);
  if (!answer) return 2;
  if (o.show_log) fmt::print(stderr, "{}", answer->log_tail);
  if (answer->status != 200) {
    const auto body = Json::parse(answer->body, nullptr, false);
    const auto said =
        body.is_object() ? body.value("message", body.value("Message", answer->body)) : answer->body;
    fmt::print(stderr, "emu: {}{}\n", said, answer->status == 404 ? "; emu status lists functions" : "");
    return 2;
  }
  fmt::print("{}\n", answer->body);
  return answer->function_error.empty() ? 0 : 1;
}
}  // namespace emu::cli
