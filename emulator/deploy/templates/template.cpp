#include "emulator/deploy/templates/template.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/deploy/templates/intrinsics.hpp"
#include "emulator/deploy/templates/parameters.hpp"

namespace emu::deploy {
namespace {
constexpr std::string_view kSections[] = {"AWSTemplateFormatVersion",
                                          "Description",
                                          "Metadata",
                                          "Parameters",
                                          "Mappings",
                                          "Conditions",
                                          "Resources",
                                          "Outputs"};
constexpr std::string_view kLaterSections[] = {"Transform", "Rules", "Hooks"};
constexpr std::string_view kAttributes[] = {"Type",     "Properties",     "DependsOn",          "Condition",
                                            "Metadata", "DeletionPolicy", "UpdateReplacePolicy"};
constexpr std::string_view kPolicies[] = {"Delete", "Retain", "Snapshot", "RetainExceptOnCreate"};

template <class List>
bool has(const List& list, std::string_view name) {
  return std::ranges::find(list, name) != std::end(list);
}

void check_values(const Node& node, const std::string& path) {
  if (node.is_null())
    throw Problems(node.place, fmt::format("[{}] 'null' values are not allowed in templates", path));
  if (node.is_string() && node.text().find("{{resolve:") != std::string::npos)
    throw Problems(node.place, "dynamic references, {{resolve:…}}, are not supported yet; write the value");
  for (std::size_t i = 0; i < node.items.size(); ++i)
    check_values(node.items[i], fmt::format("{}/{}", path, i));
  for (const auto& [key, value] : node.members) check_values(value, path + "/" + key);
}

std::string policy_of(const Node& resource, std::string_view attribute) {
  const Node* policy = resource.find(attribute);
  if (!policy) return "";
  if (!policy->is_string() || !has(kPolicies, policy->text()))
    throw Problems(policy->place,
                   fmt::format("Template format error: Unrecognized {} {}", attribute, policy->as_text()));
  return policy->text() == "Delete" ? "" : policy->text();
}

void check_shape(const std::string& id, const Node& resource) {
  if (!resource.is_map())
    throw Problems(
        resource.place,
        fmt::format("Template format error: [/Resources/{}] resource definition is malformed", id));
  const Node* type = resource.find("Type");
  if (!type || !type->is_string())
    throw Problems(
        resource.place,
        fmt::format(
            "Template format error: [/Resources/{}] Every Resources object must contain a Type member.", id));
  for (const auto& [key, value] : resource.members) {
    if (key == "CreationPolicy" || key == "UpdatePolicy")
      throw Problems(value.place, fmt::format("{} of {} is not supported yet", key, id));
    if (!has(kAttributes, key))
      throw Problems(value.place, fmt::format("Invalid template resource property '{}' of {}", key, id));
  }
  const Node* properties = resource.find("Properties");
  if (properties && !properties->is_map())
    throw Problems(properties->place, fmt::format("[/Resources/{}/Properties] must be a mapping, not {}", id,
                                                  properties->what()));
  if (properties) check_values(*properties, fmt::format("/Resources/{}/Properties", id));
}

const Lookup kNoResources = [](const std::string&, const std::string&) { return std::nullopt; };
const Imports kNoImports = [](const std::string&) { return std::nullopt; };
}  // namespace

Template::Template(Node document, PseudoParameters pseudo, const Parameters& given)
    : document_(std::move(document)), pseudo_(std::move(pseudo)) {
  if (!document_.is_map()) throw Problems(document_.place, "Template format error: unsupported structure.");
  for (const auto& [key, value] : document_.members) {
    if (has(kLaterSections, key))
      throw Problems(value.place, fmt::format("the template section {} is not supported yet", key));
    if (!has(kSections, key))
      throw Problems(value.place, fmt::format("Invalid template property or properties [{}]", key));
    if (!value.is_map() && key != "AWSTemplateFormatVersion" && key != "Description")
      throw Problems(
          value.place,
          fmt::format("Template format error: the section {} must be a mapping, not {}", key, value.what()));
  }
  const Node* resources = document_.find("Resources");
  if (!resources || resources->members.empty())
    throw Problems(resources ? resources->place : document_.place,
                   "Template format error: At least one Resources member must be defined.");
  if (const Node* declared = document_.find("Parameters")) {
    parameters_ = parameter_values(*declared, given);
  } else if (!given.empty()) {
    throw Problems(document_.place,
                   fmt::format("Parameters: [{}] do not exist in the template", given.begin()->first));
  }
  read_resources();
  sort();
}

bool Template::applies(const Node& definition) const {
  const Node* condition = definition.find("Condition");
  if (!condition) return true;
  if (!condition->is_string())
    throw Problems(condition->place, "Template format error: Condition must name a condition");
  const TemplateScope scope{document_, parameters_, pseudo_};
  return Evaluation(scope, kNoResources, kNoImports).condition(condition->text(), condition->place);
}

void Template::check_references(const Node& node, std::set<std::string>& found,
                                std::string_view block) const {
  const TemplateScope scope{document_, parameters_, pseudo_};
  std::vector<Reference> references;
  Evaluation(scope, kNoResources, kNoImports).references(node, references);
  for (const auto& reference : references) {
    if (!std::ranges::any_of(resources_, [&](const auto& r) { return r.logical_id == reference.name; }))
      throw Problems(
          reference.place,
          fmt::format(
              "Template format error: Unresolved resource dependencies [{}] in the {} block of the template",
              reference.name, block));
    found.insert(reference.name);
  }
}

void Template::read_resources() {
  std::vector<const Node*> definitions;
  for (const auto& [id, resource] : document_.find("Resources")->members) {
    if (id.empty() || std::ranges::any_of(id, [](unsigned char c) { return !std::isalnum(c); }))
      throw Problems(resource.place,
                     fmt::format("Template format error: Resource name {} is non alphanumeric.", id));
    check_shape(id, resource);
    if (!applies(resource)) continue;
    const Node* properties = resource.find("Properties");
    resources_.push_back({id,
                          resource.find("Type")->text(),
                          resource.place,
                          resource.find("Type")->place,
                          properties ? *properties : Node::map(resource.place),
                          {},
                          policy_of(resource, "DeletionPolicy"),
                          policy_of(resource, "UpdateReplacePolicy")});
    definitions.push_back(&resource);
  }
  for (std::size_t i = 0; i < resources_.size(); ++i) {
    check_references(resources_[i].properties, resources_[i].depends_on, "Resources");
    const Node* depends_on = definitions[i]->find("DependsOn");
    if (!depends_on) continue;
    const auto depend = [&](const Node& id) {
      const bool exists = id.is_string() && document_.at({"Resources", id.text()});
      if (!exists)
        throw Problems(id.place, fmt::format("Template format error: Unresolved resource dependencies [{}] "
                                             "in the Resources block of the template",
                                             id.as_text()));
      // A dependency that its condition takes away is no dependency.
      if (std::ranges::any_of(resources_, [&](const auto& r) { return r.logical_id == id.text(); }))
        resources_[i].depends_on.insert(id.text());
    };
    if (!depends_on->is_list()) depend(*depends_on);
    for (const auto& id : depends_on->items) depend(id);
  }
  if (const Node* outputs = document_.find("Outputs"))
    for (const auto& [key, output] : outputs->members) {
      check_values(output, "/Outputs/" + key);
      if (!output.find("Value"))
        throw Problems(
            output.place,
            fmt::format("Template format error: Every Outputs member must contain a Value object ({})", key));
      std::set<std::string> unused;
      if (applies(output)) check_references(*output.find("Value"), unused, "Outputs");
    }
}

// Depth first, in the order they are written.
void Template::sort() {
  std::vector<TemplateResource> sorted;
  std::vector<std::string> open;
  const std::function<void(const TemplateResource&)> visit = [&](const TemplateResource& resource) {
    if (std::ranges::any_of(sorted, [&](const auto& r) { return r.logical_id == resource.logical_id; }))
      return;
    if (const auto circle = std::ranges::find(open, resource.logical_id); circle != open.end())
      throw Problems(resource.place, fmt::format("Circular dependency between resources: [{}]",
                                                 fmt::join(circle, open.end(), ", ")));
    open.push_back(resource.logical_id);
    for (const auto& other : resources_)
      if (resource.depends_on.contains(other.logical_id)) visit(other);
    open.pop_back();
    sorted.push_back(resource);
  };
  for (const auto& resource : resources_) visit(resource);
  resources_ = std::move(sorted);
}

Json Template::resolve(const Node& node, const Lookup& lookup, const Imports& imports) const {
  const TemplateScope scope{document_, parameters_, pseudo_};
  return Evaluation(scope, lookup, imports).value(node).value_or(Json());
}

std::vector<Output> Template::outputs(const Lookup& lookup, const Imports& imports) const {
  std::vector<Output> out;
  const Node* outputs = document_.find("Outputs");
  if (!outputs) return out;
  const TemplateScope scope{document_, parameters_, pseudo_};
  const Evaluation evaluation(scope, lookup, imports);
  for (const auto& [key, output] : outputs->members) {
    if (!applies(output)) continue;
    const Node* description = output.find("Description");
    const Node* name = output.at({"Export", "Name"});
    out.push_back({key, evaluation.text(*output.find("Value")), description ? description->as_text() : "",
                   name ? evaluation.text(*name) : ""});
  }
  return out;
}
}  // namespace emu::deploy
