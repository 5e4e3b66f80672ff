"""The functions that compat tests deploy, as a user would write them, and the calls that deploy and invoke them."""
import base64
import json

from daemon import WithEmu, zipped

ROLE = "arn:aws:iam::000000000000:role/any"

PYTHON = """
import json, os, sys, time

visits = 0

def handler(event, context):
    global visits
    visits += 1
    return {"event": event, "visits": visits, "pid": os.getpid(), "name": context.function_name,
            "left": context.get_remaining_time_in_millis()}

def environment(event, context):
    return dict(os.environ)

def scratch(event, context):
    if "write" in event:
        open("/tmp/note" if not os.environ.get("TMPDIR") else os.environ["TMPDIR"] + "/note", "w").write(event["write"])
    return {"cwd": os.getcwd(), "files": sorted(os.listdir("."))}

def talks(event, context):
    print("hello from", event["who"])
    sys.stderr.write("and from stderr\\n")
    return "done"

def raises(event, context):
    raise ValueError("no good")

def leaves(event, context):
    if event.get("leave"):
        sys.exit(event.get("status", 3)) if event.get("status") is None else os._exit(event["status"])
    return "stayed"

def dies(event, context):
    if event.get("signal"):
        os.kill(os.getpid(), event["signal"])
    return "lives"

def sleeps(event, context):
    time.sleep(event["seconds"])
    return {"slept": event["seconds"], "pid": os.getpid()}

def large(event, context):
    return "x" * event["bytes"]
"""

NODE = """
let visits = 0;
exports.handler = async (event, context) => ({ event, visits: ++visits, name: context.functionName, id: context.awsRequestId });
exports.callback = (event, context, done) => { done(null, { called: event }); };
exports.raises = async () => { throw new TypeError("no good"); };
exports.rejects = async (event) => {
  if (event.reject) Promise.reject(new Error("nobody caught this"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  return "kept";
};
exports.never = async (event) => (event.never ? new Promise(() => {}) : "settled");
exports.leaves = async (event) => { if (event.leave) process.exit(7); return "stayed"; };
exports.circular = async () => { const a = {}; a.a = a; return a; };
exports.sdk = async () => {
  const { DynamoDBClient, ListTablesCommand } = require("@aws-sdk/client-dynamodb");
  return (await new DynamoDBClient({}).send(new ListTablesCommand({}))).TableNames;
};
"""


class WithFunctions(WithEmu):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.functions = cls.emu.client("lambda", connections=100)

    def function(self, name, handler="app.handler", runtime="python3.11", files=None, **more):
        """Creates a function, waits until it is active, and returns its name."""
        if files is None:
            files = {"app.py": PYTHON} if runtime.startswith("python") else {"app.js": NODE}
        self.functions.create_function(FunctionName=name, Runtime=runtime, Role=ROLE, Handler=handler,
                                       Code={"ZipFile": zipped(files)}, **more)
        self.functions.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 10})
        return name

    def invoke(self, name, event=None, **more):
        """What a function that succeeds answers, parsed."""
        reply = self.functions.invoke(FunctionName=name, Payload=json.dumps(event if event is not None else {}), **more)
        text = reply["Payload"].read()
        self.assertNotIn("FunctionError", reply, text)
        self.assertEqual((reply["StatusCode"], reply["ExecutedVersion"]), (200, "$LATEST"))
        return json.loads(text)

    def failure(self, name, event=None):
        """The error document of a function that fails, and the request's id."""
        reply = self.functions.invoke(FunctionName=name, Payload=json.dumps(event if event is not None else {}))
        document = json.loads(reply["Payload"].read())
        self.assertEqual((reply["StatusCode"], reply.get("FunctionError")), (200, "Unhandled"), document)
        return document, reply["ResponseMetadata"]["RequestId"]


def log_of(reply):
    return base64.b64decode(reply["LogResult"]).decode()
