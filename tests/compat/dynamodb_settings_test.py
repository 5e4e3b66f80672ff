"""What hangs on a table, through boto3 with its waiters and through the AWS command line: time to live, backups and
restores, exports, Kinesis destinations, policies, insights, replicas."""
import time
import unittest

from botocore.exceptions import WaiterError

from daemon import WithEmu, until

QUICKLY = {"Delay": 1, "MaxAttempts": 10}


class Settings(WithEmu):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dynamodb = cls.emu.client("dynamodb")

    def table(self, name, **more):
        self.dynamodb.create_table(
            TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}], **more)
        self.dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig=QUICKLY)
        return self.emu.resource("dynamodb").Table(name)

    def arn(self, name):
        return self.dynamodb.describe_table(TableName=name)["Table"]["TableArn"]

    def wait(self, waiter, **parameters):
        self.dynamodb.get_waiter(waiter).wait(WaiterConfig=QUICKLY, **parameters)

    def has_waiter(self, waiter):
        if waiter not in self.dynamodb.waiter_names:
            self.skipTest(f"this botocore has no waiter {waiter}")

    def recover(self, name):
        return self.dynamodb.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})


class TimeToLive(Settings):
    def test_expired_items_go_within_seconds(self):
        table = self.table("expiring")
        table.put_item(Item={"pk": "before", "ttl": int(time.time()) - 60})
        specification = {"Enabled": True, "AttributeName": "ttl"}
        echoed = self.dynamodb.update_time_to_live(TableName="expiring", TimeToLiveSpecification=specification)
        self.assertEqual(echoed["TimeToLiveSpecification"], specification)
        table.put_item(Item={"pk": "after", "ttl": int(time.time()) - 60})
        table.put_item(Item={"pk": "later", "ttl": int(time.time()) + 3600})
        until("the expired items are gone", lambda: table.scan()["Count"] == 1)
        self.assertEqual(table.scan()["Items"][0]["pk"], "later")
        described = self.emu.aws("dynamodb", "describe-time-to-live", "--table-name", "expiring")
        self.assertEqual(described["TimeToLiveDescription"], {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"})


class Backups(Settings):
    def test_a_backup_is_restored_to_another_table(self):
        table = self.table("kept")
        with table.batch_writer() as batch:
            for i in range(60):
                batch.put_item(Item={"pk": str(i), "n": i})
        made = self.dynamodb.create_backup(TableName="kept", BackupName="first")["BackupDetails"]
        table.delete_item(Key={"pk": "7"})
        described = self.dynamodb.describe_backup(BackupArn=made["BackupArn"])["BackupDescription"]
        self.assertEqual(described["BackupDetails"]["BackupStatus"], "AVAILABLE")
        self.assertEqual(described["SourceTableDetails"]["ItemCount"], 60)
        self.dynamodb.restore_table_from_backup(TargetTableName="restored", BackupArn=made["BackupArn"])
        self.wait("table_exists", TableName="restored")
        restored = self.emu.resource("dynamodb").Table("restored")
        self.assertEqual(restored.get_item(Key={"pk": "7"})["Item"]["n"], 7)
        with self.assertRaises(self.dynamodb.exceptions.TableAlreadyExistsException):
            self.dynamodb.restore_table_from_backup(TargetTableName="kept", BackupArn=made["BackupArn"])
        self.dynamodb.delete_backup(BackupArn=made["BackupArn"])
        with self.assertRaises(self.dynamodb.exceptions.BackupNotFoundException):
            self.dynamodb.describe_backup(BackupArn=made["BackupArn"])

    def test_backups_are_listed_page_by_page(self):
        self.table("listed")
        for name in ("one", "two", "three"):
            self.emu.aws("dynamodb", "create-backup", "--table-name", "listed", "--backup-name", name)
        pages = list(self.dynamodb.get_paginator("list_backups").paginate(
            TableName="listed", PaginationConfig={"PageSize": 2}))
        self.assertEqual([[b["BackupName"] for b in page["BackupSummaries"]] for page in pages],
                         [["one", "two"], ["three"]])

    def test_a_table_is_restored_to_a_point_in_time(self):
        table = self.table("recovered")
        table.put_item(Item={"pk": "a", "n": 1})
        description = self.recover("recovered")["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        self.assertEqual(description["EarliestRestorableDateTime"], description["LatestRestorableDateTime"])
        table.put_item(Item={"pk": "a", "n": 2})
        made = self.dynamodb.restore_table_to_point_in_time(
            SourceTableName="recovered", TargetTableName="as-it-was", UseLatestRestorableTime=True)["TableDescription"]
        self.assertTrue(made["RestoreSummary"]["RestoreInProgress"])
        self.wait("table_exists", TableName="as-it-was")
        self.assertEqual(self.emu.resource("dynamodb").Table("as-it-was").get_item(Key={"pk": "a"})["Item"]["n"], 1)

    def test_recovery_that_is_off_refuses(self):
        self.table("unrecovered")
        with self.assertRaises(self.dynamodb.exceptions.PointInTimeRecoveryUnavailableException) as caught:
            self.dynamodb.restore_table_to_point_in_time(
                SourceTableName="unrecovered", TargetTableName="nothing", UseLatestRestorableTime=True)
        self.assertEqual(caught.exception.response["Error"]["Message"],
                         "Point in time recovery is not enabled for table 'unrecovered'")


class Transfers(Settings):
    def test_an_export_fails_for_want_of_s3(self):
        self.table("exported")
        self.recover("exported")
        made = self.dynamodb.export_table_to_point_in_time(TableArn=self.arn("exported"), S3Bucket="no-bucket")
        arn = made["ExportDescription"]["ExportArn"]
        described = self.dynamodb.describe_export(ExportArn=arn)["ExportDescription"]
        self.assertEqual((described["ExportStatus"], described["FailureCode"]), ("FAILED", "S3NoSuchBucket"))
        self.assertEqual([e["ExportArn"] for e in self.dynamodb.list_exports(TableArn=self.arn("exported"))["ExportSummaries"]],
                         [arn])
        self.has_waiter("export_completed")
        with self.assertRaises(WaiterError):
            self.wait("export_completed", ExportArn=arn)

    def test_an_import_fails_for_want_of_s3(self):
        made = self.dynamodb.import_table(
            S3BucketSource={"S3Bucket": "no-bucket"}, InputFormat="DYNAMODB_JSON",
            TableCreationParameters={
                "TableName": "imported", "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
                "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}]})["ImportTableDescription"]
        described = self.dynamodb.describe_import(ImportArn=made["ImportArn"])["ImportTableDescription"]
        self.assertEqual((described["ImportStatus"], described["FailureCode"]), ("FAILED", "S3NoSuchBucket"))


class Others(Settings):
    def test_a_kinesis_destination_is_active_at_once(self):
        self.table("streaming")
        stream = "arn:aws:kinesis:us-east-1:000000000000:stream/changes"
        made = self.dynamodb.enable_kinesis_streaming_destination(TableName="streaming", StreamArn=stream)
        self.assertEqual(made["DestinationStatus"], "ENABLING")
        described = self.dynamodb.describe_kinesis_streaming_destination(TableName="streaming")
        self.assertEqual(described["KinesisDataStreamDestinations"],
                         [{"StreamArn": stream, "DestinationStatus": "ACTIVE"}])
        self.has_waiter("kinesis_streaming_destination_active")
        self.wait("kinesis_streaming_destination_active", TableName="streaming")

    def test_contributor_insights_are_on_at_once(self):
        self.table("watched")
        self.dynamodb.update_contributor_insights(TableName="watched", ContributorInsightsAction="ENABLE")
        self.assertEqual(self.dynamodb.describe_contributor_insights(TableName="watched")["ContributorInsightsStatus"],
                         "ENABLED")
        self.has_waiter("contributor_insights_enabled")
        self.wait("contributor_insights_enabled", TableName="watched")

    def test_a_replica_is_described(self):
        self.table("replicated")
        self.dynamodb.update_table(TableName="replicated", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])
        self.wait("table_exists", TableName="replicated")
        described = self.dynamodb.describe_table(TableName="replicated")["Table"]
        self.assertEqual([(r["RegionName"], r["ReplicaStatus"]) for r in described["Replicas"]], [("eu-west-1", "ACTIVE")])

    def test_every_operation_of_the_model_is_there(self):
        model = self.dynamodb.meta.service_model
        missing = []
        for operation in model.operation_names:
            answer = self.emu.request("POST", "/", "{}", {
                "X-Amz-Target": f"DynamoDB_20120810.{operation}", "Content-Type": "application/x-amz-json-1.0"})
            if "UnknownOperationException" in answer.text:
                missing.append(operation)
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
