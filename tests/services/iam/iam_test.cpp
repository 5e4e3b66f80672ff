#include "emulator/services/iam/iam.hpp"

#include "emulator/http/message.hpp"
#include "tests/support/world.hpp"

namespace emu {
using namespace test;

namespace {
const std::string kTrust =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]})";
const std::string kBasic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

struct IamWorld : World {
  iam::Iam iam{disk, clock, ids};
  Json create(std::string name, Json more = Json::object()) {
    more["RoleName"] = name;
    more["AssumeRolePolicyDocument"] = kTrust;
    return call(iam, "CreateRole", more)["Role"];
  }
  Json role(std::string name) { return call(iam, "GetRole", {{"RoleName", name}})["Role"]; }
  const ResourceType& type(std::string_view name) {
    for (const auto& type : iam.resource_types())
      if (type.type == name) return type;
    FAIL("no type " << name);
    return iam.resource_types().front();
  }
};
}  // namespace

TEST_CASE("a role has an ARN with its path, an AROA id and its trust policy URL-encoded") {
  IamWorld w;
  const auto role = w.create("orders", {{"Path", "/app/"}, {"Description", "d"}});
  CHECK(role["Arn"] == "arn:aws:iam::000000000000:role/app/orders");
  CHECK(role["RoleId"].get<std::string>().starts_with("AROA"));
  CHECK(role["RoleId"].get<std::string>().size() == 21);
  CHECK(role["CreateDate"] == "2026-01-01T00:00:00Z");
  CHECK(role["MaxSessionDuration"] == 3600);
  CHECK(http::percent_decode(role["AssumeRolePolicyDocument"].get<std::string>()) == kTrust);
  CHECK(role["AssumeRolePolicyDocument"].get<std::string>().find('{') == std::string::npos);
  CHECK(w.role("orders") == role);
}

TEST_CASE("role names are unique without regard to case") {
  IamWorld w;
  w.create("Orders");
  const auto e = w.fail(w.iam, "CreateRole", {{"RoleName", "orders"}, {"AssumeRolePolicyDocument", kTrust}});
  CHECK(e.code == "EntityAlreadyExists");
  CHECK(e.http_status == 409);
  CHECK(e.message == "Role with name orders already exists.");
}

TEST_CASE("a role that does not exist is NoSuchEntity in every operation") {
  IamWorld w;
  const Json input{{"RoleName", "x"},     {"PolicyName", "p"},     {"PolicyDocument", kTrust},
                   {"PolicyArn", kBasic}, {"Tags", Json::array()}, {"TagKeys", Json::array()}};
  for (const auto& row : w.iam.operations()) {
    if (row.name == "CreateRole" || row.name == "ListRoles") continue;
    const auto e = w.fail(w.iam, row.name, input);
    CHECK(e.code == "NoSuchEntity");
    CHECK(e.http_status == 404);
    CHECK(e.message == "The role with name x cannot be found.");
  }
}

TEST_CASE("what is not a policy is refused in IAM's words") {
  IamWorld w;
  const auto refused = [&](std::string document) {
    return w.fail(w.iam, "CreateRole", {{"RoleName", "r"}, {"AssumeRolePolicyDocument", document}});
  };
  CHECK(refused("{").message == "This policy contains invalid Json");
  CHECK(refused("{}").message == "Syntax errors in policy.");
  CHECK(refused("{}").code == "MalformedPolicyDocument");
  CHECK(refused(R"({"Statement":")" + std::string(2048, 'x') + "\"}").message ==
        "Cannot exceed quota for ACLSizePerRole: 2048");
}

