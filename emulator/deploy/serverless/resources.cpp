// The user's own CloudFormation, `resources`, merged over what was compiled, and `resources.extensions` into
// it (spec-iac 3).
#include <fmt/format.h>

#include <algorithm>

#include "emulator/deploy/serverless/service.hpp"

namespace emu::deploy::serverless {
namespace {
constexpr Key kSections[] = {{"Resources"},
                             {"Outputs"},
                             {"Parameters"},
                             {"Mappings"},
                             {"Conditions"},
                             {"Metadata"},
                             {"extensions"},
                             {"Description"},
                             {"AWSTemplateFormatVersion"},
                             {"Rules", Support::not_yet},
                             {"Transform", Support::not_yet},
                             {"Hooks", Support::not_yet}};

// Mappings merge, lists merge item by item, anything else is replaced.
void merge(Node& target, const Node& source) {
  if (target.is_map() && source.is_map()) {
    for (const auto& [key, value] : source.members)
      if (Node* old = target.find(key))
        merge(*old, value);
      else
        target.set(key, value);
  } else if (target.is_list() && source.is_list()) {
    for (std::size_t i = 0; i < source.items.size(); ++i)
      if (i < target.items.size())
        merge(target.items[i], source.items[i]);
      else
        target.push(source.items[i]);
  } else {
    target = source;
  }
}

void extend(Service& service, Node& resource, const std::string& id, const Node& extension) {
  for (const auto& [key, value] : extension.members) {
    if (key == "Properties" || key == "Metadata") {
      Node* old = resource.find(key);
      if (!old) old = &resource.set(key, Node::map(value.place));
      for (const auto& [name, part] : value.members) old->set(name, part);
    } else if (key == "DependsOn") {
      const Node* old = resource.find(key);
      Node all = Node::list(value.place);
      for (const Node* ids : {old, &value})
        if (ids)
          for (const auto& other : texts(*ids)) all.push(Node(other, ids->place));
      resource.set(key, std::move(all));
    } else if (key == "Condition" || key == "DeletionPolicy" || key == "UpdateReplacePolicy" ||
               key == "UpdatePolicy" || key == "CreationPolicy") {
      resource.set(key, value);
    } else {
      service.report.refuse(
          value.place,
          fmt::format(
              "resources.extensions.{} cannot set \"{}\"; supported are Properties, Metadata, DependsOn, "
              "Condition, DeletionPolicy, UpdateReplacePolicy, UpdatePolicy, CreationPolicy",
              id, key));
    }
  }
}

void drop_nulls(Node& node) {
  std::erase_if(node.members, [](const Node::Member& m) { return m.value.is_null(); });
  for (auto& [key, value] : node.members) drop_nulls(value);
  for (auto& item : node.items) drop_nulls(item);
}

std::vector<const Node*> parts_of(const Service& service) {
  const Node* resources = service.config.find("resources");
  std::vector<const Node*> parts;
  if (!resources || resources->is_null()) return parts;
  if (!resources->is_list()) return {resources};
  for (const auto& part : resources->items) parts.push_back(&part);
  return parts;
}
}  // namespace

Node merge_resources(Service& service) {
  Node out = Node::map(service.config.place);
  out.set("AWSTemplateFormatVersion", Node("2010-09-09", service.config.place));
  out.set("Description",
          Node("The AWS CloudFormation template for this Serverless application", service.config.place));
  out.set("Resources", std::move(service.resources));
  out.set("Outputs", std::move(service.outputs));
  std::vector<const Node*> extensions;
  for (const Node* part : parts_of(service)) {
    const Section section(*part, "resources", kSections, service.report);
    if (!part->is_map()) continue;
    Node rest = *part;
    if (const Node* more = section.map("extensions")) extensions.push_back(more);
    rest.erase("extensions");
    drop_nulls(rest);
    for (const auto* key : {"Resources", "Outputs"}) section.map(key);
    merge(out, rest);
  }
  for (const Node* extension : extensions)
    for (const auto& [id, value] : extension->members)
      if (Node* resource = out.find("Resources")->find(id))
        extend(service, *resource, id, value);
      else
        service.report.refuse(
            value.place,
            fmt::format("Cannot extend \"{}\" resource, as it's not found in generated stack", id));
  return out;
}
}  // namespace emu::deploy::serverless
