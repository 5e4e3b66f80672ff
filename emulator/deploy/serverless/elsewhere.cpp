#include "emulator/deploy/serverless/elsewhere.hpp"

namespace emu::deploy::serverless {
namespace {
const Node* replacement(const Node& node, const Elsewhere& elsewhere) {
  if (!node.is_map() || node.members.size() != 1) return nullptr;
  const auto& [function, of] = node.members[0];
  if (function == "Ref" && of.is_string())
    if (const auto at = elsewhere.ids.find(of.text()); at != elsewhere.ids.end()) return &at->second;
  const bool root = function == "Fn::GetAtt" && of.is_list() && of.items.size() == 2 &&
                    of.items[0].is_string() && of.items[1].is_string() &&
                    of.items[1].text() == "RootResourceId" && elsewhere.ids.contains(of.items[0].text());
  return root ? &elsewhere.root : nullptr;
}
}  // namespace

void stand_in(Node& part, const Elsewhere& elsewhere) {
  if (const Node* other = replacement(part, elsewhere)) {
    part = *other;
    return;
  }
  for (auto& item : part.items) stand_in(item, elsewhere);
  for (auto& member : part.members) stand_in(member.value, elsewhere);
}
}  // namespace emu::deploy::serverless