TEST_CASE("names, paths and session lengths are checked") {
  IamWorld w;
  const auto refused = [&](Json input) {
    input["AssumeRolePolicyDocument"] = kTrust;
    return w.fail(w.iam, "CreateRole", std::move(input)).message;
  };
  CHECK(refused({{"RoleName", "a b"}}) ==
        "1 validation error detected: Value 'a b' at 'roleName' failed to satisfy constraint: Member must "
        "satisfy "
        "regular expression pattern: [\\w+=,.@-]+");
  CHECK(refused({{"RoleName", std::string(65, 'a')}})
            .ends_with("Member must have length less than or equal to 64"));
  CHECK(refused({{"RoleName", "r"}, {"Path", "app"}}).find("at 'path'") != std::string::npos);
  CHECK(refused({{"RoleName", "r"}, {"MaxSessionDuration", 60}})
            .ends_with("Member must have value greater than or equal to 3600"));
}

TEST_CASE("inline policies are put, got URL-encoded, listed and deleted") {
  IamWorld w;
  w.create("r");
  w.call(w.iam, "PutRolePolicy", {{"RoleName", "r"}, {"PolicyName", "p"}, {"PolicyDocument", kTrust}});
  const auto got = w.call(w.iam, "GetRolePolicy", {{"RoleName", "r"}, {"PolicyName", "p"}});
  CHECK(http::percent_decode(got["PolicyDocument"].get<std::string>()) == kTrust);
  CHECK(w.call(w.iam, "ListRolePolicies", {{"RoleName", "r"}}) ==
        Json{{"PolicyNames", {"p"}}, {"IsTruncated", false}});
  w.call(w.iam, "DeleteRolePolicy", {{"RoleName", "r"}, {"PolicyName", "p"}});
  for (const auto* operation : {"GetRolePolicy", "DeleteRolePolicy"})
    CHECK(w.fail(w.iam, operation, {{"RoleName", "r"}, {"PolicyName", "p"}}).message ==
          "The role policy with name p cannot be found.");
}

TEST_CASE("a role's inline policies share 10240 characters") {
  IamWorld w;
  w.create("r");
  const auto policy = R"({"Statement":")" + std::string(6000, 'x') + "\"}";
  w.call(w.iam, "PutRolePolicy", {{"RoleName", "r"}, {"PolicyName", "a"}, {"PolicyDocument", policy}});
  const auto e =
      w.fail(w.iam, "PutRolePolicy", {{"RoleName", "r"}, {"PolicyName", "b"}, {"PolicyDocument", policy}});
  CHECK(e.code == "LimitExceeded");
  CHECK(e.message == "Maximum policy size of 10240 bytes exceeded for role r");
  // Replacing one counts once.
  w.call(w.iam, "PutRolePolicy", {{"RoleName", "r"}, {"PolicyName", "a"}, {"PolicyDocument", policy}});
}

TEST_CASE("policies managed by AWS are attached, listed and detached; others do not exist") {
  IamWorld w;
  w.create("r");
  w.call(w.iam, "AttachRolePolicy", {{"RoleName", "r"}, {"PolicyArn", kBasic}});
  w.call(w.iam, "AttachRolePolicy", {{"RoleName", "r"}, {"PolicyArn", kBasic}});
  CHECK(w.call(w.iam, "ListAttachedRolePolicies", {{"RoleName", "r"}})["AttachedPolicies"] ==
        Json::array({{{"PolicyName", "AWSLambdaBasicExecutionRole"}, {"PolicyArn", kBasic}}}));
  CHECK(w.call(w.iam, "ListAttachedRolePolicies",
               {{"RoleName", "r"}, {"PathPrefix", "/other/"}})["AttachedPolicies"]
            .empty());
  w.call(w.iam, "DetachRolePolicy", {{"RoleName", "r"}, {"PolicyArn", kBasic}});
  CHECK(w.fail(w.iam, "DetachRolePolicy", {{"RoleName", "r"}, {"PolicyArn", kBasic}}).message ==
        "Policy " + kBasic + " was not found.");
  const std::string own = "arn:aws:iam::000000000000:policy/own";
  CHECK(w.fail(w.iam, "AttachRolePolicy", {{"RoleName", "r"}, {"PolicyArn", own}}).message ==
        "Policy " + own + " does not exist or is not attachable.");
  CHECK(w.fail(w.iam, "AttachRolePolicy", {{"RoleName", "r"}, {"PolicyArn", "no-arn-at-all-of-any-kind"}})
            .message == "Invalid ARN:  Could not be parsed!");
}

