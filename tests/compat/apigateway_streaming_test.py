"""Response streaming of REST APIs and wildcard domains, as a project is deployed by `emu up` and called by plain
clients."""
import http.client
import tempfile
import time
import unittest
from pathlib import Path

from daemon import Daemon, free_port, until

SERVICE = """service: streams
provider: {name: aws, runtime: nodejs20.x}
functions:
  lines:
    handler: app.lines
    events:
      - http: {path: lines, method: get, response: {transferMode: STREAM}}
"""
APP = """exports.lines = awslambda.streamifyResponse(async (event, out) => {
  out = awslambda.HttpResponseStream.from(out, { statusCode: 201, headers: { "x-path": event.path } });
  out.write("one\\n");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  out.end("two\\n");
});
"""


class Streams(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="emu-streams-")
        self.addCleanup(folder.cleanup)
        Path(folder.name, "serverless.yml").write_text(SERVICE)
        Path(folder.name, "app.js").write_text(APP)
        self.api_port = free_port()
        self.emu = Daemon(folder.name, options=["--api-port", str(self.api_port)])
        self.addCleanup(self.emu.close)
        self.emu.start()
        until("the stack is deployed", lambda: self.emu.status()["routes"])

    def lines(self, port, path, host=None):
        """(status, headers, [(line, seconds until it came)])"""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", path, headers={"Host": host} if host else {})
        began = time.monotonic()
        reply = connection.getresponse()
        return reply.status, reply.headers, [(line, time.monotonic() - began) for line in reply]

    def test_what_a_function_writes_comes_while_it_writes(self):
        url = next(r["url"] for r in self.emu.status()["routes"]).removeprefix(f"http://localhost:{self.emu.port}")
        status, headers, lines = self.lines(self.emu.port, url)
        self.assertEqual((status, headers["x-path"]), (201, "/lines"))
        self.assertEqual([line for line, _ in lines], [b"one\n", b"two\n"])
        self.assertGreater(lines[1][1] - lines[0][1], 0.5)

    def test_a_wildcard_domain_is_served_at_both_ports(self):
        rest = self.emu.client("apigateway")
        api = rest.get_rest_apis()["items"][0]["id"]
        rest.create_domain_name(domainName="*.shop.example", endpointConfiguration={"types": ["REGIONAL"]})
        rest.create_base_path_mapping(domainName="*.shop.example", restApiId=api, stage="dev")
        for port in (self.emu.port, self.api_port):
            self.assertEqual(self.lines(port, "/lines", "a.shop.example")[0], 201)


if __name__ == "__main__":
    unittest.main()
