// Which route of an HTTP API takes a request (spec-gateway 10.1). Built once from the routes of a stage, then
// only read, by every loop at once. The most specific path wins, compared segment by segment; a route that
// matches in full goes before any with {proxy+}, and $default takes what is left.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emu::gateway {
// "POST /orders/{id}" or "$default", taken apart.
struct RouteKey {
  std::string text, method, path;                               // $default has neither method nor path
  static std::optional<RouteKey> parse(std::string_view text);  // none: not a route key
};

class RouteTable {
 public:
  using PathParameters = std::vector<std::pair<std::string, std::string>>;
  struct Match {
    std::size_t route;  // as given to add()
    PathParameters parameters;
  };

  void add(const RouteKey& key, std::size_t route);
  // `path` is decoded and begins with '/'.
  std::optional<Match> find(std::string_view method, std::string_view path) const;

 private:
  struct Leaf {
    std::size_t route;
    std::vector<std::string> names;  // of the path's variables, in order
  };
  using Methods = std::map<std::string, Leaf, std::less<>>;
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
    std::unique_ptr<Node> variable;
    Methods here;    // routes that end at this node
    Methods greedy;  // routes that end below it in {name+}
  };
  struct Search;
  Node root_;
  std::optional<std::size_t> default_;
};
}  // namespace emu::gateway
