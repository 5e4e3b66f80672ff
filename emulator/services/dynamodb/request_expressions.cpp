#include "emulator/services/dynamodb/request_expressions.hpp"

#include <fmt/ranges.h>

#include <algorithm>

#include "emulator/services/dynamodb/expression/lexer.hpp"

namespace emu::dynamodb {
namespace {
constexpr std::size_t kMaxReference = 255;

void check_reference(const Voice& voice, std::string_view member, std::string_view key, char sigil) {
  if (!expression::is_reference(key, sigil) || key.size() > kMaxReference)
    throw voice.request(fmt::format("{} contains invalid key: Syntax error; key: \"{}\"", member, key));
}
}  // namespace

RequestExpressions::RequestExpressions(DynamoDb& service, Voice voice,
                                       const std::optional<expression::Names>& names,
                                       const std::optional<GivenValues>& values, bool any,
                                       bool any_with_values, std::string_view lacking)
    : service_(service), voice_(voice), names_(names), values_(values) {
  if (names && !any)
    throw voice.request("ExpressionAttributeNames can only be specified when using expressions");
  if (values && !any_with_values)
    throw voice.request(
        fmt::format("ExpressionAttributeValues can only be specified when using expressions{}{}",
                    voice.layer == Layer::older && !lacking.empty() ? ": " : "",
                    voice.layer == Layer::older ? lacking : std::string_view{}));
  if (names && names->empty()) throw voice.request("ExpressionAttributeNames must not be empty");
  if (values && values->values.empty()) throw voice.request("ExpressionAttributeValues must not be empty");
  if (names)
    for (const auto& [key, name] : *names) {
      check_reference(voice, "ExpressionAttributeNames", key, '#');
      if (name.empty())
        throw voice.request(fmt::format(
            "ExpressionAttributeNames contains invalid value: Empty attribute name for key {}", key));
      if (name.size() > kMaxNameBytes)
        throw voice.request(
            fmt::format("ExpressionAttributeNames contains invalid value: {} for key {}", kNameTooLong, key));
    }
  if (!values) return;
  for (const auto& [key, value] : values->values)
    check_reference(voice, "ExpressionAttributeValues", key, ':');
  voice.judge(*values);
}

template <class Tree>
std::optional<Bound<Tree>> RequestExpressions::bind(expression::Cache<Tree>& cache,
                                                    const std::optional<std::string>& text,
                                                    std::string_view kind) {
  if (!text) return std::nullopt;
  const ExpressionVoice voice{voice_, kind};
  Bound<Tree> out;
  out.parsed = cache.get(*text, voice);
  out.bindings = expression::Bindings(out.parsed->references, names_, values_ ? &values_->values : nullptr);
  expression::check(out.parsed->tree, out.bindings, voice);
  used_.push_back(&out.parsed->references);
  kept_.push_back(out.parsed);
  return out;
}

std::optional<BoundCondition> RequestExpressions::condition(const std::optional<std::string>& text,
                                                            std::string_view kind) {
  return bind(service_.conditions, text, kind);
}
std::optional<BoundUpdate> RequestExpressions::update(const std::optional<std::string>& text) {
  return bind(service_.updates, text, "UpdateExpression");
}
std::optional<BoundPaths> RequestExpressions::projection(const std::optional<std::string>& text) {
  return bind(service_.projections, text, "ProjectionExpression");
}

void RequestExpressions::finish() const {
  std::vector<std::string_view> left;
  const auto unused = [&](std::string_view key, auto member) {
    return std::ranges::none_of(
        used_, [&](const auto* r) { return std::ranges::find(r->*member, key) != (r->*member).end(); });
  };
  const auto report = [&](std::string_view member) {
    if (!left.empty())
      throw voice_.request(fmt::format("Value provided in {} unused in expressions: keys: {{{}}}", member,
                                       fmt::join(left, ", ")));
  };
  if (names_)
    for (const auto& [key, name] : *names_)
      if (unused(key, &expression::References::names)) left.push_back(key);
  report("ExpressionAttributeNames");
  if (values_)
    for (const auto& [key, value] : values_->values)
      if (unused(key, &expression::References::values)) left.push_back(key);
  report("ExpressionAttributeValues");
}

void refuse_mixture(const Voice& voice, std::initializer_list<Parameter> legacy,
                    std::initializer_list<Parameter> expressions) {
  std::vector<std::string_view> old, current;
  for (const auto& p : legacy)
    if (p.given) old.push_back(p.name);
  for (const auto& p : expressions)
    if (p.given) current.push_back(p.name);
  if (old.empty() || current.empty()) return;
  throw voice.request(fmt::format(
      "Can not use both expression and non-expression parameters in the same request: Non-expression "
      "parameters: {{{}}} Expression parameters: {{{}}}",
      fmt::join(old, ", "), fmt::join(current, ", ")));
}
}  // namespace emu::dynamodb
