#include "storage/number.hpp"

#include <algorithm>
#include <charconv>
#include <span>

namespace emu::storage {
namespace {
constexpr int kMaxDigits = 38;
constexpr std::int64_t kMaxExponent = 125, kMinExponent = -130;  // of the first digit
constexpr unsigned kExponentBias = 0xC0;
constexpr std::size_t kMaxPairs = 20;
constexpr unsigned char kNegativeEnd = 0x66;
constexpr int kLowest = -168;  // decimal exponent of the smallest digit any Number can have
constexpr int kWindow = kMaxExponent + 2 - kLowest;
}  // namespace

// digits[0..count) with no zero at either end, times 10^exponent. Zero has no digits.
struct Number::Decimal {
  bool negative = false;
  int count = 0;
  int exponent = 0;
  std::array<char, 40> digits{};
  int first_exponent() const { return exponent + count - 1; }
};

namespace {
bool digit(char c) { return c >= '0' && c <= '9'; }

// What the grammar of B2 reads: sign, the digits with the point taken out, and the exponent they then have.
struct Written {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

bool read(std::string_view text, Written& out) {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) out.negative = text[at++] == '-';
  std::int64_t fraction = 0;
  bool point = false;
  for (; at < text.size() && (digit(text[at]) || (text[at] == '.' && !point)); ++at) {
    if (text[at] == '.') {
      point = true;
    } else {
      out.digits.push_back(text[at]);
      fraction += point;
    }
  }
  if (out.digits.empty()) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    if (++at < text.size() && text[at] == '+') ++at;
    if (at < text.size() && text[at] == '-' && text[at - 1] == '+') return false;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), out.exponent);
    if (error != std::errc()) return false;  // none, or beyond 64 bits: AWS cannot convert it either
    at = static_cast<std::size_t>(end - text.data());
  }
  if (at != text.size()) return false;
  constexpr std::int64_t kFar = 1'000'000'000'000;  // keeps the sums below clear of overflow
  out.exponent = std::clamp(out.exponent, -kFar, kFar) - fraction;
  return true;
}
}  // namespace

std::variant<Number, NumberFault> Number::parse(std::string_view text) {
  Written written;
  if (!read(text, written)) return NumberFault::malformed;
  const auto first = written.digits.find_first_not_of('0');
  if (first == std::string::npos) {  // a zero is judged by the exponent it was written with
    if (written.exponent > kMaxExponent) return NumberFault::overflow;
    if (written.exponent < kMinExponent) return NumberFault::underflow;
    return Number();
  }
  const auto last = written.digits.find_last_not_of('0');
  const auto count = last - first + 1;
  const auto exponent = written.exponent + static_cast<std::int64_t>(written.digits.size() - 1 - last);
  const auto first_exponent = exponent + static_cast<std::int64_t>(count) - 1;
  if (first_exponent > kMaxExponent) return NumberFault::overflow;
  if (first_exponent < kMinExponent) return NumberFault::underflow;
  if (count > kMaxDigits) return NumberFault::precision;
  Decimal decimal;
  decimal.negative = written.negative;
  decimal.count = static_cast<int>(count);
  decimal.exponent = static_cast<int>(exponent);
  for (std::size_t i = 0; i < count; ++i)
    decimal.digits[i] = static_cast<char>(written.digits[first + i] - '0');
  return Number(decimal);
}

Number::Number(std::int64_t value) : Number() {
  auto parsed = parse(std::to_string(value));  // 19 digits at most: always a Number
  *this = std::get<Number>(parsed);
}

// Base 100: x = sum of pair_i * 100^(E - i); one byte for E, one per pair, complemented when negative (B8).
Number::Number(const Decimal& d) {
  if (d.count == 0) return;
  const int first = d.first_exponent();
  const int e = (first >= 0 ? first / 2 : -((-first + 1) / 2)) + 1;
  const bool lone = first % 2 == 0;  // the first pair holds one digit
  const unsigned head = kExponentBias + static_cast<unsigned>(e);
  bytes_[0] = static_cast<char>(d.negative ? ~head : head);
  for (int at = lone ? -1 : 0; at < d.count; at += 2) {
    const int tens = at < 0 ? 0 : d.digits[static_cast<std::size_t>(at)];
    const int ones = at + 1 < d.count ? d.digits[static_cast<std::size_t>(at + 1)] : 0;
    const int pair = tens * 10 + ones;
    bytes_[size_++] = static_cast<char>(d.negative ? 101 - pair : pair + 1);
  }
  if (d.negative && size_ < kMaxPairs + 1) bytes_[size_++] = static_cast<char>(kNegativeEnd);
}

