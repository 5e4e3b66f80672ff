// How AWS's texts name the types of DynamoDB's requests (A4): our structs are named as the model names them.
#pragma once
#include "emulator/wire/json.hpp"

namespace emu::dynamodb {
template <class T>
constexpr bool modelled() {
  return std::string_view(__PRETTY_FUNCTION__).find("T = emu::dynamodb::") != std::string_view::npos;
}
}  // namespace emu::dynamodb

namespace emu::wire {
template <class T>
  requires(dynamodb::modelled<T>())
inline constexpr std::string_view kPackage<T> = "com.amazonaws.dynamodb.v20120810.";
}  // namespace emu::wire
