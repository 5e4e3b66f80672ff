// Described structs as JSON text, in one pass and without a document between: the replies of the JSON
// protocols. Says what encode() of json.hpp says. A type with a form of its own declares
// `write_json(std::string& out, const T&)` in its own namespace, or has an encode_json().
#pragma once
#include "emulator/wire/json.hpp"

namespace emu::wire {
void write_string(std::string& out, std::string_view text);  // quoted; bytes that are not UTF-8 become U+FFFD
void write_number(std::string& out, double value);           // 1.0, never 1

template <class T>
void write(std::string& out, const T& v);
template <class T>
void write(std::string& out, const std::vector<T>& v) {
  out += '[';
  for (bool first = true; const auto& e : v) {
    if (!std::exchange(first, false)) out += ',';
    write(out, e);
  }
  out += ']';
}
template <class T>
void write(std::string& out, const std::map<std::string, T>& v) {
  out += '{';
  for (bool first = true; const auto& [name, e] : v) {
    if (!std::exchange(first, false)) out += ',';
    write_string(out, name);
    out += ':';
    write(out, e);
  }
  out += '}';
}

namespace detail {
template <Described T>
void write_members(std::string& out, const T& v) {
  out += '{';
  bool first = true;
  const auto member = [&](const char* name, const auto& value) {
    if (!std::exchange(first, false)) out += ',';
    out.append(1, '"').append(name).append("\":");
    write(out, value);
  };
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto d) {
    if constexpr (Optional<decltype(v.*d.pointer)>) {
      if (v.*d.pointer) member(d.name, *(v.*d.pointer));
    } else {
      member(d.name, v.*d.pointer);
    }
  });
  out += '}';
}
}  // namespace detail

template <class T>
void write(std::string& out, const T& v) {
  if constexpr (Described<T>) {
    detail::write_members(out, v);
  } else if constexpr (requires { write_json(out, v); }) {
    write_json(out, v);
  } else if constexpr (std::is_convertible_v<T, std::string_view>) {
    write_string(out, v);
  } else if constexpr (std::is_same_v<T, bool>) {
    out += v ? "true" : "false";
  } else if constexpr (std::is_integral_v<T>) {
    out += std::to_string(v);
  } else if constexpr (std::is_floating_point_v<T>) {
    write_number(out, v);
  } else if constexpr (requires { encode_json(v); }) {
    out += json_text(encode_json(v));
  } else {
    out += json_text(Json(v));
  }
}
}  // namespace emu::wire
