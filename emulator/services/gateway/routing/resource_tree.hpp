// Which resource of a REST API a path belongs to (spec-gateway 10.2): decided per level, a fixed part before
// {name} before {name+}, with a way back from dead ends. Paths stay percent-encoded; a trailing slash does
// not count. Built once per deployment, then only read.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emu::gateway {
class ResourceTree {
 public:
  struct Match {
    std::size_t resource;  // as given to add()
    std::vector<std::pair<std::string, std::string>> parameters;
  };
  void add(std::string_view path, std::size_t resource);
  std::optional<Match> find(std::string_view path) const;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
    std::unique_ptr<Node> variable, greedy;
    std::string name;  // of the variable that leads here
    std::optional<std::size_t> resource;
  };
  using Parts = std::vector<std::string_view>;
  static const Node* descend(const Node& node, const Parts& parts, std::size_t i, Match& match);
  Node root_;
};
}  // namespace emu::gateway
