#include "emulator/wire/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "emulator/base/text.hpp"
#include "emulator/wire/xml.hpp"

namespace emu::wire {
namespace {
constexpr std::size_t kMaxDepth = 32;  // deeper than any AWS input shape; bounds the recursion below

// One part of the dotted names of a form: its own text, or what is below it.
struct Node {
  std::string text;
  std::map<std::string, Node, std::less<>> children;
  const Node* only(std::string_view name) const {
    return children.size() == 1 && children.begin()->first == name ? &children.begin()->second : nullptr;
  }
};

std::optional<std::uint64_t> index(std::string_view name) { return number_in<std::uint64_t>(name); }

bool numbered(const Node& node) {
  return !node.children.empty() &&
         std::ranges::all_of(node.children, [](const auto& c) { return index(c.first).has_value(); });
}

// Elements in order of their numbers, which may leave gaps.
std::multimap<std::uint64_t, const Node*> elements(const Node& node) {
  std::multimap<std::uint64_t, const Node*> out;
  for (const auto& [name, child] : node.children) out.emplace(*index(name), &child);
  return out;
}

Json document(const Node& node);

Json list(const Node& node) {
  Json out = Json::array();
  for (const auto& [number, element] : elements(node)) out.push_back(document(*element));
  return out;
}

Json string_map(const Node& node) {
  Json out = Json::object();
  for (const auto& [number, element] : elements(node)) {
    std::string key;
    Json value = "";
    for (const auto& [name, child] : element->children) {
      if (name == "key") key = child.text;
      if (name == "value") value = document(child);
    }
    out[key] = std::move(value);
  }
  return out;
}

Json document(const Node& node) {
  if (node.children.empty()) return node.text;
  if (const auto* members = node.only("member"); members && numbered(*members)) return list(*members);
  if (const auto* entries = node.only("entry"); entries && numbered(*entries)) return string_map(*entries);
  if (numbered(node)) return list(node);  // a flattened list
  Json out = Json::object();
  for (const auto& [name, child] : node.children) out[name] = document(child);
  return out;
}

void place(Node& root, std::string_view name, std::string value) {
  Node* node = &root;
  for (std::size_t depth = 0;; ++depth) {
    if (depth == kMaxDepth)
      throw AwsError{"MalformedQueryString", "The query string contains a syntax error.", 404};
    const auto dot = name.find('.');
    node = &node->children.try_emplace(std::string(name.substr(0, dot))).first->second;
    if (dot == name.npos) break;
    name.remove_prefix(dot + 1);
  }
  node->text = std::move(value);
}

bool about_the_request(std::string_view name) {
  return name == "Action" || name == "Version" || name.starts_with("X-Amz-");
}

http::Response xml_response(int status, const pugi::xml_document& document) {
  return http::text_response(status, xml_text(document), "text/xml");
}
}  // namespace

Json read_query(const http::Request& request, void (*coerce)(Json&, std::string_view)) {
  Node root;
  for (const auto& source : {request.query(), std::string_view(request.body)})
    for (auto& [name, value] : http::parse_query(source))
      if (!about_the_request(name)) place(root, name, std::move(value));
  Json input = Json::object();
  for (const auto& [name, node] : root.children) {
    auto& value = input[name] = document(node);
    const bool empty = value.is_string() && node.text.empty();
    coerce(input, name);
    // A client writes an empty list as `Tags=`.
    if (empty && value.is_array()) value = Json::array();
  }
  return input;
}

http::Response write_query(std::string_view operation, std::string_view xml_namespace, const Json& output,
                           std::string_view request_id) {
  pugi::xml_document document;
  auto response = add_element(document, fmt::format("{}Response", operation));
  response.append_attribute("xmlns").set_value(std::string(xml_namespace).c_str());
  // Also when empty: clients look up the wrapper of every operation that has an output shape.
  add_members(add_element(response, fmt::format("{}Result", operation)), output);
  add_text(add_element(response, "ResponseMetadata"), "RequestId", request_id);
  return xml_response(200, document);
}

http::Response query_error(const AwsError& error, std::string_view xml_namespace,
                           std::string_view request_id) {
  pugi::xml_document document;
  auto response = add_element(document, "ErrorResponse");
  response.append_attribute("xmlns").set_value(std::string(xml_namespace).c_str());
  auto body = add_element(response, "Error");
  add_text(body, "Type", error.http_status < 500 ? "Sender" : "Receiver");
  // Query services spell the front end's own refusals differently from JSON services (spec-events 0).
  add_text(body, "Code", error.code == "ValidationException" ? "ValidationError" : error.code);
  add_text(body, "Message", error.message);
  add_text(response, "RequestId", request_id);
  return xml_response(error.http_status, document);
}
}  // namespace emu::wire
