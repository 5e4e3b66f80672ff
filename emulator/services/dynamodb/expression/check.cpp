#include "emulator/services/dynamodb/expression/check.hpp"

#include <functional>

#include "emulator/services/dynamodb/expression/parser.hpp"

namespace emu::dynamodb::expression {
namespace {
constexpr std::size_t kMaxIn = 100;  // operands of IN, the left one included (D3)

bool scalar(Type t) { return t == Type::S || t == Type::N || t == Type::B; }

struct Checker {
  const Bindings& bindings;
  const ExpressionVoice& voice;

  void defined(const Operand& o) const {
    if (const auto* p = std::get_if<Path>(&o)) bindings.check(*p, voice);
    if (const auto* v = std::get_if<ValueRef>(&o)) bindings.check(*v, voice);
    if (const auto* c = std::get_if<std::unique_ptr<Call>>(&o)) call(**c);
  }
  const Value* constant(const Operand& o) const {
    const auto* v = std::get_if<ValueRef>(&o);
    return v ? &bindings.value(*v) : nullptr;
  }
  [[noreturn]] void wrong_type(std::string_view name, std::string_view letters) const {
    voice.refuse(fmt::format(
        "Incorrect operand type for operator or function; operator or function: {}, operand type: {}", name,
        letters));
  }
  void distinct(std::string_view name, const Operand& first, const Operand& other) const {
    const auto *a = std::get_if<Path>(&first), *b = std::get_if<Path>(&other);
    if (a && b && same_path(*a, *b, bindings))
      voice.refuse(
          fmt::format("The first operand must be distinct from the remaining operands for this operator or "
                      "function; operator: {}, first operand: {}",
                      name, show(*a, bindings)));
  }
  void ordered(std::string_view name, const Operand& o) const {
    if (const auto* v = constant(o); v && !scalar(v->type())) wrong_type(name, type_letters(v->type()));
  }
  void document_path(std::string_view name, const Operand& o) const {
    if (!std::holds_alternative<Path>(o))
      voice.refuse(
          fmt::format("Operator or function requires a document path; operator or function: {}", name));
  }

