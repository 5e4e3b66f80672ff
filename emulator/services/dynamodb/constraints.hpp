// Model constraints of a request (A2 step 10, A5): collected, then thrown as one ValidationException. Texts
// of the modern generation where an operation has moved to it (A6).
#pragma once
#include <span>

#include "emulator/services/dynamodb/voice.hpp"

namespace emu::dynamodb {
bool is_name_character(char c);  // of a table or an index

class Constraints {
 public:
  using Values = std::span<const std::string_view>;

  // A table name given, absent or empty; the newer layer reports an empty one alone.
  void table_name(const std::optional<std::string>& name, Layer layer);
  void present(bool is_present, std::string_view path);
  // Of a request that the newer layer never sees, as it lacks its item or key: all in the older words.
  template <class Write>
  static void refuse_without(std::string_view subject, const Write& in);
  void enumerated(const std::optional<std::string>& value, std::string_view path, Values allowed);
  void return_values(const std::optional<std::string>& value, Layer layer);
  void conditional_operator(const std::optional<std::string>& value, Layer layer);
  void at_least(std::optional<std::int64_t> value, std::string_view path, std::int64_t least);
  void at_most(std::optional<std::int64_t> value, std::string_view path, std::int64_t most);
  void length(const std::optional<std::string>& value, std::string_view path, std::size_t least,
              std::size_t most);
  void add(std::string entry) { entries_.push_back(std::move(entry)); }
  void finish() const;  // throws if anything was found

 private:
  std::vector<std::string> entries_;
};

// In the order the service prints them, which is fixed per enum.
inline constexpr std::string_view kReturnConsumedCapacity[] = {"INDEXES", "TOTAL", "NONE"};
inline constexpr std::string_view kReturnItemCollectionMetrics[] = {"SIZE", "NONE"};
inline constexpr std::string_view kOnConditionCheckFailure[] = {"ALL_OLD", "NONE"};
inline constexpr std::string_view kSelect[] = {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES",
                                               "ALL_PROJECTED_ATTRIBUTES"};
inline constexpr std::string_view kKeyType[] = {"HASH", "RANGE"};
inline constexpr std::string_view kAttributeType[] = {"B", "N", "S"};
inline constexpr std::string_view kProjectionType[] = {"ALL", "INCLUDE", "KEYS_ONLY"};
inline constexpr std::string_view kBillingMode[] = {"PROVISIONED", "PAY_PER_REQUEST"};
inline constexpr std::string_view kTableClass[] = {"STANDARD", "STANDARD_INFREQUENT_ACCESS"};
inline constexpr std::string_view kStreamViewType[] = {"NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES",
                                                       "KEYS_ONLY"};

template <class Write>
void Constraints::refuse_without(std::string_view subject, const Write& in) {
  Constraints c;
  c.conditional_operator(in.ConditionalOperator, Layer::older);
  c.enumerated(in.ReturnConsumedCapacity, "returnConsumedCapacity", kReturnConsumedCapacity);
  c.table_name(in.TableName, Layer::older);
  c.return_values(in.ReturnValues, Layer::older);
  c.enumerated(in.ReturnItemCollectionMetrics, "returnItemCollectionMetrics", kReturnItemCollectionMetrics);
  c.enumerated(in.ReturnValuesOnConditionCheckFailure, "returnValuesOnConditionCheckFailure",
               kOnConditionCheckFailure);
  c.present(false, subject);
  c.finish();
}
}  // namespace emu::dynamodb
