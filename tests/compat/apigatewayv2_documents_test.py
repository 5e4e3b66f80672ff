"""API Gateway v2's domain names, mappings, VPC links, models and OpenAPI documents through boto3."""
import json
import unittest

from functions import WithFunctions

ECHO = "def handler(event, context):\n    return event\n"
ARN = "arn:aws:lambda:us-east-1:000000000000:function:echo"


def document(path="/orders"):
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": ARN, "payloadFormatVersion": "2.0"}
    return json.dumps({"openapi": "3.0.1", "info": {"title": "shop", "version": "1"},
                       "paths": {path: {"get": {"x-amazon-apigateway-integration": integration}}}})


class Documents(WithFunctions):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gateway = cls.emu.client("apigatewayv2")
        self = cls("runTest")
        self.function("echo", files={"app.py": ECHO}, Timeout=10)

    def runTest(self):
        """Only so that setUpClass may use an instance."""

    def served(self):
        api = self.gateway.import_api(Body=document())["ApiId"]
        self.gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
        return api

    def test_a_document_is_imported_served_exported_and_imported_again(self):
        api = self.served()
        path = f"/_aws/execute-api/{api}/$default"
        self.assertEqual(self.emu.request("GET", path + "/orders").json()["routeKey"], "GET /orders")
        exported = self.gateway.export_api(ApiId=api, Specification="OAS30", OutputType="JSON")["body"].read()
        self.assertIn("/orders", json.loads(exported)["paths"])
        again = self.gateway.reimport_api(ApiId=api, Body=document("/parcels"))
        self.assertEqual((again["ApiId"], again["Name"]), (api, "shop"))
        self.assertEqual(self.emu.request("GET", path + "/orders").status, 404)
        self.assertEqual(self.emu.request("GET", path + "/parcels").status, 200)
        self.refused("BadRequestException", self.gateway.import_api, Body="{}")

    def test_a_domain_serves_an_api_below_a_key_of_two_levels(self):
        api, name = self.served(), "api.shop.example"
        made = self.gateway.create_domain_name(DomainName=name, DomainNameConfigurations=[{"EndpointType": "REGIONAL"}])
        self.assertEqual(made["DomainNameConfigurations"][0]["DomainNameStatus"], "AVAILABLE")
        mapping = self.gateway.create_api_mapping(ApiId=api, DomainName=name, Stage="$default", ApiMappingKey="v1/shop")
        reply = self.emu.request("GET", "/v1/shop/orders", headers={"Host": name})
        self.assertEqual(reply.json()["rawPath"], "/orders")
        self.assertEqual(self.emu.request("GET", "/v1/orders", headers={"Host": name}).status, 403)
        listed = self.gateway.get_api_mappings(DomainName=name)["Items"]
        self.assertEqual([m["ApiMappingId"] for m in listed], [mapping["ApiMappingId"]])
        self.assertIn(name, [d["domainName"] for d in self.emu.client("apigateway").get_domain_names()["items"]])
        self.gateway.delete_domain_name(DomainName=name)
        self.refused("NotFoundException", self.gateway.get_domain_name, DomainName=name)
        self.refused("BadRequestException", self.gateway.create_domain_name, DomainName="localhost")

    def test_vpc_links_and_models_are_kept_as_boto3_reads_them(self):
        link = self.gateway.create_vpc_link(Name="inner", SubnetIds=["subnet-1"], Tags={"a": "b"})
        self.assertEqual((link["VpcLinkStatus"], link["VpcLinkVersion"]), ("AVAILABLE", "V2"))
        self.assertGreater(link["CreatedDate"].year, 2020)
        self.gateway.update_vpc_link(VpcLinkId=link["VpcLinkId"], Name="outer")
        self.assertEqual([each["Name"] for each in self.gateway.get_vpc_links()["Items"]], ["outer"])
        self.gateway.delete_vpc_link(VpcLinkId=link["VpcLinkId"])
        api = self.served()
        model = self.gateway.create_model(ApiId=api, Name="Order", Schema='{"type":"object"}', ContentType="application/json")
        self.assertEqual(self.gateway.get_models(ApiId=api)["Items"][0]["ModelId"], model["ModelId"])
        self.gateway.delete_model(ApiId=api, ModelId=model["ModelId"])
        self.refused("NotFoundException", self.gateway.delete_route_request_parameter, ApiId=api,
                     RouteId=self.gateway.get_routes(ApiId=api)["Items"][0]["RouteId"], RequestParameterKey="x")


if __name__ == "__main__":
    unittest.main()
