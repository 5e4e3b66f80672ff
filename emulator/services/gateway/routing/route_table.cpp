#include "emulator/services/gateway/routing/route_table.hpp"

#include <algorithm>
#include <array>

namespace emu::gateway {
namespace {
constexpr std::array<std::string_view, 8> kMethods{"ANY",  "GET",   "POST",   "PUT",
                                                   "HEAD", "PATCH", "DELETE", "OPTIONS"};

bool is_variable(std::string_view segment) {
  return segment.size() > 2 && segment.starts_with('{') && segment.ends_with('}');
}
bool is_greedy(std::string_view segment) { return is_variable(segment) && segment.ends_with("+}"); }

// "/a/" is "a" and "": a trailing slash makes another route.
std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto slash = std::min(path.find('/'), path.size());
    out.push_back(path.substr(0, slash));
    path.remove_prefix(slash);
  }
  return out;
}

bool well_formed(std::string_view path) {
  const auto segments = split(path);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const auto segment = segments[i];
    if (is_greedy(segment) && (i + 1 != segments.size() || segment.size() < 4)) return false;
    const bool braces = segment.find_first_of("{}") != segment.npos;
    const auto inner = is_variable(segment) ? segment.substr(1, segment.size() - 2) : std::string_view("{");
    if (braces && inner.find_first_of("{}") != inner.npos) return false;
  }
  return true;
}
}  // namespace

std::optional<RouteKey> RouteKey::parse(std::string_view text) {
  RouteKey out;
  out.text = std::string(text);
  if (text == "$default") return out;
  const auto space = text.find(' ');
  if (space == text.npos) return std::nullopt;
  out.method = std::string(text.substr(0, space));
  out.path = std::string(text.substr(space + 1));
  if (std::ranges::find(kMethods, out.method) == kMethods.end()) return std::nullopt;
  if (!out.path.starts_with('/') || out.path.find(' ') != std::string::npos) return std::nullopt;
  return well_formed(out.path) ? std::optional(std::move(out)) : std::nullopt;
}

void RouteTable::add(const RouteKey& key, std::size_t route) {
  if (key.path.empty()) {
    default_ = route;
    return;
  }
  Node* node = &root_;
  Leaf leaf{route, {}};
  bool greedy = false;
  for (const auto segment : split(key.path)) {
    greedy = is_greedy(segment);
    if (is_variable(segment)) leaf.names.emplace_back(segment.substr(1, segment.size() - (greedy ? 3 : 2)));
    if (greedy) break;
    auto& next = is_variable(segment) ? node->variable : node->fixed[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
  }
  (greedy ? node->greedy : node->here).emplace(key.method, std::move(leaf));
}

// One walk down the tree. A dead end goes back to the next candidate.
struct RouteTable::Search {
  std::string_view method;
  const std::vector<std::string_view>& segments;
  bool greedy;                                // also routes ending in {name+}
  std::vector<std::string_view> values = {};  // of the variables on the way

  static const Leaf* pick(const Methods& methods, std::string_view method) {
    auto it = methods.find(method);
    if (it == methods.end()) it = methods.find("ANY");
    return it == methods.end() ? nullptr : &it->second;
  }

  const Leaf* descend(const Node& node, std::size_t i) {
    if (i == segments.size()) return pick(node.here, method);
    const auto segment = segments[i];
    if (const auto it = node.fixed.find(segment); it != node.fixed.end())
      if (const Leaf* found = descend(*it->second, i + 1)) return found;
    if (node.variable && !segment.empty()) {
      values.push_back(segment);
      if (const Leaf* found = descend(*node.variable, i + 1)) return found;
      values.pop_back();
    }
    if (!greedy || (segment.empty() && i + 1 == segments.size())) return nullptr;
    const Leaf* found = pick(node.greedy, method);
    if (found)
      values.emplace_back(segment.data(), static_cast<std::size_t>(segments.back().end() - segment.data()));
    return found;
  }
};

std::optional<RouteTable::Match> RouteTable::find(std::string_view method, std::string_view path) const {
  const auto segments = split(path);
  for (const bool greedy : {false, true}) {
    Search search{method, segments, greedy};
    const Leaf* leaf = search.descend(root_, 0);
    if (!leaf) continue;
    Match out{leaf->route, {}};
    for (std::size_t i = 0; i < leaf->names.size(); ++i)
      out.parameters.emplace_back(leaf->names[i], std::string(search.values[i]));
    return out;
  }
  return default_ ? std::optional(Match{*default_, {}}) : std::nullopt;
}
}  // namespace emu::gateway
