import { type ClientHttp2Session, connect, createServer, type ServerHttp2Stream } from "node:http2";
import protobuf from "protobufjs/minimal.js";

/** Documents read and written, as Firestore bills them; a transaction that was tried again counts again. */
export interface FirestoreCounts {
  reads: number;
  writes: number;
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
  const counts: FirestoreCounts = { reads: 0, writes: 0, calls: {} };
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
      counts.writes += countField(message, [2]);
    };
  } else if (method === "BatchGetDocuments") {
    // BatchGetDocumentsResponse.found = 1, .missing = 2.
    taps.answer = (message) => {
      counts.reads += countField(message, [1, 2]);
    };
  } else if (method === "RunQuery") {
    let found = 0;
    // RunQueryResponse.document = 1.
    taps.answer = (message) => {
      found += countField(message, [1]);
    };
    taps.end = () => {
      counts.reads += Math.max(1, found);
    };
  }
  return taps;
}

/** How often the fields of these numbers stand in an encoded message. */
function countField(message: Uint8Array, fields: number[]): number {
  const reader = protobuf.Reader.create(message);
  let count = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (fields.includes(tag >>> 3)) count++;
    reader.skipType(tag & 7);
  }
  return count;
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
