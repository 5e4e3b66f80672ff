// Requests made from a seed: valid ones (dynamodb_recipes.hpp), then damaged in their document, their text or
// their size. The same seed gives the same requests.
#pragma once
#include <fmt/format.h>

#include <random>
#include <span>
#include <string>

#include "emulator/base/json.hpp"
#include "tests/fuzz/dynamodb_recipes.hpp"

namespace emu::test {
class Damage {
 public:
  explicit Damage(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return random_() % n; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class Range>
  const auto& any(const Range& range) {
    return *(std::begin(range) + static_cast<std::ptrdiff_t>(below(std::size(range))));
  }

  // Changes something somewhere in the document.
  void document(Json& whole) {
    std::vector<Json*> places{&whole};
    for (std::size_t at = 0; at < places.size() && places.size() < 2000; ++at)
      if (places[at]->is_structured())
        for (auto& below_it : *places[at]) places.push_back(&below_it);
    Json& place = *any(places);
    switch (below(8)) {
      case 0:
        place = value();
        break;
      case 1:
        drop(place);
        break;
      case 2:
        add(place);
        break;
      case 3:
        rename(place);
        break;
      case 4:
        repeat(place);
        break;
      case 5:
        wrap(place);
        break;
      default:
        if (place.is_string()) {
          spoil(place.get_ref<std::string&>());
        } else {
          place = value();
        }
    }
  }
  // Changes bytes.
  void text(std::string& bytes) {
    for (std::size_t n = 1 + below(4); n > 0 && !bytes.empty(); --n) {
      const auto at = below(bytes.size());
      switch (below(6)) {
        case 0:
          bytes[at] = static_cast<char>(below(256));
          break;
        case 1:
          bytes.resize(at);
          break;
        case 2:
          bytes.insert(at, 1 + below(3), static_cast<char>(below(256)));
          break;
        case 3:
          bytes.insert(at, any(kTelling));
          break;
        case 4:
          bytes.erase(at, 1 + below(8));
          break;
        default:
          bytes.insert(at, bytes.substr(below(bytes.size()), below(64)));
      }
    }
  }
  // A value of any type, mostly with the look of an AttributeValue.
  Json value() {
    static constexpr const char* kTypes[] = {"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL", "X"};
    switch (below(10)) {
      case 0:
        return nullptr;
      case 1:
        return below(2) == 0;
      case 2:
        return static_cast<std::int64_t>(random_());
      case 3:
        return static_cast<double>(random_()) / 1e3;
      case 4:
        return Json::array();
      case 5:
        return Json::object();
      case 6:
        return {{any(kTypes), any(kTelling)}};
      case 7:
        return {{any(kTypes), Json::array({any(kTelling), any(kTelling)})}};
      case 8:
        return {{any(kTypes), {{any(kTelling), {{"S", any(kTelling)}}}}}};
      default:
        return any(kTelling);
    }
  }

 private:
  void drop(Json& place) {
    if (!place.is_structured() || place.empty()) {
      place = nullptr;
    } else {
      place.erase(std::next(place.begin(), static_cast<std::ptrdiff_t>(below(place.size()))));
    }
  }
  void add(Json& place) {
    if (place.is_object())
      place[std::string(any(kTelling))] = value();
    else if (place.is_array())
      place.push_back(value());
    else
      place = value();
  }
  void rename(Json& place) {
    if (!place.is_object() || place.empty()) return add(place);
    const auto it = std::next(place.begin(), static_cast<std::ptrdiff_t>(below(place.size())));
    Json moved = std::move(it.value());
    place.erase(it);
    place[std::string(any(kTelling))] = std::move(moved);
  }
  void repeat(Json& place) {
    const std::size_t times = one_in(50) ? 2000 : 1 + below(130);
    if (place.is_array() && !place.empty() && place.dump().size() < 1000) {
      const Json one = place[below(place.size())];
      for (std::size_t i = 0; i < times; ++i) place.push_back(one);
    } else if (place.is_string()) {
      auto& text = place.get_ref<std::string&>();
      const auto one = text.substr(0, 100);
      for (std::size_t i = 0; i < times; ++i) text += one;
    }
  }
  void wrap(Json& place) {
    const bool map = one_in(2);
    for (std::size_t n = one_in(20) ? 40 : 1 + below(3); n > 0; --n)
      place = map ? Json{{"M", {{"k", std::move(place)}}}} : Json{{"L", Json::array({std::move(place)})}};
  }
  void spoil(std::string& text) {
    if (one_in(2)) {
      text = any(kTelling);
    } else {
      const auto at = below(text.size() + 1);
      text.insert(at, any(kTelling));
    }
  }
  std::mt19937_64 random_;
};

struct Asked {
  std::string operation, body;
};

class Requests {
 public:
  // operations and the members of each: those of the service
  struct Row {
    std::string operation;
    std::vector<std::string> members;
  };
  Requests(std::uint64_t seed, std::vector<Row> rows) : damage_(seed), rows_(std::move(rows)) {}

