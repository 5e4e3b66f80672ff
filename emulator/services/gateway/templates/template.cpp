#include "emulator/services/gateway/templates/template.hpp"

#include <fmt/format.h>

#include <map>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/digest.hpp"
#include "emulator/http/message.hpp"
#include "emulator/services/gateway/templates/json_path.hpp"
#include "emulator/services/gateway/templates/methods.hpp"
#include "emulator/services/gateway/templates/syntax.hpp"

namespace emu::gateway {
namespace velocity {
namespace {
constexpr std::size_t kMostText = 10 * 1024 * 1024;      // what a gateway passes on
constexpr std::size_t kMostHandled = 256 * 1024 * 1024;  // bytes of values made, copied and shown in all
constexpr std::size_t kMostSeen = std::size_t{2} << 30;  // and of what is read on the way
constexpr std::size_t kPerValue = 64;                    // what a value costs beside its text
constexpr int kMostRounds = 1000;                        // of #foreach (spec-gateway 19)
constexpr int kMostNodes = 1'000'000;                    // walked in all
constexpr int kDeepestText = 8;                          // texts within texts

std::string escaped_javascript(const std::string& text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '"':
      case '\'':
      case '\\':
      case '/':
        out += {'\\', c};
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
        else
          out += c;
    }
  return out;
}

class Walker {
 public:
  explicit Walker(TemplateInput& input) : input_(input) {}
  void walk(const Nodes& nodes) {
    for (const auto& node : nodes) {
      if (stopped_) return;
      if (++walked_ > kMostNodes || out.size() > kMostText)
        throw TemplateError{"the template writes too much"};
      visit(node);
    }
  }
  std::string out;

 private:
  void visit(const Node& node) {
    switch (node.kind) {
      case Node::Kind::text:
        out += node.text;
        return;
      case Node::Kind::reference:
        show(node.reference);
        return;
      case Node::Kind::set:
        assign(node.reference, value_of(node.value).value_or(Json()));
        return;
      case Node::Kind::branches:
        for (const auto& branch : node.branches)
          if (!branch.condition || truth(value_of(*branch.condition))) return walk(branch.body);
        return;
      case Node::Kind::loop:
        return loop(node);
      case Node::Kind::stop:
        stopped_ = true;
    }
  }

  void show(const Reference& reference) {
    const auto value = find(reference);
    if (value && !value->is_null())
      out += shown(*value);
    else if (!reference.quiet)
      out += reference.text;
  }

  void loop(const Node& node) {
    auto over = value_of(node.value).value_or(Json::array());
    if (over.is_object()) {
      Json values = Json::array();
      for (auto& each : over) values.push_back(std::move(each));
      over = std::move(values);
    }
    if (!over.is_array()) return;
    const auto outer = variables_.contains("foreach") ? variables_["foreach"] : Json();
    const auto rounds = std::min<std::size_t>(over.size(), kMostRounds);
    for (std::size_t i = 0; i < rounds && !stopped_; ++i) {
      variables_[node.text] = over[i];
      variables_["foreach"] = {{"index", i},
                               {"count", i + 1},
                               {"hasNext", i + 1 < rounds},
                               {"first", i == 0},
                               {"last", i + 1 == rounds}};
      walk(node.body);
    }
    variables_["foreach"] = outer;
  }

  void charge(std::size_t bytes) {
    handled_ += bytes;
    if (handled_ > kMostHandled) throw TemplateError{"the template handles too much"};
  }
  // What is only read on the way costs time, not memory.
  void look(std::size_t bytes) {
    seen_ += bytes;
    if (seen_ > kMostSeen) throw TemplateError{"the template handles too much"};
  }
  void look_at(const Json& value) {
    look(value.is_string() ? value.get_ref<const std::string&>().size() : value.size() * sizeof(Json));
  }
  void look(const Json& value) {
    look_at(value);
    if (value.is_structured())
      for (const auto& each : value) look(each);
  }
  // A value is paid for before it is kept or copied; one within another within another ends somewhere, too.
  void charge(const Json& value, std::size_t depth = 0) {
    if (depth > kDeepestJson) throw TemplateError{"too deeply nested"};
    charge(kPerValue + (value.is_string() ? value.get_ref<const std::string&>().size() : 0));
    if (value.is_array())
      for (const auto& each : value) charge(each, depth + 1);
    if (value.is_object())
      for (const auto& [name, each] : value.items()) {
        charge(name.size());
        charge(each, depth + 1);
      }
  }

  static bool truth(const std::optional<Json>& value) {
    return value && !value->is_null() && *value != false;
  }

