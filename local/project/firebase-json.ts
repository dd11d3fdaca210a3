import { z } from "zod";

/** One entry of `functions`, in the forms that this program runs. */
const FunctionsEntry = z.looseObject({
  source: z.string().optional(),
  codebase: z.string().default("default"),
  configDir: z.string().optional(),
  runtime: z.string().optional(),
  prefix: z.string().optional(),
  ignore: z.array(z.string()).optional(),
  kit: z.string().optional(),
  instances: z.record(z.string(), z.string()).optional(),
});
export type FunctionsEntry = z.infer<typeof FunctionsEntry>;

const FirestoreEntry = z.looseObject({ database: z.string().default("(default)"), rules: z.string().optional() });

/**
 * The parts of `firebase.json` that matter here, each in every form that the Firebase CLI takes: a folder, an object or
 * a list. Source: https://firebase.google.com/docs/cli#the_firebasejson_file
 */
export const FirebaseJson = z.looseObject({
  functions: z
    .union([
      z.string().transform((source) => [FunctionsEntry.parse({ source })]),
      FunctionsEntry.transform((entry) => [entry]),
      z.array(FunctionsEntry),
    ])
    .default([]),
  firestore: z.union([FirestoreEntry.transform((entry) => [entry]), z.array(FirestoreEntry)]).default([]),
});

/** The names of the team's projects, by alias. */
export const Firebaserc = z.looseObject({ projects: z.record(z.string(), z.string()).default({}) });

/**
 * Removes comments and commas before a closing bracket, which the Firebase CLI allows in `firebase.json`. Texts keep
 * theirs; line numbers stay as they are.
 */
export function withoutComments(text: string): string {
  const token = /"(?:\\.|[^"\\])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  const bare = text.replace(token, (part) => (part.startsWith('"') ? part : part.replaceAll(/[^\n]/g, " ")));
  return bare.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, quoted: string | undefined) => quoted ?? "");
}
