// Copies of a table's items under another storage id, while its writers go on: what backups hold and restored
// tables begin with. The blocking pool's work.
#pragma once
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
inline constexpr int kMaxRecoveryDays = 35;  // RecoveryPeriodInDays, C12

inline std::uint64_t change_time_of(Time t) {
  return static_cast<std::uint64_t>(t.time_since_epoch().count());
}
// The first part of the rows of items under a storage id.
storage::Key item_place(std::uint64_t storage_id);
void copy_items(DynamoDb& service, std::uint64_t from_storage_id, std::uint64_t to_storage_id);
void erase_items(DynamoDb& service, std::uint64_t storage_id);

// While it lives, the table's writers keep before-images.
class Copying {
 public:
  Copying(DynamoDb& service, const Table& table);
  ~Copying();
  Copying(const Copying&) = delete;
  Copying& operator=(const Copying&) = delete;
  std::uint64_t since() const { return since_; }  // no change after this time goes unseen
  // The table's items as they were at `time` under a new storage id; none if the table was deleted meanwhile.
  // since(), or a time within the table's recovery period.
  std::optional<std::uint64_t> items_at(std::uint64_t time);

 private:
  DynamoDb& service_;
  Table table_;
  std::uint64_t since_ = 0;
};
}  // namespace emu::dynamodb
