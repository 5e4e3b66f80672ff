// CloudFormation's intrinsic functions and conditions (spec-iac 6). Pure; used by Template.
#pragma once
#include "emulator/deploy/templates/template.hpp"

namespace emu::deploy {
// What a value may refer to.
struct TemplateScope {
  const Node& document;
  const std::map<std::string, Json>& parameters;
  const PseudoParameters& pseudo;
};

struct Reference {
  std::string name, attribute;  // Ref if the attribute is empty
  Place place;
};

class Evaluation {
 public:
  Evaluation(const TemplateScope& scope, const Lookup& lookup, const Imports& imports)
      : scope_(scope), lookup_(lookup), imports_(imports) {}

  std::optional<Json> value(const Node& node) const;  // none: AWS::NoValue, the property is left out
  std::string text(const Node& node) const;
  bool condition(const std::string& name, const Place& from) const;
  // Everything `node` refers to that is no parameter, outside of untaken Fn::If branches.
  void references(const Node& node, std::vector<Reference>& found) const;

 private:
  using Function = std::optional<Json> (Evaluation::*)(const Node&) const;
  static const std::map<std::string_view, Function>& functions();
  std::optional<Json> ref(const Node&) const;
  std::optional<Json> get_att(const Node&) const;
  std::optional<Json> sub(const Node&) const;
  std::optional<Json> join(const Node&) const;
  std::optional<Json> select(const Node&) const;
  std::optional<Json> split(const Node&) const;
  std::optional<Json> if_(const Node&) const;
  std::optional<Json> find_in_map(const Node&) const;
  std::optional<Json> base64(const Node&) const;
  std::optional<Json> import_value(const Node&) const;
  std::optional<Json> get_azs(const Node&) const;

  std::optional<Json> named(const std::string& name) const;  // a parameter or pseudo parameter
  Json attribute(const Reference& reference) const;
  Reference get_att_target(const Node& argument) const;
  const Node& branch(const Node& argument) const;  // the one of Fn::If that counts
  bool holds(const Node& condition) const;
  std::vector<Json> list(const Node& node, std::string_view function) const;

  const TemplateScope& scope_;
  const Lookup& lookup_;
  const Imports& imports_;
  mutable std::vector<std::string> deciding_;  // conditions being decided, against cycles
};

// {"Ref": …} or {"Fn::…": …}: its name and argument, or null.
const Node::Member* intrinsic(const Node& node);
// The pieces of a Fn::Sub text: text, and names between ${ and } (`${!x}` is text).
struct SubPiece {
  std::string text;
  bool is_name = false;
};
std::vector<SubPiece> sub_pieces(std::string_view text);
}  // namespace emu::deploy
