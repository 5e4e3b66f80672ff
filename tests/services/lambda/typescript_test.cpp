#include "emulator/services/lambda/typescript.hpp"

#include <cstdlib>

#include "emulator/base/log.hpp"
#include "emulator/services/lambda/code.hpp"
#include "emulator/services/lambda/esbuild.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/world.hpp"

namespace fs = std::filesystem;
using namespace emu;
using namespace emu::lambda;
using emu::test::contents;
using emu::test::Folder;
using emu::test::World;

namespace {
// As the daemon finds it: in EMU_NODE_MODULES, or where `make install` puts it beside the build.
fs::path our_esbuild() {
  const char* given = std::getenv("EMU_NODE_MODULES");
  const auto packages =
      given ? fs::path(given)
            : fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "node/node_modules";
  return packages / "esbuild/bin/esbuild";
}

struct Project {
  Project() {
    quiet_logs();
    REQUIRE_MESSAGE(fs::exists(our_esbuild()), "make install puts esbuild into build/node");
    folder.write("p/src/index.ts",
                 "import { greet } from './greet';\nexport const handler = () => greet('x');\n");
    folder.write("p/src/greet.ts", "export const greet = (name: string): string => `hello ${name}`;\n");
  }
  Bundler bundler() const { return Bundler(folder / "cache", {our_esbuild()}); }
  Result<Bundle> try_bundle(Bundler& b, const std::string& source = "src/index.ts") const {
    return b.bundle(folder / "p", source, "nodejs20.x");
  }
  Bundle bundle(Bundler& b, const std::string& source = "src/index.ts") const {
    auto made = try_bundle(b, source);
    if (!made) FAIL(made.error().message);
    return std::move(*made);
  }
  std::string fail(Bundler& b) const {
    auto made = try_bundle(b);
    if (made) FAIL("bundled to " << made->task_root);
    return made.error().message;
  }
  // Installs a package that exports its own name.
  void install(const std::string& name) const {
    folder.write("p/node_modules/" + name + "/package.json", R"({"main":"i.js"})");
    folder.write("p/node_modules/" + name + "/i.js", "exports.from = 'installed " + name + "';");
  }
  // What the handler of a bundle returns, in a real Node.
  std::string run(const Bundle& made, const std::string& file = "src/index.cjs") const {
    const std::string script =
        "import(process.argv[1]).then(m => process.stdout.write(String((m.handler ?? "
        "m.default.handler)())))";
    const auto out =
        run_esbuild("/usr/bin/env", made.task_root, {"node", "-e", script, made.task_root / file});
    return out.messages;
  }
  Folder folder;
};
}  // namespace

TEST_CASE("a handler that is TypeScript only is recognised, as the runtime would look for it") {
  Folder f;
  for (const auto* name :
       {"a.ts", "b.tsx", "c.mts", "d.cts", "both.ts", "both.js", "m.ts", "m.mjs", "src/x/y.ts"})
    f.write(name, "");
  const auto source = [&](const std::string& handler) {
    return typescript_source(f.path(), handler).string();
  };
  CHECK(source("a.handler") == "a.ts");
  CHECK(source("b.handler") == "b.tsx");
  CHECK(source("c.handler") == "c.mts");
  CHECK(source("d.nested.handler") == "d.cts");
  CHECK(source("src/x/y.handler") == "src/x/y.ts");
  CHECK(source("./src/x/y.handler") == "src/x/y.ts");
  CHECK(source("both.handler") == "");
  CHECK(source("m.handler") == "");
  CHECK(source("missing.handler") == "");
  CHECK(source("src/../a.handler") == "");
  CHECK(source("/a.handler") == "");
  CHECK(source("a") == "");
  CHECK(source("") == "");
}

