#include "emulator/services/gateway/templates/syntax.hpp"

#include <fmt/format.h>

#include <cctype>

#include "emulator/services/gateway/templates/template.hpp"

namespace emu::gateway::velocity {
namespace {
constexpr int kDeepest = 40;
constexpr std::size_t kMostSteps = 100;  // of one reference

bool begins_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Nodes all() {
    std::string ended;
    auto out = nodes(ended, 0);
    if (!ended.empty()) fail(fmt::format("#{} without its beginning", ended));
    return out;
  }

 private:
  [[noreturn]] static void fail(std::string message) { throw TemplateError{std::move(message)}; }
  bool at(std::string_view what) const { return text_.substr(pos_).starts_with(what); }
  char peek(std::size_t ahead = 0) const { return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\0'; }
  void blanks() {
    while (pos_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[pos_]))) ++pos_;
  }
  bool accept(std::string_view what) {
    blanks();
    if (!at(what)) return false;
    pos_ += what.size();
    return true;
  }
  void expect(std::string_view what) {
    if (!accept(what)) fail(fmt::format("'{}' expected at offset {}", what, pos_));
  }
  std::string name() {
    std::string out;
    while (in_name(peek())) out += text_[pos_++];
    return out;
  }

  // A directive's word at '#', if it is one of ours.
  std::string directive() const {
    std::size_t i = pos_ + 1;
    const bool braced = i < text_.size() && text_[i] == '{';
    if (braced) ++i;
    std::string word;
    while (i < text_.size() && std::isalpha(static_cast<unsigned char>(text_[i]))) word += text_[i++];
    for (const auto* known :
         {"set", "if", "elseif", "else", "end", "foreach", "stop", "define", "macro", "parse", "include"})
      if (word == known) return word;
    return {};
  }
  void skip_directive(const std::string& word) {
    const bool braced = peek(1) == '{';
    pos_ += word.size() + (braced ? 3 : 1);
  }
  // Velocity takes the rest of a directive's own line with it.
  void end_of_directive() {
    auto i = pos_;
    while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t' || text_[i] == '\r')) ++i;
    if (i < text_.size() && text_[i] == '\n') pos_ = i + 1;
  }

  void add_text(Nodes& out, std::string_view piece) {
    if (out.empty() || out.back().kind != Node::Kind::text) out.emplace_back();
    out.back().text += piece;
  }

  Nodes nodes(std::string& ended, int depth) {
    if (depth > kDeepest) fail("too deeply nested");
    Nodes out;
    while (pos_ < text_.size()) {
      if (at("##")) {
        pos_ = std::min(text_.find('\n', pos_), text_.size());
        if (pos_ < text_.size()) ++pos_;
      } else if (at("#*")) {
        const auto close = text_.find("*#", pos_);
        pos_ = close == text_.npos ? text_.size() : close + 2;
      } else if (peek() == '#' && !directive().empty()) {
        const auto word = directive();
        if (word == "end" || word == "else" || word == "elseif") {
          skip_directive(word);
          if (word == "end") end_of_directive();
          ended = word;
          return out;
        }
        out.push_back(directive_node(word, depth));
      } else if (peek() == '$' && is_reference()) {
        Node node{.kind = Node::Kind::reference};
        node.reference = reference(depth);
        out.push_back(std::move(node));
      } else {
        add_text(out, text_.substr(pos_++, 1));
      }
    }
    return out;
  }

  Node directive_node(const std::string& word, int depth) {
    skip_directive(word);
    Node node;
    if (word == "stop") {
      node.kind = Node::Kind::stop;
    } else if (word == "set") {
      node.kind = Node::Kind::set;
      expect("(");
      blanks();
      if (peek() != '$') fail("#set wants a reference");
      node.reference = reference(depth);
      expect("=");
      node.value = expression(depth + 1);
      expect(")");
      end_of_directive();
    } else if (word == "if") {
      node = branches(depth);
    } else if (word == "foreach") {
      node = loop(depth);
    } else {
      fail(fmt::format("#{} is not supported", word));
    }
    return node;
  }

  Node branches(int depth) {
    Node node{.kind = Node::Kind::branches};
    std::string ended = "if";
    while (ended != "end") {
      Branch branch;
      if (ended != "else") {
        expect("(");
        branch.condition = expression(depth + 1);
        expect(")");
      }
      end_of_directive();
      ended.clear();
      branch.body = nodes(ended, depth + 1);
      if (ended.empty()) fail("#if without #end");
      node.branches.push_back(std::move(branch));
    }
    return node;
  }

  Node loop(int depth) {
    Node node{.kind = Node::Kind::loop};
    expect("(");
    expect("$");
    accept("{");
    node.text = name();
    accept("}");
    expect("in");
    node.value = expression(depth + 1);
    expect(")");
    end_of_directive();
    std::string ended;
    node.body = nodes(ended, depth + 1);
    if (ended != "end") fail("#foreach without #end");
    return node;
  }

  bool is_reference() const {
    std::size_t i = 1;
    if (peek(i) == '!') ++i;
    if (peek(i) == '{') ++i;
    return begins_name(peek(i));
  }

