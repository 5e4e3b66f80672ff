#include "emulator/services/gateway/rest/document_row.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "emulator/base/text.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"

namespace emu::gateway::v1 {
namespace {
[[noreturn]] void refuse(std::string_view member, std::string_view wanted) {
  throw AwsError{"SerializationException", fmt::format("Expected {} for {}", wanted, member)};
}

bool all_of_map(const Json& value, bool (*fits)(const Json&)) {
  return value.is_object() && std::ranges::all_of(value, fits);
}

void shape(Json& value, const Member& member) {
  switch (member.shape) {
    case Shape::text:
      if (value.is_number() || value.is_boolean()) value = value.dump();
      if (!value.is_string()) refuse(member.name, "a string");
      return;
    case Shape::number:
      if (value.is_string())
        if (const auto number = number_in<std::int64_t>(value.get_ref<const std::string&>())) value = *number;
      if (!value.is_number()) refuse(member.name, "a number");
      return;
    case Shape::flag:
      if (value == "true" || value == "false") value = value == "true";
      if (!value.is_boolean()) refuse(member.name, "a boolean");
      return;
    case Shape::texts:
      if (value.is_string()) value = Json::array({std::move(value)});
      if (!value.is_array() || !std::ranges::all_of(value, [](const Json& v) { return v.is_string(); }))
        refuse(member.name, "a list of strings");
      return;
    case Shape::text_map:
      if (value.is_object())
        for (auto& each : value)
          if (each.is_number() || each.is_boolean()) each = each.dump();
      if (!all_of_map(value, [](const Json& v) { return v.is_string(); }))
        refuse(member.name, "a map of strings");
      return;
    case Shape::flag_map:
      if (value.is_object())
        for (auto& each : value)
          if (each == "true" || each == "false") each = each == "true";
      if (!all_of_map(value, [](const Json& v) { return v.is_boolean(); }))
        refuse(member.name, "a map of booleans");
      return;
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
  if (known && it != in.end()) shape(*it, *known);
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

void take(Json& into, const Json& in, std::initializer_list<std::string_view> members) {
  for (const auto member : members)
    if (const auto it = in.find(member); it != in.end()) into[std::string(member)] = *it;
}

Json page(std::vector<Json> all, const Json& in) {
  static constexpr std::size_t kUsual = 25, kMost = 500;  // of limit, API reference
  const auto limit = in.value("limit", std::int64_t{0});
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
