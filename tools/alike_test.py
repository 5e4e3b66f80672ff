"""Which files the compiler may read as one."""
import tempfile
import unittest
from pathlib import Path

import alike


class Names(unittest.TestCase):
    def test_functions_types_and_constants_at_the_left_margin_are_names_of_the_file(self):
        text = "constexpr int kMost = 3;\nstruct Row {\n  int inner;\n};\nbool fits(int size) {\n[[noreturn]] void refuse() {\nconst char* kRows[] = {};\n"
        self.assertEqual(alike.own_names(text), {"kMost", "Row", "fits", "refuse", "kRows"})

    def test_namespaces_usings_and_comments_are_none(self):
        self.assertEqual(alike.own_names("namespace emu {\nusing namespace std;\n// int kNot = 1;\n#define NOT 1\n"), set())


class Groups(unittest.TestCase):
    def groups(self, texts, most=9, **more):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in texts.items():
                (Path(folder) / name).write_text(text)
            made = alike.groups([f"{folder}/{name}" for name in texts], most, **more)
            return [[Path(file).name for file in group] for group in made]

    def test_files_with_a_name_in_common_are_apart(self):
        made = self.groups({"a": "int refuse() {\n", "b": "int other() {\n", "c": "bool refuse(int n) {\n"})
        self.assertEqual(made, [["a", "b"], ["c"]])

    def test_files_that_open_other_namespaces_are_apart(self):
        made = self.groups({"a": "using namespace emu;\n", "b": "int other() {\n", "c": "using namespace emu;\n"})
        self.assertEqual(made, [["a", "c"], ["b"]])

    def test_a_group_has_so_many_files_at_most(self):
        self.assertEqual(self.groups({name: "" for name in "abc"}, most=2), [["a", "b"], ["c"]])

    def test_files_with_other_surroundings_are_apart(self):
        made = self.groups({name: "" for name in "abc"}, around=lambda file: file.endswith("b"))
        self.assertEqual(made, [["a", "c"], ["b"]])


if __name__ == "__main__":
    unittest.main()
