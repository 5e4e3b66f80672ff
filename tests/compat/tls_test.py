"""TLS on the daemon's port with its own certificate, and HTTPS backends, as clients meet them."""
import http.server
import os
import shutil
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import boto3
from botocore.exceptions import SSLError

from daemon import EMU, Daemon, client_config, request


def certificate(emu):
    done = subprocess.run([EMU, "certificate", "--port", str(emu.port)], capture_output=True, text=True, timeout=30)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return done.stdout.strip(), done.stderr.strip()


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="emu-tls-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.data = Path(cls.folder.name) / "data"
        cls.emu = Daemon(data=cls.data)
        cls.addClassCleanup(cls.emu.close)
        cls.emu.start()

    def curl(self, *options, host="localhost"):
        return subprocess.run(["curl", "-sS", *options, f"https://{host}:{self.emu.port}/_emu/health"], capture_output=True,
                              text=True, timeout=60)

    def test_curl_is_answered_over_tls_if_it_trusts_the_certificate_and_only_then(self):
        file, fingerprint = certificate(self.emu)
        self.assertEqual(file, str(self.data / "tls/certificate.pem"))
        self.assertRegex(fingerprint, r"^SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$")
        for host in ("localhost", "127.0.0.1"):
            done = self.curl("--cacert", file, host=host)
            self.assertIn('"running"', done.stdout, done.stderr)
        self.assertNotEqual(self.curl().returncode, 0)
        self.assertIn('"running"', self.curl("-k").stdout)
        self.assertEqual(self.emu.request("GET", "/_emu/health").status, 200)

    def test_the_key_is_its_owners_alone(self):
        certificate(self.emu)
        self.assertEqual((self.data / "tls/key.pem").stat().st_mode & 0o777, 0o600)

    def test_boto3_and_node_are_answered_over_tls(self):
        file, _ = certificate(self.emu)
        url = f"https://localhost:{self.emu.port}"
        options = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1",
                   "endpoint_url": url, "config": client_config({})}
        self.assertIn("TableNames", boto3.client("dynamodb", verify=file, **options).list_tables())
        with self.assertRaises(SSLError):
            boto3.client("dynamodb", **options).list_tables()
        node = shutil.which("node")
        if node:
            script = f"fetch('{url}/_emu/health').then((r) => r.json()).then((j) => console.log(j.status))"
            done = subprocess.run([node, "-e", script], capture_output=True, text=True, timeout=60,
                                  env={**os.environ, "NODE_EXTRA_CA_CERTS": file})
            self.assertEqual(done.stdout.strip(), "running", done.stderr)

    def test_the_next_daemon_on_the_data_has_the_same_certificate(self):
        with tempfile.TemporaryDirectory(prefix="emu-tls-") as folder:
            seen = set()
            for _ in range(2):
                with Daemon(data=Path(folder) / "data") as emu:
                    seen.add(certificate(emu)[1])
            self.assertEqual(len(seen), 1)

    def test_a_daemon_that_nobody_spoke_tls_with_made_no_certificate(self):
        with tempfile.TemporaryDirectory(prefix="emu-tls-") as folder:
            with Daemon(data=Path(folder) / "data") as emu:
                emu.client("dynamodb").list_tables()
                self.assertFalse((Path(folder) / "data/tls").exists())


class Backend(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"{self.path} of {self.headers['Host']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Backend", "yes")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing."""


class Backends(unittest.TestCase):
    """An HTTP_PROXY integration of either kind of API to a backend that speaks HTTPS."""

    def backend(self, file, key):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server.server_address[1]

    def test_a_backend_with_a_certificate_that_is_trusted_is_reached_and_another_is_not(self):
        with tempfile.TemporaryDirectory(prefix="emu-tls-") as folder:
            data = Path(folder) / "of the backend"
            with Daemon(data=data) as other:  # a certificate for localhost is made there
                certificate(other)
            file, key = data / "tls/certificate.pem", data / "tls/key.pem"
            port = self.backend(file, key)
            with Daemon(environment={"SSL_CERT_FILE": str(file)}) as trusts, Daemon() as mistrusts:
                for emu, status in ((trusts, 200), (mistrusts, 503)):
                    reply = request(emu.port, "GET", f"/_aws/execute-api/{self.api(emu, port)}/x/a%20b?q=1")
                    self.assertEqual(reply.status, status, reply.text)
                    if status == 200:
                        self.assertEqual(reply.text, f"/base/a%20b?q=1 of localhost:{port}")
                        self.assertEqual(reply.headers["X-Backend"], "yes")

    def api(self, emu, port):
        gateway = emu.client("apigatewayv2")
        api = gateway.create_api(Name="out", ProtocolType="HTTP")["ApiId"]
        integration = gateway.create_integration(
            ApiId=api, IntegrationType="HTTP_PROXY", IntegrationMethod="ANY", PayloadFormatVersion="1.0",
            IntegrationUri=f"https://localhost:{port}/base/{{proxy}}")["IntegrationId"]
        gateway.create_route(ApiId=api, RouteKey="ANY /x/{proxy+}", Target=f"integrations/{integration}")
        gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        return api


if __name__ == "__main__":
    unittest.main()
