import { Config } from "@pulumi/pulumi";

/** The settings of one deployment. Everything else is in the program or follows from the functions. */
export interface Settings {
  /** Id of the Google Cloud project, which is also the Firebase project. */
  projectId: string;
  /** Region of the functions. */
  region: string;
  /** Where Firestore keeps its data: a region or a multi-region. It can never be changed for a database. */
  databaseLocation: string;
  /** How long a dead letter is kept, in days: 1 to 31, the bounds of a Pub/Sub subscription's message retention. */
  deadLetterDays: number;
}

const MAX_DEAD_LETTER_DAYS = 31;

/**
 * Reads the stack's configuration (`gcp:project`, `baton:*`). Throws an error that names the setting and its possible
 * values.
 */
export function readSettings(): Settings {
  const baton = new Config("baton");
  const deadLetterDays = baton.getNumber("deadLetterDays") ?? MAX_DEAD_LETTER_DAYS;
  if (!Number.isInteger(deadLetterDays) || deadLetterDays < 1 || deadLetterDays > MAX_DEAD_LETTER_DAYS) {
    throw new Error(`baton:deadLetterDays is ${deadLetterDays}; it is a whole number from 1 to 31.`);
  }
  const region = baton.require("region");
  return {
    projectId: new Config("gcp").require("project"),
    region,
    databaseLocation: baton.get("databaseLocation") ?? region,
    deadLetterDays,
  };
}
