#include "emulator/api/dispatch.hpp"
#include "tests/support/world.hpp"

using namespace emu;

namespace {
struct SendInput {
  std::optional<std::string> To, Body;
  std::optional<int> Delay;
  std::optional<std::vector<std::string>> Names;
  std::string Needed;
};
BOOST_DESCRIBE_STRUCT(SendInput, (), (To, Body, Delay, Names, Needed))
struct SendOutput {
  std::string Said;
  std::vector<std::string> Names;
};
BOOST_DESCRIBE_STRUCT(SendOutput, (), (Said, Names))

Result<SendOutput> send(Service&, Context&, SendInput in) {
  if (in.Body == "nobody") return AwsError{"NobodyThere", "Nobody is there"};
  if (in.Body == "fault") return AwsError::internal("oh");
  return SendOutput{in.To.value_or("-") + ":" + in.Body.value_or("-"),
                    in.Names.value_or(std::vector<std::string>{})};
}
Result<Empty> forget(Service&, Context&, Empty) { return Empty{}; }
constexpr Operation kRows[] = {op<send>("Send"), op<forget>("Forget")};

constexpr wire::QueryName kNames[] = {{"Name", "Names"}};
constexpr QuerySide kSide{kNames, [](std::string_view path) { return path.starts_with("/post/"); },
                          [](std::string_view operation) { return operation != "Forget"; },
                          [](const http::Request& request, Json& input) {
                            if (request.path() != "/" && !input.contains("To"))
                              input["To"] = std::string(request.path().substr(6));
                          },
                          [](const AwsError& error) { return "Post." + error.code; }};

// Like SQS: JSON and Query at once, with paths of its own.
class Post final : public Service {
 public:
  std::string_view name() const override { return "post"; }
  Protocol protocol() const override { return Protocol::json10; }
  std::string_view target_prefix() const override { return "Post"; }
  std::string_view xml_namespace() const override { return "ns"; }
  std::span<const Operation> operations() const override { return kRows; }
  const QuerySide* query_side() const override { return &kSide; }
  std::string error_type(const AwsError& e) const override { return "com.post#" + e.code; }
  AwsError missing(const wire::Missing& member) const override { return {"Absent", "no " + member.path}; }
  AwsError worded(AwsError error, const Context& context) const override {
    if (context.protocol == Protocol::query) error.message += " (wsdl)";
    return error;
  }
  bool mend(Json& input) const override {
    if (!input.contains("Body") || !input["Body"].is_number()) return false;
    input["Body"] = input["Body"].dump();
    return true;
  }
};

struct Desk {
  test::World world;
  Post post;
  Service* services[1] = {&post};
  http::Response send(http::Request request) {
    Dispatcher dispatcher(services, world.clock, world.ids, false);
    return world.run(dispatcher.handle(std::move(request)));
  }
  http::Response json(std::string body, std::string path = "/") {
    http::Request request{"POST", std::move(path), {}, std::move(body), "", "HTTP/1.1"};
    request.headers.add("X-Amz-Target", "Post.Send");
    request.headers.add("Content-Type", "application/x-amz-json-1.0");
    return send(std::move(request));
  }
  http::Response form(std::string body, std::string path = "/", std::string accept = "") {
    http::Request request{"POST", std::move(path), {}, std::move(body), "", "HTTP/1.1"};
    request.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    if (!accept.empty()) request.headers.add("Accept", std::move(accept));
    return send(std::move(request));
  }
  http::Response get(std::string target) { return send({"GET", std::move(target), {}, "", "", "HTTP/1.1"}); }
};
bool has(const http::Response& reply, std::string_view text) {
  return reply.body.find(text) != std::string::npos;
}
}  // namespace

TEST_CASE("one service answers a JSON request in JSON and a form in XML") {
  Desk desk;
  const auto json = desk.json(R"({"Needed":"n","Body":"b"})");
  CHECK(json.body == R"({"Said":"-:b","Names":[]})");
  CHECK(json.headers.get("content-type") == "application/x-amz-json-1.0");
  CHECK(json.headers.get("x-amzn-requestid").size() == 36);
  const auto xml = desk.form("Action=Send&Needed=n&Body=b&Name.1=x&Name.2=y");
  CHECK(xml.headers.get("content-type") == "text/xml");
  CHECK(has(xml, "<SendResponse xmlns=\"ns\"><SendResult><Name>x</Name><Name>y</Name><Said>-:b</Said>"));
}

TEST_CASE("both protocols are taken at a path of the service, which says where a form goes") {
  Desk desk;
  CHECK(has(desk.json(R"({"Needed":"n"})", "/post/me"), R"("Said":"-:-")"));
  CHECK(has(desk.form("Action=Send&Needed=n&Body=b", "/post/me"), "<Said>me:b</Said>"));
  CHECK(has(desk.form("Action=Send&Needed=n&To=you&Body=b", "/post/me"), "<Said>you:b</Said>"));
  CHECK(has(desk.get("/post/me?Action=Send&Needed=n&Body=b&X-Amz-Signature=s"), "<Said>me:b</Said>"));
}

TEST_CASE("at a path of the service an operation of the service itself is no action, nor is an unknown one") {
  Desk desk;
  const auto reply = desk.form("Action=Forget", "/post/me");
  CHECK(reply.status == 400);
  CHECK(has(reply,
            "<Code>Post.InvalidAction</Code><Message>The action Forget is not valid for this endpoint."));
  CHECK(has(desk.form("Action=Wave", "/post/me"), "The action Wave is not valid for this endpoint."));
  const auto none = desk.get("/post/me");
  CHECK(none.status == 404);
  CHECK(has(none, "<UnknownOperationException/>"));
}

TEST_CASE("a form may ask for its reply as JSON") {
  Desk desk;
  const auto reply = desk.form("Action=Send&Needed=n&Body=b", "/", "application/json");
  CHECK(reply.headers.get("content-type") == "application/json");
  CHECK(Json::parse(reply.body)["SendResponse"]["SendResult"]["Said"] == "-:b");
}

TEST_CASE("an operation without output has no result element, and an empty body in JSON") {
  Desk desk;
  CHECK(!has(desk.form("Action=Forget"), "Result"));
}

TEST_CASE("errors are worded for the protocol, and JSON carries Query's code in a header") {
  Desk desk;
  const auto json = desk.json(R"({"Needed":"n","Body":"nobody"})");
  CHECK(json.headers.get("x-amzn-query-error") == "Post.NobodyThere;Sender");
  CHECK(json.body == R"({"__type":"com.post#NobodyThere","message":"Nobody is there"})");
  CHECK(desk.json(R"({"Needed":"n","Body":"fault"})").headers.get("x-amzn-query-error") ==
        "Post.InternalFailure;Receiver");
  const auto xml = desk.form("Action=Send&Needed=n&Body=nobody");
  CHECK(!xml.headers.find("x-amzn-query-error"));
  CHECK(has(xml, "<Code>Post.NobodyThere</Code><Message>Nobody is there (wsdl)</Message>"));
}

TEST_CASE("the service says what it calls an absent member, and which scalars it takes for others") {
  Desk desk;
  CHECK(has(desk.json("{}"), R"("message":"no needed")"));
  CHECK(has(desk.json(R"({"Needed":"n","Body":7})"), R"("Said":"-:7")"));
  CHECK(has(desk.json(R"({"Needed":"n","Body":7,"Delay":"x"})"), "STRING_VALUE"));
  CHECK(desk.json(R"({"Needed":"n","Delay":"x"})").status == 400);
  CHECK(desk.json("{").status == 400);
}
