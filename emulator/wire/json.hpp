// Described structs <-> AWS JSON. A plain member is required, std::optional is optional, Json passes through.
// Member names are the wire names, so a struct is its own schema. decode() consumes its document: strings and
// passed-through parts are moved, not copied. A type with a form of its own (DynamoDB's items) declares
// `decode(wire::Tag<T>, Json&, std::string_view at)` and `encode_json(const T&)` in its own namespace.
#pragma once
#include <boost/describe.hpp>
#include <boost/mp11.hpp>
#include <map>
#include <optional>
#include <vector>

#include "emulator/base/error.hpp"

namespace emu::wire {
template <class T>
concept Described = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
struct Tag {};
// Bytes: base64 in a JSON document, raw as the body of a REST request.
struct Blob {
  std::string bytes;
};

enum class Want { string, integer, number, boolean, blob, list, map, structure };
// The SerializationException for a value of another type than modelled (texts: spec-dynamodb A4).
AwsError mismatch(const Json& got, Want want);
// The ValidationException for an absent required member (spec-dynamodb A5, spec-lambda E.1).
AwsError missing(std::string_view member);
bool lenient_boolean(const Json& j);
std::string blob_bytes(const Json& j);

inline Json decode(Tag<Json>, Json& j, std::string_view) { return std::move(j); }
inline std::string decode(Tag<std::string>, Json& j, std::string_view) {
  return j.is_string() ? std::move(j.get_ref<std::string&>()) : throw mismatch(j, Want::string);
}
inline bool decode(Tag<bool>, Json& j, std::string_view) { return lenient_boolean(j); }
inline Blob decode(Tag<Blob>, Json& j, std::string_view) { return {blob_bytes(j)}; }
template <class N>
  requires(std::is_arithmetic_v<N> && !std::is_same_v<N, bool>)
N decode(Tag<N>, Json& j, std::string_view) {
  return j.is_number() ? j.get<N>() : throw mismatch(j, std::is_integral_v<N> ? Want::integer : Want::number);
}
template <class T>
std::vector<T> decode(Tag<std::vector<T>>, Json&, std::string_view);
template <class T>
std::map<std::string, T> decode(Tag<std::map<std::string, T>>, Json&, std::string_view);
template <class T>
std::optional<T> decode(Tag<std::optional<T>>, Json&, std::string_view);

template <class T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_public>;
template <class M>
concept Optional = requires(M m) { m.has_value(); };

template <Described T>
T decode(Tag<T>, Json& j, std::string_view) {
  if (!j.is_object()) throw mismatch(j, Want::structure);
  T out{};
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
    using M = std::remove_reference_t<decltype(out.*d.pointer)>;
    const auto it = j.find(d.name);
    if (it != j.end() && !it->is_null()) {
      out.*d.pointer = decode(Tag<M>{}, *it, d.name);
    } else if constexpr (!Optional<M> && !std::is_same_v<M, Json>) {
      throw missing(d.name);
    }
  });
  return out;
}
template <class T>
std::vector<T> decode(Tag<std::vector<T>>, Json& j, std::string_view at) {
  if (!j.is_array()) throw mismatch(j, Want::list);
  std::vector<T> out;
  out.reserve(j.size());
  for (auto& e : j) out.push_back(decode(Tag<T>{}, e, at));
  return out;
}
template <class T>
std::map<std::string, T> decode(Tag<std::map<std::string, T>>, Json& j, std::string_view) {
  if (!j.is_object()) throw mismatch(j, Want::map);
  std::map<std::string, T> out;
  for (auto it = j.begin(); it != j.end(); ++it)
    out.emplace(it.key(), decode(Tag<T>{}, it.value(), it.key()));
  return out;
}
template <class T>
std::optional<T> decode(Tag<std::optional<T>>, Json& j, std::string_view at) {
  return decode(Tag<T>{}, j, at);
}

Json encode_json(const Blob& blob);
template <class T>
Json encode(const T& v);
template <class T>
Json encode(const std::vector<T>& v) {
  Json out = Json::array();
  for (const auto& e : v) out.push_back(encode(e));
  return out;
}
template <class T>
Json encode(const std::map<std::string, T>& v) {
  Json out = Json::object();
  for (const auto& [k, e] : v) out[k] = encode(e);
  return out;
}
template <class T>
Json encode(const T& v) {
  if constexpr (Described<T>) {
    Json out = Json::object();
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
      const auto& member = v.*d.pointer;
      if constexpr (Optional<decltype(member)>) {
        if (member) out[d.name] = encode(*member);
      } else {
        out[d.name] = encode(member);
      }
    });
    return out;
  } else if constexpr (requires { encode_json(v); }) {
    return encode_json(v);
  } else {
    return Json(v);
  }
}

// The names of a struct's members, in the order they are described.
template <Described T>
std::vector<std::string_view> member_names() {
  std::vector<std::string_view> names;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) { names.push_back(d.name); });
  return names;
}
}  // namespace emu::wire
