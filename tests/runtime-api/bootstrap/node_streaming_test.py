"""Streamed responses of Node functions, as they arrive at the Runtime API: chunks, metadata, trailers."""

import base64
import json
import unittest

from node_test import node


class Streaming(unittest.TestCase):
    def stream(self, body, event=None, **options):
        with node("exports.handler = awslambda.streamifyResponse(async (event, stream, context) => { %s });" % body, **options) as function:
            post = function.invoke(event)
            self.assertEqual(function.invoke(event).kind, "response")  # still warm
            return post

    def test_chunks_are_sent_as_one_streamed_response(self):
        post = self.stream("stream.write('a'); stream.write(Buffer.from('b')); stream.write({ c: 1 }); stream.end('d');")
        self.assertEqual((post.kind, post.body), ("response", b'ab{"c":1}d'))
        self.assertEqual(post.headers["lambda-runtime-function-response-mode"], "streaming")
        self.assertEqual(post.headers["transfer-encoding"], "chunked")
        self.assertEqual(post.headers["content-type"], "application/octet-stream")
        self.assertEqual(post.headers["trailer"], "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body")
        self.assertEqual(post.trailers, {})

    def test_a_pipeline_into_the_stream_works(self):
        body = "await require('stream/promises').pipeline(require('stream').Readable.from(['x', 'y'.repeat(100000)]), stream);"
        self.assertEqual(self.stream(body).body, b"x" + b"y" * 100000)

    def test_the_content_type_can_be_set_before_the_first_byte(self):
        post = self.stream("stream.setContentType('text/plain'); stream.end('t');")
        self.assertEqual(post.headers["content-type"], "text/plain")

    def test_http_metadata_precedes_the_body(self):
        post = self.stream("stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 }); stream.end('body');")
        self.assertEqual(post.headers["content-type"], "application/vnd.awslambda.http-integration-response")
        self.assertEqual(post.body, b'{"statusCode":201}' + bytes(8) + b"body")

    def test_an_error_after_the_first_byte_travels_in_the_trailers(self):
        post = self.stream("stream.write('half'); throw new TypeError('mid');")
        self.assertEqual(post.body, b"half")
        self.assertEqual(post.trailers["lambda-runtime-function-error-type"], "TypeError")
        error = json.loads(base64.b64decode(post.trailers["lambda-runtime-function-error-body"]))
        self.assertEqual((error["errorType"], error["errorMessage"]), ("TypeError", "mid"))

    def test_a_handler_that_writes_nothing_and_never_ends_fails(self):
        post = self.stream("")
        error = json.loads(base64.b64decode(post.trailers["lambda-runtime-function-error-body"]))
        self.assertEqual(error["errorMessage"], "Response stream is not finished.")

    def test_a_handler_that_is_not_async_is_refused(self):
        with node("exports.handler = awslambda.streamifyResponse((event, stream) => { stream.write('x'); });") as function:
            error = json.loads(base64.b64decode(function.invoke({}).trailers["lambda-runtime-function-error-body"]))
            self.assertEqual(error["errorMessage"], "Streaming does not support non-async handlers.")

    def test_an_uncaught_exception_mid_stream_exits_with_129(self):
        code = "exports.handler = awslambda.streamifyResponse(async (e, s) => { s.write('x'); setTimeout(() => { throw new Error('u'); }, 1); await new Promise(() => {}); });"
        with node(code) as function:
            self.assertEqual(function.invoke({}).trailers["lambda-runtime-function-error-type"], "Error")
            self.assertEqual(function.exit_code(), 129)

    def test_a_returned_value_is_ignored_with_a_warning(self):
        with node("exports.handler = awslambda.streamifyResponse(async (e, s) => { s.end('x'); return 1; });") as function:
            self.assertEqual(function.invoke({}).body, b"x")
            function.invoke({})
            self.assertIn("\tWARN\tStreaming handlers ignore return values.", function.log())

    def test_a_stream_that_is_refused_midway_leaves_the_function_warm(self):
        code = """
const { once } = require('events');
exports.handler = awslambda.streamifyResponse(async (event, stream) => {
  stream.write('first');
  if (event.endless) await once(stream, 'close');
  stream.end('last');
});"""
        with node(code) as function:
            function.api.refuses_streams = True
            function.invoke({"endless": True})
            self.assertEqual(function.invoke({}).body, b"firstlast")
            self.assertIn("Response stream is not finished.", function.log())

    def test_the_global_can_be_switched_off(self):
        with node("exports.handler = async () => typeof awslambda;", env={"AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA": "1"}) as function:
            self.assertEqual(function.result({}), "undefined")

if __name__ == "__main__":
    unittest.main()
