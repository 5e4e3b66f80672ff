// The filters of a mapping, compiled when it is set (spec-lambda G.4): a record passes if any of them
// matches.
#pragma once
#include "emulator/api/pattern.hpp"

namespace emu::lambda {
class Filters {
 public:
  Filters() = default;
  explicit Filters(const std::vector<std::string>& patterns);  // that were checked
  bool empty() const { return filters_.empty(); }
  bool pass_message(const Json& record) const;  // of a queue: its body is looked into if it is JSON
  bool pass_change(const Json& record) const;   // of a stream

 private:
  struct Filter {
    Pattern pattern;
    bool reads_body = false;
  };
  std::vector<Filter> filters_;
};
}  // namespace emu::lambda
