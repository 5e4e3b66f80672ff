"""The order service of the founding documents, deployed from its own serverless.yml, driven by curl and the AWS CLI."""
import contextlib
import json
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from daemon import SAMPLES, Daemon, free_port, until

ORDER = '{"items":[{"id":"sku-1","qty":2}]}'
TABLE = "serverless-backend-orders-dev"


def curl(address, *options):
    done = subprocess.run(["curl", "-sS", "-w", "\n%{http_code}", *options, address], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


def post(address, body=None):
    options = ["-X", "POST"]
    if body is not None:
        options += ["-H", "content-type: application/json", "-d", body]
    return curl(address, *options)


class WithProject(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="emu-orders-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.project = self.folder / "orders"
        shutil.copytree(SAMPLES / "orders", self.project, ignore=shutil.ignore_patterns("node_modules", ".emu"))


class OwnPort(WithProject):
    """The project's own port, where its API is at the root and nothing else."""

    @contextlib.contextmanager
    def own_port(self):
        """A daemon with the port it got: another program may take a port that was free a moment ago."""
        for _ in range(10):
            port = free_port()
            with Daemon(self.project, options=["--api-port", str(port)]) as emu:
                until("the port is announced", lambda: f"{port}" in emu.output)
                if f"port {port} is in use" not in emu.output:
                    yield emu, port
                    return
        self.fail("no port was free for long enough")

    def test_the_api_is_at_the_root_of_its_own_port_and_a_port_in_use_is_said(self):
        with self.own_port() as (emu, port):
            status, body = post(f"http://127.0.0.1:{port}/orders", ORDER)
            self.assertEqual(status, 201, body)
            self.assertEqual(curl(f"http://127.0.0.1:{port}/nothing")[0], 404)
            self.assertEqual(curl(f"http://127.0.0.1:{port}/_emu/health")[0], 404)
            with Daemon(self.project, options=["--api-port", str(port)]) as second:
                until("the port in use is said", lambda: f"port {port} is in use" in second.output)
                self.assertEqual(post(second.address("/orders"), ORDER)[0], 201)


class Orders(WithProject):
    """One daemon for all: what the service answers."""

    @classmethod
    def setUpClass(cls):
        cls.emu = Daemon(SAMPLES / "orders")
        cls.addClassCleanup(cls.emu.close)
        cls.emu.start()
        cls.orders = cls.emu.address("/orders")

    def test_an_order_is_created_and_stored_with_its_types(self):
        status, body = post(self.orders, ORDER)
        self.assertEqual(status, 201, body)
        answer = json.loads(body)
        self.assertEqual(answer["status"], "PENDING")
        self.assertRegex(answer["orderId"], r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
        scanned = self.emu.aws("dynamodb", "scan", "--table-name", TABLE)
        item = next(i for i in scanned["Items"] if i["orderId"] == {"S": answer["orderId"]})
        self.assertEqual(item["status"], {"S": "PENDING"})
        self.assertEqual(item["items"], {"L": [{"M": {"id": {"S": "sku-1"}, "qty": {"N": "2"}}}]})
        self.assertRegex(item["createdAt"]["S"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_the_log_of_a_good_order_has_no_word_of_warning(self):
        post(self.orders, ORDER)
        log = subprocess.run([self.emu.command()[0], "logs", "--port", str(self.emu.port)], capture_output=True, text=True)
        self.assertIn("REPORT RequestId", log.stdout)
        self.assertNotIn("NodeVersionSupportWarning", log.stdout)

    def test_a_request_without_a_body_is_answered_by_the_handler(self):
        self.assertEqual(post(self.orders), (400, '{"error":"Missing payload"}'))

    def test_malformed_json_is_a_handler_error_as_api_gateway_says_it(self):
        self.assertEqual(post(self.orders, '{"items":'), (500, '{"message":"Internal Server Error"}'))

    def test_an_empty_order_is_a_handler_error_too(self):
        self.assertEqual(post(self.orders, '{"items":[]}')[0], 500)

    def test_a_route_that_is_not_declared_is_not_found(self):
        self.assertEqual(curl(self.orders), (404, '{"message":"Not Found"}'))
        self.assertEqual(post(self.orders + "/1", ORDER), (404, '{"message":"Not Found"}'))

    def test_the_answer_carries_the_gateways_headers(self):
        done = subprocess.run(["curl", "-sS", "-i", "-X", "POST", self.orders], capture_output=True, text=True, timeout=60)
        head = done.stdout.partition("\r\n\r\n")[0].lower()
        self.assertIn("content-type: application/json", head)
        self.assertRegex(head, r"\napigw-requestid: \S{15}=")

    def test_the_table_is_as_the_template_says(self):
        table = self.emu.aws("dynamodb", "describe-table", "--table-name", TABLE)["Table"]
        self.assertEqual(table["KeySchema"], [{"AttributeName": "orderId", "KeyType": "HASH"}])
        self.assertEqual(table["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST")
        self.assertEqual(table["SSEDescription"]["Status"], "ENABLED")

    def test_the_function_is_as_the_template_says(self):
        function = self.emu.client("lambda").get_function(FunctionName="serverless-backend-dev-processOrder")["Configuration"]
        self.assertEqual((function["Runtime"], function["MemorySize"], function["Timeout"]), ("nodejs20.x", 512, 10))
        self.assertEqual(function["Environment"]["Variables"]["ORDERS_TABLE"], TABLE)

    def test_up_prints_the_address_to_curl(self):
        address = re.search(r"POST\s+(\S+/orders)", self.emu.output)
        self.assertTrue(address, self.emu.output)
        self.assertEqual(post(address[1], ORDER)[0], 201)


class Restarts(WithProject):
    def test_stop_start_and_the_item_is_there(self):
        data = self.folder / "data"
        with Daemon(self.project, data=data) as emu:
            status, body = post(emu.address("/orders"), ORDER)
            self.assertEqual(status, 201, body)
            self.assertEqual(emu.stop(), 0)
        order = json.loads(body)["orderId"]
        with Daemon(self.project, data=data) as emu:
            address = emu.address("/orders")
            got = emu.aws("dynamodb", "get-item", "--table-name", TABLE, "--key", json.dumps({"orderId": {"S": order}}))
            self.assertEqual(got["Item"]["status"], {"S": "PENDING"})
            self.assertEqual(post(address, ORDER)[0], 201)
            self.assertEqual(len(emu.aws("dynamodb", "scan", "--table-name", TABLE)["Items"]), 2)

    def test_an_edited_handler_answers_the_next_request(self):
        with Daemon(self.project) as emu:
            address = emu.address("/orders")
            self.assertEqual(post(address), (400, '{"error":"Missing payload"}'))
            handler = self.project / "src/handlers/orderProcessor.ts"
            handler.write_text(handler.read_text().replace("Missing payload", "Send an order"))
            until("the edited answer", lambda: post(address) == (400, '{"error":"Send an order"}'), limit=10)
            # A helper that the handler imports counts as its code.
            helper = self.project / "src/utils/response.ts"
            helper.write_text(helper.read_text().replace("statusCode,", "statusCode: statusCode + 1,"))
            until("the edited helper", lambda: post(address)[0] == 401, limit=10)


if __name__ == "__main__":
    unittest.main()
