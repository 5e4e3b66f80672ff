"""The command line: what it prints for bad input (one clear line each), and what every command does."""
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from daemon import EMU, SAMPLES, Daemon, free_port, running, until

SERVICE = """service: small
provider:
  name: aws
  runtime: {runtime}
functions:
  hello:
    handler: app.handler
    events:
      - httpApi: 'GET /hello/{{name}}'
"""
APP = """import os
def handler(event, context):
    print("greeting", event.get("pathParameters"))
    return {"greets": event["pathParameters"]["name"]} if "pathParameters" in event else {"plain": event}
"""


def emu(*arguments, cwd=None, timeout=60, environment=None):
    done = subprocess.run([EMU, *map(str, arguments)], capture_output=True, text=True, timeout=timeout, cwd=cwd,
                          stdin=subprocess.DEVNULL, env={**os.environ, **(environment or {})})
    return done


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="emu-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def project(self, name="small", runtime="python3.11", text=None, app=APP):
        project = self.folder / name
        project.mkdir()
        (project / "serverless.yml").write_text(text if text is not None else SERVICE.format(runtime=runtime))
        (project / "app.py").write_text(app)
        return project


class BadInput(InAFolder):
    """Acceptance 7: each of these is refused with one line that says what is wrong and where."""

    def refused(self, *arguments, says):
        done = emu(*arguments, cwd=self.folder)
        self.assertNotEqual(done.returncode, 0, done.stdout)
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertRegex(lines[0], says)
        self.assertNotIn("terminate called", lines[0])

    def test_an_unknown_option_is_named(self):
        self.refused("up", "--prot", "80", says=r"--prot.*--help")

    def test_an_unknown_command_is_named(self):
        self.refused("start", says=r"start.*--help")

    def test_no_command_says_where_help_is(self):
        self.refused(says=r"--help")

    def test_a_directory_that_is_not_there_is_named(self):
        self.refused("up", "nowhere", says=r"nowhere")

    def test_a_port_that_is_none_is_named(self):
        self.refused("up", "--port", "99999", says=r"99999|--port")

    def test_a_yaml_error_is_told_with_file_and_line(self):
        project = self.project(text="service: x\nprovider:\n  name: aws\n functions: [\n")
        self.refused("up", project, "--port", free_port(), "--ephemeral", says=r"serverless\.yml:\d+")

    def test_an_unknown_runtime_is_told_with_file_and_line(self):
        project = self.project(runtime="cobol85")
        self.refused("up", project, "--port", free_port(), "--ephemeral", says=r"serverless\.yml:4\b.*cobol85")

    def test_an_unknown_resource_type_is_told_with_file_and_line(self):
        text = SERVICE.format(runtime="python3.11") + "resources:\n  Resources:\n    Odd:\n      Type: AWS::Odd::Thing\n"
        self.refused("up", self.project(text=text), "--port", free_port(), "--ephemeral",
                     says=r"serverless\.yml:1[1-3]\b.*AWS::Odd::Thing")

    def test_an_unknown_property_is_told_with_file_and_line(self):
        text = SERVICE.format(runtime="python3.11").replace("    handler:", "    colour: red\n    handler:")
        self.refused("up", self.project(text=text), "--port", free_port(), "--ephemeral", says=r"serverless\.yml:7\b.*colour")

    def test_an_unknown_variable_is_told_with_file_and_line(self):
        text = SERVICE.format(runtime="python3.11").replace("service: small", "service: ${weather:today}")
        self.refused("up", self.project(text=text), "--port", free_port(), "--ephemeral", says=r"serverless\.yml:1\b.*weather")

    def test_a_package_that_is_not_there_is_told_with_file_and_line(self):
        text = SERVICE.format(runtime="python3.11").replace("    events:", "    package:\n      artifact: built.zip\n    events:")
        self.refused("up", self.project(text=text), "--port", free_port(), "--ephemeral", says=r"serverless\.yml:\d+\b.*built\.zip")

    def test_a_payload_file_that_is_not_there_is_named(self):
        self.refused("invoke", "hello", "--payload", "@nowhere.json", says=r"nowhere\.json")

    def test_a_port_in_use_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.refused("up", "--port", port, "--ephemeral", says=rf"{port}.*use")

    def test_a_data_directory_that_cannot_be_written_is_named(self):
        file = self.folder / "file"
        file.write_text("x")
        self.refused("up", "--port", free_port(), "--data", file / "data", says=r"file/data")

    def test_a_data_directory_of_another_daemon_is_named(self):
        data = self.folder / "data"
        with Daemon(data=data):
            self.refused("up", "--port", free_port(), "--data", data, says=rf"{re.escape(str(data))}.*(use|lock|another)")

    def test_a_corrupt_data_directory_is_told(self):
        data = self.folder / "data"
        with Daemon(data=data):
            pass
        current = next(data.rglob("CURRENT"))
        current.write_text("rubbish\n")
        self.refused("up", "--port", free_port(), "--data", data, says=r"data")

    def test_client_commands_without_a_daemon_say_how_to_start_one(self):
        port = free_port()
        for command in (["status"], ["down"], ["env"], ["logs"], ["invoke", "hello"]):
            self.refused(*command, "--port", port, says=rf"{port}")

    def test_run_without_a_command_says_what_is_missing(self):
        self.refused("run", self.project(), says=r"COMMAND|--")


