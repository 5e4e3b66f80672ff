#include "emulator/deploy/variables/variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "emulator/base/file.hpp"
#include "emulator/deploy/variables/dotenv.hpp"
#include "emulator/deploy/variables/variable_syntax.hpp"
#include "emulator/source/source.hpp"

namespace emu::deploy {
namespace {
namespace fs = std::filesystem;
constexpr int kMaxNesting = 100;     // of values that hold variables
constexpr int kMaxVisits = 200'000;  // bounds values that double each other

std::string dotted(const std::vector<std::string>& path) {
  std::string out;
  for (const auto& part : path) out += (out.empty() ? "" : ".") + part;
  return out.empty() ? "the whole configuration" : out;
}

std::vector<std::string> split(const std::string& address) {
  std::vector<std::string> out;
  for (std::size_t from = 0; !address.empty() && from <= address.size();) {
    const std::size_t dot = std::min(address.find('.', from), address.size());
    out.push_back(address.substr(from, dot - from));
    from = dot + 1;
  }
  return out;
}

Node* child(Node& node, const std::string& key) {
  if (!node.is_list()) return node.find(key);
  if (key.empty() || key.size() > 6 || key.find_first_not_of("0123456789") != key.npos) return nullptr;
  const std::size_t i = std::stoul(key);
  return i < node.items.size() ? &node.items[i] : nullptr;
}

// What to do, beside a fallback, where a source has no such value.
std::string_view what_to_set(std::string_view source) {
  if (source == "opt") return "the options are stage and region; ";
  if (source == "file") return "write that file or key, or ";
  return "set it, or ";
}

class Resolver {
 public:
  Resolver(Node root, VariableInputs inputs) : root_(std::move(root)), in_(std::move(inputs)) {}

  Node all() {
    const Node* use = root_.find("useDotenv");
    if (use && value_at({"useDotenv"}).is_true()) read_dotenv(in_.directory, stage(), in_.environment);
    Path path;
    deep(root_, path);
    return std::move(root_);
  }

 private:
  using Path = std::vector<std::string>;
  struct Site {  // where a variable stands
    const Path& path;
    Place place;
  };

  [[noreturn]] static void refuse(const Site& site, std::string_view why) {
    throw Problems(site.place, fmt::format("Cannot resolve variable at \"{}\": {}", dotted(site.path), why));
  }

  // Replaces every variable at and below `node`.
  void deep(Node& node, Path& path) {
    if (++visits_ > kMaxVisits)
      throw Problems(node.place, "the values of this configuration grow without end");
    shallow(node, path);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      path.push_back(std::to_string(i));
      deep(node.items[i], path);
      path.pop_back();
    }
    for (auto& [key, value] : node.members) {
      path.push_back(key);
      deep(value, path);
      path.pop_back();
    }
  }

  // Replaces the variables of one text; what it becomes may hold others below it.
  void shallow(Node& node, const Path& path) {
    if (!node.is_string() || node.text().find("${") == std::string::npos) return;
    if (settled_.contains(dotted(path))) return;
    const Place place = node.place;
    enter(path, place);
    node = expand(node, {path, place});
    node.place = place;
    settled_.insert(std::move(resolving_.back()));
    resolving_.pop_back();
  }

  void enter(const Path& path, const Place& place) {
    const std::string name = dotted(path);
    const auto it = std::ranges::find(resolving_, name);
    if (it != resolving_.end()) {
      std::string circle;
      for (auto i = it; i != resolving_.end(); ++i) circle += *i + " → ";
      throw Problems(place, fmt::format("Cannot resolve variable at \"{}\": it refers to itself: {}{}", name,
                                        circle, name));
    }
    resolving_.push_back(name);
  }

  Node expand(const Node& node, const Site& site) {
    const VariableText text = parse_variables(node.text(), site.place);
    if (text.size() == 1 && text[0].is_variable()) return variable(text[0], site);
    return Node(joined(text, site), site.place);
  }

  std::string joined(const VariableText& text, const Site& site) {
    std::string out;
    for (const auto& piece : text) {
      if (!piece.is_variable()) {
        out += piece.text;
        continue;
      }
      const Node value = variable(piece, site);
      if (value.kind != Node::Kind::scalar || value.is_null())
        refuse(site, fmt::format("{} is {}, which cannot be part of a text", piece.written, value.what()));
      out += value.as_text();
    }
    return out;
  }

  Node variable(const Piece& piece, const Site& site) {
    if (++nesting_ > kMaxNesting) refuse(site, "its values give ever new variables");
    Node value = first_value(piece, site);
    // What came from outside (a file, the environment) may hold variables of its own.
    const bool outside = piece.sources[0].type != "self" || piece.sources.size() > 1;
    if (outside && value.is_string() && value.text().find("${") != std::string::npos)
      value = expand(value, site);
    --nesting_;
    return value;
  }

  Node first_value(const Piece& piece, const Site& site) {
    for (const auto& source : piece.sources) {
      const bool last = &source == &piece.sources.back();
      if (source.type.empty()) {
        if (last || !source.literal.is_null()) return Node(source.literal, site.place);
      } else if (auto value = from(source, piece, site, last); value && !value->is_null()) {
        return std::move(*value);
      }
    }
    const auto& type = piece.sources.back().type;
    refuse(site, fmt::format("Value not found at \"{}\" source; {}give a fallback: {}, 'value'}}", type,
                             what_to_set(type), piece.written.substr(0, piece.written.size() - 1)));
  }

