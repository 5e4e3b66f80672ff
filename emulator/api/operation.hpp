// One row per AWS operation. op<handler>("Name") erases the handler's input and output types; the handler is
// a plain function (Service&, Context&, In) that returns Result<Out> or awaitable<Result<Out>>, with In and
// Out described structs. Everything common (dispatch, errors, `emu inspect ops`, the compatibility table)
// hangs on the row.
#pragma once
#include <span>

#include "emulator/api/context.hpp"
#include "emulator/base/clock.hpp"
#include "emulator/base/error.hpp"
#include "emulator/wire/json_text.hpp"
#include "emulator/wire/rest.hpp"

namespace emu {
class Service;

struct Operation {
  std::string_view name;
  awaitable<Result<Json>> (*call)(Service&, Context&, Json);
  // The same, giving the reply's text; null for REST rows, whose outputs are not always JSON.
  awaitable<Result<std::string>> (*answer)(Service&, Context&, Json);
  std::vector<std::string_view> (*members)();             // of the input, as AWS names them
  void (*coerce)(Json& input, std::string_view member);   // text from a path or query to the member's type
  std::span<const std::string_view> without_effect = {};  // members accepted and not acted upon
  wire::Rest rest = {};                                   // REST protocols only
  bool has_output = true;                                 // whether AWS models one: not where it is Empty

  // The same row, declaring input members that are accepted without effect.
  constexpr Operation ignoring(std::span<const std::string_view> names) const {
    Operation row = *this;
    row.without_effect = names;
    return row;
  }
};

// The rows of several files of operations, as the one list a service has.
std::vector<Operation> joined(std::initializer_list<std::span<const Operation>> parts);

struct Empty {};
BOOST_DESCRIBE_STRUCT(Empty, (), ())

namespace detail {
template <class F>
struct Signature;
template <class S, class I, class O>
struct Signature<awaitable<Result<O>> (*)(S&, Context&, I)> {
  using Self = S;
  using In = I;
  using Out = O;
  static constexpr bool async = true;
};
template <class S, class I, class O>
struct Signature<Result<O> (*)(S&, Context&, I)> {
  using Self = S;
  using In = I;
  using Out = O;
  static constexpr bool async = false;
};

struct AsDocument {
  using Form = Json;
  template <class T>
  static Json of(const T& out) {
    return wire::encode(out);
  }
};
struct AsText {
  using Form = std::string;
  template <class T>
  static std::string of(const T& out) {
    std::string text;
    if constexpr (!std::is_same_v<T, Empty>) wire::write(text, out);  // AWS models none: no body either
    return text;
  }
};

template <auto H, class As>
awaitable<Result<typename As::Form>> call(Service& s, Context& c, Json j) {
  using Sig = Signature<decltype(H)>;
  auto& self = static_cast<typename Sig::Self&>(s);
  auto in = wire::decode(wire::Tag<typename Sig::In>{}, j, "");
  if constexpr (Sig::async) {
    auto out = co_await H(self, c, std::move(in));
    if (!out) co_return std::move(out.error());
    co_return As::of(*out);
  } else {
    auto out = H(self, c, std::move(in));
    if (!out) co_return std::move(out.error());
    co_return As::of(*out);
  }
}
}  // namespace detail

template <auto H>
constexpr Operation op(std::string_view name) {
  using In = typename detail::Signature<decltype(H)>::In;
  Operation row{name, &detail::call<H, detail::AsDocument>, &detail::call<H, detail::AsText>,
                &wire::member_names<In>, &wire::coerce<In>};
  row.has_output = !std::is_same_v<typename detail::Signature<decltype(H)>::Out, Empty>;
  return row;
}

// A REST operation: rest<get_function>("GetFunction", "GET /2015-03-31/functions/{FunctionName}?Qualifier").
// {X} binds a path segment to member X ({X+} the rest of the path), names after ? bind query parameters
// (?wire=Member where they differ); headers, raw bodies and the status are listed in `bindings`.
template <auto H>
constexpr Operation rest(std::string_view name, std::string_view route, int success_status = 200,
                         std::span<const wire::Binding> bindings = {}) {
  using In = typename detail::Signature<decltype(H)>::In;
  return {name, &detail::call<H, detail::AsDocument>, nullptr, &wire::member_names<In>, &wire::coerce<In>,
          {},   {route, success_status, bindings}};
}
}  // namespace emu
