#include "emulator/services/gateway/templates/json_path.hpp"

#include <algorithm>

#include "emulator/base/text.hpp"

namespace emu::gateway {
namespace {
constexpr int kMostSteps = 100;

// One step off the path: a name, or an index, or "*". False: this is no path.
bool take_step(std::string_view& path, std::string& step, bool& index) {
  index = false;
  if (path.starts_with('.')) {
    path.remove_prefix(1);
    const auto end = std::min(path.find_first_of(".["), path.size());
    step = path.substr(0, end);
    path.remove_prefix(end);
    return !step.empty();
  }
  if (!path.starts_with('[')) return false;
  const auto close = path.find(']');
  if (close == path.npos) return false;
  auto inner = path.substr(1, close - 1);
  path.remove_prefix(close + 1);
  const bool quoted =
      inner.size() >= 2 && (inner.front() == '\'' || inner.front() == '"') && inner.back() == inner.front();
  if (quoted) inner = inner.substr(1, inner.size() - 2);
  index = !quoted;
  step = inner;
  return quoted || !step.empty();
}

std::optional<Json> walk(const Json& document, std::string_view path, int steps) {
  const Json* at = &document;
  while (!path.empty()) {
    std::string step;
    bool index = false;
    if (++steps > kMostSteps || !take_step(path, step, index)) return std::nullopt;
    if (step == "*") {
      if (!at->is_structured()) return std::nullopt;
      Json all = Json::array();
      for (const auto& each : *at)
        if (auto found = walk(each, path, steps)) all.push_back(std::move(*found));
      return all;
    }
    if (index && at->is_array()) {
      const auto i = number_in<std::size_t>(step);
      if (!i || *i >= at->size()) return std::nullopt;
      at = &(*at)[*i];
      continue;
    }
    if (!at->is_object()) return std::nullopt;
    const auto it = at->find(step);
    if (it == at->end()) return std::nullopt;
    at = &*it;
  }
  return *at;
}
}  // namespace

std::optional<Json> at_json_path(const Json& document, std::string_view path) {
  if (!path.starts_with('$')) {
    const auto it = document.is_object() ? document.find(path) : document.end();
    return it == document.end() ? std::nullopt : std::optional(*it);
  }
  return walk(document, path.substr(1), 0);
}
}  // namespace emu::gateway
