import { z } from "zod";
import { parseJson, placeOfMistake } from "../edits/json-text.ts";
import { Refusal } from "../refusal.ts";

const Codebase = z.looseObject({
  source: z.string().optional(),
  codebase: z.string().optional(),
  runtime: z.string().optional(),
  configDir: z.string().optional(),
  predeploy: z.union([z.string(), z.array(z.string())]).optional(),
  /** Code of others, which the Firebase CLI gets: a function kit, or a remote repository. */
  kit: z.unknown().optional(),
  remoteSource: z.unknown().optional(),
});

const Firestore = z.looseObject({
  database: z.string().optional(),
  rules: z.string().optional(),
  indexes: z.string().optional(),
});

const Storage = z.looseObject({ rules: z.string().optional() });

/** A value that may stand alone or in a list. */
const oneOrMore = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.array(schema), schema.transform((one) => [one])]);

const FirebaseJson = z.looseObject({
  functions: oneOrMore(
    z.union([
      Codebase,
      z
        .string()
        .transform((source): z.input<typeof Codebase> => ({ source }))
        .pipe(Codebase),
    ]),
  ).optional(),
  firestore: oneOrMore(Firestore).optional(),
  storage: oneOrMore(Storage).optional(),
});

/** Names and indexes that lead to a value in a JSON text. */
type Place = (string | number)[];

/** A functions codebase, as `firebase.json` names it. */
export interface CodebaseConfig {
  readonly name: string;
  /** Where it stands in `firebase.json`. */
  readonly place: Place;
  /** Folder, relative to that of `firebase.json`. */
  readonly source: string;
  readonly runtime?: string;
  /** Folder of its `.env` files. */
  readonly configDir: string;
}

/** The rules and indexes of a database, as `firebase.json` names them. */
export interface FirestoreConfig {
  readonly database: string;
  /** Where it stands in `firebase.json`. */
  readonly place: Place;
  readonly rules?: string;
  readonly indexes?: string;
}

/** The parts of `firebase.json` that Baton needs. */
export interface FirebaseConfig {
  readonly codebases: readonly CodebaseConfig[];
  readonly databases: readonly FirestoreConfig[];
  /** Rules files of Cloud Storage. */
  readonly storageRules: readonly string[];
}

export const DEFAULT_DATABASE = "(default)";

/** Reads `firebase.json`. Throws a `Refusal` when the Firebase CLI would not read it either. */
export function readFirebaseConfig(text: string): FirebaseConfig {
  const json = parseJson(text);
  if (json === undefined) {
    const message = `firebase.json is no JSON: the first mistake is in ${placeOfMistake(text)}. Repair it first.`;
    throw new Refusal("config-unreadable", message);
  }
  const { value } = json;
  const parsed = FirebaseJson.safeParse(value);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join(".") || "its top level";
    const message = `firebase.json has another form at ${place} than the Firebase CLI reads. Repair it first.`;
    throw new Refusal("config-unreadable", message);
  }
  const { functions = [], firestore = [], storage = [] } = parsed.data;
  const placeOf = (name: string, i: number): Place => (hasList(value, name) ? [name, i] : [name]);
  return {
    codebases: functions.flatMap((each, i) =>
      each.kit || each.remoteSource ? [] : [codebaseOf(each, placeOf("functions", i))],
    ),
    databases: firestore.map(({ database = DEFAULT_DATABASE, rules, indexes }, i) => ({
      database,
      place: placeOf("firestore", i),
      ...(rules !== undefined && { rules: plainPath(rules) }),
      ...(indexes !== undefined && { indexes: plainPath(indexes) }),
    })),
    storageRules: [...new Set(storage.flatMap(({ rules }) => (rules === undefined ? [] : [plainPath(rules)])))],
  };
}

function codebaseOf(
  { source = "functions", codebase = "default", runtime, configDir }: z.infer<typeof Codebase>,
  place: Place,
): CodebaseConfig {
  return {
    name: codebase,
    place,
    source: plainPath(source),
    ...(runtime !== undefined && { runtime }),
    configDir: plainPath(configDir ?? source),
  };
}

function hasList(value: unknown, name: string): boolean {
  return z.looseObject({ [name]: z.array(z.unknown()) }).safeParse(value).success;
}

/** `./functions/` is `functions`; the folder of `firebase.json` itself is the empty text. */
function plainPath(path: string): string {
  return path
    .replaceAll("\\", "/")
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}