TEST_CASE("a bundle has the handler at its place, runs, and maps back to the source") {
  Project p;
  auto b = p.bundler();
  const auto made = p.bundle(b);
  CHECK(p.run(made) == "hello x");
  CHECK(contents(made.task_root / "src/index.cjs.map").find("src/greet.ts") != std::string::npos);
  CHECK(made.inputs == std::vector<fs::path>{p.folder / "p/src/greet.ts", p.folder / "p/src/index.ts"});
}

TEST_CASE("nothing changed, nothing built: neither again nor after a restart") {
  Project p;
  auto first = p.bundler();
  const auto made = p.bundle(first);
  const auto runs = first.runs();
  CHECK(p.bundle(first).task_root == made.task_root);
  CHECK(first.runs() == runs);
  auto second = p.bundler();
  CHECK(p.bundle(second).task_root == made.task_root);
  CHECK(second.runs() == 0);
}

TEST_CASE("a file that was only touched builds nothing") {
  Project p;
  auto b = p.bundler();
  const auto made = p.bundle(b);
  const auto runs = b.runs();
  fs::last_write_time(p.folder / "p/src/greet.ts",
                      fs::file_time_type::clock::now() + std::chrono::seconds(5));
  CHECK(p.bundle(b).task_root == made.task_root);
  CHECK(b.runs() == runs);
}

TEST_CASE("a changed input gives another directory, the old content the old one again") {
  Project p;
  auto b = p.bundler();
  const auto before = p.bundle(b);
  const auto source = contents(p.folder / "p/src/greet.ts");
  p.folder.write("p/src/greet.ts",
                 "export const greet = (name: string): string => `hallo ${name}`;\n");  // as long
  const auto after = p.bundle(b);
  CHECK(after.task_root != before.task_root);
  CHECK(p.run(after) == "hallo x");
  CHECK(p.run(before) == "hello x");
  p.folder.write("p/src/greet.ts", source);
  CHECK(p.bundle(b).task_root == before.task_root);
}

TEST_CASE("a change made right after a build is seen, however little time has passed") {
  Project p;
  auto b = p.bundler();
  for (int i = 0; i < 20; ++i) {
    const auto number = std::to_string(10 + i);
    p.folder.write("p/src/greet.ts", "export const greet = (n: string) => '" + number + "';\n");
    CHECK(contents(p.bundle(b).task_root / "src/index.cjs").find("\"" + number + "\"") != std::string::npos);
  }
}

TEST_CASE("a new file that takes the place of another in resolution is seen") {
  Project p;
  auto b = p.bundler();
  p.folder.write("p/src/greet.js", "export const greet = () => 'from js';");
  CHECK(p.run(p.bundle(b)) == "hello x");  // .ts goes before .js
  p.folder.write("p/src/greet.tsx", "export const greet = () => 'from tsx';");
  CHECK(p.run(p.bundle(b)) == "from tsx");
}

