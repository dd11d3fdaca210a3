import assert from "node:assert/strict";
import { GeoPoint, Timestamp } from "@google-cloud/firestore";
import fc from "fast-check";
import { documentOfEvent } from "../../../engine/src/platform/firestore/document-event.ts";
import protos, { type google } from "../../../node_modules/firebase-functions/protos/compiledFirestore.js";

const { DocumentEventData } = protos.google.events.cloud.firestore.v1;
type Value = google.events.cloud.firestore.v1.IValue;

/** Protobuf as the SDK's own code writes it. */
const event = (fields: Record<string, Value>) =>
  DocumentEventData.encode({ value: { name: "projects/p/databases/(default)/documents/c/d", fields } }).finish();
const decoded = (value: Value) => documentOfEvent(event({ field: value }))?.field;

describe("the document of a Firestore event", () => {
  const kinds: [kind: string, value: Value, expected: unknown][] = [
    ["null", { nullValue: 0 }, null],
    ["true", { booleanValue: true }, true],
    ["false", { booleanValue: false }, false],
    ["an integer", { integerValue: 42 }, 42],
    ["a negative integer", { integerValue: -1 }, -1],
    ["the greatest safe integer", { integerValue: 9_007_199_254_740_991 }, 9_007_199_254_740_991],
    ["a double", { doubleValue: -0.5 }, -0.5],
    ["infinity", { doubleValue: Number.NEGATIVE_INFINITY }, Number.NEGATIVE_INFINITY],
    ["NaN", { doubleValue: Number.NaN }, Number.NaN],
    ["text", { stringValue: "ä€😀\u0000" }, "ä€😀\u0000"],
    ["empty text", { stringValue: "" }, ""],
    ["bytes", { bytesValue: Buffer.from([0, 255]) }, Buffer.from([0, 255])],
    [
      "an instant",
      { timestampValue: { seconds: 1_767_225_600, nanos: 123_456_789 } },
      new Timestamp(1_767_225_600, 123_456_789),
    ],
    ["an instant before 1970", { timestampValue: { seconds: -1, nanos: 5 } }, new Timestamp(-1, 5)],
    ["the instant 0", { timestampValue: {} }, new Timestamp(0, 0)],
    ["a point", { geoPointValue: { latitude: 47.5, longitude: -122.25 } }, new GeoPoint(47.5, -122.25)],
    ["the point 0, 0", { geoPointValue: {} }, new GeoPoint(0, 0)],
    ["a reference", { referenceValue: "projects/p/databases/d/documents/c/x" }, "projects/p/databases/d/documents/c/x"],
    ["an empty array", { arrayValue: {} }, []],
    ["an array", { arrayValue: { values: [{ integerValue: 1 }, { nullValue: 0 }, { mapValue: {} }] } }, [1, null, {}]],
    [
      "a map",
      {
        mapValue: { fields: { "": { stringValue: "a" }, b: { mapValue: { fields: { c: { booleanValue: true } } } } } },
      },
      { "": "a", b: { c: true } },
    ],
  ];
  for (const [kind, value, expected] of kinds) {
    it(`holds ${kind}`, () => assert.deepEqual(decoded(value), expected));
  }

  it("gives the nearest number for an integer beyond 2^53", () => {
    // `integer_value` as a varint: 2^53 + 1, the greatest and the least of 64 bits.
    const integers = ["8180808080808010", "ffffffffffffffff7f", "80808080808080808001"];
    const values = integers.map((varint) => documentOfEvent(eventOf(`10${varint}`))?.f);
    assert.deepEqual(values, [2 ** 53, 2 ** 63, -(2 ** 63)]);
  });

  it("has every field of a document that the emulator sent", () => {
    assert.deepEqual(documentOfEvent(Buffer.from(RECORDED, "base64")), {
      jobId: "vePItjRXzIZxWbvFtoMu",
      type: "video.analysis",
      owner: "user-e1d662a9-e0d8-4788-9a1f-2504eff5a7fb",
      status: "cancelled",
      attempt: 1,
      leaseId: "81888e05-1be2-4225-9713-933873d7aca7",
      durationMs: 1201,
      tags: [],
      metadata: { order: "7" },
      createdAt: new Timestamp(1_795_797_405, 599_000_000),
      expireAt: new Timestamp(1_798_389_405, 599_000_000),
      shard: 14,
      hasWebhookUrl: true,
      dueAt: new Timestamp(1_795_797_465, 599_000_000),
    });
  });

  it("is what any JSON was, with the numbers that Firestore keeps", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        assert.deepEqual(decoded(valueOfJson(value)), value);
      }),
    );
  });

  it("keeps a field that is named as the prototype to itself", () => {
    const fields = documentOfEvent(event({ ["__proto__"]: { booleanValue: true }, other: { integerValue: 1 } }));
    assert.equal(Object.getPrototypeOf(fields), Object.prototype);
    assert.deepEqual(Object.keys(fields ?? {}), ["__proto__", "other"]);
  });

  it("is none in the event of a delete, or in one without data", () => {
    assert.equal(documentOfEvent(DocumentEventData.encode({ oldValue: { name: "n" } }).finish()), undefined);
    assert.equal(documentOfEvent(new Uint8Array()), undefined);
  });

  it("is read from the JSON of a Buffer, as the Emulator Suite sends it", () => {
    const data: unknown = JSON.parse(JSON.stringify(Buffer.from(event({ n: { integerValue: 7 } }))));
    assert.deepEqual(documentOfEvent(data), { n: 7 });
  });

  it("is read past fields that are not known, at every level", () => {
    // Field 100 as a varint, 64 bits, a text and 32 bits.
    const unknown = "a00601a1060102030405060708a2060161a50601020304";
    assert.deepEqual(documentOfEvent(eventOf(`${unknown}1007${unknown}`, unknown)), { f: 7 });
    // `integer_value` of a wire type that is not its own is not known either.
    assert.deepEqual(documentOfEvent(eventOf("1007120161", "")), { f: 7 });
  });

  const wrong: [what: string, data: unknown][] = [
    ["text", "CgA="],
    ["nothing", undefined],
    ["JSON of no bytes", { value: { fields: {} } }],
    ["bytes that end early", event({ field: { stringValue: "a longer text" } }).subarray(0, -3)],
    ["a length beyond the end", Buffer.from("0aff01", "hex")],
    ["an endless varint", Buffer.from("ff".repeat(20), "hex")],
    ["a wire type that does not exist", Buffer.from("0f", "hex")],
    ["a value of no kind", eventOf("")],
    ["a value of an unknown kind", eventOf("a00601")],
    ["an instant that Firestore cannot have", event({ f: { timestampValue: { nanos: -1 } } })],
    ["a point beyond the earth", event({ f: { geoPointValue: { latitude: 91 } } })],
    ["5,000 levels", nested(5_000)],
  ];
  for (const [what, data] of wrong) {
    it(`is refused with one error, whose cause says why: ${what}`, () =>
      assert.throws(
        () => documentOfEvent(data),
        (error: Error) => {
          assert.equal(error.message, "The data of a Firestore event could not be read as a document.");
          assert.ok(error.cause instanceof Error);
          return true;
        },
      ));
  }

  it("is read or refused with that error, for any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          documentOfEvent(bytes);
        } catch (error) {
          assert.match(String(error), /could not be read as a document/);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

/** An event with the field `f`, whose value is the protobuf in `hex`, and more fields, in hex, beside each message. */
function eventOf(hex: string, more = ""): Buffer {
  const within = (field: number, ...parts: Buffer[]) => message(field, ...parts, Buffer.from(more, "hex"));
  const name = Buffer.from("0a0166", "hex");
  return within(1, within(2, name, within(2, Buffer.from(hex, "hex"))));
}

/** An event whose one value is so many arrays within each other. */
function nested(levels: number): Buffer {
  let value: Buffer = Buffer.alloc(0);
  for (let level = 0; level < levels; level++) value = message(9, message(1, value));
  return eventOf(value.toString("hex"));
}

/** A message in protobuf as the field of another. */
function message(field: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const lengths: number[] = [];
  let rest = content.length;
  for (; rest > 127; rest >>= 7) lengths.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([(field << 3) | 2, ...lengths, rest]), content]);
}

