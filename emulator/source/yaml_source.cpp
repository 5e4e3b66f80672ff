#include "emulator/source/source.hpp"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/node/node.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>

#include "emulator/source/source_limits.hpp"

namespace emu {
namespace {
constexpr std::size_t kMaxBytes = 4 << 20;         // ours: no project file comes near
constexpr int kMaxNodes = 100'000;                 // also bounds aliases of aliases
constexpr std::size_t kMaxCopied = 4 * kMaxBytes;  // of text, by anchors and their aliases

// CloudFormation's short forms (spec-iac 6); Ref and Condition have no "Fn::".
constexpr std::array<std::string_view, 21> kTags = {
    "And",    "Base64", "Cidr",   "Condition",   "Equals", "FindInMap",    "ForEach",
    "GetAZs", "GetAtt", "If",     "ImportValue", "Join",   "Length",       "Not",
    "Or",     "Ref",    "Select", "Split",       "Sub",    "ToJsonString", "Transform"};

// What the parser says, and what a person can do about it.
constexpr std::pair<std::string_view, std::string_view> kHints[] = {
    {"illegal map value",
     "a ':' stands where no key may begin; quote text that contains ': ', or check the indentation"},
    {"end of map not found",
     "this line is not indented as its neighbours are; align the keys of one mapping"},
    {"end of sequence not found",
     "this line is not indented as its neighbours are; align the '-' of one list"},
    {"end of map flow not found", "a '{' is not closed by '}'; quote text that contains braces"},
    {"end of sequence flow not found", "a '[' is not closed by ']'; quote text that contains brackets"},
    {"illegal block entry", "a '- ' may not begin here; put the list on lines of its own"},
    {"illegal map key", "a key may not begin here; put the mapping on lines of its own"},
    {"illegal flow end", "this ']' or '}' closes nothing; remove it, or quote the text"},
    {"unknown token", "this character may not begin a value; quote the text"},
    {"illegal document indicator in scalar", "a quoted text is not closed; add the missing quote"},
    {"unknown escape character", "this backslash escape does not exist; use single quotes"},
    {"the referenced anchor is not defined",
     "this *alias names no &anchor; define the anchor above, or quote the text"},
};

class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const std::string& file) : file_(file) {}
  std::optional<Node> root;
  int last_line = 1;  // that began something

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    value(Node(nullptr, at(mark)), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto it = anchors_.find(anchor);
    if (it == anchors_.end()) throw Problems(at(mark), "an alias may not stand inside its own anchor");
    count(it->second, at(mark), open_.size());
    value(it->second, 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    if (awaits_key() && anchor == 0) return key(mark, text, tag == "?");
    const bool plain =
        tag == "?" || tag.empty() || (tag.starts_with("tag:") && tag != "tag:yaml.org,2002:str");
    const Json scalar = plain ? plain_scalar(text) : Json(text);  // an argument of !Sub and the like is text
    value(tagged(Node(scalar, at(mark)), tag), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::list(at(mark)), tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::map(at(mark)), tag, anchor);
  }
  void OnMapEnd() override {
    Open& top = open_.back();
    for (const auto& merged : top.merges)
      for (const auto& [key, value] : merged.members)
        if (top.keys.insert(key).second) top.node.members.push_back({key, value});
    close();
  }

 private:
  struct Open {
    Node node;
    std::string tag;
    YAML::anchor_t anchor;
    std::set<std::string, std::less<>> keys = {};  // of a map, which would search its members one by one
    std::optional<std::string> key = {};           // read, its value not yet
    bool merge = false;
    Place key_place = {};
    std::vector<Node> merges = {};
  };

  Place at(const YAML::Mark& mark) {
    last_line = mark.line + 1;
    return {file_, last_line};
  }
  bool awaits_key() const { return !open_.empty() && open_.back().node.is_map() && !open_.back().key; }

  // What a copy adds, `depth` levels below the root.
  void count(const Node& node, const Place& from, std::size_t depth) {
    if (depth > kMaxSourceDepth) throw Problems(from, "this is nested too deeply");
    copied_ += node.is_string() ? node.text().size() : 0;
    for (const auto& member : node.members) copied_ += member.key.size();
    if (++nodes_ > kMaxNodes || copied_ > kMaxCopied) throw Problems(from, "this file has too many values");
    for (const auto& item : node.items) count(item, from, depth + 1);
    for (const auto& member : node.members) count(member.value, from, depth + 1);
  }
  void open(Node node, const std::string& tag, YAML::anchor_t anchor) {
    if (open_.size() >= kMaxSourceDepth) throw Problems(node.place, "this is nested too deeply");
    if (awaits_key())
      throw Problems(node.place, "a key must be text; quote a value that begins with '{' or '['");
    open_.push_back({std::move(node), tag, anchor});
  }
  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    value(tagged(std::move(done.node), done.tag), done.anchor);
  }
  void key(const YAML::Mark& mark, const std::string& text, bool plain) {
    Open& top = open_.back();
    top.merge = plain && text == "<<";
    if (!top.merge && !top.keys.insert(text).second)
      throw Problems(at(mark), fmt::format("the key \"{}\" is already given in line {}", text,
                                           top.node.find(text)->place.line));
    top.key = text;
    top.key_place = at(mark);
  }
  Node tagged(Node node, const std::string& tag) const {
    if (tag.size() < 2 || tag[0] != '!') return node;
    const std::string name = tag.substr(1);
    if (std::ranges::find(kTags, name) == kTags.end())
      throw Problems(node.place,
                     fmt::format("unknown tag {}; quote the text if it should begin with '!'", tag));
    if (name == "GetAtt" && node.is_string()) {
      const std::string text = node.text();
      const auto dot = std::min(text.find('.'), text.size());
      node =
          Node(Json::array({text.substr(0, dot), text.substr(std::min(dot + 1, text.size()))}), node.place);
    }
    Node out = Node::map(node.place);
    out.set(name == "Ref" || name == "Condition" ? name : "Fn::" + name, std::move(node));
    return out;
  }
  void value(Node node, YAML::anchor_t anchor) {
    if (++nodes_ > kMaxNodes) throw Problems(node.place, "this file has too many values");
    if (anchor) {
      count(node, node.place, open_.size());
      anchors_[anchor] = node;
    }
    if (open_.empty()) {
      root = std::move(node);
      return;
    }
    Open& top = open_.back();
    if (top.node.is_list()) {
      top.node.push(std::move(node));
    } else if (!top.key) {
      throw Problems(node.place, "a key must be text without an anchor or alias");
    } else if (top.merge) {
      merge(top, std::move(node));
    } else {
      node.place = top.key_place;
      top.node.members.push_back({*std::exchange(top.key, std::nullopt), std::move(node)});
    }
  }
  static void merge(Open& top, Node node) {
    top.key.reset();
    if (!node.is_map() && !node.is_list())
      throw Problems(top.key_place, "'<<' merges mappings; this is none");
    if (node.is_map()) {
      top.merges.push_back(std::move(node));
      return;
    }
    for (auto& item : node.items) {
      if (!item.is_map()) throw Problems(top.key_place, "'<<' merges mappings; this list has another value");
      top.merges.push_back(std::move(item));
    }
  }

