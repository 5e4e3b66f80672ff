// How an operation words its refusals. AWS moved some operations to a newer validation layer (A6): the
// outcome is the same, the text is not. Before that, in the "classic" generation, all worded them alike.
#pragma once
#include <fmt/format.h>

#include "emulator/services/dynamodb/value_json.hpp"

namespace emu::dynamodb {
inline constexpr std::string_view kDetected = "1 validation error detected: ";
inline constexpr std::string_view kInvalidParameters = "One or more parameter values were invalid: ";

enum class Layer {
  prefixed,  // PutItem, UpdateItem, DeleteItem: current texts behind "1 validation error detected: "
  current,   // GetItem, BatchGetItem, Query
  older,     // Scan, BatchWriteItem, transactions; classic: every operation
};
enum class Validation { modern, classic };

struct Voice {
  Layer layer = Layer::current;
  bool classic = false;

  // A request-validation error: prefixed where the layer has it.
  AwsError request(std::string_view text) const {
    return AwsError::validation(layer == Layer::prefixed ? fmt::format("{}{}", kDetected, text)
                                                         : std::string(text));
  }
  std::string text(const Mistake& mistake) const {
    if (classic && !mistake.classic.empty()) return mistake.classic;
    return layer == Layer::older ? mistake.older : mistake.current;
  }
  AwsError mistake(const Mistake& m) const {
    return m.request_level ? request(text(m)) : AwsError::validation(text(m));
  }
  void judge(const GivenItem& given) const {
    if (given.mistake) throw mistake(*given.mistake);
  }
  // Values of an expression; the older layer says where (B4).
  void judge(const GivenValues& given) const {
    if (!given.mistake) return;
    if (layer != Layer::older) throw mistake(*given.mistake);
    throw AwsError::validation(fmt::format("ExpressionAttributeValues contains invalid value: {} for key {}",
                                           text(*given.mistake), given.mistaken));
  }
};

// The voice of one expression: puts its kind before every text.
struct ExpressionVoice {
  Voice voice;
  std::string_view kind;  // "UpdateExpression"; none within a PartiQL statement
  [[noreturn]] void refuse(std::string_view text) const {
    if (kind.empty()) throw voice.request(text);
    throw voice.request(fmt::format("Invalid {}: {}", kind, text));
  }
};

// Errors with the same words wherever they occur.
inline AwsError invalid_parameters(std::string_view text) {
  return AwsError::validation(fmt::format("{}{}", kInvalidParameters, text));
}
inline AwsError condition_failed() {
  return {"ConditionalCheckFailedException", "The conditional request failed"};
}
inline AwsError no_such_resource() { return AwsError::not_found("Requested resource not found"); }
}  // namespace emu::dynamodb
