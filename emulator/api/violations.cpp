#include "emulator/api/violations.hpp"

#include <fmt/format.h>

namespace emu {
void Violations::add(std::string_view value, std::string_view path, std::string_view constraint) {
  add_text(fmt::format("Value '{}' at '{}' failed to satisfy constraint: {}", value, path, constraint));
}

void Violations::add_text(std::string text) {
  if (count_++ > 0) texts_ += "; ";
  texts_ += text;
}

void Violations::pattern(std::string_view value, std::string_view path, std::string_view pattern) {
  add(value, path, fmt::format("Member must satisfy regular expression pattern: {}", pattern));
}

void Violations::longest(std::string_view value, std::string_view path, std::size_t length) {
  if (value.size() > length)
    add(value, path, fmt::format("Member must have length less than or equal to {}", length));
}

void Violations::range(std::int64_t value, std::string_view path, std::int64_t least, std::int64_t most) {
  if (value < least)
    add(std::to_string(value), path,
        fmt::format("Member must have value greater than or equal to {}", least));
  if (value > most)
    add(std::to_string(value), path, fmt::format("Member must have value less than or equal to {}", most));
}

std::string Violations::text() const {
  return fmt::format("{} validation error{} detected: {}", count_, count_ == 1 ? "" : "s", texts_);
}

void Violations::raise() const {
  if (count_ > 0) throw AwsError::validation(text());
}

AwsError violated(std::string_view value, std::string_view path, std::string_view constraint) {
  Violations one;
  one.add(value, path, constraint);
  return AwsError::validation(one.text());
}
}  // namespace emu
