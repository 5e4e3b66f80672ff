// A mapping of serverless.yml as the compiler reads it: every key is checked against a table (supported,
// without effect, not yet), every value against the type it must have; what is wrong goes to the Report with
// its line. Used by the files of emulator/deploy/serverless.
#pragma once
#include <span>

#include "emulator/source/node.hpp"
#include "emulator/source/spelling.hpp"

namespace emu::deploy::serverless {
enum class Support { full, no_effect, not_yet };

struct Key {
  std::string_view name;
  Support support = Support::full;
  std::string_view why = {};  // for the note or the refusal
};

struct Report {
  Notes notes;
  std::vector<Problem> problems;
  void note(const Place& place, std::string text);    // the same note once
  void refuse(const Place& place, std::string text);  // the same refusal once
  void finish();                                      // throws what was refused
};

class Section {
 public:
  // Reports keys that are not in the table; a node that is no mapping is refused and read as an empty one.
  Section(const Node& node, std::string path, std::span<const Key> keys, Report& report);

  const Node* find(std::string_view key) const;            // null also for `key:` without a value
  const Node* text(std::string_view key) const;            // text only
  const Node* value(std::string_view key) const;           // text, number, or an intrinsic function
  std::optional<Node> number(std::string_view key) const;  // "512" too; an intrinsic function as it is
  const Node* map(std::string_view key) const;
  const Node* list(std::string_view key) const;
  bool flag(std::string_view key) const;  // absent: false
  std::string path(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
  }
  const Place& place() const { return node_->place; }

 private:
  const Node* wrong(std::string_view key, const Node& value, std::string_view must_be) const;
  const Node* node_;
  std::string path_;
  Report& report_;
};

// A number, also one written as text; an intrinsic function as it is. None, and reported, for anything else.
std::optional<Node> number_of(const Node& value, const std::string& path, Report& report);
// {"Ref": …}, {"Fn::…": …} and the like.
bool is_intrinsic(const Node& node);
std::vector<std::string> texts(const Node& text_or_list);
// "a, b, c" for messages.
std::string listed(std::span<const Key> keys, Support support);
std::vector<std::string_view> names_of(std::span<const Key> keys);
}  // namespace emu::deploy::serverless
