"""The three summaries that run_tests.py reads, as their runners print them."""
import subprocess
import sys
import unittest
from pathlib import Path

import run_tests
from run_tests import Count, Job


class Counting(unittest.TestCase):
    def test_doctest_programs_are_counted_by_test_case(self):
        output = "[doctest] test cases:  7 |  5 passed | 2 failed | 1 skipped\n[doctest] assertions: 9 | 7 passed | 2 failed |"
        self.assertEqual(run_tests.doctest_count(output), Count(5, 2, 1))

    def test_a_program_that_crashed_has_no_count(self):
        self.assertIsNone(run_tests.doctest_count("Segmentation fault"))
        self.assertIsNone(run_tests.unittest_count("Traceback"))
        self.assertIsNone(run_tests.node_count("SyntaxError"))

    def test_unittest_errors_and_failures_both_fail(self):
        output = "Ran 9 tests in 0.100s\n\nFAILED (failures=1, errors=2, skipped=1)\n"
        self.assertEqual(run_tests.unittest_count(output), Count(5, 3, 1))
        self.assertEqual(run_tests.unittest_count("Ran 2 tests in 1s\n\nOK\n"), Count(2, 0, 0))

    def test_a_failing_set_up_of_a_class_takes_no_passed_test_away(self):
        output = "ERROR: setUpClass (x.Orders)\nRan 3 tests in 0.1s\n\nFAILED (errors=1)\n"
        self.assertEqual(run_tests.unittest_count(output), Count(3, 1, 0))

    def test_nodes_cancelled_tests_fail(self):
        output = "# tests 4\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 0\n# todo 0\n"
        self.assertEqual(run_tests.node_count(output), Count(2, 2, 0))


class Running(unittest.TestCase):
    def python(self, code, limit=30):
        return run_tests.run(Job("job", [sys.executable, "-c", code], run_tests.unittest_count, limit))

    def test_a_program_without_a_summary_is_one_failure(self):
        count, _, output = self.python("print('hello'); exit(3)")
        self.assertEqual(count, Count(0, 1))
        self.assertIn("ended without a summary, status 3", output)

    def test_a_program_that_passes_but_exits_badly_is_one_failure(self):
        count, _, _ = self.python("print('Ran 2 tests in 1s\\n\\nOK'); exit(1)")
        self.assertEqual(count, Count(2, 1))

    def test_a_program_that_never_ends_is_killed_with_its_children(self):
        count, _, output = self.python("import subprocess; subprocess.run(['sleep', '100'])", limit=1)
        self.assertEqual(count, Count(0, 1))
        self.assertIn("still running after 1 s", output)

    def test_a_program_that_does_not_exist_is_one_failure(self):
        count, _, output = run_tests.run(Job("job", ["/nonexistent/program"], run_tests.doctest_count, 1))
        self.assertEqual(count, Count(0, 1))
        self.assertIn("cannot run", output)


class CommandLine(unittest.TestCase):
    def test_an_unknown_group_is_refused_with_the_usage(self):
        program = Path(run_tests.__file__)
        done = subprocess.run([sys.executable, program, "build", "nonsense"], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("run_tests.py BUILD_DIR", done.stderr)


if __name__ == "__main__":
    unittest.main()
