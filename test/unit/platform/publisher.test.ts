import assert from "node:assert/strict";
import { promisify } from "node:util";
import protos from "@google-cloud/pubsub-api/build/protos/protos.json" with { type: "json" };
import * as grpc from "@grpc/grpc-js";
import protobuf from "protobufjs";
import { z } from "zod";
import { pubsubPublish } from "../../../engine/src/platform/pubsub/publisher.ts";

const Request = z.object({
  topic: z.string(),
  messages: z.array(
    z.object({
      attributes: z.record(z.string(), z.string()).default({}),
      data: z.instanceof(Uint8Array).transform(String).optional(),
      orderingKey: z.string().optional(),
    }),
  ),
});
type Request = z.infer<typeof Request>;

const root = protobuf.Root.fromJSON(protos);
const PublishRequest = root.lookupType("google.pubsub.v1.PublishRequest");
const PublishResponse = root.lookupType("google.pubsub.v1.PublishResponse");

/** The one method of Pub/Sub that is called. */
const PUBLISHER = {
  publish: {
    path: "/google.pubsub.v1.Publisher/Publish",
    requestStream: false,
    responseStream: false,
    requestDeserialize: (bytes: Buffer) => Request.parse(PublishRequest.toObject(PublishRequest.decode(bytes))),
    requestSerialize: () => Buffer.alloc(0),
    responseSerialize: (messageIds: string[]) => Buffer.from(PublishResponse.encode({ messageIds }).finish()),
    responseDeserialize: () => [],
  },
} as const;

describe("pubsubPublish", () => {
  let server: grpc.Server;
  let requests: Request[];
  let answer: (request: Request) => Promise<void>;
  let emulator: string;

  before(() => {
    // Otherwise the client looks for the metadata server of Google Cloud.
    process.env.METADATA_SERVER_DETECTION = "none";
  });
  after(() => {
    delete process.env.METADATA_SERVER_DETECTION;
  });

  beforeEach(async () => {
    requests = [];
    answer = async () => undefined;
    server = new grpc.Server();
    server.addService(PUBLISHER, {
      publish({ request }: { request: Request }, reply: (error: object | null, ids?: string[]) => void) {
        requests.push(request);
        answer(request).then(
          () => reply(null, request.messages.map(String)),
          (error: object) => reply(error),
        );
      },
    });
    const bind = promisify(server.bindAsync.bind(server));
    emulator = `127.0.0.1:${await bind("127.0.0.1:0", grpc.ServerCredentials.createInsecure())}`;
  });
  afterEach(() => server.forceShutdown());

  it("sends messages of the same moment in one request for each topic", async () => {
    const publish = pubsubPublish({ projectId: "demo-baton", emulator });
    await Promise.all([publish("one", { jobId: "a" }), publish("two", { jobId: "b" }), publish("one", { jobId: "c" })]);
    assert.deepEqual(requests, [
      {
        topic: "projects/demo-baton/topics/one",
        messages: [{ attributes: { jobId: "a" } }, { attributes: { jobId: "c" } }],
      },
      { topic: "projects/demo-baton/topics/two", messages: [{ attributes: { jobId: "b" } }] },
    ]);
  });

  it("sends at most 100 messages by one request", async () => {
    const publish = pubsubPublish({ projectId: "demo-baton", emulator });
    await Promise.all(Array.from({ length: 101 }, () => publish("one", {})));
    assert.deepEqual(
      requests.map(({ messages }) => messages.length),
      [100, 1],
    );
  });

  it("sends a message with an ordering key after the answer to the one before it, and other keys at once", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    answer = async ({ messages }) => (messages[0]?.data === "first" ? released : undefined);
    const publish = pubsubPublish({ projectId: "demo-baton", emulator });
    const first = publish("one", {}, { data: "first", orderingKey: "a" });
    const second = publish("one", {}, { data: "second", orderingKey: "a" });
    await publish("one", {}, { data: "other", orderingKey: "b" });
    assert.deepEqual(requests.map(dataOf).sort(), ["first", "other"]);
    release();
    await Promise.all([first, second]);
    assert.deepEqual(requests.map(dataOf).at(-1), "second");
    assert.deepEqual(requests[0]?.messages[0]?.orderingKey, "a");
  });

  it("rejects with the status of a request that failed, and publishes the next message of its key", async () => {
    answer = async ({ messages }) => {
      if (messages[0]?.data === "first") throw { code: grpc.status.NOT_FOUND, details: "Topic not found" };
    };
    const publish = pubsubPublish({ projectId: "demo-baton", emulator });
    const first = publish("one", {}, { data: "first", orderingKey: "a" });
    const second = publish("one", {}, { data: "second", orderingKey: "a" });
    await assert.rejects(first, { code: 5 });
    await second;
  });

  it("tries a request again when Pub/Sub is unavailable", async () => {
    answer = async () => {
      if (requests.length === 1) throw { code: grpc.status.UNAVAILABLE, details: "Try again" };
    };
    await pubsubPublish({ projectId: "demo-baton", emulator })("one", {});
    assert.equal(requests.length, 2);
  });
});

function dataOf({ messages }: Request): string | undefined {
  return messages[0]?.data;
}
