#include "emulator/services/dynamodb/legacy.hpp"

#include <algorithm>

#include "emulator/services/dynamodb/constraints.hpp"

namespace emu::dynamodb {
namespace {
using namespace expression;
using Values = std::vector<const Value*>;

constexpr std::string_view kOperators[] = {"IN",          "NULL", "BETWEEN",  "LT", "NOT_CONTAINS",
                                           "EQ",          "GT",   "NOT_NULL", "NE", "LE",
                                           "BEGINS_WITH", "GE",   "CONTAINS"};

bool set(Type t) { return t == Type::SS || t == Type::NS || t == Type::BS; }
bool scalar(Type t) { return t == Type::S || t == Type::N || t == Type::B; }

// A fault of the parameters themselves, which PutItem, UpdateItem and DeleteItem prefix (A6).
AwsError wrong(const Voice& voice, std::string_view text) {
  return voice.request(fmt::format("{}{}", kInvalidParameters, text));
}

void check_arguments(const Voice& voice, std::string_view name, const Values& values) {
  const auto n = values.size();
  const bool fits = name == "NULL" || name == "NOT_NULL" ? n == 0
                    : name == "BETWEEN"                  ? n == 2
                    : name == "IN"                       ? n >= 1
                                                         : n == 1;
  if (!fits)
    throw wrong(voice, fmt::format("Invalid number of argument(s) for the {} ComparisonOperator", name));
  for (const auto* v : values) {
    if (v->type() != values[0]->type())
      throw wrong(voice, "AttributeValues inside AttributeValueList must be of same type");
    const bool any = name == "EQ" || name == "NE";
    const bool start = name == "BEGINS_WITH";
    if (!any && (!scalar(v->type()) || (start && v->type() == Type::N)))
      throw wrong(voice, fmt::format("ComparisonOperator {} is not valid for {} AttributeValue type", name,
                                     type_letters(v->type())));
  }
  if (name == "BETWEEN" && order(*values[0], *values[1]) == std::strong_ordering::greater)
    throw voice.request(
        "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
}

// Collects the values of a tree under slots of their own.
class Builder {
 public:
  ValueRef value(const Value& v) {
    references.values.push_back(
        fmt::format(":{:05}", references.values.size()));  // ascending, as Item wants them
    values.append(references.values.back(), v);
    return ValueRef{static_cast<std::uint16_t>(references.values.size() - 1)};
  }
  static Path path(const std::string& name) { return Path{{Step(name)}}; }
  template <class Tree>
  Bound<Tree> done(Tree tree) {
    Bound<Tree> out;
    out.parsed = std::make_shared<const Parsed<Tree>>(Parsed<Tree>{std::move(tree), std::move(references)});
    out.own_values = std::make_shared<const Item>(std::move(values));
    out.bindings = Bindings(out.parsed->references, std::nullopt, out.own_values.get());
    return out;
  }
  References references;
  Item values;
};

Condition test(Builder& b, Function f, const std::string& name, const Value* v = nullptr) {
  Call call{f, {}};
  call.arguments.push_back(Builder::path(name));
  if (v) call.arguments.push_back(b.value(*v));
  return {std::move(call)};
}

Condition comparison(Builder& b, const std::string& name, std::string_view op, const Values& values) {
  static constexpr std::pair<std::string_view, Comparator> kComparators[] = {
      {"EQ", Comparator::eq}, {"NE", Comparator::ne}, {"LT", Comparator::lt},
      {"LE", Comparator::le}, {"GT", Comparator::gt}, {"GE", Comparator::ge}};
  for (const auto& [letters, comparator] : kComparators)
    if (op == letters) return {Compare{comparator, Builder::path(name), b.value(*values[0])}};
  if (op == "NULL") return test(b, Function::attribute_not_exists, name);
  if (op == "NOT_NULL") return test(b, Function::attribute_exists, name);
  if (op == "BEGINS_WITH") return test(b, Function::begins_with, name, values[0]);
  if (op == "CONTAINS") return test(b, Function::contains, name, values[0]);
  if (op == "BETWEEN") return {Between{Builder::path(name), b.value(*values[0]), b.value(*values[1])}};
  if (op == "IN") {
    In in{Builder::path(name), {}};
    for (const auto* v : values) in.among.push_back(b.value(*v));
    return {std::move(in)};
  }
  And both;  // NOT_CONTAINS: false for a missing attribute, unlike NOT contains()
  both.all.push_back(test(b, Function::attribute_exists, name));
  both.all.push_back({Not{std::make_unique<Condition>(test(b, Function::contains, name, values[0]))}});
  return {std::move(both)};
}

Condition expectation(const Voice& voice, Builder& b, const std::string& name, const LegacyCondition& given) {
  const auto refuse = [&](std::string_view text) {
    throw wrong(voice, fmt::format("{} for Attribute: {}", text, name));
  };
  Values values;
  if (given.AttributeValueList)
    for (const auto& v : *given.AttributeValueList) values.push_back(&v.value);
  if (given.Value && given.AttributeValueList) refuse("Value and AttributeValueList cannot be used together");
  if (given.Exists && given.ComparisonOperator)
    refuse("Exists and ComparisonOperator cannot be used together");
  if (given.ComparisonOperator) {
    const std::string_view op = *given.ComparisonOperator;
    if (given.Value) values.push_back(&given.Value->value);
    if (values.empty() && !given.AttributeValueList && op != "NULL" && op != "NOT_NULL")
      refuse(fmt::format("Value or AttributeValueList must be used with ComparisonOperator: {}", op));
    check_arguments(voice, op, values);
    return comparison(b, name, op, values);
  }
  if (given.AttributeValueList) refuse("AttributeValueList can only be used with a ComparisonOperator");
  if (!given.Exists && !given.Value) refuse("Value must be provided when Exists is null");
  if (given.Exists == true && !given.Value) refuse("Value must be provided when Exists is true");
  if (given.Exists == false && given.Value) refuse("Value cannot be used when Exists is false");
  if (given.Exists == false) return test(b, Function::attribute_not_exists, name);
  return comparison(b, name, "EQ", {&given.Value->value});
}

void check_operators(const LegacyConditions& given, std::string_view member) {
  Constraints constraints;
  for (const auto& [name, condition] : given)
    constraints.enumerated(condition.ComparisonOperator,
                           fmt::format("{}.{}.member.comparisonOperator", member, name), kOperators);
  constraints.finish();
}

void judge(const Voice& voice, const LegacyConditions& given) {
  for (const auto& [name, condition] : given) {
    if (condition.Value && condition.Value->mistake) throw voice.mistake(*condition.Value->mistake);
    if (condition.AttributeValueList)
      for (const auto& v : *condition.AttributeValueList)
        if (v.mistake) throw voice.mistake(*v.mistake);
  }
}
}  // namespace

std::optional<BoundCondition> legacy_condition(const Voice& voice, std::string_view member,
                                               const std::optional<LegacyConditions>& given,
                                               const std::optional<std::string>& conditional_operator) {
  if (given && voice.layer == Layer::older) judge(voice, *given);  // before the operator is judged
  if (conditional_operator && (!given || given->empty()))
    throw voice.request("ConditionalOperator cannot be used without Filter or Expected");
  if (conditional_operator && given->size() < 2)
    throw voice.request(
        "ConditionalOperator can only be used when Filter or Expected has two or more elements");
  if (!given || given->empty()) return std::nullopt;
  check_operators(*given, member);
  judge(voice, *given);
  Builder builder;
  std::vector<Condition> all;
  for (const auto& [name, condition] : *given) all.push_back(expectation(voice, builder, name, condition));
  if (conditional_operator == "OR") return builder.done(Condition{Or{std::move(all)}});
  return builder.done(Condition{And{std::move(all)}});
}

std::optional<BoundCondition> legacy_key_condition(const Voice& voice,
                                                   const std::optional<LegacyConditions>& given) {
  if (!given || given->empty()) return std::nullopt;
  check_operators(*given, "keyConditions");
  judge(voice, *given);
  Builder builder;
  And all;
  for (const auto& [name, condition] : *given) {
    Values values;
    if (condition.AttributeValueList)
      for (const auto& v : *condition.AttributeValueList) values.push_back(&v.value);
    const std::string_view op =
        condition.ComparisonOperator ? std::string_view(*condition.ComparisonOperator) : "EQ";
    check_arguments(voice, op, values);
    static constexpr std::string_view kIndexable[] = {"EQ", "LE", "LT", "GE", "GT", "BEGINS_WITH", "BETWEEN"};
    if (std::ranges::find(kIndexable, op) == std::end(kIndexable))
      throw voice.request("Attempted conditional constraint is not an indexable operation");
    all.all.push_back(comparison(builder, name, op, values));
  }
  return builder.done(Condition{std::move(all)});
}

std::optional<BoundUpdate> legacy_update(const Voice& voice, const std::optional<LegacyUpdates>& given) {
  if (!given || given->empty()) return std::nullopt;
  for (const auto& [name, update] : *given)
    if (update.Value && update.Value->mistake) throw voice.mistake(*update.Value->mistake);
  Builder builder;
  Update out;
  for (const auto& [name, update] : *given) {
    const std::string_view action = update.Action ? std::string_view(*update.Action) : "PUT";
    if (action != "PUT" && action != "ADD" && action != "DELETE") {
      Constraints constraints;
      static constexpr std::string_view kActions[] = {"ADD", "DELETE", "PUT"};
      constraints.enumerated(update.Action, fmt::format("attributeUpdates.{}.member.action", name), kActions);
      constraints.finish();
    }
    if (!update.Value) {
      if (action != "DELETE")
        throw wrong(voice, "Only DELETE action is allowed when no attribute value is specified");
      out.removes.push_back(Builder::path(name));
      continue;
    }
    const Value& v = update.Value->value;
    const auto type = v.type();
    if (action == "PUT") {
      out.sets.push_back({Builder::path(name), builder.value(v)});
    } else if (action == "DELETE") {
      if (!set(type))
        throw wrong(voice, fmt::format("DELETE action with value is not supported for the type {}",
                                       type_letters(type)));
      out.deletes.push_back({Builder::path(name), builder.value(v)});
    } else if (type == Type::L) {  // appends: list_append(if_not_exists(name, []), value)
      auto start = std::make_unique<Call>(Call{Function::if_not_exists, {}});
      start->arguments.push_back(Builder::path(name));
      start->arguments.push_back(builder.value(Value{List{}}));
      auto append = std::make_unique<Call>(Call{Function::list_append, {}});
      append->arguments.push_back(std::move(start));
      append->arguments.push_back(builder.value(v));
      out.sets.push_back({Builder::path(name), std::move(append)});
    } else {
      if (type != Type::N && !set(type))
        throw wrong(voice, fmt::format("ADD action is not supported for the type {}", type_letters(type)));
      out.adds.push_back({Builder::path(name), builder.value(v)});
    }
  }
  return builder.done(std::move(out));
}

std::optional<BoundPaths> legacy_projection(const std::optional<std::vector<std::string>>& attributes) {
  if (!attributes) return std::nullopt;
  Builder builder;
  Paths paths;
  for (const auto& name : *attributes) {
    if (std::ranges::count(*attributes, name) > 1)
      throw invalid_parameters(fmt::format("Duplicate value in attribute name: {}", name));
    paths.push_back(Builder::path(name));
  }
  return builder.done(std::move(paths));
}
}  // namespace emu::dynamodb
