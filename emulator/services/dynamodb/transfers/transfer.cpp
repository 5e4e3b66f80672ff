#include "emulator/services/dynamodb/transfers/transfer.hpp"

#include <algorithm>

namespace emu::dynamodb {
namespace {
constexpr std::size_t kShortestArn = 37, kLongestBucket = 255, kOwnerDigits = 12;

bool alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool in_bucket(char c) { return alphanumeric(c) || c == '.' || c == '-' || c == '_'; }

std::string arn_member(const TransferKind& kind) { return fmt::format("{}Arn", kind.title); }

struct Held {
  std::string arn, id;  // ids begin with the time they were made
  TransferRecord record;
};

std::vector<Held> all(DynamoDb& service, const Scope& scope, const TransferKind& kind) {
  std::vector<Held> out;
  service.transfers.each([&](const Scope& in, const std::string& arn, TransferRecord record) {
    const auto at = arn.find(kind.path());
    if (in == scope && at != arn.npos)
      out.push_back({arn, arn.substr(at + kind.path().size()), std::move(record)});
  });
  std::ranges::sort(out, std::greater<>{}, &Held::id);
  return out;
}
}  // namespace

void constrain_bucket(Constraints& c, const std::optional<std::string>& bucket, std::string_view path) {
  if (!bucket) return c.present(false, path);
  const auto bad = [&](std::string_view rule) {
    c.add(fmt::format("Value '{}' at '{}' failed to satisfy constraint: {}", *bucket, path, rule));
  };
  if (bucket->size() > kLongestBucket) bad("Member must have length less than or equal to 255");
  if (bucket->size() < 2 || !alphanumeric(bucket->front()) || !alphanumeric(bucket->back()) ||
      !std::ranges::all_of(*bucket, in_bucket))
    bad("Member must satisfy regular expression pattern: ^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$");
}

void constrain_owner(Constraints& c, const std::optional<std::string>& owner, std::string_view path) {
  if (!owner) return;
  const auto digit = [](char ch) { return ch >= '0' && ch <= '9'; };
  if (owner->size() != kOwnerDigits || !std::ranges::all_of(*owner, digit))
    c.add(fmt::format(
        "Value '{}' at '{}' failed to satisfy constraint: Member must satisfy regular expression pattern: "
        "[0-9]{{12}}",
        *owner, path));
}

std::string new_transfer_arn(DynamoDb& service, const TransferKind& kind, const Scope& scope,
                             std::string_view table) {
  return fmt::format("{}{}{:014}-{}", table_arn(scope, table), kind.path(), epoch_ms(service.clock.now()),
                     service.ids.text(8, Ids::kHex));
}

void fail_for_want_of_s3(Json& description, const TransferKind& kind, Time now) {
  description[fmt::format("{}Status", kind.title)] = "FAILED";
  description["EndTime"] = epoch_seconds(now);
  description["FailureCode"] = "S3NoSuchBucket";
  description["FailureMessage"] = "The specified bucket does not exist (emu has no Amazon S3)";
}

std::optional<Result<Json>> repeated(DynamoDb& service, const Scope& scope, const TransferKind& kind,
                                     const std::optional<std::string>& token, const Json& request) {
  if (!token) return std::nullopt;
  for (auto& held : all(service, scope, kind))
    if (held.record.Description.value("ClientToken", "") == *token) {
      if (held.record.Request == request) return std::move(held.record.Description);
      return AwsError{
          fmt::format("{}ConflictException", kind.title),
          fmt::format("{} conflict: Duplicate request detected with conflicting parameters", kind.title)};
    }
  return std::nullopt;
}

Result<Json> describe_transfer(DynamoDb& service, const Scope& scope, const TransferKind& kind,
                               const std::optional<std::string>& arn) {
  auto path = arn_member(kind);
  path.front() = static_cast<char>(path.front() - 'A' + 'a');
  Constraints constraints;
  constraints.present(arn.has_value(), path);
  if (arn && arn->size() < kShortestArn)
    constraints.add(
        fmt::format("Value '{}' at '{}' failed to satisfy constraint: Member must have length "
                    "greater than or equal to {}",
                    *arn, path, kShortestArn));
  constraints.finish();
  if (!arn->starts_with("arn:aws:dynamodb:") || !arn->contains(kind.path()))
    throw AwsError::validation(fmt::format("Invalid {} ARN", kind.title));
  auto record = service.transfers.get(scope, *arn);
  if (!record)
    return AwsError{fmt::format("{}NotFoundException", kind.title),
                    fmt::format("{0} not found: {0} not found: {1}", kind.title, *arn)};
  return std::move(record->Description);
}

TransferPage list_transfers(DynamoDb& service, const Scope& scope, const TransferKind& kind,
                            const std::function<bool(const Json&)>& wanted, std::size_t limit,
                            const std::optional<std::string>& token) {
  TransferPage page;
  for (auto& held : all(service, scope, kind)) {
    if (!wanted(held.record.Description) || (token && held.id >= *token)) continue;
    if (page.descriptions.size() == limit) {
      page.next = page.descriptions.back()[arn_member(kind)].get<std::string>();
      page.next->erase(0, page.next->rfind('/') + 1);
      break;
    }
    page.descriptions.push_back(std::move(held.record.Description));
  }
  return page;
}
}  // namespace emu::dynamodb
