"""Tokens of an issuer on this machine: JWT authorizers of HTTP APIs and user pools of REST APIs."""
import base64
import http.server
import json
import tempfile
import threading
import time
import unittest
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from daemon import Daemon
from functions import WithFunctions

POOL = "us-east-1_local"
ECHO = """
def handler(event, context):
    return {"statusCode": 200, "body": __import__("json").dumps(event["requestContext"].get("authorizer"))}
"""


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    """An issuer of tokens with its openid-configuration and its keys, on a port of its own."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        issuer = self

        class Answers(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked.append(self.path)
                found = {f"/{POOL}/.well-known/openid-configuration": {"issuer": issuer.url, "jwks_uri": issuer.url + "/keys"},
                         f"/{POOL}/keys": issuer.jwks()}.get(self.path)
                body = json.dumps(found).encode()
                self.send_response(200 if found else 404)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.asked = []
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}/{POOL}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def jwks(self):
        public = self.key.public_key().public_numbers()
        part = lambda n: base64url(n.to_bytes((n.bit_length() + 7) // 8, "big"))
        return {"keys": [{"kty": "RSA", "kid": "k1", "alg": "RS256", "n": part(public.n), "e": part(public.e)}]}

    def token(self, **claims):
        now = int(time.time())
        all_claims = {"iss": self.url, "aud": "shop", "sub": "u1", "iat": now - 60, "exp": now + 3600, **claims}
        text = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "k1"}, all_claims))
        return text + "." + base64url(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))


class WithIssuer(WithFunctions):
    @classmethod
    def setUpClass(cls):
        cls.issuer = Issuer()
        cls.addClassCleanup(cls.issuer.close)
        super().setUpClass()
        cls("runTest").function("echo", files={"app.py": ECHO}, Timeout=10)
        cls.arn = "arn:aws:lambda:us-east-1:000000000000:function:echo"

    def runTest(self):
        """Only so that setUpClass may use an instance."""

    def get(self, path, token=None):
        headers = {"authorization": token} if token else {}
        return self.emu.request("GET", path, None, headers)


class Jwt(WithIssuer):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        gateway = cls.emu.client("apigatewayv2")
        cls.api = gateway.create_api(Name="tokens", ProtocolType="HTTP")["ApiId"]
        target = gateway.create_integration(ApiId=cls.api, IntegrationType="AWS_PROXY", IntegrationUri=cls.arn,
                                            PayloadFormatVersion="2.0")["IntegrationId"]
        authorizer = gateway.create_authorizer(
            ApiId=cls.api, AuthorizerType="JWT", Name="jwt", IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={"Issuer": cls.issuer.url, "Audience": ["shop"]})["AuthorizerId"]
        for key, scopes in (("GET /open", []), ("GET /scoped", ["orders/read"])):
            gateway.create_route(ApiId=cls.api, RouteKey=key, Target=f"integrations/{target}", AuthorizationType="JWT",
                                 AuthorizerId=authorizer, AuthorizationScopes=scopes)
        gateway.create_stage(ApiId=cls.api, StageName="$default", AutoDeploy=True)

    def ask(self, path, token=None):
        return self.get(f"/_aws/execute-api/{self.api}/$default{path}", token)

    def refused(self, path, token, status, error):
        answer = self.ask(path, token)
        self.assertEqual(answer.status, status)
        self.assertIn(error, answer.headers["www-authenticate"])

    def test_a_valid_token_reaches_the_function_with_its_claims(self):
        answer = self.ask("/open", "Bearer " + self.issuer.token(scope="a b"))
        self.assertEqual(answer.status, 200, answer.text)
        said = json.loads(answer.text)["jwt"]
        self.assertEqual((said["claims"]["sub"], said["claims"]["scope"], said["scopes"]), ("u1", "a b", None))
        self.assertIn(f"/{POOL}/.well-known/openid-configuration", self.issuer.asked)

    def test_an_expired_token_one_for_others_and_a_forged_one_are_refused(self):
        self.refused("/open", self.issuer.token(exp=int(time.time()) - 1), 401, "the token has expired")
        self.refused("/open", self.issuer.token(aud="bank"), 401, "the token does not have a valid audience")
        forged = self.issuer.token()
        self.refused("/open", forged[:-8] + "AAAAAAAA", 401, "invalid_token")
        self.assertEqual(self.ask("/open").status, 401)

    def test_a_route_with_scopes_wants_one_of_them(self):
        self.refused("/scoped", self.issuer.token(scope="orders/write"), 403, "insufficient_scope")
        self.assertEqual(self.ask("/scoped", self.issuer.token(scope="x orders/read")).status, 200)


class UserPools(WithIssuer):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        gateway = cls.emu.client("apigateway")
        cls.api = gateway.create_rest_api(name="pool")["id"]
        root = gateway.get_resources(restApiId=cls.api)["items"][0]["id"]
        authorizer = gateway.create_authorizer(
            restApiId=cls.api, name="pool", type="COGNITO_USER_POOLS", identitySource="method.request.header.Authorization",
            providerARNs=[f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{POOL}"])["id"]
        for part, scopes in (("open", []), ("scoped", ["orders/read"])):
            resource = gateway.create_resource(restApiId=cls.api, parentId=root, pathPart=part)["id"]
            gateway.put_method(restApiId=cls.api, resourceId=resource, httpMethod="GET", authorizationType="COGNITO_USER_POOLS",
                               authorizerId=authorizer, authorizationScopes=scopes)
            gateway.put_integration(restApiId=cls.api, resourceId=resource, httpMethod="GET", type="AWS_PROXY",
                                    integrationHttpMethod="POST",
                                    uri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{cls.arn}/invocations")
        gateway.create_deployment(restApiId=cls.api, stageName="prod")

    def ask(self, path, token=None):
        return self.get(f"/_aws/execute-api/{self.api}/prod{path}", token)

    def test_an_identity_token_reaches_the_function_with_its_claims(self):
        answer = self.ask("/open", self.issuer.token(token_use="id", **{"cognito:groups": ["a", "b"]}))
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(json.loads(answer.text)["claims"]["cognito:groups"], "a,b")

    def test_expired_tokens_other_pools_and_the_wrong_kind_are_refused(self):
        expired = self.ask("/open", self.issuer.token(exp=int(time.time()) - 1))
        self.assertEqual((expired.status, json.loads(expired.text)), (401, {"message": "The incoming token has expired"}))
        for token in (None, "x", self.issuer.token(iss=self.issuer.url + "x"), self.issuer.token(token_use="access")):
            answer = self.ask("/open", token)
            self.assertEqual((answer.status, json.loads(answer.text)), (401, {"message": "Unauthorized"}))

    def test_a_method_with_scopes_wants_an_access_token_with_one(self):
        self.assertEqual(self.ask("/scoped", self.issuer.token(token_use="access", scope="orders/read")).status, 200)
        self.assertEqual(self.ask("/scoped", self.issuer.token(token_use="access", scope="orders/write")).status, 401)
        self.assertEqual(self.ask("/scoped", self.issuer.token(token_use="id")).status, 401)


class Offline(unittest.TestCase):
    def test_a_file_has_the_keys_of_an_issuer_that_cannot_be_reached(self):
        issuer = Issuer()
        self.addCleanup(issuer.close)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "jwks.json"
            file.write_text(json.dumps(issuer.jwks()))
            with Daemon(options=["--jwks", str(file)]) as emu:
                gateway = emu.client("apigatewayv2")
                api = gateway.create_api(Name="offline", ProtocolType="HTTP")["ApiId"]
                far = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_far"
                authorizer = gateway.create_authorizer(
                    ApiId=api, AuthorizerType="JWT", Name="jwt", IdentitySource=["$request.header.Authorization"],
                    JwtConfiguration={"Issuer": far, "Audience": ["shop"]})["AuthorizerId"]
                target = gateway.create_integration(ApiId=api, IntegrationType="HTTP_PROXY", IntegrationMethod="GET",
                                                    IntegrationUri=issuer.url + "/keys", PayloadFormatVersion="1.0")["IntegrationId"]
                gateway.create_route(ApiId=api, RouteKey="GET /x", Target=f"integrations/{target}", AuthorizationType="JWT",
                                     AuthorizerId=authorizer)
                gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
                ask = lambda token: emu.request("GET", f"/_aws/execute-api/{api}/$default/x", None, {"authorization": token})
                self.assertEqual(ask(issuer.token(iss=far)).status, 200)
                self.assertEqual(ask(issuer.token(iss=issuer.url)).status, 401)


if __name__ == "__main__":
    unittest.main()
