// A collection within a REST API's record, by id: authorizers, models, request validators, gateway responses,
// documentation. A Part says what it is called; one set of functions shows, lists, changes and removes its
// members. Used by the files whose rows these are.
#pragma once
#include "emulator/services/gateway/rest/patch.hpp"
#include "emulator/services/gateway/rest/rest_apis.hpp"

namespace emu::gateway::v1 {
struct Part {
  std::string_view plural;     // in the record
  std::string_view id_member;  // in inputs
  std::string_view absent;     // what is said where there is none
  std::span<const Patchable> patchable;
  void (*check)(Json& changed) = nullptr;  // throws for what may not be
};
Result<Json> show_part(const Part& part, RestApis& apis, Context& context, const Json& in);
Result<Json> list_parts(const Part& part, RestApis& apis, Context& context, const Json& in);
Result<Json> update_part(const Part& part, RestApis& apis, Context& context, const Json& in);
Result<Json> remove_part(const Part& part, RestApis& apis, Context& context, const Json& in);

template <const Part& kPart>
Result<Json> show_part(RestApis& apis, Context& context, const Json& in) {
  return show_part(kPart, apis, context, in);
}
template <const Part& kPart>
Result<Json> list_parts(RestApis& apis, Context& context, const Json& in) {
  return list_parts(kPart, apis, context, in);
}
template <const Part& kPart>
Result<Json> update_part(RestApis& apis, Context& context, const Json& in) {
  return update_part(kPart, apis, context, in);
}
template <const Part& kPart>
Result<Json> remove_part(RestApis& apis, Context& context, const Json& in) {
  return remove_part(kPart, apis, context, in);
}
}  // namespace emu::gateway::v1
