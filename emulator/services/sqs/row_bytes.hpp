// Writing and reading the rows of messages: integers of eight bytes, texts behind their length. A reader that
// has run over the end stays failed and gives zeros.
#pragma once
#include "storage/key.hpp"

namespace emu::sqs {
class RowWriter {
 public:
  explicit RowWriter(unsigned char version) { byte(version); }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  void byte(unsigned char v) { out_.push_back(static_cast<char>(v)); }
  void u64(std::uint64_t v) {
    for (int shift = 56; shift >= 0; shift -= 8) out_.push_back(static_cast<char>(v >> shift));
  }
  void text(storage::BytesView v) {
    auto length = v.size();
    for (; length > 0x7f; length >>= 7) byte(static_cast<unsigned char>(length | 0x80));
    byte(static_cast<unsigned char>(length));
    out_.append(v);
  }
  storage::BytesView bytes() const { return out_; }
  storage::Bytes take() { return std::move(out_); }

 private:
  storage::Bytes out_;
};

class RowReader {
 public:
  RowReader(storage::BytesView row, unsigned char version) : rest_(row) { good_ = byte() == version; }
  bool good() const { return good_; }
  bool done() const { return good_ && rest_.empty(); }
  unsigned char byte() {
    if (rest_.empty()) return fail();
    const auto v = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return v;
  }
  std::uint64_t u64() {
    if (rest_.size() < sizeof(std::uint64_t)) return fail();
    std::uint64_t v = 0;
    for (std::size_t i = 0; i < sizeof v; ++i) v = v << 8 | byte();
    return v;
  }
  storage::BytesView text() {
    std::size_t length = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto b = byte();
      if (shift > 28) fail();
      if (!good_) return {};
      length |= static_cast<std::size_t>(b & 0x7f) << shift;
      if (!(b & 0x80)) break;
    }
    if (length > rest_.size()) {
      fail();
      return {};
    }
    const auto v = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return v;
  }

 private:
  unsigned char fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }
  storage::BytesView rest_;
  bool good_ = true;
};
}  // namespace emu::sqs