class Help(unittest.TestCase):
    def test_help_names_every_command(self):
        done = emu("--help")
        self.assertEqual(done.returncode, 0)
        for command in ("up", "down", "status", "invoke", "logs", "env", "run", "inspect"):
            self.assertRegex(done.stdout, rf"(?m)^\s+{command}\b")

    def test_every_command_has_help_of_its_own(self):
        for command in ("up", "down", "status", "invoke", "logs", "env", "run", "inspect"):
            done = emu(command, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)
            self.assertGreater(len(done.stdout), 40)

    def test_the_version_is_one_line(self):
        self.assertRegex(emu("--version").stdout, r"^emu \d+\.\d+\.\d+\n$")


class Up(InAFolder):
    def test_without_a_project_the_bare_daemon_says_so(self):
        with Daemon() as daemon:
            until("it says so", lambda: re.search(r"no (project|serverless\.yml)", daemon.output, re.I))

    def test_ctrl_c_stops_it_cleanly_in_under_a_second(self):
        with Daemon(self.project()) as daemon:
            address = daemon.address("/hello/{name}")
            self.assertEqual(daemon.request("GET", "/hello/you").json(), {"greets": "you"}, address)
            functions, start = list(daemon.children()), time.monotonic()
            self.assertEqual(daemon.stop(signal.SIGINT), 0)
            self.assertLess(time.monotonic() - start, 1.0)
            self.assertFalse([pid for pid in functions if running(pid)])

    def test_it_prints_what_it_deployed(self):
        with Daemon(self.project()) as daemon:
            daemon.address("/hello/{name}")
            shown = until("the table", lambda: re.search(r"GET\s+http://\S+/hello/\{name\}", daemon.output) and daemon.output)
            self.assertIn("small-dev-hello", shown)
            self.assertRegex(shown, r"(?i)log")

    def test_a_saved_project_file_is_deployed_again_and_a_wrong_one_leaves_what_is(self):
        project = self.project()
        file = project / "serverless.yml"
        with Daemon(project) as daemon:
            daemon.address("/hello/{name}")
            good = file.read_text().replace("GET /hello/", "GET /hi/")
            file.write_text(good)
            until("it is deployed", lambda: daemon.request("GET", "/hi/you").status == 200)
            self.assertEqual(daemon.request("GET", "/hello/you").status, 404)
            file.write_text(good.replace("handler:", "handlr:"))
            until("the refusal", lambda: "was not deployed" in daemon.output)
            self.assertIn('did you mean "handler"?', daemon.output)
            self.assertEqual(daemon.request("GET", "/hi/you").status, 200)
            saved = project / "new"  # as editors do that write beside and move
            saved.write_text(good.replace("GET /hi/", "GET /hey/"))
            saved.rename(file)
            until("it is deployed", lambda: daemon.request("GET", "/hey/you").status == 200)

    def test_two_daemons_side_by_side_do_not_meet(self):
        with Daemon() as one, Daemon() as two:
            one.client("dynamodb").create_table(TableName="mine", BillingMode="PAY_PER_REQUEST",
                                                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                                                AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
            self.assertEqual(two.client("dynamodb").list_tables()["TableNames"], [])

    def test_detached_it_answers_when_the_command_returns_and_down_stops_it(self):
        port = free_port()
        done = emu("up", self.project(), "--port", port, "--api-port", 0, "--ephemeral", "--detach")
        self.addCleanup(emu, "down", "--port", port)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f":{port}/hello/", done.stdout)
        self.assertIn("small-dev-hello", emu("status", "--port", port).stdout)
        self.assertEqual(emu("down", "--port", port).returncode, 0)
        until("it is down", lambda: emu("status", "--port", port).returncode != 0)

    def test_when_down_returns_port_and_data_are_free_again(self):
        project, port = self.project(), free_port()
        self.addCleanup(emu, "down", "--port", port)
        for _ in range(3):
            self.assertEqual(emu("up", project, "--port", port, "--api-port", 0, "--detach").returncode, 0)
            self.assertEqual(emu("down", "--port", port).returncode, 0)

    def test_detached_on_a_free_port_it_says_which_and_how_to_stop_it(self):
        done = emu("up", self.project(), "--port", 0, "--api-port", 0, "--ephemeral", "--detach")
        stops = re.search(r"emu down --port (\d+) stops it", done.stdout)
        self.assertEqual(emu("down", "--port", stops[1]).returncode, 0)

    def test_a_detached_start_that_fails_says_why(self):
        done = emu("up", self.project(runtime="cobol85"), "--port", free_port(), "--ephemeral", "--detach")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("cobol85", done.stderr)


