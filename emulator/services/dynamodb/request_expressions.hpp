// The expressions of one request: parsed through the caches, bound to its names and values, checked, and at
// the end the references that nothing used (A2 step 11, D4). Holds pointers into the request's input, which
// must outlive it.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"
#include "emulator/services/dynamodb/expression/check.hpp"

namespace emu::dynamodb {
template <class Tree>
struct Bound {
  std::shared_ptr<const expression::Parsed<Tree>> parsed;
  expression::Bindings bindings;
  std::shared_ptr<const Item> own_values;  // of a legacy parameter, which brings its values itself
  const Tree& tree() const { return parsed->tree; }
};
using BoundCondition = Bound<expression::Condition>;
using BoundUpdate = Bound<expression::Update>;
using BoundPaths = Bound<expression::Paths>;

class RequestExpressions {
 public:
  // `any`: whether the request has an expression at all; `any_with_values`: one that may use values;
  // `lacking`: what the older layer says of values without one, "ConditionExpression is null".
  RequestExpressions(DynamoDb& service, Voice voice, const std::optional<expression::Names>& names,
                     const std::optional<GivenValues>& values, bool any, bool any_with_values,
                     std::string_view lacking = {});
  std::optional<BoundCondition> condition(const std::optional<std::string>& text, std::string_view kind);
  std::optional<BoundUpdate> update(const std::optional<std::string>& text);
  std::optional<BoundPaths> projection(const std::optional<std::string>& text);
  void finish() const;  // throws when a name or value is left over
  const Voice& voice() const { return voice_; }

 private:
  template <class Tree>
  std::optional<Bound<Tree>> bind(expression::Cache<Tree>& cache, const std::optional<std::string>& text,
                                  std::string_view kind);
  DynamoDb& service_;
  const Voice voice_;
  const std::optional<expression::Names>& names_;
  const std::optional<GivenValues>& values_;
  std::vector<std::shared_ptr<const void>> kept_;
  std::vector<const expression::References*> used_;
};

// Refuses legacy parameters beside expressions, in AWS's words; each list is "name: given?".
struct Parameter {
  std::string_view name;
  bool given;
};
void refuse_mixture(const Voice& voice, std::initializer_list<Parameter> legacy,
                    std::initializer_list<Parameter> expressions);
}  // namespace emu::dynamodb
