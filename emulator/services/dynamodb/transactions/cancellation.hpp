// TransactionCanceledException: one reason per action, in order (F).
#pragma once
#include <vector>

#include "emulator/base/error.hpp"

namespace emu::dynamodb {
class Cancellation {
 public:
  explicit Cancellation(std::size_t actions);
  void set(std::size_t action, std::string_view code, std::string_view message);
  void show_item(std::size_t action, Json item);
  bool any() const { return any_; }
  AwsError error() const;

 private:
  std::vector<Json> reasons_;
  bool any_ = false;
};
// The first action with a mistake, which AWS reports alone.
AwsError cancelled_by(std::size_t action, std::size_t actions, const AwsError& mistake);
}  // namespace emu::dynamodb
