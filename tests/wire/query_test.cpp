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

Json read(std::string form) {
  http::Request request{"POST", "/", {}, std::move(form), "127.0.0.1"};
  return read_query(request, &coerce<Input>);
}
}  // namespace

TEST_CASE("a form becomes the document a JSON request would have been, without Action and Version") {
  CHECK(read("Action=Do&Version=2011-06-15&Name=a+b%26c") == Json{{"Name", "a b&c"}});
  CHECK(read("").empty());
}

TEST_CASE("a GET carries its form in the query, and its signature is not input") {
  http::Request request{"GET", "/?Action=Do&Name=n&X-Amz-Signature=s", {}, "", "127.0.0.1"};
  CHECK(read_query(request, &coerce<Input>) == Json{{"Name", "n"}});
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

TEST_CASE("a reply wraps its members in Response and Result and ends with the request id") {
  const Json output = {
      {"Account", "000000000000"}, {"Names", {"a", "b"}}, {"Deep", {{"Flag", true}, {"N", 3}}}};
  const auto response = write_query("Do", "https://example/doc/", output, "id-1");
  CHECK(response.status == 200);
  CHECK(response.headers.get("content-type") == "text/xml");
  CHECK(response.body ==
        "<?xml version=\"1.0\"?><DoResponse xmlns=\"https://example/doc/\"><DoResult>"
        "<Account>000000000000</Account><Deep><Flag>true</Flag><N>3</N></Deep>"
        "<Names><member>a</member><member>b</member></Names></DoResult>"
        "<ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DoResponse>");
}

TEST_CASE("text that XML gives a meaning is escaped") {
  const auto response = write_query("Do", "ns", Json{{"V", "<a> & \"b\""}}, "id");
  CHECK(response.body.find("<V>&lt;a&gt; &amp; \"b\"</V>") != std::string::npos);
}

TEST_CASE("an error names who is at fault, and a validation error as Query services spell it") {
  const auto sender = query_error(AwsError::validation("bad"), "ns", "id-2");
  CHECK(sender.status == 400);
  CHECK(sender.body ==
        "<?xml version=\"1.0\"?><ErrorResponse "
        "xmlns=\"ns\"><Error><Type>Sender</Type><Code>ValidationError</Code>"
        "<Message>bad</Message></Error><RequestId>id-2</RequestId></ErrorResponse>");
  const auto receiver = query_error(AwsError::internal("oh"), "ns", "id-3");
  CHECK(receiver.status == 500);
  CHECK(receiver.body.find("<Type>Receiver</Type>") != std::string::npos);
}
}  // namespace emu::wire
