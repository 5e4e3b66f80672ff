// Method and path template -> a value: "GET /2015-03-31/functions/{FunctionName}". {X} matches one segment,
// {X+} the rest of the path. A literal segment wins over a parameter. Built once at start-up, then only read.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/http/message.hpp"

namespace emu::http {
using PathParameters = std::vector<std::pair<std::string, std::string>>;  // decoded

template <class T>
class Router {
 public:
  struct Match {
    T value;
    PathParameters parameters;
  };

  void add(std::string_view method, std::string_view path, T value) {
    Node* node = &root_;
    for (const auto segment : split(path)) {
      auto& next = child(*node, segment);
      if (!next) next = std::make_unique<Node>();
      node = next.get();
    }
    node->values.emplace(std::string(method), Leaf{std::string(path), std::move(value)});
  }

  // `path` as on the request line, without query; a trailing slash is ignored, as AWS ignores it.
  std::optional<Match> find(std::string_view method, std::string_view path) const {
    const auto segments = split(path);
    const Leaf* leaf = descend(root_, segments, 0, method);
    if (!leaf) return std::nullopt;
    Match out{leaf->value, {}};
    const auto names = split(leaf->path);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!is_parameter(names[i])) continue;
      const bool rest = is_greedy(names[i]);
      const auto name = names[i].substr(1, names[i].size() - (rest ? 3 : 2));
      const auto value =
          rest ? path.substr(static_cast<std::size_t>(segments[i].data() - path.data())) : segments[i];
      out.parameters.emplace_back(std::string(name), percent_decode(value));
    }
    return out;
  }

 private:
  struct Leaf {
    std::string path;
    T value;
  };
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
    std::unique_ptr<Node> parameter, greedy;
    std::map<std::string, Leaf, std::less<>> values;  // by method
  };

  static bool is_parameter(std::string_view s) { return s.starts_with('{') && s.ends_with('}'); }
  static bool is_greedy(std::string_view s) { return s.ends_with("+}"); }
  static std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < path.size();) {
      const auto slash = std::min(path.find('/', at), path.size());
      if (slash > at) out.push_back(path.substr(at, slash - at));
      at = slash + 1;
    }
    return out;
  }
  static std::unique_ptr<Node>& child(Node& node, std::string_view segment) {
    if (is_greedy(segment)) return node.greedy;
    if (is_parameter(segment)) return node.parameter;
    return node.literal[std::string(segment)];
  }
  static const Leaf* descend(const Node& node, const std::vector<std::string_view>& segments, std::size_t i,
                             std::string_view method) {
    if (i == segments.size()) {
      const auto it = node.values.find(method);
      return it == node.values.end() ? nullptr : &it->second;
    }
    if (const auto it = node.literal.find(segments[i]); it != node.literal.end())
      if (const Leaf* found = descend(*it->second, segments, i + 1, method)) return found;
    if (node.parameter)
      if (const Leaf* found = descend(*node.parameter, segments, i + 1, method)) return found;
    return node.greedy ? descend(*node.greedy, segments, segments.size(), method) : nullptr;
  }
  Node root_;
};
}  // namespace emu::http
