"""Which ES modules the Node client can load without a resolve hook for NODE_PATH (imports.cjs)."""
import json
import pathlib
import subprocess
import tempfile
import unittest

IMPORTS = pathlib.Path(__file__).resolve().parents[3] / "runtime-api/bootstrap/nodejs/imports.cjs"


def stays_within(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            (pathlib.Path(folder) / name).write_text(text)
        script = f"console.log(require({json.dumps(str(IMPORTS))}).staysWithin({json.dumps(folder + '/index.mjs')}))"
        return json.loads(subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True).stdout)


class NodeImports(unittest.TestCase):
    def test_built_in_modules_and_own_files_need_no_hook(self):
        self.assertTrue(stays_within({
            "index.mjs": "import fs from 'fs';\nimport { a } from './a.mjs';\nconst os = await import('node:os');",
            "a.mjs": "export * from './index.mjs'; export const a = Array.from(list); x.import(y);"}))

    def test_a_package_anywhere_among_the_files_needs_it(self):
        for text in ["import { S3 } from '@aws-sdk/client-s3';", "export * from \"lib\";", "await import('lib');",
                     "import 'lib';", "const m = await import(name);", "import './gone.mjs';"]:
            with self.subTest(text):
                self.assertFalse(stays_within({"index.mjs": "import './a.mjs';", "a.mjs": text}))


if __name__ == "__main__":
    unittest.main()
