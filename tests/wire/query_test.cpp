#include "emulator/wire/query.hpp"

#include <doctest/doctest.h>

#include "emulator/wire/rest.hpp"

namespace emu::wire {
namespace {
struct Entry {
  std::string Id;
  std::optional<int> Delay;
};
BOOST_DESCRIBE_STRUCT(Entry, (), (Id, Delay))
struct Input {
  std::optional<std::string> Name;
  std::optional<int> Count;
  std::optional<bool> Wide;
  std::optional<std::vector<std::string>> Names;
  std::optional<std::vector<Entry>> Entries;
  std::optional<std::map<std::string, std::string>> Attributes;
  std::optional<Entry> One;
};
BOOST_DESCRIBE_STRUCT(Input, (), (Name, Count, Wide, Names, Entries, Attributes, One))

constexpr QueryName kNames[] = {
    {"NameOfOne", "Names"},
    {"SendEntry", "Entries"},
    {"Attribute", "Attributes", "Name", "Value"},
    {"Tag", "tags", "Key", "Value", "Create"},
    {"Tag", "Tags", "Key", "Value"},
    {"Url", "Urls", {}, {}, "Do", true},
};
Json read_named(std::string form, std::string_view operation = "Do") {
  http::Request request{"POST", "/", {}, std::move(form), "127.0.0.1"};
  return read_query(request, {kNames, operation}, &coerce<Input>);
}

Json read(std::string form) {
  http::Request request{"POST", "/", {}, std::move(form), "127.0.0.1"};
  return read_query(request, {}, &coerce<Input>);
}
}  // namespace

TEST_CASE("a form becomes the document a JSON request would have been, without Action and Version") {
  CHECK(read("Action=Do&Version=2011-06-15&Name=a+b%26c") == Json{{"Name", "a b&c"}});
  CHECK(read("").empty());
}

TEST_CASE("a GET carries its form in the query, and its signature is not input") {
  http::Request request{"GET", "/?Action=Do&Name=n&X-Amz-Signature=s", {}, "", "127.0.0.1"};
  CHECK(read_query(request, {}, &coerce<Input>) == Json{{"Name", "n"}});
}

TEST_CASE("numbers and booleans take the type of their member, at any depth") {
  const auto input =
      read("Count=12&Wide=true&Entries.member.1.Id=x&Entries.member.1.Delay=5&One.Id=1&One.Delay=2");
  CHECK(input["Count"] == 12);
  CHECK(input["Wide"] == true);
  CHECK(input["Entries"] == Json::parse(R"([{"Id":"x","Delay":5}])"));
  CHECK(input["One"] == Json::parse(R"({"Id":"1","Delay":2})"));
  CHECK_THROWS_AS(read("Count=many"), AwsError);
}

TEST_CASE("lists are read in order of their numbers, wrapped or flattened") {
  const auto names = Json::array({"first", "second", "tenth"});
  CHECK(read("Names.member.10=tenth&Names.member.2=second&Names.member.1=first")["Names"] == names);
  CHECK(read("Names.2=second&Names.1=first&Names.10=tenth")["Names"] == names);
}

TEST_CASE("an empty list is written as an empty value") { CHECK(read("Names=")["Names"] == Json::array()); }

TEST_CASE("maps are entries of key and value") {
  const auto input = read("Attributes.entry.1.key=k&Attributes.entry.1.value=v&Attributes.entry.2.key=empty");
  CHECK(input["Attributes"] == Json{{"k", "v"}, {"empty", ""}});
}

TEST_CASE("lists and maps that the service's table names become the members of its JSON") {
  CHECK(read_named("NameOfOne.2=b&NameOfOne.1=a")["Names"] == Json::array({"a", "b"}));
  CHECK(read_named("SendEntry.1.Id=x&SendEntry.1.Delay=5")["Entries"] ==
        Json::parse(R"([{"Id":"x","Delay":5}])"));
  CHECK(read_named("Attribute.1.Name=k&Attribute.1.Value=v&Attribute.2.Name=e&Attribute.2.Value=") ==
        Json::parse(R"({"Attributes":{"k":"v","e":""}})"));
}

TEST_CASE("a single element may come without its number, and none as an empty value") {
  CHECK(read_named("NameOfOne=a")["Names"] == Json::array({"a"}));
  CHECK(read_named("Attribute.Name=k&Attribute.Value=v")["Attributes"] == Json{{"k", "v"}});
  CHECK(read_named("NameOfOne=")["Names"] == Json::array());
  CHECK(read_named("Attribute=")["Attributes"] == Json::object());
}

TEST_CASE("the table is followed at every depth, and a row may be of one operation") {
  CHECK(read_named("SendEntry.1.Id=x&SendEntry.1.Attribute.1.Name=k&SendEntry.1.Attribute.1.Value.Type=T") ==
        Json::parse(R"({"Entries":[{"Id":"x","Attributes":{"k":{"Type":"T"}}}]})"));
  CHECK(read_named("Tag.1.Key=k&Tag.1.Value=v", "Create") == Json::parse(R"({"tags":{"k":"v"}})"));
  CHECK(read_named("Tag.1.Key=k&Tag.1.Value=v") == Json::parse(R"({"Tags":{"k":"v"}})"));
}

TEST_CASE("a name that only replies have is an ordinary member of a request") {
  CHECK(read_named("Url=u") == Json{{"Url", "u"}});
}

TEST_CASE("an enormous index allocates nothing") {
  CHECK(read("Names.member.18446744073709551615=x")["Names"] == Json::array({"x"}));
}

TEST_CASE("names nested beyond any AWS shape are refused") {
  std::string name = "Name";
  for (int i = 0; i < 100'000; ++i) name += ".x";
  try {
    read(name + "=1");
    FAIL("accepted");
  } catch (const AwsError& e) {
    CHECK(e.code == "MalformedQueryString");
  }
}
}  // namespace emu::wire
