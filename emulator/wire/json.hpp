// Described structs <-> AWS JSON. A plain member is required, std::optional is optional, Json passes through.
// Member names are the wire names, so a struct is its own schema. decode() reads views of a document
// (document.hpp), whatever it was made from. A type with a form of its own (DynamoDB's items) declares
// `decode(wire::Tag<T>, View, std::string_view at)` and `encode_json(const T&)` in its own namespace.
#pragma once
#include <fmt/format.h>
#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <vector>

#include "emulator/base/error.hpp"
#include "emulator/wire/document.hpp"

namespace emu::wire {
template <class T>
concept Described = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;
template <class T>
struct Tag {};
// Bytes: base64 in a JSON document, raw as the body of a REST request.
struct Blob {
  std::string bytes;
};

// Of a type in this namespace AWS's texts say the package before the name: specialised by the service.
template <class T>
inline constexpr std::string_view kPackage;

enum class Want { string, integer, long_integer, number, boolean, blob, list, map, structure };
// The SerializationException for a value of another type than modelled (texts: spec-dynamodb A4). `declared`:
// the type as java_name() has it, where it is more than `want` says.
AwsError mismatch(View got, Want want, std::string_view declared = {});
AwsError serialization(std::string text);
// The same for a structure as a list's element or a map's value.
AwsError element_mismatch(View got, std::string_view declared);

// The ValidationException for an absent required member (spec-dynamodb A5, spec-lambda E.1). On its way up it
// learns where the member is: "requestItems.T.member.keys".
struct Missing : AwsError {
  explicit Missing(std::string_view member);
  void within(std::string_view outer);  // a step as paths have it: "requestItems", "T.member"
  std::string path;
};
std::string path_name(std::string_view member);  // "RequestItems" -> "requestItems"
bool lenient_boolean(View j);
std::string blob_bytes(View j);
inline std::string_view text_of(View j) { return j.is_string() ? j.text() : throw mismatch(j, Want::string); }

// The unqualified name of a type, as it is written in its declaration.
template <class T>
constexpr std::string_view type_name() {
  std::string_view name = __PRETTY_FUNCTION__;  // "… [T = emu::dynamodb::WriteRequest]"
  name = name.substr(0, name.rfind(']'));
  return name.substr(name.find_last_of(": ") + 1);
}
// The type's name in AWS's model, where ours has another: specialised beside the type.
template <class T>
inline constexpr std::string_view kModelName = type_name<T>();
std::string java_structure(std::string_view package, std::string_view name);
// A type as AWS's texts about arrays spell it: "class java.lang.String", "java.util.List<…>".
template <class T>
struct JavaName {
  static std::string get() { return java_structure(kPackage<T>, kModelName<T>); }
};
template <>
struct JavaName<std::string> {
  static std::string get() { return "class java.lang.String"; }
};
std::string java_holder(std::string_view holder, std::string element);
template <class T>
struct JavaName<std::vector<T>> {
  static std::string get() { return java_holder("java.util.List<", JavaName<T>::get()); }
};
template <class T>
struct JavaName<std::map<std::string, T>> {
  static std::string get() { return java_holder("java.util.Map<java.lang.String, ", JavaName<T>::get()); }
};
template <class T>
struct JavaName<std::optional<T>> : JavaName<T> {};

// `at` is the member that holds the value, and empty for a list's element or a map's value.
inline Json decode(Tag<Json>, View j, std::string_view) { return to_json(j); }
inline std::string decode(Tag<std::string>, View j, std::string_view) { return std::string(text_of(j)); }
inline bool decode(Tag<bool>, View j, std::string_view) { return lenient_boolean(j); }
inline Blob decode(Tag<Blob>, View j, std::string_view) { return {blob_bytes(j)}; }
std::int64_t whole_number(View j);  // decimals lose their fraction; what is too large becomes the largest
template <class N>
  requires(std::is_integral_v<N> && !std::is_same_v<N, bool>)
N decode(Tag<N>, View j, std::string_view) {
  if (!j.is_number()) throw mismatch(j, sizeof(N) > sizeof(int) ? Want::long_integer : Want::integer);
  using Limits = std::numeric_limits<N>;
  if constexpr (std::is_unsigned_v<N>)  // our own records: all 64 bits count
    if (j.kind() == Kind::large) return static_cast<N>(std::min(j.large(), std::uint64_t{Limits::max()}));
  const auto least = std::is_unsigned_v<N> ? 0 : static_cast<std::int64_t>(Limits::min());
  const auto most = sizeof(N) < sizeof(std::int64_t) ? static_cast<std::int64_t>(Limits::max())
                                                     : std::numeric_limits<std::int64_t>::max();
  return static_cast<N>(std::clamp(whole_number(j), least, most));
}
inline double decode(Tag<double>, View j, std::string_view) {
  return j.is_number() ? j.number() : throw mismatch(j, Want::number);
}
template <class T>
std::vector<T> decode(Tag<std::vector<T>>, View, std::string_view);
template <class T>
std::map<std::string, T> decode(Tag<std::map<std::string, T>>, View, std::string_view);
template <class T>
std::optional<T> decode(Tag<std::optional<T>>, View, std::string_view);

template <class T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_public>;
template <class M>
concept Optional = requires(M m) { m.has_value(); };

template <Described T>
T decode(Tag<T>, View j, std::string_view) {
  if (!j.is_object()) throw mismatch(j, Want::structure, JavaName<T>::get());
  T out{};
  std::string_view missing;  // told last: a member of a wrong type is a graver mistake
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
    using M = std::remove_reference_t<decltype(out.*d.pointer)>;
    const auto given = j.find(d.name);
    if (given && !given->is_null()) {
      try {
        out.*d.pointer = decode(Tag<M>{}, *given, d.name);
      } catch (Missing& deeper) {
        deeper.within(path_name(d.name));
        throw;
      }
    } else if constexpr (!Optional<M> && !std::is_same_v<M, Json>) {
      if (missing.empty()) missing = d.name;
    }
  });
  if (!missing.empty()) throw Missing(missing);
  return out;
}
// A list's element or a map's value.
template <class T>
T decode_element(View j, const auto& key) {
  if constexpr (Described<T>)
    if (!j.is_object()) throw element_mismatch(j, JavaName<T>::get());
  try {
    return decode(Tag<T>{}, j, {});
  } catch (Missing& deeper) {
    deeper.within(fmt::format("{}.member", key));
    throw;
  }
}
template <class T>
std::vector<T> decode(Tag<std::vector<T>>, View j, std::string_view) {
  if (!j.is_array()) throw mismatch(j, Want::list);
  std::vector<T> out;
  out.reserve(j.size());
  for (View e = j.first(); e != j.end(); e = e.next())
    if (!e.is_null() || std::is_same_v<T, Json>) out.push_back(decode_element<T>(e, out.size() + 1));
  return out;
}
template <class T>
std::map<std::string, T> decode(Tag<std::map<std::string, T>>, View j, std::string_view) {
  if (!j.is_object()) throw mismatch(j, Want::map, JavaName<std::map<std::string, T>>::get());
  std::map<std::string, T> out;
  const Members members(j);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto [name, value] = members[i];
    if (!value.is_null() || std::is_same_v<T, Json>)
      out.emplace_hint(out.end(), name, decode_element<T>(value, name));
  }
  return out;
}
template <class T>
std::optional<T> decode(Tag<std::optional<T>>, View j, std::string_view at) {
  return decode(Tag<T>{}, j, at);
}
// Of documents that are made here: records, resources, what REST and forms carry.
template <class T>
T decode(Tag<T> tag, const Json& json, std::string_view at) {
  Document document;
  return decode(tag, document.lay_out(json), at);
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
