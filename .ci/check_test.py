"""check.py on a small project with one breach of each kind, and on the same lines where they are allowed."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import check

HEADER = "// What it is.\n#pragma once\n"


class Checks(unittest.TestCase):
    def breaches(self, files):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["git", "init", "-q", folder], check=True)
            for name, text in files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            return list(check.check(Path(folder)))

    def one(self, name, text):
        found = self.breaches({name: text})
        self.assertEqual(len(found), 1, found)
        return found[0]

    def test_an_include_that_points_up_is_refused_with_its_line(self):
        breach = self.one("storage/key.cpp", '\n#include "emulator/api/context.hpp"\n')
        self.assertTrue(breach.startswith("storage/key.cpp:2: storage includes emulator/api: up or sideways"), breach)

    def test_services_are_blind_to_each_other(self):
        breach = self.one("emulator/services/sqs/port.cpp", '#include "emulator/services/lambda/lambda.hpp"\n')
        self.assertIn("service sqs includes service lambda", breach)

    def test_only_lambda_and_gateway_see_the_runtime(self):
        line = '#include "runtime-api/invoker.hpp"\n'
        self.one("emulator/services/sts/sts.cpp", line)
        self.assertEqual(self.breaches({"emulator/services/lambda/invoke.cpp": line, "tests/flows/order_test.cpp": line}), [])

    def test_includes_that_point_down_are_fine(self):
        self.assertEqual(self.breaches({
            "emulator/app.cpp": '#include "emulator/services/sqs/sqs.hpp"\n#include "emulator/deploy/engine.hpp"\n',
            "emulator/cli/up.cpp": '#include "emulator/app.hpp"\n',
            "emulator/main.cpp": '#include "emulator/cli/up.hpp"\n',
            "emulator/services/sqs/queues.cpp": '#include "emulator/services/sqs/sqs.hpp"\n#include "storage/key.hpp"\n',
            "emulator/api/records.hpp": HEADER + '#include "storage/engine.hpp"\n'}), [])

    def test_the_app_does_not_see_the_command_line(self):
        self.assertIn("up or sideways", self.one("emulator/app.cpp", '#include "emulator/cli/up.hpp"\n'))

    def test_an_include_that_is_not_from_the_root_is_refused(self):
        self.assertIn("from the repository root", self.one("emulator/base/ids.cpp", '#include "ids.hpp"\n'))

    def test_a_script_that_python_cannot_read_is_one_line(self):
        self.assertTrue(self.one("tools/tidy.py", "a = 1\nb = (\n").startswith("tools/tidy.py:2: Python cannot read this"))

    def test_time_is_read_in_one_place(self):
        line = "auto t = std::chrono::steady_clock::now();\n"
        self.assertIn("ask the Clock", self.one("emulator/http/server.cpp", line))
        self.assertEqual(self.breaches({"emulator/base/clock.cpp": line, "bench/bench.cpp": line}), [])

    def test_heavy_libraries_stay_in_their_files(self):
        self.one("emulator/api/x.cpp", "#include <rocksdb/db.h>\n")
        self.one("emulator/api/x.cpp", "#include <boost/beast/http.hpp>\n")
        self.one("emulator/api/x.cpp", "#include <yaml-cpp/yaml.h>\n")
        self.assertEqual(self.breaches({"storage/rocks_engine.cpp": "#include <rocksdb/db.h>\n"}), [])

    def test_a_header_opens_with_what_it_is(self):
        self.assertIn("what it is", self.one("storage/key.hpp", "#pragma once\n"))

    def test_long_files_and_functions_are_refused_where_they_start(self):
        long = "\n\nint f(int a) {\n  if (a) {\n" + "    a++;\n" * 70 + "  }\n  return a;\n}\n"
        self.assertIn("x.cpp:3: the function has 75 lines", self.one("storage/x.cpp", long))
        self.assertIn("x.py:1: the function has 72 lines", self.one("tools/x.py", "def f():\n" + "    g()\n" * 71))
        self.assertIn("x.mjs:1: the function has 73 lines", self.one("tests/x.mjs", "export function f(a) {\n" + "  g();\n" * 71 + "}\n"))
        self.assertIn("the file has 501 lines", self.one("storage/x.cpp", "int x;\n" * 501))

    def test_long_types_tables_and_namespaces_are_no_functions(self):
        lines = "  int x = '{' + 1'000;  // } {\n" * 80
        self.assertEqual(self.breaches({"storage/x.cpp": "namespace x {\nstruct A {\n" + lines + "};\nint f() { return 1; }\n}\n"}), [])

    def test_machine_paths_registries_and_unfinished_work_are_refused(self):
        self.one("README.md", "see /ho" + "me/me/emu\n")
        self.one("README.md", "from https://reg" + "istry.example.org/x\n")
        self.one("tools/x", "# TO" + "DO later\n")
        self.one("tools/node/package-lock.json", '"resolved": "x"\n')


if __name__ == "__main__":
    unittest.main()
