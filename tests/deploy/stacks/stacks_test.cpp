#include "emulator/deploy/stacks/stacks.hpp"

#include "emulator/source/source.hpp"
#include "tests/deploy/golden.hpp"
#include "tests/deploy/stacks/fake_service.hpp"

using namespace emu;

namespace {
struct StacksWorld : test::World {
  test::FakeService fake;
  deploy::Stacks stacks{disk, clock, ids, {&fake}};

  deploy::Deployed apply(std::string_view resources, const std::string& name = "shop") {
    auto document = parse_yaml("Resources:\n" + std::string(resources), "t.yml");
    return run(stacks.apply(context, name, std::move(document), {}));
  }
  std::string refused(std::string_view resources) {
    return test::refused([&] { apply(resources); });
  }
  deploy::StoredStack stored() { return *stacks.find(context.scope, "shop"); }
};
constexpr const char* kTwo =
    "  B: {Type: AWS::Fake::Thing, Properties: {Name: b, Link: !GetAtt A.Arn}}\n"
    "  A: {Type: AWS::Fake::Thing, Properties: {Name: a}}\n";
}  // namespace

TEST_CASE("a new stack creates its resources in order and remembers them") {
  StacksWorld w;
  const auto deployed = w.apply(kTwo);
  CHECK(deployed.status == "CREATE_COMPLETE");
  CHECK(w.fake.log == "+A +B ");
  CHECK(w.fake.things["b"]["Link"] == "arn:a");
  CHECK(w.stored().Status == "CREATE_COMPLETE");
  CHECK(deployed.stack_id.starts_with("arn:aws:cloudformation:us-east-1:000000000000:stack/shop/"));
}

TEST_CASE("applying the same template again does nothing, also after a restart") {
  StacksWorld w;
  w.apply(kTwo);
  w.fake.take_log();
  deploy::Stacks after_restart(w.disk, w.clock, w.ids, {&w.fake});
  auto document = parse_yaml("Resources:\n" + std::string(kTwo), "t.yml");
  const auto deployed = w.run(after_restart.apply(w.context, "shop", std::move(document), {}));
  CHECK(w.fake.log.empty());
  CHECK(deployed.status == "UPDATE_COMPLETE");
  CHECK(deployed.changes[0].action == deploy::Action::unchanged);
}

TEST_CASE("a changed property updates in place, and only what changed") {
  StacksWorld w;
  w.apply(kTwo);
  w.fake.take_log();
  w.apply(
      "  B: {Type: AWS::Fake::Thing, Properties: {Name: b, Link: !GetAtt A.Arn}}\n  A: {Type: "
      "AWS::Fake::Thing, Properties: {Name: a, Size: 2}}\n");
  CHECK(w.fake.log == "~A ");
}

TEST_CASE("a changed create-only property replaces: new first, dependants next, old last") {
  StacksWorld w;
  w.apply(kTwo);
  w.fake.take_log();
  const auto deployed = w.apply(
      "  B: {Type: AWS::Fake::Thing, Properties: {Name: b, Link: !GetAtt A.Arn}}\n  A: {Type: "
      "AWS::Fake::Thing, Properties: {Name: a2}}\n");
  CHECK(w.fake.log == "+A ~B -a ");
  CHECK(w.fake.things["b"]["Link"] == "arn:a2");
  CHECK(deployed.changes[0].action == deploy::Action::replaced);
  CHECK(w.stored().Replaced.empty());
}

TEST_CASE("a type that cannot update is replaced by any change") {
  StacksWorld w;
  w.apply("  A: {Type: AWS::Fake::Fixed, Properties: {Size: 1}}\n");
  w.apply("  A: {Type: AWS::Fake::Fixed, Properties: {Size: 2}}\n");
  CHECK(w.fake.log.starts_with("+A +A -shop-A-"));
  CHECK(w.fake.things.size() == 1);
}

TEST_CASE("a custom-named resource cannot be replaced, as on AWS") {
  StacksWorld w;
  w.apply("  A: {Type: AWS::Fake::Fixed, Properties: {Name: a, Size: 1}}\n");
  CHECK(w.refused("  A: {Type: AWS::Fake::Fixed, Properties: {Name: a, Size: 2}}\n") ==
        "t.yml:2: A (AWS::Fake::Fixed): CloudFormation cannot update a stack when a custom-named resource "
        "requires replacing. "
        "Rename a and update the stack again. a already exists");
  CHECK(w.fake.things["a"]["Size"] == 1);
  CHECK(w.stored().Status == "UPDATE_ROLLBACK_COMPLETE");
}

