// What gateway.py asks emu and serverless-offline for.
exports.handler = async (event) => ({
  statusCode: 201,
  headers: { "content-type": "application/json" },
  body: `{"received":${event.body.length}}`,
});
