#include "emulator/services/dynamodb/transactions/tokens.hpp"

#include <stdexcept>

#include "emulator/base/digest.hpp"

namespace emu::dynamodb {
namespace {
using storage::Key;
using storage::Space;
using namespace std::chrono_literals;

constexpr Duration kRemembered = 10min;  // ClientRequestToken, API reference
constexpr std::size_t kTimeBytes = 8, kDigestBytes = 32;
bool is_token(storage::BytesView row) { return row.size() == kTimeBytes + kDigestBytes; }

std::uint64_t bucket_of(Time t) { return static_cast<std::uint64_t>(t.time_since_epoch() / kRemembered); }

storage::Bytes time_bytes(Time t) {
  storage::Bytes out;
  for (int shift = 56; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(t.time_since_epoch().count() >> shift));
  return out;
}

Time read_time(storage::BytesView bytes) {
  std::int64_t micros = 0;
  for (const char c : bytes.substr(0, kTimeBytes)) micros = micros << 8 | static_cast<unsigned char>(c);
  return Time{Duration{micros}};
}

AwsError mismatch() {
  AwsError error{
      "IdempotentParameterMismatchException",
      "The request was retried with a different payload but with an idempotent token that was already used"};
  error.message_key = "Message";
  return error;
}
}  // namespace

TokenBook::TokenBook(DynamoDb& service, const Scope& scope, const Idempotency& request)
    : service_(service),
      name_(Key(Space::transaction_tokens)
                .text(scope.account)
                .text(scope.region)
                .text(request.operation)
                .text(request.token)
                .bytes()),
      digest_(sha256(request.payload)) {}

Key TokenBook::row(std::uint64_t bucket) const {
  return Key(Space::transaction_tokens).u64(bucket).raw(std::string_view(name_).substr(1));
}

Result<bool> TokenBook::done() {
  now_ = service_.clock.now();
  const auto now = bucket_of(now_);
  for (const auto bucket : {now, now - 1}) {
    const auto found = service_.disk.get(row(bucket).bytes());
    if (found && !is_token(*found)) throw std::runtime_error("a transaction's token cannot be read");
    if (!found || read_time(*found) + kRemembered <= now_) continue;
    if (std::string_view(*found).substr(kTimeBytes) != digest_) return mismatch();
    return true;
  }
  return false;
}

void TokenBook::note(storage::Batch& batch) const {
  const auto bucket = bucket_of(now_);
  if (service_.token_bucket.exchange(bucket) != bucket)  // the first in this bucket sweeps
    service_.disk.erase(
        {Key(Space::transaction_tokens).bytes(), Key(Space::transaction_tokens).u64(bucket - 1).bytes()});
  batch.put(row(bucket), time_bytes(now_) + digest_);
}

void verify_tokens(const storage::Engine& disk, Report& report) {
  report.covers(Space::transaction_tokens);
  disk.scan(storage::prefix(Key(Space::transaction_tokens)), [&](storage::BytesView, storage::BytesView row) {
    report.count("transaction tokens");
    if (!is_token(row))
      report.add({"a transaction's ClientRequestToken", "it cannot be read",
                  "none is needed: it is dropped within twenty minutes of use"});
    return true;
  });
}
}  // namespace emu::dynamodb
