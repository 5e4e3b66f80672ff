// What is wrong with a file that a person wrote, and where: one line each, `serverless.yml:12: what is wrong
// and what to write instead`. Thrown as Problems by the readers of this folder and by every part of deploy;
// notes are the same shape, for what is accepted without effect. Printed by the CLI.
#pragma once
#include <exception>
#include <string>
#include <vector>

namespace emu {
struct Place {
  std::string
      file;      // as the user knows it: relative to the project; empty for templates that came by network
  int line = 0;  // from 1; 0 if not known
};

struct Problem {
  Place place;
  std::string text;
  std::string line() const {
    if (place.file.empty()) return text;
    return place.file + (place.line > 0 ? ":" + std::to_string(place.line) : "") + ": " + text;
  }
};

class Problems : public std::exception {
 public:
  explicit Problems(std::vector<Problem> problems) : all(std::move(problems)) {
    for (const auto& p : all) text_ += (text_.empty() ? "" : "\n") + p.line();
  }
  Problems(Place place, std::string text) : Problems({Problem{std::move(place), std::move(text)}}) {}
  const char* what() const noexcept override { return text_.c_str(); }  // one line per problem
  std::vector<Problem> all;

 private:
  std::string text_;
};

using Note = Problem;
using Notes = std::vector<Note>;
}  // namespace emu