  const std::string& file_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  int nodes_ = 0;
  std::size_t copied_ = 0;
};

// The parser's words for a tab in the indentation differ with what stands before it.
bool indented_by_tab(std::string_view text, int line) {
  for (; line > 1 && text.find('\n') != text.npos; --line) text.remove_prefix(text.find('\n') + 1);
  const auto end = text.find_first_not_of(" \t");
  return text.substr(0, std::min(end, text.size())).find('\t') != text.npos;
}

[[noreturn]] void refuse(const YAML::Exception& e, std::string_view text, const Builder& builder,
                         const std::string& file) {
  const int line = e.mark.is_null() ? 0 : e.mark.line + 1;
  if (e.msg.find("EOF in scalar") != e.msg.npos)  // where it began, not where the file ends
    throw Problems({file, builder.last_line}, "a quoted text is not closed; add the missing quote");
  if (indented_by_tab(text, line))
    throw Problems({file, line}, "a tab stands in the indentation; indent with spaces");
  for (const auto& [begins, hint] : kHints)
    if (e.msg.starts_with(begins)) throw Problems({file, line}, std::string(hint));
  throw Problems({file, line}, fmt::format("this is not YAML: {}", e.msg));
}

std::optional<Node> parse(std::string_view text, const std::string& file) {
  std::istringstream in{std::string(text)};
  Builder builder(file);
  try {
    YAML::Parser parser(in);
    parser.HandleNextDocument(builder);
    Builder rest(file);
    if (parser.HandleNextDocument(rest) && rest.root && !rest.root->is_null())
      throw Problems(rest.root->place, "a second document begins here; keep one document per file");
  } catch (const YAML::Exception& e) {
    refuse(e, text, builder, file);
  }
  return std::move(builder.root);
}
}  // namespace

void check_source(std::string_view text, const std::string& file) {
  if (text.size() > kMaxBytes) throw Problems({file}, "this file is larger than 4 MB");
  try {
    (void)Json(text).dump();  // the one place where it looks at the encoding
  } catch (const Json::type_error&) {
    throw Problems({file}, "this file is not UTF-8; save it as UTF-8");
  }
}

Node parse_yaml(std::string_view text, const std::string& file) {
  check_source(text, file);
  // yaml-cpp takes an open quote for closed if the file ends in white space: look once without.
  const auto end = text.find_last_not_of(" \t\r\n");
  if (end != text.npos) parse(text.substr(0, end + 1), file);
  auto root = parse(text, file);
  return root ? std::move(*root) : Node(nullptr, {file, 1});
}
}  // namespace emu