TEST_CASE("tsconfig.json is respected, and what it extends, and their changes are seen") {
  Project p;
  p.folder.write("p/src/index.ts",
                 "import { greet } from '@lib/greet';\nexport const handler = () => greet('x');\n");
  p.folder.write("p/other/greet.ts", "export const greet = () => 'other';\n");
  p.folder.write("p/tsconfig.json", "{ // comments are fine\n \"extends\": \"./base.json\" }");
  p.folder.write("p/base.json", R"({"compilerOptions":{"baseUrl":".","paths":{"@lib/*":["src/*"]}}})");
  auto b = p.bundler();
  CHECK(p.run(p.bundle(b)) == "hello x");
  p.folder.write("p/base.json", R"({"compilerOptions":{"baseUrl":".","paths":{"@lib/*":["other/*"]}}})");
  CHECK(p.run(p.bundle(b)) == "other");
}

TEST_CASE("the SDK stays outside where the project brings none, and is bundled where it does") {
  Project p;
  p.folder.write("p/src/index.ts",
                 "import { from } from '@aws-sdk/client-dynamodb';\nexport const handler = () => from;\n");
  auto b = p.bundler();
  const auto without = contents(p.bundle(b).task_root / "src/index.cjs");
  CHECK(without.find("require(\"@aws-sdk/client-dynamodb\")") != std::string::npos);
  CHECK(b.runs() <= 2);  // no failing attempt; a second one if the file's time is that of the first

  p.install("left-pad");  // packages, but not this one
  const auto other = contents(p.bundle(b).task_root / "src/index.cjs");
  CHECK(other.find("require(\"@aws-sdk/client-dynamodb\")") != std::string::npos);

  p.install("@aws-sdk/client-dynamodb");
  CHECK(p.run(p.bundle(b)) == "installed @aws-sdk/client-dynamodb");
}

TEST_CASE("other packages are bundled, and one that is missing is named with its place") {
  Project p;
  p.folder.write("p/src/index.ts",
                 "\nimport { from } from 'left-pad';\nexport const handler = () => from;\n");
  auto b = p.bundler();
  CHECK(p.fail(b) == "src/index.ts:2:21: Could not resolve \"left-pad\"");
  CHECK(p.try_bundle(b).error().code == "Runtime.ImportModuleError");
  p.install("left-pad");
  CHECK(p.run(p.bundle(b)) == "installed left-pad");
}

TEST_CASE("a syntax error says where, and the next change is tried") {
  Project p;
  auto b = p.bundler();
  p.folder.write("p/src/greet.ts", "export const greet = (;\n");
  CHECK(p.fail(b) == "src/greet.ts:1:22: Unexpected \";\"");
  CHECK(p.try_bundle(b).error().code == "Runtime.UserCodeSyntaxError");
  p.folder.write("p/src/greet.ts", "export const greet = () => 'mended';\n");
  CHECK(p.run(p.bundle(b)) == "mended");
}

TEST_CASE("a package of type module gives an ES module, in which CommonJS packages still work") {
  Project p;
  p.folder.write("p/package.json", R"({"type":"module"})");
  p.folder.write("p/node_modules/old/package.json", R"({"main":"i.js"})");
  p.folder.write("p/node_modules/old/i.js", "exports.sep = require('path').sep;");
  p.folder.write("p/src/index.ts",
                 "import { sep } from 'old';\nawait Promise.resolve();\n"
                 "export const handler = () => sep + typeof import.meta.url;\n");
  auto b = p.bundler();
  CHECK(p.run(p.bundle(b), "src/index.mjs") == "/string");
  p.folder.write("p/src/one.cts", "export const handler = () => typeof require;\n");
  CHECK(p.run(p.bundle(b, "src/one.cts"), "src/one.cjs") == "function");
  p.folder.write("p/src/two.mts", "export const handler = () => 'module';\n");
  CHECK(p.run(p.bundle(b, "src/two.mts"), "src/two.mjs") == "module");
}

TEST_CASE("files beside the sources are reachable by relative path, also those made later") {
  Project p;
  p.folder.write("p/templates/mail.txt", "dear");
  p.folder.write("p/src/data.json", "1");
  p.folder.write(
      "p/src/index.ts",
      "import { readFileSync as read } from 'fs';\nimport { join } from 'path';\n"
      "export const handler = () => read('templates/mail.txt') + '' + read(join(__dirname, 'data.json'));\n");
  auto b = p.bundler();
  const auto made = p.bundle(b);
  CHECK(p.run(made) == "dear1");
  p.folder.write("p/later/a.txt", "x");
  fs::remove_all(p.folder / "p/templates");
  CHECK(p.bundle(b).task_root == made.task_root);
  CHECK(contents(made.task_root / "later/a.txt") == "x");
  CHECK_FALSE(fs::is_symlink(made.task_root / "templates"));
}

TEST_CASE("a bundle damaged on disk is made again") {
  Project p;
  auto first = p.bundler();
  const auto made = p.bundle(first);
  std::ofstream(made.task_root / "src/index.cjs") << "";
  auto second = p.bundler();
  CHECK(p.run(p.bundle(second)) == "hello x");
}

TEST_CASE("the project's own esbuild goes before ours, its native program before its JavaScript") {
  Folder f;
  f.write("node_modules/esbuild/bin/esbuild", "#!/bin/sh");
  fs::permissions(f / "node_modules/esbuild/bin/esbuild", fs::perms::owner_all);
  fs::create_directories(f / "a/b");
  CHECK(find_esbuild(f / "a/b", "") == f / "node_modules/esbuild/bin/esbuild");
  for (const auto& ours : {our_esbuild(), our_esbuild().parent_path().parent_path()})
    CHECK(find_esbuild(f / "a/b", ours).string().find("/@esbuild/") != std::string::npos);
  for (const auto* platform : {"linux-x64", "linux-arm64"}) {
    const std::string native = std::string("node_modules/@esbuild/") + platform + "/bin/esbuild";
    f.write(native, "");
    fs::permissions(f / native, fs::perms::owner_all);
  }
  CHECK(find_esbuild(f / "a/b", our_esbuild()).string().starts_with((f / "node_modules/@esbuild/").string()));
}

TEST_CASE("without any esbuild the message says what to install") {
  Project p;
  Bundler b(p.folder / "cache", {});
  CHECK(p.fail(b).starts_with(
      "src/index.ts is TypeScript and there is no esbuild to bundle it with: run npm install"));
}

TEST_CASE("an esbuild that cannot be started is an error, not a wait") {
  const auto run = run_esbuild("/no/such/program", "/", {});
  CHECK_FALSE(run.succeeded);
  CHECK(readable_errors(run.messages) == "/no/such/program cannot be started");
}

TEST_CASE("saving a source of a hot directory changes what the next invocation starts in") {
  Project p;
  World w;
  CodeStore store(w.loops, p.folder / "code", {our_esbuild()});
  auto code = store.hot_directory(p.folder / "p");
  REQUIRE(code);
  const auto prepare = [&] { return w.run(store.prepare(*code, "nodejs20.x", "src/index.handler")); };
  const auto before = prepare();
  REQUIRE(before);
  auto generation = store.generation(*code);

  p.folder.write("p/src/greet.ts", "export const greet = (;\n");
  CHECK(store.generation(*code) != generation);
  generation = store.generation(*code);
  CHECK_FALSE(prepare());
  CHECK(store.generation(*code) != generation);  // try again, whatever is seen of the disk
  p.folder.write("p/src/greet.ts", "export const greet = () => 'mended';\n");
  const auto after = prepare();
  REQUIRE(after);
  CHECK(*after != *before);
}

TEST_CASE("a source outside the hot directory is watched once it is known") {
  Project p;
  World w;
  p.folder.write("shared/greet.ts", "export const greet = () => 'shared';\n");
  p.folder.write("p/src/greet.ts", "export { greet } from '../../shared/greet';\n");
  CodeStore store(w.loops, p.folder / "code", {our_esbuild()});
  auto code = store.hot_directory(p.folder / "p");
  REQUIRE(code);
  REQUIRE(w.run(store.prepare(*code, "nodejs20.x", "src/index.handler")));
  const auto generation = store.generation(*code);
  p.folder.write("shared/greet.ts", "export const greet = () => 'changed';\n");
  CHECK(store.generation(*code) != generation);
}

TEST_CASE("TypeScript in a zip is bundled too, and its bundle goes with the zip") {
  Project p;
  World w;
  CodeStore store(w.loops, p.folder / "code", {our_esbuild()});
  CodeLocation code{.task_root = p.folder / "p", .sha256_base64 = std::string(43, 'A') + "="};
  const auto root = w.run(store.prepare(code, "nodejs22.x", "src/index.handler"));
  REQUIRE(root);
  CHECK(fs::exists(*root / "src/index.cjs"));
  store.forget(code);
  CHECK_FALSE(fs::exists(*root));
}