TEST_CASE("what the template has no more is deleted, last made first, unless it is to be retained") {
  StacksWorld w;
  w.apply(std::string(kTwo) +
          "  C: {Type: AWS::Fake::Thing, DeletionPolicy: Retain, Properties: {Name: c}}\n  D: {Type: "
          "AWS::CDK::Metadata}\n");
  w.fake.take_log();
  const auto deployed = w.apply("  D: {Type: AWS::CDK::Metadata}\n");
  CHECK(w.fake.log == "-b -a ");
  CHECK(w.fake.things.contains("c"));
  CHECK(w.stored().Resources.size() == 1);
}

TEST_CASE("a resource without a name gets one of its stack and its own") {
  StacksWorld w;
  w.apply("  A: {Type: AWS::Fake::Thing}\n");
  const auto& id = w.fake.things.begin()->first;
  CHECK(id.starts_with("shop-A-"));
  CHECK(id.size() == 19);
}

TEST_CASE("a failure while creating rolls everything back and says where") {
  StacksWorld w;
  CHECK(w.refused(std::string(kTwo) + "  C:\n    Type: AWS::Fake::Thing\n    DependsOn: B\n    Properties:\n "
                                      "     Size: 1\n      Fail: create\n") ==
        "t.yml:9: C (AWS::Fake::Thing): Value at 'fail' was not liked on create");
  CHECK(w.fake.log == "+A +B -b -a ");
  CHECK(w.stored().Status == "ROLLBACK_COMPLETE");
  w.fake.take_log();
  CHECK(w.apply(kTwo).status == "CREATE_COMPLETE");
}

TEST_CASE("a failure while updating puts back what was there") {
  StacksWorld w;
  w.apply(kTwo);
  w.fake.take_log();
  const auto lines = w.refused(
      "  A: {Type: AWS::Fake::Thing, Properties: {Name: a, Size: 7}}\n  B: {Type: AWS::Fake::Thing, "
      "Properties: {Name: b2, Link: !Ref A}}\n"
      "  C: {Type: AWS::Fake::Thing, Properties: {Name: c, Link: !Ref B}}\n  D: {Type: AWS::Fake::Thing, "
      "Properties: {Link: !Ref C, Fail: create}}\n");
  CHECK(lines.starts_with("t.yml:5: D (AWS::Fake::Thing): "));
  CHECK(w.fake.log == "~A +B +C -c -b2 ~A ");
  CHECK(w.fake.things["a"] == Json{{"Name", "a"}});
  CHECK(w.stored().Status == "UPDATE_ROLLBACK_COMPLETE");
  w.fake.take_log();
  w.apply(kTwo);
  CHECK(w.fake.log.empty());
}

TEST_CASE("a property of the wrong type is a failure like any other") {
  StacksWorld w;
  CHECK(w.refused("  A: {Type: AWS::Fake::Thing, Properties: {Number: x}}\n") ==
        "t.yml:2: A (AWS::Fake::Thing): Number is no number");
}

TEST_CASE("an unknown type or property is refused before anything is created") {
  StacksWorld w;
  CHECK(w.refused("  A: {Type: AWS::Fake::Thing}\n  B:\n    Type: AWS::Fake::Think\n  C:\n    Type: "
                  "AWS::SQS::Queue\n  D:\n    Type: AWS::Fake::Thing\n"
                  "    Properties:\n      Sise: 1\n      Colour: red\n      Tags: []\n") ==
        "t.yml:4: Unrecognized resource types: [AWS::Fake::Think]; did you mean AWS::Fake::Thing?\n"
        "t.yml:6: Unrecognized resource types: [AWS::SQS::Queue]; supported are AWS::Fake::Fixed, "
        "AWS::Fake::Thing\n"
        "t.yml:10: D (AWS::Fake::Thing): unsupported property \"Sise\"; did you mean \"Size\"?\n"
        "t.yml:11: D (AWS::Fake::Thing): unsupported property \"Colour\"; supported are Name, Size, Link, "
        "Number, Fail, Tags");
  CHECK(w.fake.log.empty());
  CHECK_FALSE(w.stacks.find(w.context.scope, "shop"));
}