  void assign(const Reference& to, Json value) {
    // What stands between brackets may change the variable: it is read before the way into that is taken.
    std::vector<Json> keys;
    for (const auto& step : to.steps) {
      if (step.call) throw TemplateError{"#set wants a reference without calls"};
      keys.push_back(step.name.empty() ? value_of(step.arguments[0]).value_or(Json()) : Json(step.name));
    }
    Json* at = to.root == "context" && !keys.empty() ? &input_.context : &variables_[to.root];
    for (const auto& key : keys) {
      if (at->is_array()) {
        const auto index = key.is_number_integer() ? key.get<std::int64_t>() : -1;
        if (index < 0 || static_cast<std::size_t>(index) >= at->size())
          throw TemplateError{"#set of a list's element wants one that is there"};
        at = &(*at)[static_cast<std::size_t>(index)];
        continue;
      }
      if (!at->is_object()) *at = Json::object();
      at = &(*at)[shown(key)];
    }
    *at = std::move(value);
  }

  std::vector<Json> values_of(const std::vector<Expression>& arguments) {
    std::vector<Json> values;
    for (const auto& each : arguments) values.push_back(value_of(each).value_or(Json()));
    return values;
  }

  std::optional<Json> find(const Reference& reference) {
    // Arguments may change what the reference walks through: all of them are read before the first step.
    std::vector<std::vector<Json>> arguments;
    for (const auto& each : reference.steps) arguments.push_back(values_of(each.arguments));
    Json made;
    Json* at = nullptr;
    std::size_t from = 0;
    if (reference.root == "input" || reference.root == "util") {
      if (reference.steps.empty()) return std::nullopt;
      auto given = reference.root == "input" ? input(reference.steps[0], arguments[0])
                                             : util(reference.steps[0], arguments[0]);
      if (!given) return std::nullopt;
      made = std::move(*given);
      look(made);
      at = &made;
      from = 1;
    } else if (reference.root == "context") {
      at = &input_.context;
    } else if (reference.root == "stageVariables") {
      at = &input_.stage_variables;
    } else {
      const auto it = variables_.find(reference.root);
      if (it == variables_.end()) return std::nullopt;
      at = &it->second;
    }
    for (auto i = from; i < reference.steps.size(); ++i) {
      if (reference.steps[i].call) look_at(*at);
      auto next = step(*at, reference.steps[i], arguments[i]);
      if (!next.first && !next.second) return std::nullopt;
      if (next.first) {
        at = next.first;
      } else {
        charge(*next.second);
        made = std::move(*next.second);
        at = &made;
      }
    }
    charge(*at);
    return *at;
  }

  // What a step leads to: a part of the value itself, or something made.
  static std::pair<Json*, std::optional<Json>> step(Json& value, const Step& step,
                                                    const std::vector<Json>& arguments) {
    if (step.call) return {nullptr, call_method(value, step.name, arguments)};
    if (value.is_array() && step.name.empty()) {
      const bool fits = arguments[0].is_number_integer() && arguments[0].get<std::int64_t>() >= 0 &&
                        arguments[0].get<std::size_t>() < value.size();
      return {fits ? &value[arguments[0].get<std::size_t>()] : nullptr, std::nullopt};
    }
    if (!value.is_object()) return {nullptr, std::nullopt};
    const auto it = value.find(step.name.empty() ? shown(arguments[0]) : step.name);
    return {it == value.end() ? nullptr : &*it, std::nullopt};
  }

  const Json& body() {
    if (!body_) {
      body_ = bounded_parse(input_.body.empty() ? std::string_view("{}") : input_.body);
      if (body_->is_discarded()) body_ = Json(input_.body);
    }
    return *body_;
  }

  std::optional<Json> input(const Step& step, const std::vector<Json>& arguments) {
    if (!step.call)
      return step.name == "body" ? std::optional<Json>(input_.body.empty() ? "{}" : input_.body)
                                 : std::nullopt;
    const auto path = arguments.empty() ? std::string() : shown(arguments[0]);
    if (path.find('*') != path.npos) charge(input_.body.size());  // it may look at all of it
    if (step.name == "path") return at_json_path(body(), path);
    if (step.name == "json") {
      if (path == "$" && !input_.body.empty()) {  // its members in the order they were written
        charge(input_.body.size());
        const auto ordered = bounded_parse<nlohmann::ordered_json>(input_.body);
        if (!ordered.is_discarded()) return json_text(ordered);
      }
      const auto found = at_json_path(body(), path);
      return found ? json_text(*found) : std::string("\"\"");
    }
    if (step.name != "params") return std::nullopt;
    if (arguments.empty()) return input_.parameters;
    for (const auto* kind : {"path", "querystring", "header"})
      if (input_.parameters[kind].contains(path)) return input_.parameters[kind][path];
    return std::nullopt;
  }

  static std::optional<Json> util(const Step& step, const std::vector<Json>& arguments) {
    if (arguments.empty()) return std::nullopt;
    const auto text = shown(arguments[0]);
    if (step.name == "escapeJavaScript") return escaped_javascript(text);
    if (step.name == "urlEncode") return http::percent_encode(text);
    if (step.name == "urlDecode") return http::percent_decode(text, true);
    if (step.name == "base64Encode") return base64_encode(text);
    if (step.name == "base64Decode") return base64_decode(text).value_or("");
    if (step.name == "parseJson") {
      auto parsed = bounded_parse(text);
      return parsed.is_discarded() ? std::nullopt : std::optional(std::move(parsed));
    }
    return std::nullopt;
  }