class Commands(InAFolder):
    def setUp(self):
        super().setUp()
        self.daemon = Daemon(self.project())
        self.addCleanup(self.daemon.close)
        self.daemon.start()
        self.daemon.address("/hello/{name}")

    def run_emu(self, *arguments):
        return emu(*arguments, "--port", self.daemon.port)

    def test_status_shows_routes_functions_and_addresses(self):
        shown = self.run_emu("status").stdout
        self.assertRegex(shown, rf"GET\s+http://\S+:{self.daemon.port}/hello/\{{name\}}")
        self.assertIn("small-dev-hello", shown)

    def test_invoke_prints_the_result_by_short_or_full_name(self):
        for name in ("hello", "small-dev-hello"):
            done = self.run_emu("invoke", name, "--payload", '{"a":1}')
            self.assertEqual((done.returncode, json.loads(done.stdout)), (0, {"plain": {"a": 1}}), done.stderr)
        event = self.folder / "event.json"
        event.write_text('{"from":"file"}')
        done = self.run_emu("invoke", "hello", "--payload", f"@{event}")
        self.assertEqual(json.loads(done.stdout), {"plain": {"from": "file"}})

    def test_invoke_tells_a_function_error_by_its_status(self):
        done = self.run_emu("invoke", "hello", "--payload", '{"pathParameters":{}}')
        self.assertEqual((done.returncode, json.loads(done.stdout)["errorType"]), (1, "KeyError"))
        self.assertEqual(self.run_emu("invoke", "nobody").returncode, 2)

    def test_logs_shows_what_functions_wrote_and_follows(self):
        self.run_emu("invoke", "hello", "--payload", '{"pathParameters":{"name":"you"}}')
        until("the line", lambda: "greeting {'name': 'you'}" in self.run_emu("logs", "hello").stdout)
        self.assertIn("REPORT RequestId: ", self.run_emu("logs").stdout)
        with subprocess.Popen([EMU, "logs", "-f", "--port", str(self.daemon.port)], stdout=subprocess.PIPE, text=True) as follow:
            self.addCleanup(follow.kill)
            self.run_emu("invoke", "hello", "--payload", '{"pathParameters":{"name":"later"}}')
            watchdog = threading.Timer(20, follow.kill)
            watchdog.start()
            self.assertTrue(any("later" in line for line in follow.stdout))
            watchdog.cancel()
            follow.kill()

    def test_logs_of_all_say_whose_and_of_none_say_why(self):
        for name, says in (("hello", "has not written anything yet"), ("nobody", "no function is named nobody")):
            done = self.run_emu("logs", name)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(says, done.stderr)
        self.run_emu("invoke", "hello")
        until("the log", lambda: self.run_emu("logs").stdout.startswith("==> small-dev-hello\n"))

    def test_env_exports_what_aws_clients_read(self):
        script = f'eval "$({EMU} env --port {self.daemon.port})" && echo "$AWS_ENDPOINT_URL|$AWS_REGION|$AWS_ACCESS_KEY_ID"'
        said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout.strip()
        endpoint, region, key = said.split("|")
        self.assertRegex(endpoint, rf"^http://(127\.0\.0\.1|localhost):{self.daemon.port}$")
        self.assertEqual(region, "us-east-1")
        self.assertTrue(key)

    def test_env_serves_emus_own_commands_and_takes_real_accounts_away(self):
        script = f'eval "$({EMU} env --port {self.daemon.port})" && {EMU} status && echo "[$AWS_PROFILE$AWS_SESSION_TOKEN]"'
        done = subprocess.run(["sh", "-c", script], capture_output=True, text=True,
                              env={**os.environ, "AWS_PROFILE": "real", "AWS_SESSION_TOKEN": "real"})
        self.assertIn(f":{self.daemon.port} ", done.stdout, done.stderr)
        self.assertTrue(done.stdout.endswith("[]\n"), done.stdout)


