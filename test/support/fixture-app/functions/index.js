// The functions of a team's own app, in CommonJS, with Baton's beside them. Each call appends a line to the file RECORD.
const { appendFileSync } = require("node:fs");
const { createBaton, defineJob } = require("@baton/engine");
const { getApps, initializeApp } = require("firebase-admin/app");
const { getFunctions } = require("firebase-admin/functions");
const { defineInt, defineSecret, defineString } = require("firebase-functions/params");
const firestore = require("firebase-functions/v2/firestore");
const { onCall, onRequest } = require("firebase-functions/v2/https");
const { onMessagePublished } = require("firebase-functions/v2/pubsub");
const { onSchedule } = require("firebase-functions/v2/scheduler");
const { onObjectFinalized } = require("firebase-functions/v2/storage");
const { onTaskDispatched } = require("firebase-functions/v2/tasks");
const { z } = require("zod");

const region = defineString("REGION", { default: "europe-west1" });
const most = defineInt("MOST", { default: 3 });
const key = defineSecret("SHOP_KEY");

function record(call) {
  appendFileSync(process.env.RECORD, `${JSON.stringify({ ...call, at: Date.now() })}\n`);
}

exports.hello = onRequest({ region, maxInstances: most, secrets: [key] }, (req, res) => {
  console.log(`hello from the author at ${req.path}`);
  res.json({
    path: req.path,
    query: req.query,
    greeting: process.env.GREETING,
    key: key.value(),
    mail: process.env.MAIL,
  });
});

exports.broken = onRequest((_req, res) => {
  console.error(new Error("the shop is closed"));
  res.status(500).end();
});

exports.add = onCall((request) => ({ sum: request.data.a + request.data.b, uid: request.auth?.uid ?? null }));

for (const kind of ["Created", "Updated", "Deleted", "Written"]) {
  exports[`note${kind}`] = firestore[`onDocument${kind}`]("notes/{note}", (event) => {
    record({ name: `note${kind}`, key: event.params.note });
  });
}
exports.noteBy = firestore.onDocumentCreatedWithAuthContext("notes/{note}", (event) => {
  record({ name: "noteBy", key: event.params.note, authType: event.authType ?? "none" });
});
exports.archived = firestore.onDocumentCreated({ document: "notes/{note}", database: "archive" }, (event) => {
  record({ name: "archived", key: event.params.note });
});

exports.mail = onMessagePublished("mail", (event) => {
  record({ name: "mail", key: event.data.message.attributes.key });
  if (event.data.message.attributes.fails === "true") throw new Error("told to fail");
});

exports.tick = onSchedule("every 1 minutes", () => record({ name: "tick", key: "tick" }));

exports.resize = onTaskDispatched(
  { retryConfig: { maxAttempts: 2, minBackoffSeconds: 0 }, rateLimits: { maxConcurrentDispatches: 2 } },
  (request) => {
    record({ name: "resize", key: request.data.key, retryCount: request.retryCount, id: request.id });
    if (request.data.fails) throw new Error("told to fail");
  },
);

exports.enqueue = onRequest(async (req, res) => {
  if (getApps().length === 0) initializeApp();
  const { data, options } = req.body;
  try {
    await getFunctions().taskQueue("resize").enqueue(data, options);
    res.status(204).end();
  } catch (error) {
    res.status(409).json({ code: error.code });
  }
});

exports.uploaded = onObjectFinalized({ bucket: "shop" }, () => record({ name: "uploaded", key: "uploaded" }));

exports.baton = createBaton({
  jobs: [
    defineJob({
      type: "greet",
      input: z.object({ name: z.string() }),
      output: z.string(),
      run: async (_context, { name }) => `Hello ${name}`,
    }),
  ],
});