Number::Decimal Number::decimal() const {
  Decimal d;
  if (size_ == 1) return d;
  const auto raw = [&](std::size_t i) { return static_cast<unsigned char>(bytes_[i]); };
  d.negative = raw(0) < 0x80;
  const int e = static_cast<int>(d.negative ? static_cast<unsigned char>(~raw(0)) : raw(0)) -
                static_cast<int>(kExponentBias);
  std::size_t end = size_;
  if (d.negative && raw(end - 1) == kNegativeEnd) --end;
  for (std::size_t i = 1; i < end; ++i) {
    const int pair = d.negative ? 101 - raw(i) : raw(i) - 1;
    if (i > 1 || pair >= 10) d.digits[static_cast<std::size_t>(d.count++)] = static_cast<char>(pair / 10);
    d.digits[static_cast<std::size_t>(d.count++)] = static_cast<char>(pair % 10);
  }
  d.exponent = 2 * (e - static_cast<int>(end - 1));
  while (d.count > 0 && d.digits[static_cast<std::size_t>(d.count - 1)] == 0) --d.count, ++d.exponent;
  return d;
}

bool Number::restore(BytesView bytes, Number& out) {
  if (bytes.empty() || bytes.size() > out.bytes_.size()) return false;
  const auto head = static_cast<unsigned char>(bytes[0]);
  if (bytes.size() == 1 && head != 0x80) return false;
  const std::size_t pairs =
      bytes.size() - 1 - (head < 0x80 && static_cast<unsigned char>(bytes.back()) == kNegativeEnd);
  if (bytes.size() > 1 && (pairs == 0 || pairs > kMaxPairs)) return false;
  for (std::size_t i = 1; i <= pairs; ++i)
    if (const auto c = static_cast<unsigned char>(bytes[i]); c < 1 || c > 101) return false;
  std::ranges::copy(bytes, out.bytes_.begin());
  out.size_ = static_cast<unsigned char>(bytes.size());
  return true;
}

std::string Number::text() const {
  const Decimal d = decimal();
  if (d.count == 0) return "0";
  std::string out;
  if (d.negative) out.push_back('-');
  const auto put = [&](int from, int to) {
    for (int i = from; i < to; ++i)
      out.push_back(static_cast<char>('0' + d.digits[static_cast<std::size_t>(i)]));
  };
  const int whole = d.count + d.exponent;  // digits before the point
  if (d.exponent >= 0) {
    put(0, d.count);
    out.append(static_cast<std::size_t>(d.exponent), '0');
  } else if (whole > 0) {
    put(0, whole);
    out.push_back('.');
    put(whole, d.count);
  } else {
    out.append("0.").append(static_cast<std::size_t>(-whole), '0');
    put(0, d.count);
  }
  return out;
}

std::size_t Number::billed_size() const {
  const Decimal d = decimal();
  if (d.count == 0) return 1;
  const int whole = std::clamp(d.count + d.exponent, 0, d.count);
  const int fraction = d.count - whole;
  return static_cast<std::size_t>(1 + (whole + 1) / 2 + (fraction + 1) / 2 + d.negative);
}

std::variant<Number, NumberFault> Number::sum(const Number& other, bool negated) const {
  const Decimal a = decimal(), b = other.decimal();
  if (b.count == 0) return *this;
  // Column by column, from the lowest digit of either to one above the highest.
  const int lowest = a.count == 0 ? b.exponent : std::min(a.exponent, b.exponent);
  const int highest = std::max(a.first_exponent(), b.first_exponent()) + 1;
  std::array<int, kWindow> columns{};
  const std::span total(columns.data(), static_cast<std::size_t>(highest - lowest + 1));
  const auto add = [&](const Decimal& d, int sign) {
    for (int i = 0; i < d.count; ++i)
      total[static_cast<std::size_t>(d.exponent + d.count - 1 - i - lowest)] +=
          sign * d.digits[static_cast<std::size_t>(i)];
  };
  add(a, a.negative ? -1 : 1);
  add(b, b.negative != negated ? -1 : 1);
  const auto top = std::find_if(total.rbegin(), total.rend(), [](int n) { return n != 0; });
  if (top == total.rend()) return Number();
  Decimal out;
  out.negative = *top < 0;
  int carry = 0;
  for (int& n : total) {
    n = (out.negative ? -n : n) + carry;
    carry = n < 0 ? -1 : n / 10;
    n -= carry * 10;
  }
  const auto set = [](int n) { return n != 0; };
  const auto low = std::find_if(total.begin(), total.end(), set) - total.begin();
  const auto high = total.rend() - std::find_if(total.rbegin(), total.rend(), set) - 1;
  if (high - low + 1 > kMaxDigits || high + lowest > kMaxExponent) return NumberFault::overflow;
  if (high + lowest < kMinExponent) return NumberFault::underflow;
  out.count = static_cast<int>(high - low + 1);
  out.exponent = static_cast<int>(low) + lowest;
  for (int i = 0; i < out.count; ++i)
    out.digits[static_cast<std::size_t>(i)] = static_cast<char>(total[static_cast<std::size_t>(high - i)]);
  return Number(out);
}

std::variant<Number, NumberFault> Number::plus(const Number& other) const { return sum(other, false); }
std::variant<Number, NumberFault> Number::minus(const Number& other) const { return sum(other, true); }
}  // namespace emu::storage
