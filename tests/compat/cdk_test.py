"""Both founding stacks as `cdk synth` wrote them, deployed by `emu up` with real functions, and what is said of a
broken one."""
import json
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from daemon import EMU, SAMPLES, Daemon, free_port, until

ORDER = {"items": [{"id": "sku-1", "qty": 2}]}


class WithCopy(unittest.TestCase):
    sample = None

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="emu-cdk-")
        cls.addClassCleanup(folder.cleanup)
        cls.project = Path(folder.name) / "project"
        shutil.copytree(SAMPLES / cls.sample / "cdk.out", cls.project / "cdk.out")

    def up(self, directory):
        emu = Daemon(directory)
        self.addCleanup(emu.close)
        emu.start()
        until("the stack is deployed", lambda: emu.healthy() and emu.status()["routes"])
        return emu

    def url(self, emu, path):
        return next(r["url"] for r in emu.status()["routes"] if r["url"].endswith(path)).removeprefix(f"http://localhost:{emu.port}")

    def send(self, emu, method, url, body=None):
        return emu.request(method, url, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})


class Orders(WithCopy):
    """HTTP API, function, table: the first article."""
    sample = "orders"

    def test_an_order_is_created_and_stored(self):
        emu = self.up(self.project / "cdk.out")
        self.assertIn("stack     BackendStack from", emu.output)
        url = self.url(emu, "/orders")
        created = self.send(emu, "POST", url, ORDER)
        self.assertEqual(created.status, 201, created.text)
        self.assertEqual(created.json()["status"], "PENDING")
        table = emu.client("dynamodb").list_tables()["TableNames"][0]
        self.assertRegex(table, r"^BackendStack-OrdersTable315BB997-[A-Za-z0-9]{12}$")
        item = emu.resource("dynamodb").Table(table).get_item(Key={"orderId": created.json()["orderId"]})["Item"]
        self.assertEqual(item["status"], "PENDING")
        self.assertEqual(self.send(emu, "GET", url).status, 404)

    def test_a_new_synthesis_is_deployed_again(self):
        emu = self.up(self.project)
        url = self.url(emu, "/orders")
        self.assertEqual(self.send(emu, "POST", url).json(), {"error": "Missing payload"})
        assembly = self.project / "cdk.out"
        template = assembly / "BackendStack.template.json"
        self.addCleanup(template.write_text, template.read_text())
        template.write_text(template.read_text().replace('"POST /orders"', '"POST /carts"'))
        manifest = assembly / "manifest.json"  # which cdk writes last
        manifest.write_text(manifest.read_text())
        until("the route is another", lambda: any(r["url"].endswith("/carts") for r in emu.status()["routes"]))
        self.assertEqual(self.send(emu, "POST", self.url(emu, "/carts")).json(), {"error": "Missing payload"})
        self.assertEqual(self.send(emu, "POST", url).status, 404)


