// Operations of REST APIs work on JSON documents: what they keep, patch and show is what clients sent
// (docs/decisions/0016). A row names the input's members and their shapes; everything else of an operation is
// one plain function (RestApis&, Context&, const Json& in). Used by every file of this folder.
#pragma once
#include <span>

#include "emulator/api/operation.hpp"

namespace emu::gateway::v1 {
class RestApis;

enum class Shape {
  text,
  number,  // a whole one
  real,
  flag,
  texts,
  text_map,
  sparse_map,  // of texts, some of them null
  flag_map,
  object,      // of `members`
  objects,     // a list of them
  object_map,  // by names that are the user's
  any
};
struct Member {
  std::string_view name;
  Shape shape = Shape::text;
  bool required = false;
  std::span<const Member> members = {};  // of an object
};
using Members = std::span<const Member>;

// Drops what is null or no member, turns text into numbers and flags where the member is one. Throws
// SerializationException for other shapes, BadRequestException for a required member that is absent.
void conform(Json& in, Members members);
void conform_one(Json& in, std::string_view member, Members members);
// The shapes alone, of a document that other members may belong to as well.
void reshape(Json& document, Members members);

using Handler = Result<Json> (*)(RestApis&, Context&, const Json& in);
using LateHandler = awaitable<Result<Json>> (*)(RestApis&, Context&, Json in);
awaitable<Result<Json>> run(Handler handler, Members members, Service& service, Context& context, Json in);
awaitable<Result<Json>> run(LateHandler handler, Members members, Service& service, Context& context,
                            Json in);

template <auto H, const auto& kMembers>
awaitable<Result<Json>> call(Service& service, Context& context, Json in) {
  return run(H, kMembers, service, context, std::move(in));
}
template <const auto& kMembers>
std::vector<std::string_view> names() {
  std::vector<std::string_view> out;
  for (const auto& member : kMembers) out.push_back(member.name);
  return out;
}
template <const auto& kMembers>
void coerce_member(Json& in, std::string_view member) {
  conform_one(in, member, kMembers);
}

template <auto H, const auto& kMembers>
constexpr Operation row(std::string_view name, std::string_view route, int status = 200,
                        std::span<const wire::Binding> bindings = {}) {
  return {.name = name,
          .call = &call<H, kMembers>,
          .members = &names<kMembers>,
          .coerce = &coerce_member<kMembers>,
          .rest = {route, status, bindings}};
}

// Members that many rows share.
inline constexpr Member kRestApiId{"restApiId", Shape::text, true};
inline constexpr Member kPosition{"position"}, kLimit{"limit", Shape::number};
inline constexpr Member kOperation[] = {{"op"}, {"path"}, {"value"}, {"from"}};
inline constexpr Member kPatch{"patchOperations", Shape::objects, false, kOperation};
inline constexpr Member kByApi[] = {kRestApiId};
inline constexpr Member kListed[] = {kPosition, kLimit};
inline constexpr Member kListedInApi[] = {kRestApiId, kPosition, kLimit};

inline AwsError bad_request(std::string message) { return {"BadRequestException", std::move(message), 400}; }
inline AwsError conflict(std::string message) { return {"ConflictException", std::move(message), 409}; }
inline AwsError absent(std::string message) { return {"NotFoundException", std::move(message), 404}; }

// A member of a document; the last where it is absent or something else. They never throw: what is served
// may have been stored by an emu that checked less.
std::string text(const Json& in, std::string_view member, std::string_view otherwise = {});
std::int64_t number(const Json& in, std::string_view member, std::int64_t otherwise);
double real(const Json& in, std::string_view member, double otherwise);
bool flag(const Json& in, std::string_view member, bool otherwise = false);
const Json& object(const Json& in, std::string_view member);  // an empty one
std::vector<std::string> texts(const Json& in, std::string_view member);

// Throws for what is no status of a response: "201" is.
void check_status(const Json& in);
// Copies those of these members that are given.
void take(Json& into, const Json& in, std::initializer_list<std::string_view> members);
// The page of `all` that position and limit say, as {"item": […], "position": "…"}.
Json page(std::vector<Json> all, const Json& in);
}  // namespace emu::gateway::v1
