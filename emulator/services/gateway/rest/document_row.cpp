#include "emulator/services/gateway/rest/document_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "emulator/api/violations.hpp"
#include "emulator/base/text.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"

namespace emu::gateway::v1 {
namespace {
[[noreturn]] void refuse(std::string_view member, std::string_view wanted) {
  throw AwsError{"SerializationException", fmt::format("Expected {} for {}", wanted, member)};
}

void shape_number(Json& value, const Member& member) {
  if (value.is_string()) {
    const auto& given = value.get_ref<const std::string&>();
    char* end = nullptr;
    const double read = std::strtod(given.c_str(), &end);
    if (!given.empty() && *end == '\0') value = read;
  }
  if (!value.is_number() || !std::isfinite(value.get<double>())) refuse(member.name, "a number");
  static constexpr double kMost = 1e15;  // beyond all that any of these numbers counts
  if (member.shape == Shape::real)
    value = std::clamp(value.get<double>(), -kMost, kMost);
  else
    value = static_cast<std::int64_t>(std::clamp(value.get<double>(), -kMost, kMost));
}

void shape_text(Json& value, std::string_view name) {
  if (value.is_number() || value.is_boolean()) value = value.dump();
  if (!value.is_string()) refuse(name, "a string");
}

void shape_flag(Json& value, std::string_view name) {
  if (value == "true" || value == "false") value = value == "true";
  if (!value.is_boolean()) refuse(name, "a boolean");
}

void shape_object(Json& value, const Member& member) {
  if (!value.is_object()) refuse(member.name, "a structure");
  conform(value, member.members);
}

void shape_all(Json& value, const Member& member) {
  if (member.shape == Shape::object_map ? !value.is_object() : !value.is_array())
    refuse(member.name, member.shape == Shape::object_map ? "a map" : "a list");
  for (auto& each : value) shape_object(each, member);
}

void shape(Json& value, const Member& member) {
  switch (member.shape) {
    case Shape::text:
      return shape_text(value, member.name);
    case Shape::number:
    case Shape::real:
      return shape_number(value, member);
    case Shape::flag:
      return shape_flag(value, member.name);
    case Shape::texts:
      if (value.is_string()) value = Json::array({std::move(value)});
      if (!value.is_array()) refuse(member.name, "a list of strings");
      for (auto& each : value) shape_text(each, member.name);
      return;
    case Shape::text_map:
    case Shape::sparse_map:
      if (!value.is_object()) refuse(member.name, "a map of strings");
      for (auto& each : value)
        if (!each.is_null() || member.shape == Shape::text_map) shape_text(each, member.name);
      return;
    case Shape::flag_map:
      if (!value.is_object()) refuse(member.name, "a map of booleans");
      for (auto& each : value) shape_flag(each, member.name);
      return;
    case Shape::object:
      return shape_object(value, member);
    case Shape::objects:
    case Shape::object_map:
      return shape_all(value, member);
    case Shape::any:
      return;
  }
}

const Member* member_of(Members members, std::string_view name) {
  const auto it = std::ranges::find(members, name, &Member::name);
  return it == members.end() ? nullptr : &*it;
}
}  // namespace

void conform_one(Json& in, std::string_view member, Members members) {
  const auto* known = member_of(members, member);
  const auto it = in.find(member);
  if (known && it != in.end() && !it->is_null()) shape(*it, *known);
}

void reshape(Json& document, Members members) {
  for (const auto& member : members) conform_one(document, member.name, members);
}

void conform(Json& in, Members members) {
  for (auto it = in.begin(); it != in.end();) {
    const auto* known = member_of(members, it.key());
    if (!known || it->is_null()) {
      it = in.erase(it);
      continue;
    }
    shape(*it, *known);
    ++it;
  }
  for (const auto& member : members)
    if (member.required && !in.contains(member.name))
      throw bad_request(fmt::format("Missing required parameter: {}", member.name));
}

awaitable<Result<Json>> run(Handler handler, Members members, Service& service, Context& context, Json in) {
  conform(in, members);
  co_return handler(static_cast<RestApis&>(service), context, in);
}

awaitable<Result<Json>> run(LateHandler handler, Members members, Service& service, Context& context,
                            Json in) {
  conform(in, members);
  co_return co_await handler(static_cast<RestApis&>(service), context, std::move(in));
}

std::string text(const Json& in, std::string_view member, std::string_view otherwise) {
  const auto it = in.find(member);
  return it != in.end() && it->is_string() ? it->get<std::string>() : std::string(otherwise);
}

std::int64_t number(const Json& in, std::string_view member, std::int64_t otherwise) {
  const auto it = in.find(member);
  if (it == in.end() || !it->is_number()) return otherwise;
  return it->is_number_integer() ? it->get<std::int64_t>()
                                 : static_cast<std::int64_t>(std::clamp(it->get<double>(), -1e15, 1e15));
}

double real(const Json& in, std::string_view member, double otherwise) {
  const auto it = in.find(member);
  return it != in.end() && it->is_number() ? it->get<double>() : otherwise;
}

bool flag(const Json& in, std::string_view member, bool otherwise) {
  const auto it = in.find(member);
  return it != in.end() && it->is_boolean() ? it->get<bool>() : otherwise;
}

const Json& object(const Json& in, std::string_view member) {
  static const Json kNone = Json::object();
  const auto it = in.find(member);
  return it != in.end() && it->is_object() ? *it : kNone;
}

std::vector<std::string> texts(const Json& in, std::string_view member) {
  std::vector<std::string> out;
  const auto it = in.find(member);
  if (it != in.end() && it->is_array())
    for (const auto& each : *it)
      if (each.is_string()) out.push_back(each);
  return out;
}

void check_status(const Json& in) {
  const auto status = text(in, "statusCode");
  const bool fits = status.size() == 3 && status[0] >= '1' && status[0] <= '5' &&
                    std::ranges::all_of(status, [](unsigned char c) { return std::isdigit(c); });
  if (in.contains("statusCode") && !fits)
    throw violated(status, "statusCode", "Member must satisfy regular expression pattern: [1-5]\\d\\d");
}

void take(Json& into, const Json& in, std::initializer_list<std::string_view> members) {
  for (const auto member : members)
    if (const auto it = in.find(member); it != in.end()) into[std::string(member)] = *it;
}

Json page(std::vector<Json> all, const Json& in) {
  static constexpr std::size_t kUsual = 25, kMost = 500;  // of limit, API reference
  const auto limit = number(in, "limit", 0);
  const auto most = limit > 0 ? std::min<std::size_t>(static_cast<std::size_t>(limit), kMost) : kUsual;
  const auto from = number_in<std::size_t>(text(in, "position", "0"));
  if (!from || *from > all.size()) throw bad_request("Invalid position parameter specified");
  const auto count = std::min(most, all.size() - *from);
  Json out{{"item", Json::array()}};
  for (std::size_t i = *from; i < *from + count; ++i) out["item"].push_back(std::move(all[i]));
  if (*from + count < all.size()) out["position"] = std::to_string(*from + count);
  return out;
}
}  // namespace emu::gateway::v1
