import { GeoPoint, Timestamp } from "@google-cloud/firestore";
import protobuf from "protobufjs/minimal.js";
import { z } from "zod";
import type { Fields } from "./documents.ts";

/*
 * The SDK's module for Firestore reads these events, too, and takes 200 ms to load: half of the start of a function.
 * What an event holds is small and fixed, so it is read here.
 */

/** Wire types of protobuf (https://protobuf.dev/programming-guides/encoding). */
const [VARINT, FIXED64, LENGTH] = [0, 1, 2];

/** Readers by tag; each takes what follows the tag. */
type Readers<T> = Readonly<Record<number, (reader: protobuf.Reader) => T>>;

/** The bytes as the functions framework gives them, or as the Emulator Suite does, which sends an event as JSON. */
const EventData = z.union([
  z.instanceof(Uint8Array),
  z.object({ type: z.literal("Buffer"), data: z.array(z.int()) }).transform(({ data }) => Uint8Array.from(data)),
]);

/**
 * Gives the fields of the document that an event of Firestore holds; undefined when it holds none, as that of a delete.
 * `data` is a `DocumentEventData` in protobuf, as
 * https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto has it.
 * Values are those of Firestore's client, except that a reference is its resource name and a vector a map. Fields that
 * the message did not have when this was written are skipped. Throws an Error for anything else.
 */
export function documentOfEvent(data: unknown): Fields | undefined {
  try {
    const documents = readMessage(EventData.parse(data), { [tag(1, LENGTH)]: (reader) => fieldsOf(reader.bytes(), 2) });
    return documents.at(-1);
  } catch (cause) {
    throw new Error("The data of a Firestore event could not be read as a document.", { cause });
  }
}

/** Reads a message: what its readers gave, in the order of its fields. */
function readMessage<T>(bytes: Uint8Array, readers: Readers<T>): T[] {
  const reader = protobuf.Reader.create(bytes);
  const parts: T[] = [];
  while (reader.pos < reader.len) {
    const found = reader.uint32();
    const read = readers[found];
    if (read) parts.push(read(reader));
    else reader.skipType(found & 7);
  }
  return parts;
}

function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}

/** The fields of a `Document` or a `MapValue`, which are its field number `field`. */
function fieldsOf(bytes: Uint8Array, field: number): Fields {
  return Object.fromEntries(readMessage(bytes, { [tag(field, LENGTH)]: (reader) => entryOf(reader.bytes()) }));
}

function entryOf(bytes: Uint8Array): [name: string, value: unknown] {
  const entry = readRecord<{ name: string; value: unknown }>({ name: "", value: null }, bytes, {
    [tag(1, LENGTH)]: (reader) => ({ name: reader.string() }),
    [tag(2, LENGTH)]: (reader) => ({ value: readValue(reader.bytes()) }),
  });
  return [entry.name, entry.value];
}

/** Reads a message whose fields have defaults. */
function readRecord<T extends object>(defaults: T, bytes: Uint8Array, readers: Readers<Partial<T>>): T {
  const record = { ...defaults };
  for (const part of readMessage(bytes, readers)) Object.assign(record, part);
  return record;
}

/** Kinds of a `Value`. */
const VALUES: Readers<unknown> = {
  [tag(1, VARINT)]: (reader) => reader.bool(),
  // Beyond 2^53 the nearest number, as the client gives it.
  [tag(2, VARINT)]: (reader) => Number(String(reader.int64())),
  [tag(3, FIXED64)]: (reader) => reader.double(),
  [tag(5, LENGTH)]: (reader) => reader.string(),
  [tag(6, LENGTH)]: (reader) => fieldsOf(reader.bytes(), 1),
  [tag(8, LENGTH)]: (reader) => pointOf(reader.bytes()),
  [tag(9, LENGTH)]: (reader) => readMessage(reader.bytes(), { [tag(1, LENGTH)]: (item) => readValue(item.bytes()) }),
  [tag(10, LENGTH)]: (reader) => timestampOf(reader.bytes()),
  [tag(11, VARINT)]: (reader) => {
    reader.int32();
    return null;
  },
  [tag(17, LENGTH)]: (reader) => reader.string(),
  [tag(18, LENGTH)]: (reader) => Buffer.from(reader.bytes()),
};

function readValue(bytes: Uint8Array): unknown {
  const kinds = readMessage(bytes, VALUES);
  if (kinds.length === 0) throw new Error("A value is of a kind that is not known.");
  return kinds.at(-1);
}

function timestampOf(bytes: Uint8Array): Timestamp {
  const { seconds, nanos } = readRecord({ seconds: 0, nanos: 0 }, bytes, {
    [tag(1, VARINT)]: (reader) => ({ seconds: Number(String(reader.int64())) }),
    [tag(2, VARINT)]: (reader) => ({ nanos: reader.int32() }),
  });
  return new Timestamp(seconds, nanos);
}

function pointOf(bytes: Uint8Array): GeoPoint {
  const { latitude, longitude } = readRecord({ latitude: 0, longitude: 0 }, bytes, {
    [tag(1, FIXED64)]: (reader) => ({ latitude: reader.double() }),
    [tag(2, FIXED64)]: (reader) => ({ longitude: reader.double() }),
  });
  return new GeoPoint(latitude, longitude);
}
