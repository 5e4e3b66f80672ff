// What ClientRequestTokens remember (F): that a transaction with this token has happened, for ten minutes.
// A token's row is written in the Batch of its transaction, so that one never lasts without the other, and
// lies in a bucket of ten minutes: a token is looked for in two buckets, and those before them are dropped
// whole when a new one begins. Under the lock of lock_name().
#pragma once
#include "emulator/api/report.hpp"
#include "emulator/services/dynamodb/dynamodb.hpp"

namespace emu::dynamodb {
struct Idempotency {
  std::string operation;  // tokens of TransactWriteItems and ExecuteTransaction are apart
  std::string token;
  std::string payload;  // equal for requests that are the same but for what they want reported
};

class TokenBook {
 public:
  TokenBook(DynamoDb& service, const Scope& scope, const Idempotency& request);
  const storage::Bytes& lock_name() const { return name_; }
  // Whether this very transaction has happened already; IdempotentParameterMismatchException if another has.
  // Reads the clock: who asks under the lock never misses a token noted before.
  Result<bool> done();
  // Adds the token to the transaction's batch.
  void note(storage::Batch& batch) const;

 private:
  storage::Key row(std::uint64_t bucket) const;
  DynamoDb& service_;
  Time now_;  // of done()
  storage::Bytes name_;
  std::string digest_;
};
// For `emu verify`: whether every token can be read.
void verify_tokens(const storage::Engine& disk, Report& report);
}  // namespace emu::dynamodb
