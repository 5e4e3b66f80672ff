// One table on disk, for `emu verify`: each item under its own key, each index entry as its item makes it,
// none missing and none too many, and so with expiry rows. Streams over the rows; holds a few hundred of them
// at a time.
#pragma once
#include "emulator/api/report.hpp"
#include "emulator/services/dynamodb/schema.hpp"
#include "storage/engine.hpp"

namespace emu::dynamodb {
class TableCheck {
 public:
  TableCheck(const storage::Engine& disk, const Schema& schema, Report& report);
  void run();

 private:
  void item(const storage::Row& row);
  void entry_of(const Index& index, const Item& item);
  void entries(const Index& index);
  void stray_entries(const Index& index);
  void expiry_of(const storage::Bytes& row, const Item& item);
  void expiries();
  void before_images();
  void report(const Item& item, std::string what, std::string cure);
  void report(const storage::Bytes& row, std::string what);

  const storage::Engine& disk_;
  const Schema& schema_;
  Report& report_;
  std::string table_;                     // as defects name it
  std::map<unsigned, std::size_t> good_;  // entries that their items confirm, by slot
  std::size_t good_expiries_ = 0;
};
}  // namespace emu::dynamodb
