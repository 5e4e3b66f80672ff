#include "emulator/services/sqs/message.hpp"

#include "emulator/services/sqs/row_bytes.hpp"

namespace emu::sqs {
namespace {
constexpr unsigned char kVersion = 1;  // on disk: another layout takes another
}

storage::Bytes encode_message(const Message& m) {
  RowWriter out(kVersion);
  out.reserve(m.body.size() + 128);
  out.u64(static_cast<std::uint64_t>(m.sent.time_since_epoch().count()));
  for (const auto* text :
       {&m.id, &m.sender, &m.body_md5, &m.group, &m.deduplication, &m.trace, &m.source_arn})
    out.text(*text);
  out.text(m.body);
  for (const auto& a : m.attributes) {
    out.byte(a.binary ? 1 : 0);
    for (const auto* text : {&a.name, &a.type, &a.value}) out.text(*text);
  }
  return out.take();
}

std::optional<Message> decode_message(storage::BytesView row) {
  RowReader in(row, kVersion);
  Message m;
  m.sent = Time(Duration(static_cast<std::int64_t>(in.u64())));
  for (auto* text : {&m.id, &m.sender, &m.body_md5, &m.group, &m.deduplication, &m.trace, &m.source_arn})
    *text = in.text();
  m.body = in.text();
  while (in.good() && !in.done()) {
    Attribute a;
    a.binary = in.byte() != 0;
    for (auto* text : {&a.name, &a.type, &a.value}) *text = in.text();
    m.attributes.push_back(std::move(a));
  }
  return in.good() ? std::optional(std::move(m)) : std::nullopt;
}
}  // namespace emu::sqs
