// One small web application in each framework, as its users write it, each with an adapter for Lambda from npm. They
// answer alike: http_frameworks.test.mjs asks all of them the same.
const kExpressApp = `
import { createHash } from "node:crypto";
import cookieParser from "cookie-parser";
import express from "express";
import multer from "multer";
const png = Buffer.from(process.env.PNG, "base64");
const app = express();
app.use(cookieParser(), express.json(), express.urlencoded({ extended: false }), express.raw({ type: "application/octet-stream" }));
app.get("/hello/:name", (q, r) => r.json({ hello: q.params.name, tags: q.query.tag }));
app.get("/files/*path", (q, r) => r.json({ path: q.params.path }));
app.post("/json", (q, r) => r.status(201).json(q.body));
app.post("/form", (q, r) => r.json(q.body));
app.post("/bytes", (q, r) => r.type("application/octet-stream").send(q.body));
app.post("/upload", multer().single("file"), ({ file, body }, r) =>
  r.json({ title: body.title, name: file.originalname, type: file.mimetype, sha256: createHash("sha256").update(file.buffer).digest("hex") }));
app.get("/cookies", (q, r) => { r.cookie("a", "1", { httpOnly: true }); r.cookie("b", "2"); r.json({ got: q.cookies }); });
app.get("/png", (q, r) => r.type("image/png").send(png));
app.get("/moved", (q, r) => r.redirect("/hello/x"));
app.delete("/things/:id", (q, r) => r.status(204).end());
app.use((q, r) => r.status(404).json({ nothing: q.path }));  // Express's own asks codegenie's socket for what it has not
`;

const kFastifyApp = `
import { createHash } from "node:crypto";
import adapter from "@fastify/aws-lambda";
import cookie from "@fastify/cookie";
import multipart from "@fastify/multipart";
import Fastify from "fastify";
const png = Buffer.from(process.env.PNG, "base64");
const app = Fastify();
app.register(cookie);
app.register(multipart);
app.addContentTypeParser("application/octet-stream", { parseAs: "buffer" }, (q, body, done) => done(null, body));
app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (q, body, done) => done(null, Object.fromEntries(new URLSearchParams(body))));
app.get("/hello/:name", async (q) => ({ hello: q.params.name, tags: q.query.tag }));
app.get("/files/*", async (q) => ({ path: q.params["*"].split("/") }));
app.post("/json", async (q, r) => { r.code(201); return q.body; });
app.post("/form", async (q) => q.body);
app.post("/bytes", async (q, r) => r.type("application/octet-stream").send(q.body));
app.post("/upload", async (q) => {
  const file = await q.file();
  const bytes = await file.toBuffer();
  return { title: file.fields.title.value, name: file.filename, type: file.mimetype, sha256: createHash("sha256").update(bytes).digest("hex") };
});
app.get("/cookies", async (q, r) => { r.setCookie("a", "1", { httpOnly: true }).setCookie("b", "2"); return { got: q.cookies }; });
app.get("/png", async (q, r) => r.type("image/png").send(png));
app.get("/moved", async (q, r) => r.redirect("/hello/x"));
app.delete("/things/:id", async (q, r) => r.code(204).send());
export const handler = adapter(app, { binaryMimeTypes: ["image/png", "application/octet-stream"] });
`;

const kHonoApp = `
import { createHash } from "node:crypto";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import { setCookie, getCookie } from "hono/cookie";
const png = Buffer.from(process.env.PNG, "base64");
const app = new Hono();
app.get("/hello/:name", (c) => c.json({ hello: c.req.param("name"), tags: c.req.queries("tag") }));
app.get("/files/:path{.+}", (c) => c.json({ path: c.req.param("path").split("/") }));
app.post("/json", async (c) => c.json(await c.req.json(), 201));
app.post("/form", async (c) => c.json(await c.req.parseBody()));
app.post("/bytes", async (c) => c.body(await c.req.arrayBuffer(), 200, { "content-type": "application/octet-stream" }));
app.post("/upload", async (c) => {
  const { title, file } = await c.req.parseBody();
  const bytes = Buffer.from(await file.arrayBuffer());
  return c.json({ title, name: file.name, type: file.type, sha256: createHash("sha256").update(bytes).digest("hex") });
});
app.get("/cookies", (c) => { setCookie(c, "a", "1", { httpOnly: true }); setCookie(c, "b", "2"); return c.json({ got: getCookie(c) }); });
app.get("/png", (c) => c.body(png, 200, { "content-type": "image/png" }));
app.get("/moved", (c) => c.redirect("/hello/x"));
app.delete("/things/:id", (c) => c.body(null, 204));
export const handler = handle(app);
`;

export const webApps = {
  "express-serverless-http": `import serverless from "serverless-http";${kExpressApp}
export const handler = serverless(app, { binary: ["image/*", "application/octet-stream"] });`,
  "express-codegenie": `import serverlessExpress from "@codegenie/serverless-express";${kExpressApp}
export const handler = serverlessExpress({ app, binarySettings: { contentTypes: ["image/png", "application/octet-stream"] } });`,
  fastify: kFastifyApp,
  hono: kHonoApp,
};
