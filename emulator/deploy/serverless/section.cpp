#include "emulator/deploy/serverless/section.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/source/source.hpp"

namespace emu::deploy::serverless {
namespace {
const Node kEmpty = Node::map();

void refuse_type(const Node& value, const std::string& path, std::string_view must_be, Report& report) {
  const std::string got = value.is_string() ? '"' + value.text() + '"' : std::string(value.what());
  report.refuse(value.place, fmt::format("{} must be {}, not {}", path, must_be, got));
}
}  // namespace

void Report::note(const Place& place, std::string text) {
  if (std::ranges::find(notes, text, &Note::text) == notes.end()) notes.push_back({place, std::move(text)});
}

void Report::refuse(const Place& place, std::string text) {
  const Problem problem{place, std::move(text)};
  if (std::ranges::find(problems, problem.line(), &Problem::line) == problems.end())
    problems.push_back(problem);
}

void Report::finish() {
  if (!problems.empty()) throw Problems(std::move(problems));
}

Section::Section(const Node& node, std::string path, std::span<const Key> keys, Report& report)
    : node_(&node), path_(std::move(path)), report_(report) {
  if (!node.is_map()) {
    if (!node.is_null())
      report.refuse(node.place, fmt::format("{} must be a mapping, not {}", path_, node.what()));
    node_ = &kEmpty;
  }
  for (const auto& [name, value] : node_->members) {
    const auto row = std::ranges::find(keys, name, &Key::name);
    if (row == keys.end()) {
      const auto near = nearest(name, names_of(keys));
      const std::string where = path_.empty() ? "" : " in " + path_;
      report.refuse(value.place,
                    near ? fmt::format("unknown property \"{}\"{}; did you mean \"{}\"?", name, where, *near)
                         : fmt::format("unknown property \"{}\"{}; supported are {}", name, where,
                                       listed(keys, Support::full)));
    } else if (row->support == Support::no_effect) {
      report.note(value.place, fmt::format("{} has no effect here{}{}", this->path(name),
                                           row->why.empty() ? "" : ": ", row->why));
    } else if (row->support == Support::not_yet) {
      report.refuse(value.place, fmt::format("{} is not supported yet{}{}", this->path(name),
                                             row->why.empty() ? "" : ": ", row->why));
    }
  }
}

const Node* Section::find(std::string_view key) const {
  const Node* value = node_->find(key);
  return value && !value->is_null() ? value : nullptr;
}

const Node* Section::wrong(std::string_view key, const Node& value, std::string_view must_be) const {
  refuse_type(value, path(key), must_be, report_);
  return nullptr;
}

const Node* Section::text(std::string_view key) const {
  const Node* value = find(key);
  return !value || value->is_string() ? value : wrong(key, *value, "text");
}

const Node* Section::value(std::string_view key) const {
  const Node* value = find(key);
  if (!value || value->is_string() || value->is_number() || is_intrinsic(*value)) return value;
  return wrong(key, *value, "text");
}

std::optional<Node> Section::number(std::string_view key) const {
  const Node* value = find(key);
  return value ? number_of(*value, path(key), report_) : std::nullopt;
}

std::optional<Node> number_of(const Node& value, const std::string& path, Report& report) {
  if (value.is_number() || is_intrinsic(value)) return value;
  if (value.is_string())
    if (Json n = plain_scalar(value.text()); n.is_number()) return Node(n, value.place);
  refuse_type(value, path, "a number", report);
  return std::nullopt;
}

const Node* Section::map(std::string_view key) const {
  const Node* value = find(key);
  return !value || value->is_map() ? value : wrong(key, *value, "a mapping");
}

const Node* Section::list(std::string_view key) const {
  const Node* value = find(key);
  return !value || value->is_list() ? value : wrong(key, *value, "a list");
}

bool Section::flag(std::string_view key) const {
  const Node* value = find(key);
  if (!value) return false;
  if (!value->is_boolean()) wrong(key, *value, "true or false");
  return value->is_true();
}

bool is_intrinsic(const Node& node) {
  return node.is_map() && node.members.size() == 1 &&
         (node.members[0].key == "Ref" || node.members[0].key.starts_with("Fn::"));
}

std::vector<std::string> texts(const Node& text_or_list) {
  std::vector<std::string> out;
  if (text_or_list.is_list()) {
    for (const auto& item : text_or_list.items) out.push_back(item.as_text());
  } else {
    out.push_back(text_or_list.as_text());
  }
  std::vector<std::string> unique;
  for (auto& text : out)
    if (std::ranges::find(unique, text) == unique.end()) unique.push_back(std::move(text));
  return unique;
}

std::string listed(std::span<const Key> keys, Support support) {
  std::string out;
  for (const auto& key : keys)
    if (key.support == support) out += (out.empty() ? "" : ", ") + std::string(key.name);
  return out;
}

std::vector<std::string_view> names_of(std::span<const Key> keys) {
  std::vector<std::string_view> out;
  for (const auto& key : keys) out.push_back(key.name);
  return out;
}
}  // namespace emu::deploy::serverless