class Run(InAFolder):
    def test_run_passes_the_exit_status_on(self):
        project = self.project()
        for status in (0, 3):
            self.assertEqual(emu("run", project, "--", "sh", "-c", f"exit {status}").returncode, status)
        self.assertEqual(emu("run", project, "--", "sh", "-c", "kill -TERM $$").returncode, 128 + signal.SIGTERM)
        self.assertNotEqual(emu("run", project, "--", "no-such-program").returncode, 0)

    def test_run_gives_the_command_a_deployed_project(self):
        script = ('import os, urllib.request; base = os.environ["AWS_ENDPOINT_URL"];'
                  'print(urllib.request.urlopen(base + "/hello/run").read().decode());'
                  'assert os.environ["AWS_REGION"] and os.environ["AWS_ACCESS_KEY_ID"] and os.environ["AWS_SECRET_ACCESS_KEY"]')
        done = emu("run", self.project(), "--", "/usr/bin/python3", "-c", script)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('{"greets": "run"}', done.stdout)

    def test_run_hides_real_accounts_and_serves_emus_own_commands(self):
        done = emu("run", self.project(), "--", "sh", "-c", f'echo "[$AWS_PROFILE]"; {EMU} invoke hello',
                   environment={"AWS_PROFILE": "real"})
        self.assertEqual(done.stdout, '[]\n{"plain": {}}\n', done.stderr)

    def test_run_without_a_project_says_that_nothing_is_deployed(self):
        done = emu("run", self.folder, "--", "true")
        self.assertEqual((done.returncode, done.stderr), (0, f"emu: note: no serverless.yml or cdk.out in {self.folder}: nothing is deployed\n"))

    def test_run_leaves_nothing_behind_and_no_data(self):
        project = self.project()
        done = emu("run", project, "--", "sh", "-c", "echo $AWS_ENDPOINT_URL; ls -A")
        endpoint = re.search(r"http://\S+:(\d+)", done.stdout)
        with socket.socket() as probe:
            self.assertNotEqual(probe.connect_ex(("127.0.0.1", int(endpoint[1]))), 0)
        self.assertFalse((project / ".emu").exists())

    def test_two_runs_at_the_same_time_do_not_disturb_each_other(self):
        script = str(Path(__file__).parent / "node" / "order_script.mjs")
        runs = [subprocess.Popen([EMU, "run", str(SAMPLES / "orders"), "--", "node", script], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True) for _ in range(2)]
        for each in runs:
            out, err = each.communicate(timeout=60)
            self.assertEqual(each.returncode, 0, out + err)
            self.assertIn("1 order stored", out)

    def test_a_project_that_does_not_deploy_is_told_and_the_command_does_not_run(self):
        done = emu("run", self.project(runtime="cobol85"), "--", "echo", "ran")
        self.assertNotEqual(done.returncode, 0)
        self.assertNotIn("ran", done.stdout)
        self.assertIn("cobol85", done.stderr)


if __name__ == "__main__":
    unittest.main()
