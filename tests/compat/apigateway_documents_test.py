"""What is imported into and exported from REST APIs, through boto3 and the AWS CLI: OpenAPI in YAML, API keys from
a file, documentation, client certificates."""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from functions import WithFunctions

YAML = """
swagger: "2.0"
info: {title: yaml, version: 1.0}
basePath: /v1/shop
paths:
  /orders:
    get:
      responses: {200: {description: fine}}
      x-amazon-apigateway-integration:
        type: mock
        requestTemplates: {application/json: "{statusCode: 200}"}
        responses: {default: {statusCode: 200}}
"""


class Documents(WithFunctions):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rest = cls.emu.client("apigateway")

    def api(self):
        return self.rest.create_rest_api(name="documented")["id"]

    def test_a_yaml_document_is_imported_split_and_exported(self):
        api = self.rest.import_rest_api(body=YAML.encode(), parameters={"basepath": "split",
                                                                       "endpointConfigurationTypes": "REGIONAL"})
        self.assertEqual(api["endpointConfiguration"]["types"], ["REGIONAL"])
        paths = {r["path"] for r in self.rest.get_resources(restApiId=api["id"])["items"]}
        self.assertEqual(paths, {"/", "/shop", "/shop/orders"})
        self.rest.create_deployment(restApiId=api["id"], stageName="prod")
        url = f"{self.emu.url}/_aws/execute-api/{api['id']}/prod/shop/orders"
        done = subprocess.run(["curl", "-sSo", "/dev/null", "-w", "%{http_code}", url], capture_output=True, text=True)
        self.assertEqual(done.stdout, "200", done.stderr)
        exported = self.rest.get_export(restApiId=api["id"], stageName="prod", exportType="oas30",
                                        accepts="application/yaml", parameters={"extensions": "apigateway"})
        self.assertEqual(exported["contentType"], "application/yaml")
        self.rest.put_rest_api(restApiId=self.api(), mode="overwrite", body=exported["body"].read())

    def test_an_http_api_is_imported_from_yaml(self):
        http = self.emu.client("apigatewayv2")
        body = ("openapi: 3.0.1\ninfo: {title: y, version: '1'}\nservers: [{url: 'https://x/a/b'}]\n"
                "paths: {/e: {get: {x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, "
                "uri: 'http://localhost:1/', payloadFormatVersion: '1.0'}}}}\n")
        made = http.import_api(Body=body, Basepath="split")
        self.assertEqual([r["RouteKey"] for r in http.get_routes(ApiId=made["ApiId"])["Items"]], ["GET /b/e"])

    def test_the_cli_imports_api_keys(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "keys.csv")
            file.write_text("name,key,enabled\nfirst,aaaaaaaaaaaaaaaaaaaaaaaaa,TRUE\nshort,a,TRUE\n")
            made = self.emu.aws("apigateway", "import-api-keys", "--format", "csv", "--body",
                                           f"fileb://{file}", "--no-fail-on-warnings")
        self.assertEqual((len(made["ids"]), len(made["warnings"])), (1, 1))
        key = self.rest.get_api_key(apiKey=made["ids"][0], includeValue=True)
        self.assertEqual((key["name"], key["value"], key["enabled"]), ("first", "a" * 25, True))

    def test_documentation_is_written_versioned_and_exported(self):
        api = self.api()
        part = self.rest.create_documentation_part(restApiId=api, location={"type": "API"},
                                                   properties='{"description":"first"}')
        self.assertEqual(self.rest.get_documentation_part(restApiId=api, documentationPartId=part["id"])["location"],
                         {"type": "API"})
        message = self.refused("ConflictException", self.rest.create_documentation_part, restApiId=api,
                               location={"type": "API"}, properties='{"a":"b"}')
        self.assertEqual(message, "Documentation part already exists for the specified location: type 'API'.")
        body = {"x-amazon-apigateway-documentation": {"documentationParts": [
            {"location": {"type": "RESOURCE", "path": "/x"}, "properties": {"description": "x"}}]}}
        imported = self.rest.import_documentation_parts(restApiId=api, mode="merge", body=json.dumps(body).encode())
        self.assertEqual(len(imported["ids"]), 1)
        parts = self.rest.get_documentation_parts(restApiId=api, type="RESOURCE")["items"]
        self.assertEqual([p["id"] for p in parts], imported["ids"])
        version = self.rest.create_documentation_version(restApiId=api, documentationVersion="v1", description="d")
        self.assertGreater(version["createdDate"].year, 2020)
        changed = self.rest.update_documentation_version(restApiId=api, documentationVersion="v1", patchOperations=[
            {"op": "replace", "path": "/description", "value": "e"}])
        self.assertEqual(changed["description"], "e")
        self.assertEqual([v["version"] for v in self.rest.get_documentation_versions(restApiId=api)["items"]], ["v1"])
        self.rest.delete_documentation_version(restApiId=api, documentationVersion="v1")
        self.assertEqual(self.refused("NotFoundException", self.rest.get_documentation_version, restApiId=api,
                                      documentationVersion="v1"), "Invalid Documentation version specified")
        self.rest.delete_documentation_part(restApiId=api, documentationPartId=part["id"])

    def test_a_client_certificate_is_one_that_openssl_reads(self):
        made = self.rest.generate_client_certificate(description="d", tags={"a": "b"})
        read = subprocess.run(["openssl", "x509", "-noout", "-subject", "-purpose"], text=True, capture_output=True,
                              input=made["pemEncodedCertificate"])
        self.assertIn("ApiGateway", read.stdout, read.stderr)
        self.assertIn("SSL client : Yes", read.stdout)
        self.assertEqual((made["expirationDate"] - made["createdDate"]).days, 365)
        one = {"clientCertificateId": made["clientCertificateId"]}
        changed = self.rest.update_client_certificate(
            patchOperations=[{"op": "replace", "path": "/description", "value": "e"}], **one)
        self.assertEqual((changed["description"], changed["tags"]), ("e", {"a": "b"}))
        ids = [c["clientCertificateId"] for c in self.rest.get_client_certificates()["items"]]
        self.assertIn(made["clientCertificateId"], ids)
        self.rest.delete_client_certificate(**one)
        self.refused("NotFoundException", self.rest.get_client_certificate, **one)

    def test_a_model_has_a_template_and_no_sdk_is_generated(self):
        api = self.api()
        value = self.rest.get_model_template(restApiId=api, modelName="Error")["value"]
        self.assertIn('"message" : "foo"', value)
        self.assertEqual(self.rest.get_sdk_types()["items"], [])
        self.refused("NotFoundException", self.rest.get_sdk_type, id="java")
        self.refused("BadRequestException", self.rest.get_sdk, restApiId=api, stageName="prod", sdkType="java")


if __name__ == "__main__":
    unittest.main()
