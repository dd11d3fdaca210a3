import { type ClientHttp2Session, connect, createServer, type ServerHttp2Stream } from "node:http2";
import protobuf from "protobufjs/minimal.js";

/** Documents read and written, as Firestore bills them; a transaction that was tried again counts again. */
export interface FirestoreCounts {
  reads: number;
  writes: number;
  /** Writes by the collection of their document. */
  writesTo: Record<string, number>;
  /** Requests by method name. */
  calls: Record<string, number>;
}

/** A Firestore emulator behind a counter. */
export interface FirestoreMeter {
  /** The address that clients use as the emulator's, `host:port`. */
  host: string;
  /** Says where the emulator is, `host:port`; calls before that fail. */
  passTo(target: string): void;
  counts(): FirestoreCounts;
  stop(): Promise<void>;
}

/**
 * Passes every gRPC call on to the emulator unchanged, and counts what it carries: writes in requests of `Commit` and
 * `BatchWrite`; documents, found or missing, in answers of `BatchGetDocuments`; and documents in answers of `RunQuery`,
 * at least one a query (https://firebase.google.com/docs/firestore/pricing). Listeners are not counted.
 */
export async function startFirestoreMeter(): Promise<FirestoreMeter> {
  const counts: FirestoreCounts = { reads: 0, writes: 0, writesTo: {}, calls: {} };
  let upstream: ClientHttp2Session | undefined;
  const server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    const method = headers[":path"]?.split("/").at(-1) ?? "";
    counts.calls[method] = (counts.calls[method] ?? 0) + 1;
    if (upstream) forward(upstream, stream, headers, tapsOf(method, counts));
    else stream.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the meter has no port");
  return {
    host: `127.0.0.1:${address.port}`,
    passTo(target) {
      upstream = connect(`http://${target}`);
      sessions.add(upstream);
    },
    counts: () => structuredClone(counts),
    stop: () =>
      new Promise((resolve) => {
        for (const session of sessions) session.destroy();
        server.close(() => resolve());
      }),
  };
}

/** The wire type of messages and texts (https://protobuf.dev/programming-guides/encoding). */
const LENGTH_DELIMITED = 2;

interface Taps {
  request(message: Uint8Array): void;
  answer(message: Uint8Array): void;
  end(): void;
}

function forward(upstream: ClientHttp2Session, stream: ServerHttp2Stream, headers: object, taps: Taps): void {
  const call = upstream.request({ ...headers });
  const [inward, outward] = [messages(taps.request), messages(taps.answer)];
  stream.on("data", inward).pipe(call);
  call.on("response", (answer) => stream.respond(answer, { waitForTrailers: true }));
  call.on("data", outward).pipe(stream);
  let trailers: object = {};
  call.on("trailers", (given) => {
    trailers = given;
  });
  stream.on("wantTrailers", () => {
    taps.end();
    stream.sendTrailers({ ...trailers });
  });
  stream.on("error", () => call.close());
  stream.on("close", () => call.close());
  call.on("error", () => stream.close());
}

function tapsOf(method: string, counts: FirestoreCounts): Taps {
  const ignore = () => undefined;
  const taps: Taps = { request: ignore, answer: ignore, end: ignore };
  if (method === "Commit" || method === "BatchWrite") {
    // CommitRequest.writes = 2, BatchWriteRequest.writes = 2.
    taps.request = (message) => {
      for (const write of fieldsOf(message, [2])) {
        counts.writes++;
        const collection = collectionOf(write);
        counts.writesTo[collection] = (counts.writesTo[collection] ?? 0) + 1;
      }
    };
  } else if (method === "BatchGetDocuments") {
    // BatchGetDocumentsResponse.found = 1, .missing = 2.
    taps.answer = (message) => {
      counts.reads += fieldsOf(message, [1, 2]).length;
    };
  } else if (method === "RunQuery") {
    let found = 0;
    // RunQueryResponse.document = 1.
    taps.answer = (message) => {
      found += fieldsOf(message, [1]).length;
    };
    taps.end = () => {
      counts.reads += Math.max(1, found);
    };
  }
  return taps;
}

/** The id of the collection whose document a `Write` changes. */
function collectionOf(write: Uint8Array): string {
  // Write.update = 1, a Document whose name = 1; Write.delete = 2 and .verify = 5 are names.
  const [updated] = fieldsOf(write, [1]);
  const [name] = updated ? fieldsOf(updated, [1]) : fieldsOf(write, [2, 5]);
  return (
    Buffer.from(name ?? [])
      .toString()
      .split("/")
      .at(-2) ?? ""
  );
}

/** The bytes of the fields of these numbers in an encoded message: messages and texts. */
function fieldsOf(message: Uint8Array, fields: number[]): Uint8Array[] {
  const reader = protobuf.Reader.create(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (fields.includes(tag >>> 3) && (tag & 7) === LENGTH_DELIMITED) found.push(reader.bytes());
    else reader.skipType(tag & 7);
  }
  return found;
}

/** Cuts a gRPC stream into its messages: a flag, four bytes of length, the message. */
function messages(take: (message: Uint8Array) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5) {
      const end = 5 + rest.readUInt32BE(1);
      if (rest.length < end) return;
      take(rest.subarray(5, end));
      rest = rest.subarray(end);
    }
  };
}