TEST_CASE("at most ten managed policies are attached") {
  IamWorld w;
  w.create("r");
  for (int i = 0; i < 10; ++i)
    w.call(w.iam, "AttachRolePolicy",
           {{"RoleName", "r"}, {"PolicyArn", "arn:aws:iam::aws:policy/P" + std::to_string(i)}});
  CHECK(w.fail(w.iam, "AttachRolePolicy", {{"RoleName", "r"}, {"PolicyArn", kBasic}}).message ==
        "Cannot exceed quota for PoliciesPerRole: 10");
}

TEST_CASE("a role is deleted only when it has no policies left") {
  IamWorld w;
  w.create("r");
  w.call(w.iam, "PutRolePolicy", {{"RoleName", "r"}, {"PolicyName", "p"}, {"PolicyDocument", kTrust}});
  w.call(w.iam, "AttachRolePolicy", {{"RoleName", "r"}, {"PolicyArn", kBasic}});
  CHECK(w.fail(w.iam, "DeleteRole", {{"RoleName", "r"}}).message ==
        "Cannot delete entity, must detach all policies first.");
  w.call(w.iam, "DetachRolePolicy", {{"RoleName", "r"}, {"PolicyArn", kBasic}});
  const auto e = w.fail(w.iam, "DeleteRole", {{"RoleName", "r"}});
  CHECK(e.code == "DeleteConflict");
  CHECK(e.message == "Cannot delete entity, must delete policies first.");
  w.call(w.iam, "DeleteRolePolicy", {{"RoleName", "r"}, {"PolicyName", "p"}});
  w.call(w.iam, "DeleteRole", {{"RoleName", "r"}});
  CHECK(w.call(w.iam, "ListRoles")["Roles"].empty());
}

TEST_CASE("roles are listed by path, page by page, without their tags") {
  IamWorld w;
  w.create("a", {{"Tags", {{{"Key", "k"}, {"Value", "v"}}}}});
  w.create("b", {{"Path", "/x/"}});
  w.create("c");
  CHECK(w.call(w.iam, "ListRoles", {{"PathPrefix", "/x/"}})["Roles"].size() == 1);
  const auto first = w.call(w.iam, "ListRoles", {{"MaxItems", 2}});
  CHECK(first["IsTruncated"] == true);
  CHECK_FALSE(first["Roles"][0].contains("Tags"));
  const auto rest = w.call(w.iam, "ListRoles", {{"MaxItems", 2}, {"Marker", first["Marker"]}});
  CHECK(rest["Roles"].size() == 1);
  CHECK(rest["Roles"][0]["RoleName"] == "c");
  CHECK(rest["IsTruncated"] == false);
}

TEST_CASE("a role's description, session length, trust and tags can change") {
  IamWorld w;
  w.create("r");
  w.call(w.iam, "UpdateRole", {{"RoleName", "r"}, {"Description", "new"}, {"MaxSessionDuration", 7200}});
  w.call(w.iam, "UpdateAssumeRolePolicy", {{"RoleName", "r"}, {"PolicyDocument", R"({"Statement":[]})"}});
  w.call(w.iam, "TagRole",
         {{"RoleName", "r"}, {"Tags", {{{"Key", "k"}, {"Value", "1"}}, {{"Key", "l"}, {"Value", ""}}}}});
  w.call(w.iam, "TagRole", {{"RoleName", "r"}, {"Tags", {{{"Key", "k"}, {"Value", "2"}}}}});
  w.call(w.iam, "UntagRole", {{"RoleName", "r"}, {"TagKeys", {"l"}}});
  const auto role = w.role("r");
  CHECK(role["Description"] == "new");
  CHECK(role["MaxSessionDuration"] == 7200);
  CHECK(role["AssumeRolePolicyDocument"] == "%7B%22Statement%22%3A%5B%5D%7D");
  CHECK(w.call(w.iam, "ListRoleTags", {{"RoleName", "r"}})["Tags"] ==
        Json::array({{{"Key", "k"}, {"Value", "2"}}}));
}

