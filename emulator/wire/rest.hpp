// How the members of a REST operation travel: path, query, headers, raw body, status. The rest of the input,
// and of the output, is the JSON body.
#pragma once
#include <span>
#include <string_view>

#include "emulator/http/message.hpp"
#include "emulator/http/router.hpp"
#include "emulator/wire/json.hpp"

namespace emu::wire {
enum class Where { request_header, request_body, response_header, response_body, response_status };

struct Binding {
  Where where;
  std::string_view member;
  std::string_view wire = {};  // header name
};

struct Rest {
  std::string_view
      route;  // "GET /2015-03-31/functions/{FunctionName}?Qualifier"; empty: not a REST operation
  int success_status = 200;
  std::span<const Binding> bindings = {};
  std::string_view method() const { return route.substr(0, route.find(' ')); }
  std::string_view path() const {
    const auto from = route.find(' ') + 1;
    return route.substr(from, route.find('?', from) - from);
  }
  std::string_view query() const {
    const auto at = route.find('?');
    return at == route.npos ? std::string_view{} : route.substr(at + 1);
  }
};

using PathParameters = http::PathParameters;

// The input document: JSON body first, then bound members over it (as text; see coerce).
Json read_rest(const Rest& rest, const http::Request& request, PathParameters parameters,
               void (*coerce)(Json&, std::string_view));
// The reply: bound members go to their places, what remains is the JSON body.
http::Response write_rest(const Rest& rest, Json output);

// Turns the text that a path, query or header carried into the type of the member of this name.
template <Described T>
void coerce(Json& input, std::string_view member);

void coerce_number(Json& value, std::string_view member);
void coerce_boolean(Json& value);
template <class M>
void coerce_value(Json& value, std::string_view member) {
  if constexpr (Optional<M>) {
    coerce_value<typename M::value_type>(value, member);
  } else if constexpr (std::is_same_v<M, bool>) {
    coerce_boolean(value);
  } else if constexpr (std::is_arithmetic_v<M>) {
    coerce_number(value, member);
  } else if constexpr (requires(M m) { m.push_back({}); } && !std::is_same_v<M, std::string> &&
                       !std::is_same_v<M, Json>) {
    if (!value.is_array()) value = Json::array({std::move(value)});
    for (auto& element : value) coerce_value<typename M::value_type>(element, member);
  } else if constexpr (Described<M>) {  // below a member of a form
    boost::mp11::mp_for_each<MembersOf<M>>([&](auto d) {
      using N = std::remove_reference_t<decltype(std::declval<M&>().*d.pointer)>;
      if (value.is_object() && value.contains(d.name)) coerce_value<N>(value[d.name], d.name);
    });
  }
}
template <Described T>
void coerce(Json& input, std::string_view member) {
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
    using M = std::remove_reference_t<decltype(std::declval<T&>().*d.pointer)>;
    if (member == d.name) coerce_value<M>(input[d.name], member);
  });
}
}  // namespace emu::wire
