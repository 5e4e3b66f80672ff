// A decimal of up to 38 significant digits between 1E-130 and 9.99E+125, kept in a form whose byte order is
// the numeric order: DynamoDB's N, in items as in keys (spec-dynamodb B2, B8). Equal values have equal bytes,
// so 1, 1.0 and 1e0 are one key. Do not change the encoding: it is on disk.
#pragma once
#include <array>
#include <compare>
#include <variant>

#include "storage/key.hpp"

namespace emu::storage {
// Why a text, or the outcome of an addition, is no Number.
enum class NumberFault { malformed, precision, overflow, underflow };

class Number {
 public:
  Number() = default;  // zero
  explicit Number(std::int64_t value);
  static std::variant<Number, NumberFault> parse(std::string_view text);
  // Bytes that bytes() gave out; false when they cannot be such bytes.
  static bool restore(BytesView bytes, Number& out);

  BytesView bytes() const { return {bytes_.data(), size_}; }
  std::string text() const;         // plain decimal: no exponent, no needless zeros
  std::size_t billed_size() const;  // what DynamoDB counts for it (B6)
  std::variant<Number, NumberFault> plus(const Number& other) const;   // exact
  std::variant<Number, NumberFault> minus(const Number& other) const;  // exact

  friend bool operator==(const Number& a, const Number& b) { return a.bytes() == b.bytes(); }
  friend std::strong_ordering operator<=>(const Number& a, const Number& b) {
    return a.bytes() <=> b.bytes();
  }

 private:
  struct Decimal;
  explicit Number(const Decimal& decimal);
  Decimal decimal() const;
  std::variant<Number, NumberFault> sum(const Number& other, bool negated) const;

  std::array<char, 22> bytes_{'\x80'};  // exponent byte, at most 20 base-100 digits, terminator
  unsigned char size_ = 1;
};
}  // namespace emu::storage