  Asked next() {
    if (++made_ % kMonstersApart == 0) return monster(made_ / kMonstersApart);
    Asked out;
    Json input;
    if (damage_.one_in(4)) {
      const auto& row = damage_.any(rows_);
      out.operation = row.operation;
      input = composed(row);
    } else {
      const auto& recipe = damage_.any(kRecipes);
      out.operation = recipe.operation;
      input = Json::parse(recipe.input);
    }
    for (auto n = damage_.below(4); n > 0; --n) damage_.document(input);
    out.body = json_text(input);
    if (damage_.one_in(5)) damage_.text(out.body);
    return out;
  }

 private:
  Json composed(const Row& row) {
    Json out = Json::object();
    for (const auto& member : row.members) {
      const auto sample = std::ranges::find(kMembers, member, &Recipe::operation);
      if (sample != std::end(kMembers))
        out[member] = Json::parse(sample->input);
      else if (damage_.one_in(4))
        out[member] = damage_.value();
    }
    return out;
  }
  // What is large or deep, in turn.
  Asked monster(std::size_t turn) {
    constexpr std::size_t kLarge = 10 << 20;
    const auto around = [](std::string inner) {
      return R"({"TableName":"Tab1","Item":{"pk":{"S":"a"},"x":)" + inner + "}}";
    };
    const auto repeated = [](std::string_view one, std::size_t bytes) {
      std::string out;
      out.reserve(bytes + one.size());
      while (out.size() < bytes) out += one;
      return out;
    };
    switch (turn % 9) {
      case 0:
        return {"PutItem", around(R"({"N":")" + std::string(kLarge, '1') + "\"}")};
      case 1:
        return {"ListTables", R"({"Limit":)" + std::string(kLarge, '9') + "}"};
      case 2:
        return {"PutItem", repeated(R"({"M":{"k":)", kLarge)};
      case 3:
        return {"PutItem", around(repeated(R"({"M":{"k":)", 20'000) + R"({"S":"x"})" + repeated("}}", 4000))};
      case 4:
        return {"DescribeTable", std::string(kLarge, '[')};
      case 5:
        return {"PutItem", around(R"({"SS":[)" + repeated(R"("a",)", 1 << 20) + R"("b"]})")};
      case 6:
        return {"BatchWriteItem", R"({"RequestItems":{"Tab1":[)" +
                                      repeated(R"({"PutRequest":{"Item":{"pk":{"S":"a"}}}},)", 2 << 20) +
                                      R"({"DeleteRequest":{"Key":{"pk":{"S":"b"}}}}]}})"};
      case 7:
        return {"Scan", R"({"TableName":"Tab1","FilterExpression":")" + repeated("(", 1 << 20) + "\"}"};
      default:
        return {"PutItem", std::string((16 << 20) + 1, ' ')};
    }
  }
  static constexpr std::size_t kMonstersApart = 2000;
  Damage damage_;
  std::size_t made_ = 0;
  std::vector<Row> rows_;
};
}  // namespace emu::test
