// An error as an AWS client sees it. Operations return it by value (Result<T>) for outcomes a healthy program
// meets in a loop; validators may throw it. emulator/api/dispatch.cpp is the only place that catches it.
#pragma once
#include <string>
#include <variant>

#include "emulator/base/json.hpp"

namespace emu {
struct AwsError {
  std::string code;     // "ResourceNotFoundException"
  std::string message;  // shown to the user, worded as AWS words it
  int http_status = 400;
  Json extra = Json::object();               // further members of the error body, e.g. Item, Type
  std::string_view message_key = "message";  // "Message" where the service spells it so

  static AwsError validation(std::string m) { return {"ValidationException", std::move(m)}; }
  static AwsError not_found(std::string m) { return {"ResourceNotFoundException", std::move(m)}; }
  static AwsError internal(std::string m) { return {"InternalFailure", std::move(m), 500}; }
};

// A T or an AwsError. (Not std::expected: an AwsError converts into it without ceremony, and Json, which
// converts from almost anything, stays unambiguous.)
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(AwsError error) : held_(std::in_place_index<1>, std::move(error)) {}
  explicit operator bool() const { return held_.index() == 0; }
  T& operator*() { return std::get<0>(held_); }
  const T& operator*() const { return std::get<0>(held_); }
  T* operator->() { return &std::get<0>(held_); }
  const T* operator->() const { return &std::get<0>(held_); }
  AwsError& error() { return std::get<1>(held_); }
  const AwsError& error() const { return std::get<1>(held_); }

 private:
  std::variant<T, AwsError> held_;
};

// Success without a value: `return Done{};`
struct Done {};
}  // namespace emu