  std::optional<Json> value_of(const Expression& e) {
    auto value = evaluated(e);
    if (value && e.kind != Expression::Kind::reference) charge(*value);  // find() has done so
    return value;
  }

  std::optional<Json> evaluated(const Expression& e) {
    switch (e.kind) {
      case Expression::Kind::literal:
        return e.literal;
      case Expression::Kind::reference:
        return find(e.reference);
      case Expression::Kind::interpolated:
        return interpolated(e.text);
      case Expression::Kind::list:
        return Json(values_of(e.operands));
      case Expression::Kind::map: {
        Json map = Json::object();
        const auto values = values_of(e.operands);
        for (std::size_t i = 0; i + 1 < values.size(); i += 2) map[shown(values[i])] = values[i + 1];
        return map;
      }
      case Expression::Kind::range:
        return range(values_of(e.operands));
      case Expression::Kind::operation:
        return operation(e);
    }
    return std::nullopt;
  }

  Json interpolated(const std::string& text) {
    if (++texts_ > kDeepestText) throw TemplateError{"too deeply nested"};
    charge(text.size());
    auto outer = std::exchange(out, {});
    walk(parse(text));
    --texts_;
    return std::exchange(out, std::move(outer));
  }

  static Json range(const std::vector<Json>& ends) {
    Json out = Json::array();
    if (!ends[0].is_number_integer() || !ends[1].is_number_integer()) return out;
    const auto from = ends[0].get<std::int64_t>(), to = ends[1].get<std::int64_t>();
    const auto by = from <= to ? 1 : -1;
    for (auto i = from; out.size() < kMostRounds; i += by) {
      out.push_back(i);
      if (i == to) break;
    }
    return out;
  }

  std::optional<Json> operation(const Expression& e) {
    const auto& op = e.text;
    if (op == "!") return !truth(value_of(e.operands[0]));
    if (op == "&&") return truth(value_of(e.operands[0])) && truth(value_of(e.operands[1]));
    if (op == "||") return truth(value_of(e.operands[0])) || truth(value_of(e.operands[1]));
    const auto a = value_of(e.operands[0]).value_or(Json()), b = value_of(e.operands[1]).value_or(Json());
    if (op == "==") return a == b;
    if (op == "!=") return a != b;
    if (op == "+" && (a.is_string() || b.is_string())) return shown(a) + shown(b);
    if (a.is_string() && b.is_string())
      return compared(op, a.get_ref<const std::string&>().compare(b.get_ref<const std::string&>()));
    if (!a.is_number() || !b.is_number()) return std::nullopt;
    if (op.size() > 1 || op == "<" || op == ">") {
      const double difference = a.get<double>() - b.get<double>();
      return compared(op, difference < 0 ? -1 : difference > 0);
    }
    return arithmetic(op[0], a, b);
  }

  static std::optional<Json> compared(const std::string& op, int order) {
    if (op == "<") return order < 0;
    if (op == "<=") return order <= 0;
    if (op == ">") return order > 0;
    if (op == ">=") return order >= 0;
    return std::nullopt;
  }

  static std::optional<Json> arithmetic(char op, const Json& a, const Json& b) {
    if (!a.is_number_integer() || !b.is_number_integer()) {
      const double x = a.get<double>(), y = b.get<double>();
      if (op == '+') return x + y;
      if (op == '-') return x - y;
      if (op == '*') return x * y;
      return op == '/' && y != 0 ? std::optional<Json>(x / y) : std::nullopt;
    }
    std::int64_t out = 0;
    const auto x = a.get<std::int64_t>(), y = b.get<std::int64_t>();
    const bool divides = op == '/' || op == '%';
    if (divides && (y == 0 || y == -1)) return y == 0 ? std::nullopt : arithmetic('*', a, b);
    if (op == '/') return x / y;
    if (op == '%') return x % y;
    const bool over = op == '+'   ? __builtin_add_overflow(x, y, &out)
                      : op == '-' ? __builtin_sub_overflow(x, y, &out)
                                  : __builtin_mul_overflow(x, y, &out);
    return over ? std::nullopt : std::optional<Json>(out);
  }

  TemplateInput& input_;
  std::map<std::string, Json, std::less<>> variables_;
  std::optional<Json> body_;
  std::size_t handled_ = 0, seen_ = 0;
  int walked_ = 0, texts_ = 0;
  bool stopped_ = false;
};
}  // namespace
}  // namespace velocity

std::string render(std::string_view text, TemplateInput& input) {
  if (text.find_first_of("$#") == text.npos) return std::string(text);
  velocity::Walker walker(input);
  walker.walk(velocity::parse(text));
  return std::move(walker.out);
}
}  // namespace emu::gateway
