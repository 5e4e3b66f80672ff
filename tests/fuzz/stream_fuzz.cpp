// Any bytes as a shard iterator, a sequence number, a stream's ARN and a stored record: refused, or what it
// was made from.
#include "emulator/services/dynamodb/streams/shard_iterator.hpp"
#include "emulator/services/dynamodb/streams/streams.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace emu::dynamodb;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto iterator = ShardIterator::parse(text); iterator && iterator->text() != text)
    __builtin_trap();
  if (const auto n = parse_sequence(text); n && parse_sequence(sequence_text(*n)) != n) __builtin_trap();
  const auto name = StreamName::parse(text);
  if (name && (name->table.empty() || name->label.empty())) __builtin_trap();
  const auto record = decode_record({"id"}, text);
  if (record && record->size() < 0) __builtin_trap();
  return 0;
}
