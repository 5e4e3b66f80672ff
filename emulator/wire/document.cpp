#include "emulator/wire/document.hpp"

#include <simdjson.h>

#include <algorithm>

#include "emulator/base/bounded_json.hpp"
#include "emulator/base/error.hpp"

namespace emu::wire {
namespace {
// Documents are walked by recursion further on. AWS's own limit is unknown; items may be 32 deep.
constexpr std::size_t kMaxNesting = 1000;
constexpr std::size_t kFirstCapacity = 16 << 10;  // bytes of text: most requests fit
constexpr std::size_t kKeptCapacity = 128 << 10;  // a parser holds up to 14 bytes for one of its text

std::uint64_t word(Kind kind, std::uint64_t payload = 0) {
  return std::uint64_t{static_cast<unsigned char>(kind)} << 56 | payload;
}

Document& of_this_thread() {
  thread_local Document document;
  return document;
}
}  // namespace

double View::number() const {
  switch (kind()) {
    case Kind::integer:
      return static_cast<double>(integer());
    case Kind::large:
      return static_cast<double>(large());
    default:
      return decimal();
  }
}

Members::Members(View object) : names_(few_.data()) {
  bool ascending = true;
  for (View name = object.first(); name != object.end(); name = name.next().next()) {
    ascending = ascending && (count_ == 0 || names_[count_ - 1].text() < name.text());
    if (count_ < few_.size()) {
      few_[count_++] = name;
      continue;
    }
    if (many_.empty()) many_.assign(few_.begin(), few_.end());
    many_.push_back(name);
    names_ = many_.data();
    ++count_;
  }
  if (ascending) return;
  std::sort(names_, names_ + count_, [](const View& a, const View& b) {
    const auto order = a.text() <=> b.text();
    return order == 0 ? a < b : order < 0;
  });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    if (kept > 0 && names_[kept - 1].text() == names_[i].text()) --kept;
    names_[kept++] = names_[i];
  }
  count_ = kept;
}

Json to_json(View value) {
  switch (value.kind()) {
    case Kind::object: {
      Json out(Json::value_t::object);
      for (View name = value.first(); name != value.end(); name = name.next().next())
        out[std::string(name.text())] = to_json(name.next());
      return out;
    }
    case Kind::array: {
      Json out(Json::value_t::array);
      out.get_ref<Json::array_t&>().reserve(value.size());
      for (View at = value.first(); at != value.end(); at = at.next()) out.push_back(to_json(at));
      return out;
    }
    case Kind::string:
      return Json(value.text());
    case Kind::integer:  // as its parser would have it: what is not negative has no sign
      return value.integer() < 0 ? Json(value.integer()) : Json(static_cast<std::uint64_t>(value.integer()));
    case Kind::large:
      return Json(value.large());
    case Kind::decimal:
      return Json(value.decimal());
    case Kind::yes:
      return Json(true);
    case Kind::no:
      return Json(false);
    case Kind::null:
      break;
  }
  return Json(nullptr);
}

// It does not count an empty array or object at the bottom: what it thinks too deep is looked at again.
struct Document::Parser {
  Parser() {
    static_cast<void>(parser.allocate(kFirstCapacity, kMaxNesting) || parser.doc.allocate(kFirstCapacity));
  }
  simdjson::dom::parser parser;
};

Document::Document() = default;
Document::~Document() = default;

std::optional<View> Document::read(std::string_view text) {
  if (!parser_) parser_ = std::make_unique<Parser>();
  auto& parser = parser_->parser;
  if (parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS) {
    tape_ = {parser.doc.tape.get(), reinterpret_cast<const char*>(parser.doc.string_buf.get())};
    return View(tape_, 1);  // behind the tape's own first word
  }
  // What is no JSON, and what only the other parser takes: integers beyond 64 bits, a byte order mark.
  if (nests_deeper(text, kMaxNesting)) return std::nullopt;
  const auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return lay_out(json);
}

View Document::lay_out(const Json& json) {
  words_.clear();
  strings_.clear();
  add(json);
  tape_ = {words_.data(), strings_.data()};
  return {tape_, 0};
}

void Document::shrink(std::size_t length) {
  if (length <= kKeptCapacity) return;
  parser_.reset();
  words_ = {};
  strings_ = {};
}

std::size_t Document::add_text(std::string_view text) {
  const auto at = strings_.size();
  const auto size = static_cast<std::uint32_t>(text.size());
  strings_.resize(at + sizeof size);
  std::memcpy(strings_.data() + at, &size, sizeof size);
  strings_.insert(strings_.end(), text.begin(), text.end());
  return at;
}

void Document::add(const Json& json) {
  const auto number = [&](Kind kind, std::uint64_t bits) {
    words_.push_back(word(kind));
    words_.push_back(bits);
  };
  const auto begin = words_.size();
  switch (json.type()) {
    case Json::value_t::object:
    case Json::value_t::array: {
      constexpr std::size_t kMaxCount = 0xFF'FFFF;
      words_.push_back(0);
      if (json.is_object()) {
        for (const auto& [name, value] : json.get_ref<const Json::object_t&>()) {
          words_.push_back(word(Kind::string, add_text(name)));
          add(value);
        }
      } else {
        for (const auto& element : json) add(element);
      }
      words_.push_back(0);  // the end has a word too
      const auto count = std::uint64_t{std::min(json.size(), kMaxCount)};
      words_[begin] = word(json.is_object() ? Kind::object : Kind::array, count << 32 | words_.size());
      return;
    }
    case Json::value_t::string:
      words_.push_back(word(Kind::string, add_text(json.get_ref<const std::string&>())));
      return;
    case Json::value_t::boolean:
      words_.push_back(word(json.get<bool>() ? Kind::yes : Kind::no));
      return;
    case Json::value_t::number_unsigned: {
      const auto n = json.get<std::uint64_t>();
      return number(n > std::uint64_t{std::numeric_limits<std::int64_t>::max()} ? Kind::large : Kind::integer,
                    n);
    }
    case Json::value_t::number_integer:
      return number(Kind::integer, static_cast<std::uint64_t>(json.get<std::int64_t>()));
    case Json::value_t::number_float:
      return number(Kind::decimal, std::bit_cast<std::uint64_t>(json.get<double>()));
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      words_.push_back(word(Kind::null));
  }
}

Reading::Reading(std::string_view body) : length_(body.size()) {
  const auto read = of_this_thread().read(body);
  if (!read || !read->is_object()) {
    of_this_thread().shrink(length_);
    throw AwsError{"SerializationException", ""};
  }
  input_ = *read;
}

Reading::~Reading() { of_this_thread().shrink(length_); }
}  // namespace emu::wire
