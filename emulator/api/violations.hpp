// Constraints of AWS's model that a request violates, in the words that every service has for them.
#pragma once
#include <cstdint>
#include <string_view>

#include "emulator/base/error.hpp"

namespace emu {
// Collects what one request violates, so that AWS's "2 validation errors detected: …; …" comes out.
class Violations {
 public:
  // "Value 'v' at 'path' failed to satisfy constraint: …"
  void add(std::string_view value, std::string_view path, std::string_view constraint);
  void add_text(std::string text);
  void pattern(std::string_view value, std::string_view path, std::string_view pattern);
  void longest(std::string_view value, std::string_view path, std::size_t length);
  void range(std::int64_t value, std::string_view path, std::int64_t least, std::int64_t most);
  void raise() const;  // throws the ValidationException if anything was added
  bool empty() const { return count_ == 0; }
  std::string text() const;

 private:
  int count_ = 0;
  std::string texts_;
};

// The ValidationException for a single one.
AwsError violated(std::string_view value, std::string_view path, std::string_view constraint);
}  // namespace emu
