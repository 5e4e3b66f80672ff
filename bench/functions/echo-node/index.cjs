// The same echo as a function of a Node runtime.
exports.handler = async (event) => event;