  std::optional<Node> from(const VariableSource& source, const Piece& piece, const Site& site, bool last) {
    const std::string address = joined(source.address, site);
    std::vector<std::string> params;
    for (const auto& param : source.params) params.push_back(joined(param, site));
    const auto text = [&](const std::map<std::string, std::string>& map) -> std::optional<Node> {
      const auto it = map.find(address);
      return it == map.end() ? std::nullopt : std::optional(Node(Json(it->second), site.place));
    };
    if (source.type == "self") return value_at(split(address));
    if (source.type == "opt" && address.empty()) return Node(Json(in_.options), site.place);
    if (source.type == "opt") return text(in_.options);
    if (source.type == "env") return text(in_.environment);
    if (source.type == "sls") return sls(address, site);
    if (source.type == "aws") return aws(address, site);
    if (source.type == "param") return param(address, site);
    if (source.type == "file") return file(params, address, site);
    if (source.type == "strToBool") return boolean(params, site);
    if (source.type == "cf" || source.type == "ssm" || source.type == "s3") {
      if (!last) return std::nullopt;
      refuse(site,
             fmt::format(
                 "\"{}\" values live in an AWS account and are not read here; give a fallback: {}, 'value'}}",
                 source.type, piece.written.substr(0, piece.written.size() - 1)));
    }
    refuse(site, fmt::format(
                     "unknown variable source \"{}\" in {}; known are self, opt, env, sls, file, param, aws, "
                     "strToBool (and cf, ssm, s3 with a fallback)",
                     source.type, piece.written));
  }

  Node value_at(Path address) {
    Node* node = &root_;
    Path path;
    for (const auto& key : address) {
      shallow(*node, path);
      node = child(*node, key);
      if (!node) return {};
      path.push_back(key);
    }
    deep(*node, path);
    return *node;
  }

  std::string stage() {
    if (const auto it = in_.options.find("stage"); it != in_.options.end()) return it->second;
    const Node stage = value_at({"provider", "stage"});
    return stage.is_null() ? "dev" : stage.as_text();
  }

  Node sls(const std::string& address, const Site& site) {
    if (address == "stage") return Node(stage(), site.place);
    if (address == "instanceId") return Node(in_.instance_id, site.place);
    refuse(site, fmt::format("\"sls:{}\" does not exist; known are sls:stage and sls:instanceId", address));
  }

  Node aws(const std::string& address, const Site& site) {
    if (address == "accountId") return Node(in_.account, site.place);
    if (address != "region")
      refuse(site, fmt::format("\"aws:{}\" does not exist; known are aws:accountId and aws:region", address));
    if (const auto it = in_.options.find("region"); it != in_.options.end())
      return Node(it->second, site.place);
    const Node region = value_at({"provider", "region"});
    return region.is_null() ? Node("us-east-1", site.place) : region;
  }

  std::optional<Node> param(const std::string& address, const Site& site) {
    if (const auto it = in_.params.find(address); it != in_.params.end()) return Node(it->second, site.place);
    for (const auto& group : {stage(), std::string("default")})
      if (Node value = value_at({"params", group, address}); !value.is_null()) return value;
    return std::nullopt;
  }

  Node boolean(const std::vector<std::string>& params, const Site& site) {
    std::string word = params.empty() ? "" : params[0];
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return std::tolower(c); });
    if (word == "true" || word == "1") return Node(true, site.place);
    if (word == "false" || word == "0") return Node(false, site.place);
    refuse(site, fmt::format("Invalid \"strToBool\" input: Expected either \"true\", \"false\", \"0\", or "
                             "\"1\". Received: \"{}\"",
                             params.empty() ? "" : params[0]));
  }

  std::optional<Node> file(const std::vector<std::string>& params, const std::string& address,
                           const Site& site) {
    if (params.empty() || params[0].empty()) refuse(site, "\"file\" needs a path: ${file(./values.yml):key}");
    const fs::path name = fs::path(params[0]).lexically_normal();
    const std::string kind = name.extension().string();
    for (const auto* code : {".js", ".cjs", ".mjs", ".ts", ".mts"})
      if (kind == code)
        refuse(
            site,
            fmt::format(
                "{} is a program, and programs are not run here; write its values into a .yml or .json file",
                name.string()));
    const auto content = read_file(in_.directory / name);
    if (!content) return std::nullopt;
    if (!files_.contains(name.string()))
      files_[name.string()] = kind == ".yml" || kind == ".yaml"       ? parse_yaml(*content, name.string())
                              : kind == ".json" || kind == ".tfstate" ? parse_json(*content, name.string())
                                                                      : Node(*content, site.place);
    Node value = files_[name.string()];
    for (const auto& key : split(address)) {
      if (value.is_string()) value = expand(value, site);
      Node* next = child(value, key);
      if (!next) return std::nullopt;
      value = Node(*next);
    }
    return value;
  }

  Node root_;
  VariableInputs in_;
  std::vector<std::string> resolving_;  // dotted paths, outermost first
  std::set<std::string> settled_;       // dotted paths whose remaining "${" are not ours
  std::map<std::string, Node> files_;
  int nesting_ = 0;
  int visits_ = 0;
};
}  // namespace

Node resolve_variables(Node document, VariableInputs inputs) {
  return Resolver(std::move(document), std::move(inputs)).all();
}
}  // namespace emu::deploy
