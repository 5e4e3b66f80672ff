// A CloudFormation template, checked and with its parameters applied (spec-iac 6). Pure: knows no service,
// asks a Lookup what Ref and Fn::GetAtt of a resource give. Whatever is wrong is thrown as Problems in
// CloudFormation's words. Used by Stacks.
#pragma once
#include <functional>
#include <map>
#include <set>

#include "emulator/source/node.hpp"

namespace emu::deploy {
struct PseudoParameters {
  std::string account, region, stack_name, stack_id;
};

using Parameters = std::map<std::string, std::string>;

// What a resource gives: Ref for an empty attribute. None: it has no such attribute.
using Lookup =
    std::function<std::optional<Json>(const std::string& logical_id, const std::string& attribute)>;
// The value exported under a name by another stack.
using Imports = std::function<std::optional<std::string>(const std::string& name)>;

struct TemplateResource {
  std::string logical_id;
  std::string type;
  Place place, type_place;
  Node properties;  // a map; intrinsic functions not resolved
  std::set<std::string> depends_on;
  std::string deletion_policy, replace_policy;  // empty: Delete
};

struct Output {
  std::string key;
  std::string value, description, export_name;
};

class Template {
 public:
  // Checks the whole document. Resources and outputs whose condition is false are gone.
  Template(Node document, PseudoParameters pseudo, const Parameters& given);

  const PseudoParameters& pseudo() const { return pseudo_; }
  // In an order in which each comes after what it depends on.
  const std::vector<TemplateResource>& resources() const { return resources_; }
  // Intrinsic functions replaced by what they give.
  Json resolve(const Node& node, const Lookup& lookup, const Imports& imports) const;
  std::vector<Output> outputs(const Lookup& lookup, const Imports& imports) const;
  const std::map<std::string, Json>& parameters() const { return parameters_; }

 private:
  friend class Evaluation;
  void read_resources();
  void check_references(const Node& node, std::set<std::string>& found, std::string_view block) const;
  void sort();
  bool applies(const Node& definition) const;

  Node document_;
  PseudoParameters pseudo_;
  std::map<std::string, Json> parameters_;
  std::vector<TemplateResource> resources_;
};
}  // namespace emu::deploy
