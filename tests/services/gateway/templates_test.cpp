#include "emulator/services/gateway/templates/json_path.hpp"
#include "emulator/services/gateway/templates/lenient.hpp"
#include "emulator/services/gateway/templates/template.hpp"
#include "emulator/services/gateway/validation/schema.hpp"

#include <doctest/doctest.h>

namespace emu {
using namespace gateway;

namespace {
TemplateInput input() {
  TemplateInput out;
  out.body = R"({"name":"Ann","list":[1,2,3],"deep":{"b":2,"a":1},"quote":"say \"hi\""})";
  out.parameters = {{"path", {{"id", "7"}}}, {"querystring", {{"q", "x y"}}}, {"header", {{"H", "v"}}}};
  out.context = {{"requestId", "r"}, {"identity", {{"sourceIp", "1.2.3.4"}}}};
  out.stage_variables = {{"host", "h"}};
  return out;
}
std::string rendered(std::string_view text) {
  auto in = input();
  return render(text, in);
}
std::string refused(std::string_view text) {
  try {
    rendered(text);
  } catch (const TemplateError& e) {
    return e.message;
  }
  return "nothing";
}
}  // namespace

TEST_CASE("quotes are replaced in a text of any length, a real pattern in too long a text is an error") {
  auto in = input();
  in.body = Json{{"s", std::string(20'000, 'x') + "\\'"}}.dump();
  const auto out = render(R"($input.path('$.s').replaceAll("\\'", "'"))", in);
  CHECK(out == std::string(20'000, 'x') + "'");
  CHECK_THROWS_AS(render("$input.path('$.s').replaceAll('x+', 'y')", in), TemplateError);
}

TEST_CASE("a template shows what it refers to, and the reference itself where there is nothing") {
  CHECK(rendered("no template at all") == "no template at all");
  CHECK(rendered(
            "$input.path('$.name') ${context.requestId}-$context.identity.sourceIp $stageVariables.host") ==
        "Ann r-1.2.3.4 h");
  CHECK(rendered("$nothing ${nothing.at.all} $!nothing|") == "$nothing ${nothing.at.all} |");
  CHECK(rendered("$input.params('id') $input.params('q') $input.params('H') $input.params().path.id") ==
        "7 x y v 7");
  CHECK(rendered("costs $5, #1") == "costs $5, #1");
}

TEST_CASE("bodies and their parts are written as JSON, maps as Java writes them") {
  CHECK(rendered("$input.json('$')") == input().body);
  CHECK(rendered("$input.json('$.deep')") == R"({"a":1,"b":2})");
  CHECK(rendered("$input.json('$.name')") == "\"Ann\"");
  CHECK(rendered("$input.path('$.deep')") == "{a=1, b=2}");
  CHECK(rendered("$input.path('$.list')") == "[1,2,3]");
  TemplateInput empty;
  CHECK(render("$input.body", empty) == "{}");
}

TEST_CASE("directives set, choose and repeat") {
  CHECK(rendered("#set($x = 3)\n$x") == "3");
  CHECK(rendered("#set($x = \"<$context.requestId>\")$x") == "<r>");
  CHECK(rendered("#if($input.path('$.name') == 'Ann')yes#{else}no#end") == "yes");
  CHECK(rendered("#if($nothing)a#elseif(1 < 2 && !false)b#{else}c#end") == "b");
  CHECK(rendered("#foreach($e in $input.path('$.list'))$e#if($foreach.hasNext),#end#end") == "1,2,3");
  CHECK(rendered("#foreach($k in $input.path('$.deep').keySet())$k$foreach.index #end") == "a0 b1 ");
  CHECK(rendered("#foreach($i in [1..3])$i#end") == "123");
  CHECK(rendered("a#stop b") == "a");
  CHECK(rendered("a## comment\nb#* other *#c") == "abc");
  CHECK(rendered("#set($m = {'a': 1})#set($m.b = 2)$m.put('c', 3)$m") == "$m.put('c', 3){a=1, b=2, c=3}");
  CHECK(rendered("#set($n = 7 / 2 + 1 * 2)$n #set($t = 'a' + 1)$t") == "5 a1");
}

TEST_CASE("texts have Java's methods, and $util its own") {
  CHECK(rendered("$input.path('$.name').length() $input.path('$.name').toUpperCase() "
                 "$input.path('$.name').replaceAll('n+', 'm')") == "3 ANN Am");
  CHECK(rendered("$util.escapeJavaScript($input.path('$.quote'))") == R"(say \"hi\")");
  CHECK(rendered("$util.base64Encode('hi') $util.base64Decode('aGk=') $util.urlEncode('a b') "
                 "$util.urlDecode('a%20b')") == "aGk= hi a%20b a b");
  CHECK(rendered("$util.parseJson('{\"a\":[5]}').a[0]") == "5");
  auto in = input();
  render("#set($context.responseOverride.status = 418)#set($context.responseOverride.header.X = 'y')", in);
  CHECK(in.context["responseOverride"] == Json{{"status", 418}, {"header", {{"X", "y"}}}});
}

TEST_CASE("what is no template is refused, however deep or long it is") {
  CHECK(refused("#if($x") != "nothing");
  CHECK(refused("#if($x)a") != "nothing");
  CHECK(refused("#end") != "nothing");
  CHECK(refused("#macro(x)#end") == "#macro is not supported");
  CHECK(refused("#set($x = " + std::string(5000, '(') + ")") == "too deeply nested");
  std::string doubling = "#set($x = 'aaaaaaaaaa')";
  for (int i = 0; i < 30; ++i) doubling += "#set($x = \"$x$x\")";
  CHECK(refused(doubling + "$x") != "nothing");
}

TEST_CASE("what an argument changes on the way does not pull the ground from under a reference") {
  CHECK(rendered("#set($l = [[1]])$l[0].contains($l.add(1))") == "false");
  CHECK(rendered("#set($m = {'a': {'b': 1}})$m.a.get($m.remove('a'))") == "$m.a.get($m.remove('a'))");
  CHECK(rendered("#set($m = {'a': {'b': 1}})#set($m.a[$m.remove('a')] = 1)$m.size()") == "1");
  CHECK(rendered("#set($l = [1, 2])#set($l[1 - 1] = 9)$l") == "[9,2]");
  CHECK(refused("#set($l = [1, 2])#set($l[2] = 9)$l") == "#set of a list's element wants one that is there");
}

TEST_CASE("a template's lists within lists are read once each") {
  const auto nested = std::string(30, '[') + "1" + std::string(30, ']');
  CHECK(rendered("#set($l = " + nested + ")$l.size()") == "1");
  CHECK(rendered("#set($l = [1, 2, [3, 4]])$l.size()$l[2][1]") == "34");
  CHECK(rendered("#foreach($i in [1..3])$i#end#foreach($i in [3..1])$i#end") == "123321");
}

TEST_CASE("a template makes no more than a gateway could hold") {
  const auto twice = std::string("#set($s = 'abcdefgh')#foreach($i in [1..64])#set($s = $s + $s)#end$s");
  CHECK(refused(twice) == "the template handles too much");
  const auto rounds = std::string("#foreach($i in [1..1000])#foreach($j in [1..1000])");
  CHECK(refused("#set($l = [])" + rounds + "$l.add($l)#end#end") == "the template handles too much");
  CHECK(refused("#set($l = [1])" + rounds + "#set($l = [$l, $l])#end#end") ==
        "the template handles too much");
  CHECK(refused("#set($l = 1)" + rounds + "#set($l = {'a': $l})#end#end") == "too deeply nested");
  auto in = input();
  in.body = "{\"s\":\"" + std::string(4 << 20, 'a') + "\"}";
  CHECK_THROWS_AS(render("$input.path('$.s').replace('a', 'aaaaaaaa')", in), TemplateError);
  CHECK_THROWS_AS(render("$input.path('$.s').split('a')", in), TemplateError);
  CHECK(render("$input.path('$.s').replaceAll('a', '')|", in) == "|");
}

TEST_CASE("a body nested too deeply is no document, but a text") {
  auto in = input();
  in.body = std::string(100'000, '[');
  CHECK(render("$input.json('$')|$!input.path('$.a')|", in) == json_text(Json(in.body)) + "||");
  in.body += std::string(100'000, ']');
  CHECK(render("$input.body.size()|$util.parseJson($input.body)|", in) ==
        "$input.body.size()|$util.parseJson($input.body)|");
}

TEST_CASE("a JSONPath leads to names, indices and all of a list") {
  const Json document{{"a", {{{"b", 1}}, {{"b", 2}}}}, {"c d", 3}};
  CHECK(at_json_path(document, "$.a[1].b") == Json(2));
  CHECK(at_json_path(document, "$.a[*].b") == Json({1, 2}));
  CHECK(at_json_path(document, "$['c d']") == Json(3));
  for (const auto* nowhere : {"$.x", "$.a[7]", "$.a.b", "$..a", "$.a[", "x"})
    CHECK_FALSE(at_json_path(document, nowhere));
}

TEST_CASE("a MOCK's template need not be JSON") {
  CHECK(lenient_object("{statusCode:200}") == Json{{"statusCode", 200}});
  CHECK(lenient_object("{ 'a' : \"b\", c: [1, x,], }") == std::nullopt);
  CHECK(lenient_object("{ 'a' : \"b\", c: [1, x], }") == Json{{"a", "b"}, {"c", {1, "x"}}});
  for (const auto* text : {"", "200", "{", "{a}", "{a:}", "{a:1}x", "[1]"}) CHECK_FALSE(lenient_object(text));
}

TEST_CASE("a model says what of a document does not fit") {
  const Json models{
      {"Item",
       {{"type", "object"},
        {"required", {"sku"}},
        {"properties",
         {{"sku", {{"type", "string"}, {"pattern", "^s"}}}, {"qty", {{"type", "integer"}, {"minimum", 1}}}}},
        {"additionalProperties", false}}}};
  const Json schema{{"type", "object"},
                    {"required", {"items"}},
                    {"properties",
                     {{"items",
                       {{"type", "array"},
                        {"minItems", 1},
                        {"items", {{"$ref", "https://apigateway.amazonaws.com/restapis/x/models/Item"}}}}}}}};
  const auto says = [&](const char* document) { return misfit(Json::parse(document), schema, models); };
  CHECK(says(R"({"items":[{"sku":"s1","qty":1}]})").empty());
  CHECK(says("{}") == R"([object has missing required properties (["items"])])");
  for (const auto* wrong : {"[]", R"({"items":[]})", R"({"items":[{}]})", R"({"items":[{"sku":"x"}]})",
                            R"({"items":[{"sku":"s","qty":0}]})", R"({"items":[{"sku":"s","qty":1.5}]})",
                            R"({"items":[{"sku":"s","more":1}]})"})
    CHECK_MESSAGE(!says(wrong).empty(), wrong);
  CHECK(misfit(1, {{"oneOf", {{{"type", "string"}}, {{"type", "integer"}}}}}, {}).empty());
  CHECK(!misfit(1, {{"not", {{"type", "integer"}}}}, {}).empty());
  CHECK(misfit(1, {{"$ref", "#"}}, {}).empty());
}

TEST_CASE("a model's list of schemas is for the elements in their places") {
  CHECK(misfit({1, 2}, {{"items", Json::array()}}, {}).empty());
  const Json pair{{"items", Json::array({{{"type", "string"}}, {{"type", "integer"}}})}};
  CHECK(misfit({"a", 1, Json::object()}, pair, {}).empty());
  CHECK_FALSE(misfit({"a", "b"}, pair, {}).empty());
  auto closed = pair;
  closed["additionalItems"] = false;
  CHECK_FALSE(misfit({"a", 1, 2}, closed, {}).empty());
  CHECK(misfit({1, 2, 1.0}, {{"uniqueItems", true}}, {}) == "[array must not contain duplicate elements]");
  CHECK(misfit({1, 2, "1"}, {{"uniqueItems", true}}, {}).empty());
}

TEST_CASE("a model that refers to itself over and over ends") {
  const Json again{{"$ref", "models/M"}};
  const Json model{{"anyOf", Json::array({again, again, again, {{"type", "string"}}})}};
  CHECK(misfit(1, model, {{"M", model}}) == "[the document takes too long to validate]");
  CHECK(misfit({{"a", 1}}, {{"pattern", std::string(100'000, '(')}}, {}).empty());
  CHECK_FALSE(misfit("a", {{"pattern", std::string(100'000, '(')}}, {}).empty());
  CHECK_FALSE(misfit("ab", {{"pattern", "^(.)\\1$"}}, {}).empty());  // what cannot be asked is not fulfilled
  const Json dear = Json::array({std::string(9'000, 'a')});
  CHECK(misfit(dear, {{"items", {{"pattern", "(?:a?){500}b"}}}}, {}) ==
        "[the document takes too long to validate]");
}

TEST_CASE("models over large bodies end, too") {
  Json body = Json::object();
  for (int i = 0; i < 2000; ++i) body[std::to_string(i)] = i;
  const Json twice{{"anyOf", Json::array({{{"$ref", "#"}}, {{"$ref", "#"}}})}};
  CHECK(misfit(body, twice, {}) == "[the document takes too long to validate]");
}

TEST_CASE("what a template looks at over and over is counted, what it usually does is not") {
  TemplateInput in;
  Json list = Json::array();
  for (int i = 0; i < 1000; ++i) list.push_back({{"a", i}, {"b", "text"}});
  in.body = Json{{"list", list}}.dump();
  const auto usual =
      "#foreach($e in $input.path('$.list'))#if($foreach.count < $input.path('$.list').size())$e.a,#end#end";
  CHECK(render(usual, in).starts_with("0,1,2,"));
  in.body = "\"" + std::string(8 << 20, 'a') + "\"";
  CHECK_THROWS_AS(render("#foreach($i in [1..1000])#if($input.body.contains('b'))x#end#end", in),
                  TemplateError);
}
}  // namespace emu
