#include "emulator/wire/content_coding.hpp"

#include <zlib.h>

#include <algorithm>
#include <charconv>

#include "emulator/base/text.hpp"

namespace emu::wire {
namespace {
constexpr int kWindow = 15;               // zlib's largest
constexpr int kGzip = 16;                 // added to the window: gzip's header and trailer instead of zlib's
constexpr std::size_t kStep = 64 * 1024;  // bytes of output made at a time

int window(Coding coding) { return coding == Coding::gzip ? kWindow + kGzip : kWindow; }

Bytef* raw(std::string_view bytes) {  // zlib reads through it, whatever its type says
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct Stream : z_stream {
  explicit Stream(Coding coding) : z_stream{} { inflateInit2(this, window(coding)); }
  ~Stream() { inflateEnd(this); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
};

// "gzip;q=0.5" -> its name and weight.
std::pair<std::string_view, double> offer(std::string_view text) {
  const auto semicolon = std::min(text.find(';'), text.size());
  const auto name = trimmed(text.substr(0, semicolon));
  auto weight = trimmed(text.substr(std::min(text.size(), semicolon + 1)));
  double q = 1;
  if (weight.starts_with("q=") || weight.starts_with("Q=")) {
    weight.remove_prefix(2);
    std::from_chars(weight.data(), weight.data() + weight.size(), q);
  }
  return {name, q};
}
}  // namespace

std::optional<Coding> coding_named(std::string_view name) {
  if (same_text(name, "gzip")) return Coding::gzip;
  if (same_text(name, "deflate")) return Coding::deflate;
  return std::nullopt;
}

std::string_view coding_name(Coding coding) { return coding == Coding::gzip ? "gzip" : "deflate"; }

std::optional<Coding> preferred_coding(std::string_view accept_encoding) {
  std::optional<Coding> best;
  double best_weight = 0;
  while (!accept_encoding.empty()) {
    const auto comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const auto [name, weight] = offer(accept_encoding.substr(0, comma));
    accept_encoding.remove_prefix(std::min(accept_encoding.size(), comma + 1));
    const auto coding = name == "*" ? Coding::gzip : coding_named(name);
    if (!coding || weight <= best_weight) continue;
    best = coding;
    best_weight = weight;
  }
  return best;
}

std::string compressed(Coding coding, std::string_view bytes) {
  constexpr int kMemory = 8;  // zlib's default
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window(coding), kMemory, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = raw(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = raw(out);
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

Unpacking unpack(Coding coding, std::string_view bytes, std::size_t limit, std::string& out) {
  Stream stream(coding);
  stream.next_in = raw(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  for (;;) {
    const auto before = out.size();
    if (before > limit) return Unpacking::too_long;
    out.resize(before + std::min(kStep, limit + 1 - before));
    stream.next_out = raw(out) + before;
    stream.avail_out = static_cast<uInt>(out.size() - before);
    const int state = inflate(&stream, Z_NO_FLUSH);
    const bool full = stream.avail_out == 0;
    out.resize(out.size() - stream.avail_out);
    if (state == Z_STREAM_END) {
      if (stream.avail_in == 0) return out.size() > limit ? Unpacking::too_long : Unpacking::done;
      if (coding != Coding::gzip) return Unpacking::corrupt;
      inflateReset(&stream);  // another member follows: they are one text (RFC 1952, 2.2)
    } else if ((state != Z_OK && state != Z_BUF_ERROR) || !full) {
      return Unpacking::corrupt;  // or cut short
    }
  }
}
}  // namespace emu::wire
