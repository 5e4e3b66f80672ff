#include "emulator/wire/rest.hpp"

#include <fmt/format.h>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/text.hpp"

namespace emu::wire {
namespace {
AwsError not_a(std::string_view kind, std::string_view text) {
  return {"SerializationException", fmt::format("{} cannot be converted to {}", text, kind)};
}

const Binding* bound(const Rest& rest, Where where) {
  for (const auto& b : rest.bindings)
    if (b.where == where) return &b;
  return nullptr;
}

// Names after ? in the route: "Qualifier" or "wire=Member". Repeated parameters make a list. "wire==value"
// only tells the operation from another with the same path (api/identify.cpp).
void read_query(const Rest& rest, const http::Request& request, Json& input,
                std::vector<std::string>& touched) {
  if (rest.query().empty()) return;
  const auto given = http::parse_query(request.query());
  for (auto names = rest.query(); !names.empty();) {
    const auto amp = std::min(names.find('&'), names.size());
    const auto name = names.substr(0, amp), wire_name = name.substr(0, name.find('='));
    const std::string member(name.substr(name.find('=') == name.npos ? 0 : name.find('=') + 1));
    for (const auto& [key, value] : given) {
      if (key != wire_name || member.starts_with('=')) continue;
      if (input.contains(member) && std::ranges::find(touched, member) != touched.end()) {
        if (!input[member].is_array()) input[member] = Json::array({input[member]});
        input[member].push_back(value);
      } else {
        input[member] = value;
        touched.push_back(member);
      }
    }
    names.remove_prefix(std::min(names.size(), amp + 1));
  }
}

Json read_body(const Rest& rest, const http::Request& request) {
  if (const auto* raw = bound(rest, Where::request_body))
    return Json{{std::string(raw->member), request.body}};
  if (request.body.empty()) return Json::object();
  auto body = bounded_parse(request.body);
  if (body.is_discarded()) throw AwsError{"SerializationException", "Unexpected token in the request body"};
  if (!body.is_object()) {
    Document document;
    throw mismatch(document.lay_out(body), Want::structure);
  }
  return body;
}
}  // namespace

Json read_rest(const Rest& rest, const http::Request& request, PathParameters parameters,
               void (*coerce)(Json&, std::string_view)) {
  Json input = read_body(rest, request);
  std::vector<std::string> touched;
  for (auto& [name, value] : parameters) {
    input[name] = std::move(value);
    touched.push_back(name);
  }
  read_query(rest, request, input, touched);
  for (const auto& b : rest.bindings) {
    if (b.where != Where::request_header) continue;
    if (const auto value = request.headers.find(b.wire)) {
      input[std::string(b.member)] = *value;
      touched.emplace_back(b.member);
    }
  }
  for (const auto& member : touched) coerce(input, member);
  return input;
}

http::Response write_rest(const Rest& rest, Json output) {
  http::Response out{rest.success_status, {}, {}};
  bool raw = false;
  for (const auto& b : rest.bindings) {
    const auto it = output.find(b.member);
    if (b.where == Where::response_body) raw = true;
    if (it == output.end() || b.where == Where::request_header || b.where == Where::request_body) continue;
    if (b.where == Where::response_status) out.status = it->get<int>();
    if (b.where == Where::response_header)
      out.headers.add(std::string(b.wire), it->is_string() ? it->get<std::string>() : it->dump());
    if (b.where == Where::response_body) out.body = std::move(it->get_ref<std::string&>());
    output.erase(it);
  }
  if (!raw && out.status != 204) out.body = output.dump();
  if (out.status != 204 && !out.headers.find("Content-Type"))
    out.headers.add("Content-Type", "application/json");
  return out;
}

void coerce_number(Json& value, std::string_view member) {
  if (!value.is_string()) return;
  const auto& text = value.get_ref<const std::string&>();
  const auto number = number_in<std::int64_t>(text);
  if (!number) throw not_a(fmt::format("Integer for '{}'", member), text);
  value = *number;
}

void coerce_boolean(Json& value) {
  if (value.is_string()) value = decode(Tag<bool>{}, value, {});
}
}  // namespace emu::wire
