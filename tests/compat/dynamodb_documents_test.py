"""Python values through boto3's resource: what its serializer makes of them is stored and comes back exactly."""
import unittest
from decimal import Decimal

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

from tables import WithTables


class Documents(WithTables):
    def back(self, table, value):
        table.put_item(Item={"pk": "a", "v": value})
        return table.get_item(Key={"pk": "a"})["Item"]["v"]

    def test_numbers_keep_all_of_their_38_digits(self):
        table = self.table("numbers")
        for text in ("0", "-0.5", "12345678901234567890123456789012345678", "0.00000000000000000000000000000000000001",
                     "9E+37", "-9.9999999999999999999999999999999999999E-93", "1E-130", "100", "3.140"):
            self.assertEqual(self.back(table, Decimal(text)), Decimal(text), text)

    def test_sets_bytes_and_empty_values_come_back(self):
        table = self.table("values")
        for value in ({"a", ""}, {Decimal(1), Decimal("-2.5")}, {b"\x00", b""}, "", b"", [], {}, None, True, [None, [[]], {"k": {}}],
                      "\u0000\u2028 \U0001F600"):
            self.assertEqual(self.back(table, value), value, value)

    def test_binary_comes_back_as_bytes(self):
        self.assertEqual(self.back(self.table("bytes"), Binary(bytes(range(256)))), bytes(range(256)))

    def test_a_document_of_every_kind_comes_back_whole(self):
        table = self.table("document")
        document = {"id": 7, "tags": {"a", "b"}, "lines": [{"sku": f"s{n}", "qty": n, "prices": [Decimal("1.10"), None]} for n in range(50)],
                    "deep": {"er": {"and": {"deeper": [[[{"end": True}]]]}}}, "a.b": {"c[0]": "dots"}}
        self.assertEqual(self.back(table, document), document)

    def test_the_serializer_and_its_reverse_meet_over_the_wire(self):
        self.table("serialized")
        item = {"pk": "a", "l": [1, {"x": {"y", "z"}}]}
        self.dynamodb.put_item(TableName="serialized", Item={k: TypeSerializer().serialize(v) for k, v in item.items()})
        got = self.dynamodb.get_item(TableName="serialized", Key={"pk": {"S": "a"}})["Item"]
        self.assertEqual({k: TypeDeserializer().deserialize(v) for k, v in got.items()}, item)


if __name__ == "__main__":
    unittest.main()
