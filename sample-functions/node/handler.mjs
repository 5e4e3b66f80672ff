// The smallest function in Node, as an ES module: greets whoever the event names.
export const hello = async (event, context) => {
  const name = event.name ?? 'world';
  console.log('greeting %s', name);
  return { message: `hello ${name}`, request: context.awsRequestId };
};

// The same, sent in pieces: what a function URL in RESPONSE_STREAM mode hands on as it comes.
export const stream = awslambda.streamifyResponse(async (event, responseStream) => {
  const http = awslambda.HttpResponseStream.from(responseStream, {
    statusCode: 200,
    headers: { 'Content-Type': 'text/plain' },
  });
  for (const word of ['hello', ' ', event.name ?? 'world']) http.write(word);
  http.end();
});
