"""What a Node function's console writes: text records, JSON records, frames."""

import json
import struct
import unittest

from node_test import TIME, node


class TextLogs(unittest.TestCase):
    def test_each_method_has_its_level(self):
        code = "console.log('at init'); exports.handler = async () => { for (const m of ['log', 'info', 'warn', 'error', 'debug', 'trace']) console[m]('%s is %d', m, 7); };"
        with node(code) as function:
            function.result({})
            lines = [line.split("\t") for line in function.log().splitlines()]
            self.assertRegex(lines[0][0], f"^{TIME}$")
            self.assertEqual(lines[0][1:], ["undefined", "INFO", "at init"])
            self.assertEqual([line[2] for line in lines[1:]], ["INFO", "INFO", "WARN", "ERROR", "DEBUG", "TRACE"])
            self.assertEqual(lines[3][1:], ["00000000-0000-4000-8000-000000000001", "WARN", "warn is 7"])

    def test_line_feeds_inside_a_record_become_carriage_returns(self):
        with node("exports.handler = async () => console.log('a\\nb', { c: 1 });") as function:
            function.result({})
            self.assertTrue(function.log().endswith("\tINFO\ta\rb { c: 1 }\n"))

    def test_framed_records_keep_their_line_feeds(self):
        with node("exports.handler = async () => console.warn('a\\nb');", log_frames=True) as function:
            function.result({})
            frame = function.log_frames()
            kind, length, micros = struct.unpack(">IIQ", frame[:16])
            self.assertEqual(kind, 0xA55A0003 | 0x10)
            self.assertEqual(length, len(frame) - 16)
            self.assertGreater(micros, 1_600_000_000_000_000)
            self.assertTrue(frame.endswith(b"\tWARN\ta\nb\n"))
            self.assertEqual(function.log(), "")


class JsonLogs(unittest.TestCase):
    def records(self, statements, level="TRACE", **headers):
        env = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": level}
        with node("exports.handler = async () => { %s };" % statements, env=env) as function:
            function.invoke({}, **headers)
            return [json.loads(line) for line in function.log().splitlines()]

    def test_a_record_has_timestamp_level_request_and_message(self):
        (record,) = self.records("console.log('x %s', 'y');")
        self.assertEqual(list(record), ["timestamp", "level", "requestId", "message"])
        self.assertRegex(record["timestamp"], f"^{TIME}$")
        self.assertEqual((record["level"], record["message"]), ("INFO", "x y"))

    def test_an_object_stays_an_object(self):
        self.assertEqual(self.records("console.info({ a: [1] });")[0]["message"], {"a": [1]})

    def test_a_circular_object_becomes_text(self):
        self.assertIn("[Circular", self.records("const a = {}; a.a = a; console.info(a);")[0]["message"])

    def test_an_error_beside_a_message_gives_its_fields(self):
        (record,) = self.records("console.error('failed', new TypeError('t'));")
        self.assertEqual((record["errorType"], record["errorMessage"]), ("TypeError", "t"))
        self.assertEqual(record["stackTrace"][0], "TypeError: t")

    def test_levels_below_the_configured_one_are_dropped(self):
        records = self.records("console.debug(1); console.info(2); console.warn(3); console.error(4);", level="WARN")
        self.assertEqual([record["level"] for record in records], ["WARN", "ERROR"])

    def test_the_tenant_is_named(self):
        self.assertEqual(self.records("console.info(1);", Lambda_Runtime_Aws_Tenant_Id="blue")[0]["tenantId"], "blue")

    def test_a_failed_invocation_is_one_record(self):
        (record,) = self.records("throw new RangeError('r');")
        self.assertEqual(record["level"], "ERROR")
        self.assertEqual(record["message"]["errorType"], "RangeError")
        self.assertEqual(record["message"]["errorMessage"], "r")

if __name__ == "__main__":
    unittest.main()