  Reference reference(int depth) {
    if (depth > kDeepest) fail("too deeply nested");
    const auto from = pos_++;
    Reference out;
    if (peek() == '!') {
      out.quiet = true;
      ++pos_;
    }
    const bool braced = peek() == '{';
    if (braced) ++pos_;
    if (!begins_name(peek())) fail(fmt::format("a reference expected at offset {}", pos_));
    out.root = name();
    for (;;) {
      if (out.steps.size() > kMostSteps) fail("too deeply nested");
      if (peek() == '.' && begins_name(peek(1))) {
        ++pos_;
        Step step{.name = name()};
        if (peek() == '(') {
          ++pos_;
          step.call = true;
          step.arguments = list(")", depth);
        }
        out.steps.push_back(std::move(step));
      } else if (peek() == '[' && !out.root.empty()) {
        const auto back = pos_++;
        try {
          Step step;
          step.arguments = list("]", depth);
          if (step.arguments.size() != 1) fail("one index expected");
          out.steps.push_back(std::move(step));
        } catch (const TemplateError&) {  // text after all: "$x[…"
          pos_ = back;
          break;
        }
      } else {
        break;
      }
    }
    if (braced) expect("}");
    out.text = text_.substr(from, pos_ - from);
    return out;
  }

  std::vector<Expression> list(std::string_view close, int depth) {
    std::vector<Expression> out;
    if (accept(close)) return out;
    do out.push_back(expression(depth + 1));
    while (accept(","));
    expect(close);
    return out;
  }

  Expression operation(std::string op, std::vector<Expression> operands) {
    Expression out{.kind = Expression::Kind::operation};
    out.text = std::move(op);
    out.operands = std::move(operands);
    return out;
  }

  // The operators by how tightly they bind.
  Expression expression(int depth, int level = 0) {
    static constexpr std::initializer_list<const char*> kLevels[] = {
        {"||"}, {"&&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"+", "-"}, {"*", "/", "%"}};
    if (depth > kDeepest) fail("too deeply nested");
    if (level == static_cast<int>(std::size(kLevels))) return operand(depth);
    auto left = expression(depth, level + 1);
    for (;;) {
      const char* found = nullptr;
      for (const auto* op : kLevels[level])
        if (!found && accept(op)) found = op;
      if (!found) return left;
      std::vector<Expression> both;
      both.push_back(std::move(left));
      both.push_back(expression(depth + 1, level + 1));
      left = operation(found, std::move(both));
      ++depth;
    }
  }

  Expression operand(int depth) {
    blanks();
    const char c = peek();
    if (c == '!') {
      ++pos_;
      std::vector<Expression> one;
      one.push_back(deeper(depth));
      return operation("!", std::move(one));
    }
    if (c == '(') {
      ++pos_;
      auto inner = expression(depth + 1);
      expect(")");
      return inner;
    }
    Expression out;
    if (c == '$') {
      out.kind = Expression::Kind::reference;
      out.reference = reference(depth + 1);
    } else if (c == '\'' || c == '"') {
      out = quoted(c);
    } else if (c == '[') {
      ++pos_;
      out.kind = Expression::Kind::list;
      if (!accept("]")) {
        out.operands.push_back(expression(depth + 1));
        if (accept("..")) {
          out.kind = Expression::Kind::range;
          out.operands.push_back(expression(depth + 1));
        } else {
          while (accept(",")) out.operands.push_back(expression(depth + 1));
        }
        expect("]");
      }
    } else if (c == '{') {
      ++pos_;
      out.kind = Expression::Kind::map;
      if (!accept("}")) {
        do {
          out.operands.push_back(expression(depth + 1));
          expect(":");
          out.operands.push_back(expression(depth + 1));
        } while (accept(","));
        expect("}");
      }
    } else {
      out.literal = word_or_number();
    }
    return out;
  }

  Expression deeper(int depth) {
    if (depth > kDeepest) fail("too deeply nested");
    return operand(depth + 1);
  }

  Expression quoted(char quote) {
    ++pos_;
    std::string inner;
    while (pos_ < text_.size()) {
      if (text_[pos_] == quote) {
        if (peek(1) != quote) break;  // doubled: itself
        ++pos_;
      }
      inner += text_[pos_++];
    }
    if (pos_ >= text_.size()) fail("a text without its end");
    ++pos_;
    Expression out;
    if (quote == '"' && inner.find_first_of("$#") != inner.npos) {
      out.kind = Expression::Kind::interpolated;
      out.text = std::move(inner);
    } else {
      out.literal = std::move(inner);
    }
    return out;
  }

  Json word_or_number() {
    for (const auto& [word, value] :
         {std::pair<std::string_view, Json>{"true", true}, {"false", false}, {"null", nullptr}})
      if (at(word)) {
        pos_ += word.size();
        return value;
      }
    std::string digits;
    if (peek() == '-') digits += text_[pos_++];
    while (std::isdigit(static_cast<unsigned char>(peek())) ||
           (peek() == '.' && std::isdigit(static_cast<unsigned char>(peek(1)))))
      digits += text_[pos_++];
    auto number = Json::parse(digits, nullptr, false);
    if (!number.is_number()) fail(fmt::format("an expression expected at offset {}", pos_));
    return number;
  }

  std::string_view text_;
  std::size_t pos_ = 0;
};
}  // namespace

Nodes parse(std::string_view text) { return Parser(text).all(); }
}  // namespace emu::gateway::velocity
