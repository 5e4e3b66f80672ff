#include "emulator/services/dynamodb/backups/backup.hpp"

#include "emulator/base/arn.hpp"
#include "emulator/base/error.hpp"

namespace emu::dynamodb {
BackupKey BackupKey::parse(std::string_view text) {
  constexpr std::string_view kTable = "table/", kBackup = "/backup/";
  const auto arn = Arn::parse(text);
  if (arn && arn->service == "dynamodb" && arn->resource.starts_with(kTable)) {
    const std::string_view rest = std::string_view(arn->resource).substr(kTable.size());
    if (const auto at = rest.find(kBackup); at != rest.npos && at > 0 && at + kBackup.size() < rest.size())
      return {std::string(rest.substr(0, at)), std::string(rest.substr(at + kBackup.size()))};
  }
  throw AwsError::validation("Invalid Backup ARN");
}

BackupKey BackupKey::of_record(std::string_view name) {
  const auto at = name.find('/');
  return {std::string(name.substr(0, at)), std::string(name.substr(at + 1))};
}
}  // namespace emu::dynamodb
