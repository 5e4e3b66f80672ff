#include "storage/number.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace emu::storage;

namespace {
Number number(std::string_view text) {
  auto parsed = Number::parse(text);
  REQUIRE_MESSAGE(std::holds_alternative<Number>(parsed), text);
  return std::get<Number>(parsed);
}
NumberFault fault(std::string_view text) {
  auto parsed = Number::parse(text);
  REQUIRE_MESSAGE(std::holds_alternative<NumberFault>(parsed), text);
  return std::get<NumberFault>(parsed);
}
std::string hex(std::string_view bytes) {
  std::string out;
  for (const unsigned char c : bytes) {
    out.push_back("0123456789abcdef"[c >> 4]);
    out.push_back("0123456789abcdef"[c & 15]);
  }
  return out;
}
const std::string kNines(38, '9');
}  // namespace

TEST_CASE("a number is written as plain decimal without needless zeros") {
  for (auto [given, shown] :
       std::vector<std::pair<std::string, std::string>>{{"1e3", "1000"},
                                                        {"1.10", "1.1"},
                                                        {"-0", "0"},
                                                        {".5", "0.5"},
                                                        {"00042", "42"},
                                                        {"1.5E2", "150"},
                                                        {"+5", "5"},
                                                        {"5.", "5"},
                                                        {"1.e5", "100000"},
                                                        {"-12.340", "-12.34"},
                                                        {"0.00010", "0.0001"},
                                                        {"1e-130", "0." + std::string(129, '0') + "1"},
                                                        {kNines, kNines},
                                                        {"1e125", "1" + std::string(125, '0')},
                                                        {"123e-1", "12.3"},
                                                        {"0e125", "0"},
                                                        {"0.0e126", "0"}})
    CHECK(number(given).text() == shown);
}

TEST_CASE("texts that are no numbers are told apart from those out of range") {
  for (auto text : {"", " 1", "1 ", "NaN", "Infinity", "0x10", "1e", "1.2.3", "1+2", "--1", "_", ".", "e5",
                    "1e+-5", "1e99999999999999999999"})
    CHECK(fault(text) == NumberFault::malformed);
  CHECK(fault(kNines + "9") == NumberFault::precision);
  CHECK(fault("1e126") == NumberFault::overflow);
  CHECK(fault("0e126") == NumberFault::overflow);
  CHECK(fault("1e9223372036854775807") == NumberFault::overflow);
  CHECK(fault("9.9e-131") == NumberFault::underflow);
  CHECK(fault("0e-131") == NumberFault::underflow);
}

TEST_CASE("the bytes of a number are those AWS hashes") {
  for (auto [text, bytes] : std::vector<std::pair<std::string, std::string>>{{"0", "80"},
                                                                             {"1", "c102"},
                                                                             {"100", "c202"},
                                                                             {"12.3456", "c10d2339"},
                                                                             {"999.9", "c20a645b"},
                                                                             {"0.012345", "c002182e"},
                                                                             {"1e-130", "8002"},
                                                                             {"-1", "3e6466"},
                                                                             {"-999.9", "3d5c020b66"}})
    CHECK_MESSAGE(hex(number(text).bytes()) == bytes, text);
}

TEST_CASE("byte order is numeric order and every number survives its bytes") {
  const std::vector<std::string> ascending{"-" + kNines + "e88",
                                           "-1e125",
                                           "-1e10",
                                           "-100.5",
                                           "-100",
                                           "-99.99",
                                           "-12",
                                           "-2",
                                           "-1.5",
                                           "-1",
                                           "-0.09",
                                           "-1e-130",
                                           "0",
                                           "1e-130",
                                           "0.012345",
                                           "0.5",
                                           "1",
                                           "1.05",
                                           "1.5",
                                           "2",
                                           "9",
                                           "10",
                                           "99.99",
                                           "100",
                                           "1e10",
                                           "1e125"};
  for (std::size_t i = 0; i + 1 < ascending.size(); ++i)
    CHECK_MESSAGE(number(ascending[i]) < number(ascending[i + 1]), ascending[i]);
  for (const auto& text : ascending) {
    Number back;
    REQUIRE(Number::restore(number(text).bytes(), back));
    CHECK(back == number(text));
    CHECK(number(back.text()) == back);
  }
  Number back;
  CHECK_FALSE(Number::restore("", back));
  CHECK_FALSE(Number::restore("\xc1", back));
}

TEST_CASE("numbers are billed by half of their significant digits") {
  for (auto [text, size] : std::vector<std::pair<std::string, std::size_t>>{{"0", 1},
                                                                            {"7", 2},
                                                                            {"42", 2},
                                                                            {"-42", 3},
                                                                            {"123", 3},
                                                                            {"1000", 2},
                                                                            {"3.14", 3},
                                                                            {"0.0000001", 2},
                                                                            {"1e125", 2},
                                                                            {"-1", 3},
                                                                            {"100.5", 4}})
    CHECK_MESSAGE(number(text).billed_size() == size, text);
}

TEST_CASE("sums are exact or refused") {
  const auto plus = [](std::string_view a, std::string_view b) { return number(a).plus(number(b)); };
  const auto minus = [](std::string_view a, std::string_view b) { return number(a).minus(number(b)); };
  CHECK(std::get<Number>(plus("0.1", "0.2")).text() == "0.3");
  CHECK(std::get<Number>(plus("999", "1")).text() == "1000");
  CHECK(std::get<Number>(minus("1000", "1")).text() == "999");
  CHECK(std::get<Number>(minus("1", "1000.5")).text() == "-999.5");
  CHECK(std::get<Number>(plus("-5", "5")).text() == "0");
  CHECK(std::get<Number>(minus("-5", "-7")).text() == "2");
  CHECK(std::get<Number>(plus("-5", "-7")).text() == "-12");
  CHECK(std::get<NumberFault>(plus("1e50", "1")) == NumberFault::overflow);
  CHECK(std::get<NumberFault>(plus("9e125", "9e125")) == NumberFault::overflow);
  CHECK(Number(-1205).text() == "-1205");
}
