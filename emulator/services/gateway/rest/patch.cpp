#include "emulator/services/gateway/rest/patch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "emulator/base/text.hpp"

namespace emu::gateway::v1 {
namespace {
std::string unescaped(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escape = part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1');
    out += escape ? (part[++i] == '0' ? '~' : '/') : part[i];
  }
  return out;
}

bool fits(std::string_view pattern, const std::vector<std::string>& parts) {
  const auto wanted = path_parts(pattern);
  if (wanted.size() != parts.size()) return false;
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (wanted[i] != "*" && wanted[i] != parts[i]) return false;
  return true;
}

const Patchable& row_of(std::span<const Patchable> table, const std::string& op, const std::string& path,
                        const std::vector<std::string>& parts) {
  for (const auto& row : table)
    if (fits(row.path, parts)) return row;
  std::vector<std::string_view> known;
  for (const auto& row : table) known.push_back(row.path);
  throw bad_request(fmt::format("Invalid patch path  '{}' specified for op '{}'. Must be one of: [{}]", path,
                                op, fmt::join(known, ", ")));
}

Json value_of(At what, const std::string& path, const std::string& value) {
  if (what == At::flag) return value == "true";
  if (what == At::text) return value;
  char* end = nullptr;
  const double real = std::strtod(value.c_str(), &end);
  if (value.empty() || *end || !std::isfinite(real))
    throw bad_request(fmt::format("Invalid value '{}' specified for path '{}'", value, path));
  if (what == At::real) return real;
  return static_cast<std::int64_t>(std::clamp(real, -1e15, 1e15));
}

Json& parent_of(Json& document, const std::vector<std::string>& parts) {
  Json* at = &document;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    at = &(*at)[parts[i]];
    if (at->is_null()) *at = Json::object();
    if (!at->is_object()) throw bad_request(fmt::format("Invalid patch path: {}", parts[i]));
  }
  return *at;
}

void change_set(Json& document, const std::vector<std::string>& parts, const std::string& op,
                const std::string& value) {
  const std::vector<std::string> list(parts.begin(), parts.end() - 1);
  Json& holder = parent_of(document, list);
  Json& elements = holder[list.back()];
  if (!elements.is_array()) elements = Json::array();
  const auto& element = parts.back();
  const auto it = std::ranges::find(elements, Json(element));
  if (op == "add" && it == elements.end()) elements.push_back(element);
  if (op == "remove" && it != elements.end()) elements.erase(it);
  if (op == "replace") {
    if (it != elements.end())
      *it = value;
    else
      elements.push_back(value.empty() ? element : value);
  }
}

void apply_one(Json& document, std::span<const Patchable> table, const Json& operation) {
  const auto op = text(operation, "op"), path = text(operation, "path"), value = text(operation, "value");
  if (op != "add" && op != "replace" && op != "remove")
    throw bad_request(
        fmt::format("Invalid patch operation specified. Must be one of: [add, remove, replace]"));
  const auto parts = path_parts(path);
  const auto& row = row_of(table, op, path, parts);
  if (row.what == At::set) return change_set(document, parts, op, value);
  if (row.what == At::removal && op != "remove")
    throw bad_request(fmt::format("Invalid patch path  '{}' specified for op '{}'", path, op));
  Json& holder = parent_of(document, parts);
  if (op == "remove")
    holder.erase(parts.back());
  else
    holder[parts.back()] = value_of(row.what, path, value);
}
}  // namespace

std::vector<std::string> path_parts(std::string_view path) {
  if (!path.starts_with('/')) throw bad_request(fmt::format("Invalid patch path: {}", path));
  std::vector<std::string> out;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto slash = std::min(path.find('/'), path.size());
    out.push_back(unescaped(path.substr(0, slash)));
    path.remove_prefix(slash);
  }
  return out;
}

void apply_patch(Json& document, std::span<const Patchable> table, const Json& operations) {
  if (!operations.is_array()) return;
  Json next = document;
  for (const auto& operation : operations) apply_one(next, table, operation);
  document = std::move(next);
}
}  // namespace emu::gateway::v1
