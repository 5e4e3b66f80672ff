#include "emulator/services/sqs/message_rows.hpp"

#include "emulator/services/sqs/row_bytes.hpp"

namespace emu::sqs {
namespace {
constexpr unsigned char kVersion = 1;  // on disk: another layout takes another
enum Flag : unsigned char { kFresh = 1, kReceived = 2, kGrouped = 4, kAttempted = 8 };

void put_time(RowWriter& out, Time t) { out.u64(static_cast<std::uint64_t>(t.time_since_epoch().count())); }
Time take_time(RowReader& in) { return Time(Duration(static_cast<std::int64_t>(in.u64()))); }
void put_digest(RowWriter& out, const Digest& d) {
  out.u64(d[0]);
  out.u64(d[1]);
}
Digest take_digest(RowReader& in) {
  const auto first = in.u64();
  return {first, in.u64()};
}
}  // namespace

std::uint64_t sequence_of(storage::BytesView row) {
  std::uint64_t out = 0;
  for (const char c : row.substr(row.size() - sizeof out)) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

storage::Bytes encode_state(const MessageState& s) {
  RowWriter out(kVersion);
  out.reserve(80);
  const bool grouped = s.group != kNoDigest, attempted = s.attempt != kNoDigest;
  out.byte(static_cast<unsigned char>((s.fresh ? kFresh : 0) | (s.receives > 0 ? kReceived : 0) |
                                      (grouped ? kGrouped : 0) | (attempted ? kAttempted : 0)));
  put_time(out, s.since);
  put_time(out, s.visible_at);
  if (s.receives > 0) {
    out.u64(s.receives);
    put_time(out, s.first_received);
    put_time(out, s.last_received);
    out.u64(s.nonce);
  }
  if (grouped) put_digest(out, s.group);
  if (attempted) put_digest(out, s.attempt);
  return out.take();
}

std::optional<MessageState> decode_state(storage::BytesView row) {
  RowReader in(row, kVersion);
  const auto flags = in.byte();
  MessageState s;
  s.fresh = (flags & kFresh) != 0;
  s.since = take_time(in);
  s.visible_at = take_time(in);
  if (flags & kReceived) {
    s.receives = static_cast<std::uint32_t>(in.u64());
    s.first_received = take_time(in);
    s.last_received = take_time(in);
    s.nonce = in.u64();
  }
  if (flags & kGrouped) s.group = take_digest(in);
  if (flags & kAttempted) s.attempt = take_digest(in);
  return in.done() ? std::optional(s) : std::nullopt;
}

storage::Bytes encode_duplicate(const Duplicate& d) {
  RowWriter out(kVersion);
  put_digest(out, d.id);
  put_time(out, d.accepted);
  out.text(d.message_id);
  return out.take();
}

std::optional<Duplicate> decode_duplicate(storage::BytesView row) {
  RowReader in(row, kVersion);
  Duplicate d;
  d.id = take_digest(in);
  d.accepted = take_time(in);
  d.message_id = in.text();
  return in.done() ? std::optional(std::move(d)) : std::nullopt;
}
}  // namespace emu::sqs
