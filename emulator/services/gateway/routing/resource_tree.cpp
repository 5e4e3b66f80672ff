#include "emulator/services/gateway/routing/resource_tree.hpp"

namespace emu::gateway {
namespace {
// "//a/b/" is "a", "b"; "a//b" has an empty part between.
std::vector<std::string_view> parts_of(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string_view> out;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    out.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(path.size(), slash + 1));
  }
  return out;
}
}  // namespace

void ResourceTree::add(std::string_view path, std::size_t resource) {
  Node* node = &root_;
  for (const auto part : parts_of(path)) {
    const bool variable = part.starts_with('{') && part.ends_with('}'), greedy = part.ends_with("+}");
    auto& next = greedy ? node->greedy : variable ? node->variable : node->fixed[std::string(part)];
    if (!next) next = std::make_unique<Node>();
    if (variable) next->name = part.substr(1, part.size() - (greedy ? 3 : 2));
    node = next.get();
  }
  node->resource = resource;
}

const ResourceTree::Node* ResourceTree::descend(const Node& node, const Parts& parts, std::size_t i,
                                                Match& match) {
  if (i == parts.size()) return node.resource ? &node : nullptr;
  if (const auto it = node.fixed.find(parts[i]); it != node.fixed.end())
    if (const auto* found = descend(*it->second, parts, i + 1, match)) return found;
  if (node.variable && !parts[i].empty()) {
    match.parameters.emplace_back(node.variable->name, parts[i]);
    if (const auto* found = descend(*node.variable, parts, i + 1, match)) return found;
    match.parameters.pop_back();
  }
  if (!node.greedy || !node.greedy->resource) return nullptr;
  const auto* from = parts[i].data();
  match.parameters.emplace_back(
      node.greedy->name,
      std::string(from, static_cast<std::size_t>(parts.back().data() + parts.back().size() - from)));
  return node.greedy.get();
}

std::optional<ResourceTree::Match> ResourceTree::find(std::string_view path) const {
  Match out{};
  const auto* found = descend(root_, parts_of(path), 0, out);
  if (!found) return std::nullopt;
  out.resource = *found->resource;
  return out;
}
}  // namespace emu::gateway