TEST_CASE("roles belong to an account in every region, and outlive a restart") {
  IamWorld w;
  w.create("r");
  iam::Iam again(w.disk, w.clock, w.ids);
  again.load();
  w.context.scope.region = "eu-west-1";
  CHECK(w.call(again, "GetRole", {{"RoleName", "r"}})["Role"]["RoleName"] == "r");
  w.context.scope.account = "111111111111";
  CHECK(w.fail(again, "GetRole", {{"RoleName", "r"}}).code == "NoSuchEntity");
}

TEST_CASE("a role resource brings its policies, takes a change and goes with all it has") {
  IamWorld w;
  const auto& type = w.type("AWS::IAM::Role");
  ResourceRequest request{"Role",
                          "stack",
                          "stack-Role-X",
                          {{"AssumeRolePolicyDocument", Json::parse(kTrust)},
                           {"Policies", {{{"PolicyName", "own"}, {"PolicyDocument", Json::parse(kTrust)}}}},
                           {"ManagedPolicyArns", {kBasic}}}};
  const auto made = w.run(type.create(w.iam, w.context, request));
  REQUIRE(made);
  CHECK(made->physical_id == "stack-Role-X");
  CHECK(made->attributes["Arn"] == "arn:aws:iam::000000000000:role/stack-Role-X");
  CHECK(made->attributes["RoleId"] == w.role("stack-Role-X")["RoleId"]);
  CHECK(w.call(w.iam, "ListRolePolicies", {{"RoleName", "stack-Role-X"}})["PolicyNames"] == Json{"own"});

  const auto& policy = w.type("AWS::IAM::Policy");
  ResourceRequest more{
      "Policy",
      "stack",
      "stack-Policy-X",
      {{"PolicyName", "more"}, {"PolicyDocument", Json::parse(kTrust)}, {"Roles", {"stack-Role-X"}}}};
  const auto attached = w.run(policy.create(w.iam, w.context, more));
  REQUIRE(attached);
  CHECK(attached->physical_id == "more");

  request.properties["Policies"] =
      Json::array({{{"PolicyName", "new"}, {"PolicyDocument", Json::parse(kTrust)}}});
  const auto updated = w.run(type.update(w.iam, w.context, *made, request));
  REQUIRE(updated);
  CHECK(w.call(w.iam, "ListRolePolicies", {{"RoleName", "stack-Role-X"}})["PolicyNames"] ==
        Json{"more", "new"});

  REQUIRE(w.run(policy.remove(w.iam, w.context, *attached)));
  CHECK(w.call(w.iam, "ListRolePolicies", {{"RoleName", "stack-Role-X"}})["PolicyNames"] == Json{"new"});
  REQUIRE(w.run(type.remove(w.iam, w.context, *updated)));
  CHECK(w.call(w.iam, "ListRoles")["Roles"].empty());
}

TEST_CASE("a role resource with an impossible policy leaves nothing behind") {
  IamWorld w;
  const auto& type = w.type("AWS::IAM::Role");
  CHECK_FALSE(w.run(
      type.create(w.iam, w.context,
                  {"Role",
                   "stack",
                   "r",
                   {{"AssumeRolePolicyDocument", Json::parse(kTrust)}, {"ManagedPolicyArns", {"arn:x"}}}})));
  CHECK(w.call(w.iam, "ListRoles")["Roles"].empty());
}
}  // namespace emu
