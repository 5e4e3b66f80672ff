// A JSON document as decode() of json.hpp reads it: views into a flat tape instead of a tree of maps.
// simdjson writes the tape of a text (its format: doc/tape.md of simdjson); what it refuses, and documents
// that are made here, are laid out alike, so that there is one way to decode. A View lives until its Document
// reads again.
#pragma once
#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "emulator/base/json.hpp"

namespace emu::wire {
struct Tape {
  const std::uint64_t* words;
  const char* strings;
};

// The first byte of a value's word on the tape.
enum class Kind : unsigned char {
  object = '{',
  array = '[',
  string = '"',
  integer = 'l',  // fits std::int64_t
  large = 'u',    // needs std::uint64_t
  decimal = 'd',
  yes = 't',
  no = 'f',
  null = 'n',
};

// One value. Whoever asks for what another kind holds gets nonsense: ask the kind first.
class View {
 public:
  View() = default;
  View(const Tape& tape, std::size_t at) : tape_(&tape), at_(at) {}
  Kind kind() const { return static_cast<Kind>(word() >> 56); }
  bool is_object() const { return kind() == Kind::object; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_null() const { return kind() == Kind::null; }
  bool is_boolean() const { return kind() == Kind::yes || kind() == Kind::no; }
  bool is_number() const {
    return kind() == Kind::integer || kind() == Kind::large || kind() == Kind::decimal;
  }

  std::string_view text() const {
    const char* at = tape_->strings + payload();
    std::uint32_t size = 0;
    std::memcpy(&size, at, sizeof size);
    return {at + sizeof size, size};
  }
  std::int64_t integer() const { return static_cast<std::int64_t>(tape_->words[at_ + 1]); }
  std::uint64_t large() const { return tape_->words[at_ + 1]; }
  double decimal() const { return std::bit_cast<double>(tape_->words[at_ + 1]); }
  double number() const;  // of any kind of number

  // Of an array or an object: how many it holds (never more than it has: the tape stops counting at 2^24).
  std::size_t size() const { return payload() >> 32; }
  // Its first element, or the name of its first member, which the member's value follows; and what is behind
  // the last.
  View first() const { return {*tape_, at_ + 1}; }
  View end() const { return {*tape_, (payload() & 0xFFFF'FFFF) - 1}; }
  View next() const {
    const auto k = kind();
    if (k == Kind::object || k == Kind::array) return {*tape_, payload() & 0xFFFF'FFFF};
    return {*tape_, at_ + (k == Kind::integer || k == Kind::large || k == Kind::decimal ? 2 : 1)};
  }
  // The member of this name; of several the last. An object's.
  std::optional<View> find(std::string_view name) const {
    std::optional<View> found;
    for (View at = first(); at != end();) {
      const View value = at.next();
      if (at.text() == name) found = value;
      at = value.next();
    }
    return found;
  }
  bool contains(std::string_view name) const { return find(name).has_value(); }
  // Of one document: by where they are in it.
  friend bool operator==(const View& a, const View& b) { return a.at_ == b.at_; }
  friend auto operator<=>(const View& a, const View& b) { return a.at_ <=> b.at_; }

 private:
  std::uint64_t word() const { return tape_->words[at_]; }
  std::uint64_t payload() const { return word() & 0x00FF'FFFF'FFFF'FFFF; }
  const Tape* tape_;
  std::size_t at_;
};

// The members of an object by name, ascending; of those that share a name the last.
class Members {
 public:
  explicit Members(View object);
  Members(const Members&) = delete;
  Members& operator=(const Members&) = delete;
  struct Member {
    std::string_view name;
    View value;
  };
  std::size_t size() const { return count_; }
  Member operator[](std::size_t i) const { return {names_[i].text(), names_[i].next()}; }

 private:
  std::array<View, 16> few_;
  std::vector<View> many_;
  View* names_;
  std::size_t count_ = 0;
};

Json to_json(View value);

class Document {
 public:
  Document();
  ~Document();
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;
  // None: the text is no JSON, or nests deeper than any document of AWS's may.
  std::optional<View> read(std::string_view text);
  View lay_out(const Json& json);
  // Gives back what it holds if a text of this length was much.
  void shrink(std::size_t length);

 private:
  struct Parser;
  void add(const Json& json);
  std::size_t add_text(std::string_view text);
  std::unique_ptr<Parser> parser_;  // from the first text on
  std::vector<std::uint64_t> words_;
  std::vector<char> strings_;
  Tape tape_{};
};

// A request's body, in the Document that its thread keeps for all: one at a time. What a long text took is
// given back at the end.
class Reading {
 public:
  explicit Reading(std::string_view body);  // throws the SerializationException of what is no JSON object
  ~Reading();
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  View input() const { return input_; }

 private:
  const std::size_t length_;
  View input_;
};
}  // namespace emu::wire
