// What the #names and :values of one parsed expression stand for in one request. Points into the request's
// ExpressionAttributeNames and Values and into the parse tree; lives no longer than they do.
#pragma once
#include <map>
#include <set>

#include "emulator/services/dynamodb/expression/syntax.hpp"
#include "emulator/services/dynamodb/voice.hpp"

namespace emu::dynamodb::expression {
using Names = std::map<std::string, std::string>;

class Bindings {
 public:
  Bindings() = default;
  Bindings(const References& references, const std::optional<Names>& names, const Item* values);
  // By slot, none of them null: of trees whose references have no names of their own.
  Bindings(std::vector<const std::string*> names, std::vector<const Value*> values)
      : names_(std::move(names)), values_(std::move(values)) {}

  // The attribute name of a step that is no index. Valid after check.
  std::string_view name(const Step& step) const {
    if (const auto* literal = std::get_if<std::string>(&step)) return *literal;
    return *names_[std::get<NameRef>(step).slot];
  }
  const Value& value(ValueRef ref) const { return *values_[ref.slot]; }
  // Throw for the first reference of the path, or the value, that the request does not define (D4).
  void check(const Path& path, const ExpressionVoice& voice) const;
  void check(ValueRef ref, const ExpressionVoice& voice) const;

 private:
  const References* references_ = nullptr;
  std::vector<const std::string*> names_;  // by slot; null: not defined
  std::vector<const Value*> values_;
};

std::string show(const Path& path, const Bindings& bindings);  // "[a, b, [0]]", as error texts have it
bool same_path(const Path& a, const Path& b, const Bindings& bindings);
// The value at a path; null when there is none.
const Value* find(const Item& item, const Path& path, const Bindings& bindings);
}  // namespace emu::dynamodb::expression
