#include "emulator/services/dynamodb/transactions/cancellation.hpp"

#include <fmt/format.h>

namespace emu::dynamodb {
Cancellation::Cancellation(std::size_t actions) : reasons_(actions, Json{{"Code", "None"}}) {}

void Cancellation::set(std::size_t action, std::string_view code, std::string_view message) {
  reasons_[action] = {{"Code", code}, {"Message", message}};
  any_ = true;
}

void Cancellation::show_item(std::size_t action, Json item) { reasons_[action]["Item"] = std::move(item); }

AwsError Cancellation::error() const {
  std::string codes;
  for (const auto& reason : reasons_)
    codes.append(codes.empty() ? "" : ", ").append(reason["Code"].get_ref<const std::string&>());
  AwsError out{
      "TransactionCanceledException",
      fmt::format("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
                  codes)};
  out.message_key = "Message";
  out.extra["CancellationReasons"] = reasons_;
  return out;
}

AwsError cancelled_by(std::size_t action, std::size_t actions, const AwsError& mistake) {
  Cancellation out(actions);
  out.set(action, "ValidationError", mistake.message);
  return out.error();
}
}  // namespace emu::dynamodb
