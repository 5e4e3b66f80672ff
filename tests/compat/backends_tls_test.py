"""HTTPS backends of REST APIs: whose certificates are taken, and what the gateway shows of its own."""
import http.server
import json
import ssl
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from functions import WithFunctions


class Echo(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        shown = self.connection.getpeercert(binary_form=True)
        body = json.dumps({"port": self.client_address[1], "shown": bool(shown)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Backends(WithFunctions):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rest = cls.emu.client("apigateway")
        folder = tempfile.TemporaryDirectory(prefix="emu-tls-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)

    def server(self, issuer=None):
        """A backend at localhost that nobody trusts; `issuer`: the only client certificate it takes."""
        key, own = self.folder / "key.pem", self.folder / "own.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", own],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(own, key)
        if issuer:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=issuer)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"https://localhost:{server.server_address[1]}/"

    def call(self, uri, tls=None, certificate=None):
        """(status, document) of the backend through an API made for this."""
        api = self.rest.create_rest_api(name="tls")["id"]
        root = self.rest.get_resources(restApiId=api)["items"][0]["id"]
        where = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
        self.rest.put_method(authorizationType="NONE", **where)
        self.rest.put_integration(type="HTTP_PROXY", integrationHttpMethod="GET", uri=uri, **where,
                                  **({"tlsConfig": tls} if tls else {}))
        self.rest.create_deployment(restApiId=api, stageName="prod")
        if certificate:
            self.rest.update_stage(restApiId=api, stageName="prod", patchOperations=[
                {"op": "replace", "path": "/clientCertificateId", "value": certificate}])
        replies = [self.emu.request("GET", f"/_aws/execute-api/{api}/prod") for _ in range(5)]
        return replies[0].status, [r.json() for r in replies]

    def test_an_unknown_issuer_is_passed_over_where_the_integration_says_so(self):
        uri = self.server()
        self.assertEqual(self.call(uri)[0], 504)
        status, said = self.call(uri, {"insecureSkipVerification": True})
        self.assertEqual((status, said[0]["shown"]), (200, False))

    def test_a_stage_shows_its_certificate_and_a_connection_is_used_again(self):
        made = self.rest.generate_client_certificate()
        uri = self.server(made["pemEncodedCertificate"])
        skip = {"insecureSkipVerification": True}
        self.assertEqual(self.call(uri, skip)[0], 504)
        status, said = self.call(uri, skip, made["clientCertificateId"])
        self.assertEqual((status, said[0]["shown"]), (200, True))
        self.assertLess(len({each["port"] for each in said}), 5)


if __name__ == "__main__":
    unittest.main()
