// parse_json(): nlohmann's reader over characters that count their lines, since its values know no places.
#include <fmt/format.h>

#include <iterator>
#include <set>

#include "emulator/source/source.hpp"
#include "emulator/source/source_limits.hpp"

namespace emu {
namespace {
// The reader takes a character only when it needs it, so that the line is that of what was read last.
class Counted {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;
  Counted(std::string_view::const_iterator at, int* line) : at_(at), line_(line) {}
  reference operator*() const { return *at_; }
  Counted& operator++() {
    if (*at_++ == '\n') ++*line_;
    return *this;
  }
  bool operator==(const Counted& other) const { return at_ == other.at_; }

 private:
  std::string_view::const_iterator at_;
  int* line_;
};

class JsonBuilder final : public nlohmann::json_sax<Json> {
 public:
  JsonBuilder(const std::string& file, const int& line) : file_(file), line_(line) {}
  std::optional<Node> root;

  bool null() override { return value(Json()); }
  bool boolean(bool v) override { return value(v); }
  bool number_integer(number_integer_t v) override { return value(v); }
  bool number_unsigned(number_unsigned_t v) override { return value(v); }
  bool number_float(number_float_t v, const string_t&) override { return value(v); }
  bool string(string_t& v) override { return value(std::move(v)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Node::map(here())); }
  bool start_array(std::size_t) override { return open(Node::list(here())); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& v) override {
    open_.back().key = std::move(v);
    open_.back().key_place = here();
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const Json::exception& e) override {
    if (dynamic_cast<const Json::out_of_range*>(&e))
      throw Problems(here(), "a number in this file is too large");
    throw Problems(here(), "this is not JSON; look for a missing quote, comma or bracket here");
  }

 private:
  struct Open {
    Node node;
    std::string key;
    Place key_place;
  };
  Place here() const { return {file_, line_}; }
  bool value(Json scalar) {
    put(Node(scalar, here()));
    return true;
  }
  bool open(Node node) {
    if (open_.size() >= kMaxSourceDepth) throw Problems(here(), "this is nested too deeply");
    open_.push_back({std::move(node), {}, {}});
    return true;
  }
  bool close() {
    Node done = std::move(open_.back().node);
    open_.pop_back();
    keep_last(done.members);
    put(std::move(done));
    return true;
  }
  // Of a key written twice the last counts, as in JavaScript.
  static void keep_last(std::vector<Node::Member>& members) {
    std::set<std::string_view> seen;
    std::vector<bool> again(members.size());
    for (std::size_t i = members.size(); i-- > 0;) again[i] = !seen.insert(members[i].key).second;
    std::size_t i = 0;
    if (seen.size() < members.size()) std::erase_if(members, [&](const auto&) { return again[i++]; });
  }
  void put(Node node) {
    if (open_.empty()) {
      root = std::move(node);
    } else if (auto& top = open_.back(); top.node.is_map()) {
      node.place = top.key_place;
      top.node.members.push_back({std::move(top.key), std::move(node)});
    } else {
      top.node.push(std::move(node));
    }
  }

  const std::string& file_;
  const int& line_;
  std::vector<Open> open_;
};
}  // namespace

Node parse_json(std::string_view text, const std::string& file) {
  check_source(text, file);
  int line = 1;
  JsonBuilder builder(file, line);
  Json::sax_parse(Counted(text.begin(), &line), Counted(text.end(), &line), &builder);
  return std::move(*builder.root);
}
}  // namespace emu
