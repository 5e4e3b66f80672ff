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
  // The same from the text of a JSON request to that of its reply: at once, or of an operation that waits,
  // later. The other is null; both of REST rows, whose outputs are not always JSON.
  Result<std::string> (*answer)(Service&, Context&, std::string_view body) = nullptr;
  awaitable<Result<std::string>> (*answer_later)(Service&, Context&, std::string_view body) = nullptr;
  std::vector<std::string_view> (*members)() = nullptr;  // of the input, as AWS names them
  // Turns the text that a path or query carried into the type of the member.
  void (*coerce)(Json& input, std::string_view member) = nullptr;
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

template <auto H>
awaitable<Result<Json>> call(Service& s, Context& c, Json j) {
  using Sig = Signature<decltype(H)>;
  auto& self = static_cast<typename Sig::Self&>(s);
  auto in = wire::decode(wire::Tag<typename Sig::In>{}, j, "");
  if constexpr (Sig::async) {
    auto out = co_await H(self, c, std::move(in));
    if (!out) co_return std::move(out.error());
    co_return wire::encode(*out);
  } else {
    auto out = H(self, c, std::move(in));
    if (!out) co_return std::move(out.error());
    co_return wire::encode(*out);
  }
}

template <class In>
In read(std::string_view body) {
  const wire::Reading reading(body);
  return wire::decode(wire::Tag<In>{}, reading.input(), "");
}
template <class Out>
Result<std::string> said(Result<Out> out) {
  if (!out) return std::move(out.error());
  std::string text;
  if constexpr (!std::is_same_v<Out, Empty>) wire::write(text, *out);  // AWS models none: no body either
  return text;
}

template <auto H>
Result<std::string> answer(Service& s, Context& c, std::string_view body) {
  using Sig = Signature<decltype(H)>;
  return said(H(static_cast<typename Sig::Self&>(s), c, read<typename Sig::In>(body)));
}
template <auto H>
awaitable<Result<std::string>> answer_later(Service& s, Context& c, std::string_view body) {
  using Sig = Signature<decltype(H)>;
  auto in = read<typename Sig::In>(body);  // before it waits: what is read here is the thread's
  co_return said(co_await H(static_cast<typename Sig::Self&>(s), c, std::move(in)));
}
}  // namespace detail

template <auto H>
constexpr Operation op(std::string_view name) {
  using Sig = detail::Signature<decltype(H)>;
  Operation row{name, &detail::call<H>};
  if constexpr (Sig::async)
    row.answer_later = &detail::answer_later<H>;
  else
    row.answer = &detail::answer<H>;
  row.members = &wire::member_names<typename Sig::In>;
  row.coerce = &wire::coerce<typename Sig::In>;
  row.has_output = !std::is_same_v<typename Sig::Out, Empty>;
  return row;
}

// A REST operation: rest<get_function>("GetFunction", "GET /2015-03-31/functions/{FunctionName}?Qualifier").
// {X} binds a path segment to member X ({X+} the rest of the path), names after ? bind query parameters
// (?wire=Member where they differ); headers, raw bodies and the status are listed in `bindings`.
template <auto H>
constexpr Operation rest(std::string_view name, std::string_view route, int success_status = 200,
                         std::span<const wire::Binding> bindings = {}) {
  using In = typename detail::Signature<decltype(H)>::In;
  return {.name = name,
          .call = &detail::call<H>,
          .members = &wire::member_names<In>,
          .coerce = &wire::coerce<In>,
          .rest = {route, success_status, bindings}};
}
}  // namespace emu
