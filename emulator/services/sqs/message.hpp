// A message as it was sent: what its row holds and ReceiveMessage gives out. Written once, read per receive.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "emulator/base/clock.hpp"
#include "storage/key.hpp"

namespace emu::sqs {
struct Attribute {
  std::string name, type, value;
  bool binary = false;
  bool operator==(const Attribute&) const = default;
};

struct Message {
  std::string id;  // a UUID
  Time sent;
  std::string sender;
  std::string body;
  std::string body_md5;               // sixteen bytes
  std::vector<Attribute> attributes;  // ascending by name
  std::string group, deduplication;   // empty: none
  std::string trace;                  // AWSTraceHeader
  std::string source_arn;             // DeadLetterQueueSourceArn, after a redrive
  bool operator==(const Message&) const = default;
};

// The value of a message's row; decode: none if it cannot be one.
storage::Bytes encode_message(const Message& message);
std::optional<Message> decode_message(storage::BytesView row);
}  // namespace emu::sqs