/** A value of JSON as Firestore's client sends it. */
function valueOfJson(value: unknown): Value {
  if (value === null) return { nullValue: 0 };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { booleanValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(valueOfJson) } };
  if (typeof value === "object") {
    const fields = Object.fromEntries(Object.entries(value).map(([name, item]) => [name, valueOfJson(item)]));
    return { mapValue: { fields } };
  }
  const isInteger = Number.isSafeInteger(value) && !Object.is(value, -0);
  return isInteger ? { integerValue: Number(value) } : { doubleValue: Number(value) };
}

/** The event of a cancelled job's result, as the Firestore emulator sent it. */
const RECORDED = [
  "CvIDClNwcm9qZWN0cy9kZW1vLWJhdG9uL2RhdGFiYXNlcy8oZGVmYXVsdCkvZG9jdW1lbnRzL2JhdG9uUmVzdWx0cy92ZVBJdGpSWHpJWnhXYn",
  "ZGdG9NdRIgCgVqb2JJZBIXigEUdmVQSXRqUlh6SVp4V2J2RnRvTXUSGQoEdHlwZRIRigEOdmlkZW8uYW5hbHlzaXMSNQoFb3duZXISLIoBKXVz",
  "ZXItZTFkNjYyYTktZTBkOC00Nzg4LTlhMWYtMjUwNGVmZjVhN2ZiEhYKBnN0YXR1cxIMigEJY2FuY2VsbGVkEg0KB2F0dGVtcHQSAhABEjIKB2",
  "xlYXNlSWQSJ4oBJDgxODg4ZTA1LTFiZTItNDIyNS05NzEzLTkzMzg3M2Q3YWNhNxIRCgpkdXJhdGlvbk1zEgMQsQkSCgoEdGFncxICSgASHQoI",
  "bWV0YWRhdGESETIPCg0KBW9yZGVyEgSKAQE3EhsKCWNyZWF0ZWRBdBIOUgwIneOm2AYQwIfQnQISGgoIZXhwaXJlQXQSDlIMCJ39xNkGEMCH0J",
  "0CEgsKBXNoYXJkEgIQDhITCg1oYXNXZWJob29rVXJsEgIIARIXCgVkdWVBdBIOUgwI2eOm2AYQwIfQnQIaDAid46bYBhC4nYahAiIMCJ3jptgG",
  "ELidhqECGgA=",
].join("");