  void call(const Call& c) const {
    for (const auto& a : c.arguments) defined(a);
    const auto name = function_name(c.function);
    const bool one = c.function == Function::attribute_exists ||
                     c.function == Function::attribute_not_exists || c.function == Function::size;
    if (c.arguments.size() != (one ? 1u : 2u))
      voice.refuse(
          fmt::format("Incorrect number of operands for operator or function; operator or function: {}, "
                      "number of operands: {}",
                      name, c.arguments.size()));
    switch (c.function) {
      case Function::attribute_exists:
      case Function::attribute_not_exists:
      case Function::if_not_exists:
        return document_path(name, c.arguments[0]);
      case Function::attribute_type:
        return attribute_type(name, c);
      case Function::begins_with:
        distinct(name, c.arguments[0], c.arguments[1]);
        for (const auto& a : c.arguments)
          if (const auto* v = constant(a); v && v->type() != Type::S && v->type() != Type::B)
            wrong_type(name, type_letters(v->type()));
        return;
      case Function::contains:
        return distinct(name, c.arguments[0], c.arguments[1]);
      case Function::size:
        if (const auto* v = constant(c.arguments[0]))
          if (v->type() == Type::N || v->type() == Type::Bool || v->type() == Type::Null)
            wrong_type(name, type_letters(v->type()));
        return;
      case Function::list_append:
        for (const auto& a : c.arguments)
          if (const auto* v = constant(a); v && v->type() != Type::L)
            wrong_type(name, type_letters(v->type()));
        return;
    }
  }
  void attribute_type(std::string_view name, const Call& c) const {
    const auto* v = constant(c.arguments[1]);
    if (!v) wrong_type(name, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
    const auto* letters = v->as<std::string>();
    if (!letters) wrong_type(name, type_letters(v->type()));
    if (!type_of_letters(*letters))
      voice.refuse(fmt::format(
          "Invalid attribute type name found; type: {}, valid types: {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}",
          *letters));
  }

  void node(const Compare& c) const {
    defined(c.left);
    defined(c.right);
    const auto name = comparator_name(c.comparator);
    distinct(name, c.left, c.right);
    if (c.comparator == Comparator::eq || c.comparator == Comparator::ne) return;
    ordered(name, c.left);
    ordered(name, c.right);
  }
  void node(const Between& b) const {
    for (const auto* o : {&b.value, &b.low, &b.high}) defined(*o);
    distinct("BETWEEN", b.value, b.low);
    distinct("BETWEEN", b.value, b.high);
    for (const auto* o : {&b.value, &b.low, &b.high}) ordered("BETWEEN", *o);
    const auto *low = constant(b.low), *high = constant(b.high);
    if (!low || !high) return;
    const auto bounds = [&] {
      return fmt::format("lower bound operand: AttributeValue: {}, upper bound operand: AttributeValue: {}",
                         shown(*low), shown(*high));
    };
    if (low->type() != high->type())
      voice.refuse("The BETWEEN operator requires same data type for lower and upper bounds; " + bounds());
    if (order(*low, *high) == std::strong_ordering::greater)
      voice.refuse("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; " +
                   bounds());
  }
  static std::string shown(const Value& v) {
    const Json j = encode_json(v);
    return fmt::format("{{{}:{}}}", j.begin().key(), j.begin().value().get_ref<const std::string&>());
  }
  void node(const In& in) const {
    defined(in.value);
    for (const auto& o : in.among) defined(o);
    if (in.among.size() + 1 > kMaxIn)
      voice.refuse(fmt::format("The IN operator is provided with too many operands; number of operands: {}",
                               in.among.size() + 1));
    for (const auto& o : in.among) distinct("IN", in.value, o);
  }
  void node(const Call& c) const { call(c); }
  void node(const And& a) const {
    for (const auto& c : a.all) condition(c);
  }
  void node(const Or& o) const {
    for (const auto& c : o.any) condition(c);
  }
  void node(const Not& n) const { condition(*n.inner); }
  void condition(const Condition& c) const {
    std::visit([&](const auto& held) { node(held); }, c.node);
  }
};

// Two targets of which one is the other or lies below it overlap; two that want one place to be both a map
// and a list conflict.
enum class Meeting { none, overlap, conflict };
Meeting meeting(const Path& a, const Path& b, const Bindings& bindings) {
  for (std::size_t i = 0; i < a.steps.size() && i < b.steps.size(); ++i) {
    const auto *left = std::get_if<ListIndex>(&a.steps[i]), *right = std::get_if<ListIndex>(&b.steps[i]);
    if (!left != !right) return Meeting::conflict;
    if (left ? left->at != right->at : bindings.name(a.steps[i]) != bindings.name(b.steps[i]))
      return Meeting::none;
  }
  return Meeting::overlap;
}

void apart(const std::vector<const Path*>& paths, const Bindings& bindings, const ExpressionVoice& voice) {
  for (const auto [kind, word] :
       {std::pair(Meeting::overlap, "overlap"), std::pair(Meeting::conflict, "conflict")})
    for (std::size_t j = 1; j < paths.size(); ++j)
      for (std::size_t i = 0; i < j; ++i)
        if (meeting(*paths[i], *paths[j], bindings) == kind)
          voice.refuse(
              fmt::format("Two document paths {} with each other; must remove or rewrite one of these paths; "
                          "path one: {}, path two: {}",
                          word, show(*paths[i], bindings), show(*paths[j], bindings)));
}

std::string_view long_type(Type t) {
  constexpr std::string_view kNames[] = {"STRING",     "NUMBER", "BINARY", "STRING_SET", "NUMBER_SET",
                                         "BINARY_SET", "MAP",    "LIST",   "NULL",       "BOOLEAN"};
  return kNames[static_cast<std::size_t>(t)];
}
bool set(Type t) { return t == Type::SS || t == Type::NS || t == Type::BS; }
}  // namespace

void check(const Condition& condition, const Bindings& bindings, const ExpressionVoice& voice) {
  Checker{bindings, voice}.condition(condition);
}

void check(const Update& update, const Bindings& bindings, const ExpressionVoice& voice) {
  const Checker checker{bindings, voice};
  std::vector<const Path*> targets;
  for (const auto& s : update.sets) targets.push_back(&s.target);
  for (const auto& p : update.removes) targets.push_back(&p);
  for (const auto& a : update.adds) targets.push_back(&a.target);
  for (const auto& d : update.deletes) targets.push_back(&d.target);
  for (const auto* p : targets) bindings.check(*p, voice);
  const auto references = [&](const Operand& o, bool names, auto& self) -> void {
    if (const auto* p = std::get_if<Path>(&o); p && names) bindings.check(*p, voice);
    if (const auto* v = std::get_if<ValueRef>(&o); v && !names) bindings.check(*v, voice);
    if (const auto* c = std::get_if<std::unique_ptr<Call>>(&o))
      for (const auto& a : (*c)->arguments) self(a, names, self);
  };
  for (const bool names : {true, false})  // every name before the first value
    for (const auto& s : update.sets) {
      references(s.left, names, references);
      if (s.sign) references(s.right, names, references);
    }
  for (const auto* actions : {&update.adds, &update.deletes})
    for (const auto& a : *actions) bindings.check(a.value, voice);
  apart(targets, bindings, voice);
  const auto operand_type = [&](std::string_view section, Type t) {
    voice.refuse(
        fmt::format("Incorrect operand type for operator or function; operator: {}, operand type: {}",
                    section, long_type(t)));
  };
  for (const auto& a : update.adds)
    if (const auto t = bindings.value(a.value).type(); t != Type::N && !set(t)) operand_type("ADD", t);
  for (const auto& d : update.deletes)
    if (const auto t = bindings.value(d.value).type(); !set(t)) operand_type("DELETE", t);
  for (const auto& s : update.sets) {
    checker.defined(s.left);
    if (!s.sign) continue;
    checker.defined(s.right);
    for (const auto* o : {&s.left, &s.right})
      if (const auto* v = checker.constant(*o); v && v->type() != Type::N)
        checker.wrong_type(std::string_view(&s.sign, 1), type_letters(v->type()));
  }
}

void check(const Paths& projection, const Bindings& bindings, const ExpressionVoice& voice) {
  std::vector<const Path*> paths;
  for (const auto& p : projection) {
    bindings.check(p, voice);
    paths.push_back(&p);
  }
  apart(paths, bindings, voice);
}

namespace {
void operand_paths(const Operand& o, const std::function<void(const Path&)>& visit) {
  if (const auto* p = std::get_if<Path>(&o)) visit(*p);
  if (const auto* c = std::get_if<std::unique_ptr<Call>>(&o))
    for (const auto& a : (*c)->arguments) operand_paths(a, visit);
}
}  // namespace

void each_path(const Condition& condition, const std::function<void(const Path&)>& visit) {
  if (const auto* c = std::get_if<Compare>(&condition.node)) {
    operand_paths(c->left, visit);
    operand_paths(c->right, visit);
  } else if (const auto* b = std::get_if<Between>(&condition.node)) {
    for (const auto* o : {&b->value, &b->low, &b->high}) operand_paths(*o, visit);
  } else if (const auto* in = std::get_if<In>(&condition.node)) {
    operand_paths(in->value, visit);
    for (const auto& o : in->among) operand_paths(o, visit);
  } else if (const auto* call = std::get_if<Call>(&condition.node)) {
    for (const auto& a : call->arguments) operand_paths(a, visit);
  } else if (const auto* a = std::get_if<And>(&condition.node)) {
    for (const auto& c2 : a->all) each_path(c2, visit);
  } else if (const auto* o = std::get_if<Or>(&condition.node)) {
    for (const auto& c2 : o->any) each_path(c2, visit);
  } else {
    each_path(*std::get<Not>(condition.node).inner, visit);
  }
}
}  // namespace emu::dynamodb::expression