class OrderApi(WithCopy):
    """REST API with throttling, function with a dead-letter queue, table with backups: the second article."""
    sample = "order-api"

    def test_an_order_is_created_and_read(self):
        emu = self.up(self.project)
        base = self.url(emu, "/orders").removesuffix("/orders")
        self.assertTrue(base.endswith("/prod"))
        created = self.send(emu, "POST", base + "/orders", ORDER)
        self.assertEqual(created.status, 201, created.text)
        order = created.json()
        self.assertEqual(self.send(emu, "GET", f"{base}/orders/{order['orderId']}").json(), order)
        missing = self.send(emu, "GET", base + "/orders/none")
        self.assertEqual((missing.status, missing.json()), (404, {"error": "Not found", "id": "none"}))
        self.assertEqual(self.send(emu, "GET", base + "/orders").json(), {"message": "Missing Authentication Token"})
        client = emu.client("apigateway")
        api = client.get_rest_apis()["items"][0]
        settings = client.get_stage(restApiId=api["id"], stageName="prod")["methodSettings"]["*/*"]
        self.assertEqual((settings["throttlingBurstLimit"], settings["throttlingRateLimit"]), (500, 1000.0))
        self.assertEqual(len(emu.client("sqs").list_queues()["QueueUrls"]), 1)
        event = json.dumps({"httpMethod": "GET", "pathParameters": {"id": order["orderId"]}})
        done = subprocess.run([EMU, "invoke", "OrderFunction", "--port", str(emu.port), "--payload", event],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(json.loads(json.loads(done.stdout)["body"]), order, done.stderr)


class ByHand(WithCopy):
    """An assembly of two stacks, rewritten while `emu up` watches it."""
    sample = "orders"

    def write(self, queues, name="QueueName"):
        assembly = self.project / "cdk.out"
        assembly.mkdir(exist_ok=True)
        artifacts = {}
        for stack, properties in (("First", [{"QueueName": q} for q in queues]), ("Second", [{name: "second"}])):
            resources = {f"Q{i}": {"Type": "AWS::SQS::Queue", "Properties": p} for i, p in enumerate(properties)}
            (assembly / f"{stack}.template.json").write_text(json.dumps({"Resources": resources}))
            artifacts[stack] = {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/us-east-1",
                                "properties": {"templateFile": f"{stack}.template.json"}}
        (assembly / "cdk.out").write_text('{"version":"36.0.0"}')
        (assembly / "manifest.json").write_text(json.dumps({"version": "36.0.0", "artifacts": artifacts}))

    def test_no_stack_changes_where_one_cannot_and_a_directory_may_come_back(self):
        shutil.rmtree(self.project / "cdk.out")
        self.write(["one"])
        emu = Daemon(self.project)
        self.addCleanup(emu.close)
        emu.start()
        until("the stacks are deployed", emu.healthy)
        sqs = emu.client("sqs")
        names = lambda: sorted(u.rsplit("/", 1)[1] for u in sqs.list_queues().get("QueueUrls", []))
        until("both stacks are there", lambda: names() == ["one", "second"])
        self.write(["one", "two"], name="QueueNane")
        time.sleep(1)  # it says that it was not deployed, and changes nothing: nothing to wait for
        self.assertEqual(names(), ["one", "second"])
        shutil.rmtree(self.project / "cdk.out")
        self.write(["one", "three"])
        until("the queue of the new directory", lambda: names() == ["one", "second", "three"])
        self.write(["one", "three", "four"])
        until("it is watched again", lambda: names() == ["four", "one", "second", "three"])


class Broken(WithCopy):
    sample = "orders"

    def refused(self, says, *edits):
        project = self.project.parent / "broken"
        shutil.rmtree(project, ignore_errors=True)
        shutil.copytree(self.project, project)
        for name, old, new in edits:
            path = project / "cdk.out" / name
            path.write_text(path.read_text().replace(old, new))
        done = subprocess.run([EMU, "up", project, "--port", str(free_port()), "--api-port", "0", "--ephemeral"],
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertRegex(done.stderr, says)

    def test_each_mistake_is_one_line_with_file_and_line(self):
        template = "BackendStack.template.json"
        self.refused(rf"^emu: cdk\.out/{template}:\d+: OrdersApi48294D44 .*\"Nane\"; did you mean \"Name\"", (template, '"Name": "OrdersApi"', '"Nane": "OrdersApi"'))
        self.refused(rf"^emu: cdk\.out/{template}:4: .*AWS::DynamoDB::Tabel\]; did you mean", (template, '"AWS::DynamoDB::Table"', '"AWS::DynamoDB::Tabel"'))
        self.refused(rf"^emu: cdk\.out/{template}:3: this is not JSON", (template, '"OrdersTable315BB997": {\n', "OrdersTable315BB997: {\n"))
        self.refused(r"^emu: cdk\.out/manifest\.json:\d+: cdk\.out/Gone\.json cannot be read", ("manifest.json", f'"{template}"', '"Gone.json"'))


if __name__ == "__main__":
    unittest.main()
