#include "emulator/services/gateway/openapi_document.hpp"

#include <fmt/format.h>

#include "emulator/base/bounded_json.hpp"
#include "emulator/services/gateway/rest/rows.hpp"
#include "emulator/source/source.hpp"

namespace emu::gateway {
namespace {
void write_yaml(std::string& out, const Json& value, int indent) {
  const auto line = [&](const std::string& head, const Json& below) {
    out += std::string(static_cast<std::size_t>(indent) * 2, ' ') + head;
    if (below.is_structured() && !below.empty()) {
      out += '\n';
      write_yaml(out, below, indent + 1);
    } else {
      out += ' ' + below.dump() + '\n';  // JSON's texts and numbers are YAML's, too
    }
  };
  if (value.is_object())
    for (const auto& [name, each] : value.items()) line(Json(name).dump() + ":", each);
  else
    for (const auto& each : value) line("-", each);
}

// The path of the first server.
std::string server_path(const Json& document) {
  const auto servers = document.find("servers");
  if (servers == document.end() || !servers->is_array() || servers->empty()) return {};
  const auto& server = servers->front();
  if (!server.is_object()) return {};
  auto url = v1::text(server, "url");
  const auto* variable = v1::part_of(server, {"variables", "basePath", "default"});
  const auto given = variable && variable->is_string() ? variable->get<std::string>() : std::string();
  if (const auto at = url.find("/{basePath}"); at != url.npos)
    url.replace(at, 11, given.empty() || given.starts_with('/') ? given : "/" + given);
  const auto host = url.find("://");
  const auto slash = url.find('/', host == url.npos ? 0 : host + 3);
  return slash == url.npos ? std::string() : url.substr(slash);
}
}  // namespace

Json read_openapi(std::string_view body) {
  if (body.size() > kMostImported) throw v1::bad_request("The document is too large");
  const auto first = body.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first != body.npos && body[first] == '{')
    if (auto document = bounded_parse(body); document.is_object()) return document;
  try {
    auto document = parse_yaml(body, "").json();
    if (document.is_object()) return document;
  } catch (const Problems& problems) {
    const auto& first_one = problems.all.front();
    throw v1::bad_request(
        fmt::format("Invalid OpenAPI input: line {}: {}", first_one.place.line, first_one.text));
  }
  throw v1::bad_request("Invalid OpenAPI input: the document is neither a JSON object nor a YAML mapping");
}

std::string as_yaml(const Json& document) {
  std::string out;
  write_yaml(out, document, 0);
  return out;
}

BasePath base_path_option(std::string_view said) {
  if (said.empty() || said == "ignore") return BasePath::ignore;
  if (said == "prepend") return BasePath::prepend;
  if (said == "split") return BasePath::split;
  throw v1::bad_request(
      fmt::format("Invalid basepath specified: {}. Must be one of: [ignore, prepend, split]", said));
}

std::string base_path_of(const Json& document, BasePath how) {
  if (how == BasePath::ignore) return {};
  auto out = document.contains("swagger") ? v1::text(document, "basePath") : server_path(document);
  if (!out.empty() && !out.starts_with('/')) out.insert(0, 1, '/');
  if (how == BasePath::split && !out.empty()) {
    const auto second = out.find('/', 1);
    out = second == out.npos ? std::string() : out.substr(second);
  }
  while (out.ends_with('/')) out.pop_back();
  return out;
}
}  // namespace emu::gateway