TEST_CASE("a property without effect is accepted and noted with its line") {
  StacksWorld w;
  const auto deployed = w.apply("  A:\n    Type: AWS::Fake::Thing\n    Properties:\n      Tags: []\n");
  REQUIRE(deployed.notes.size() == 1);
  CHECK(deployed.notes[0].line() == "t.yml:5: Tags of AWS::Fake::Thing is accepted and has no effect here");
}

TEST_CASE("a resource may not change its type") {
  StacksWorld w;
  w.apply("  A: {Type: AWS::Fake::Thing}\n");
  CHECK(w.refused("  A: {Type: AWS::Fake::Fixed}\n").find("Update of resource type is not permitted") !=
        std::string::npos);
}

TEST_CASE("removing a stack deletes what it made in reverse and forgets it") {
  StacksWorld w;
  w.apply(kTwo);
  w.fake.take_log();
  CHECK(w.run(w.stacks.remove(w.context, "shop")).status == "DELETE_COMPLETE");
  CHECK(w.fake.log == "-b -a ");
  CHECK_FALSE(w.stacks.find(w.context.scope, "shop"));
  CHECK(w.run(w.stacks.remove(w.context, "shop")).status == "DELETE_COMPLETE");
}

TEST_CASE("a stack that cannot be deleted keeps what is left") {
  StacksWorld w;
  w.apply(std::string(kTwo) + "  C: {Type: AWS::Fake::Thing, Properties: {Name: c, Fail: remove}}\n");
  CHECK(test::refused([&] { w.run(w.stacks.remove(w.context, "shop")); }) ==
        "C (AWS::Fake::Thing) could not be deleted: Value at 'fail' was not liked on remove");
  CHECK(w.stored().Status == "DELETE_FAILED");
  CHECK(w.stored().StatusReason == "The following resource(s) failed to delete: [C]. ");
  CHECK(w.stored().Resources.size() == 1);
}

TEST_CASE("one stack imports what another exports, and an export has one owner") {
  StacksWorld w;
  w.apply(
      "  A: {Type: AWS::Fake::Thing, Properties: {Name: a}}\nOutputs: {O: {Value: !GetAtt A.Arn, Export: "
      "{Name: shared}}}\n",
      "first");
  w.apply("  B: {Type: AWS::Fake::Thing, Properties: {Name: b, Link: !ImportValue shared}}\n", "second");
  CHECK(w.fake.things["b"]["Link"] == "arn:a");
  CHECK(w.refused("  C: {Type: AWS::Fake::Thing}\nOutputs: {O: {Value: x, Export: {Name: shared}}}\n") ==
        "Export with name shared is already exported by stack first");
}

TEST_CASE("stacks of other regions and accounts are apart") {
  StacksWorld w;
  w.apply("  A: {Type: AWS::Fake::Thing}\n");
  w.context.scope.region = "eu-west-1";
  CHECK_FALSE(w.stacks.find(w.context.scope, "shop"));
}

TEST_CASE("what an update adds is deleted after what came to need it") {
  StacksWorld w;
  w.apply("  B: {Type: AWS::Fake::Thing, Properties: {Name: b}}\n");
  w.apply(kTwo);
  w.fake.take_log();
  w.run(w.stacks.remove(w.context, "shop"));
  CHECK(w.fake.log == "-b -a ");
}

TEST_CASE("a template is checked without being applied, as a new stack and as a change of one") {
  StacksWorld w;
  const auto check = [&](std::string_view resources) {
    return test::refused([&] {
      w.stacks.check(w.context.scope, "shop", parse_yaml("Resources:\n" + std::string(resources), "t.yml"),
                     {});
    });
  };
  CHECK(check(kTwo).empty());
  CHECK(check("  A: {Type: AWS::Fake::Thing, Properties: {Nane: a}}\n").find("did you mean \"Name\"?") !=
        std::string::npos);
  CHECK(w.fake.log.empty());
  CHECK_FALSE(w.stacks.find(w.context.scope, "shop"));
  w.apply(kTwo);
  w.fake.take_log();
  CHECK(check("  A: {Type: AWS::Fake::Nothing}\n").find("Unrecognized resource types") != std::string::npos);
  CHECK(w.fake.log.empty());
}
