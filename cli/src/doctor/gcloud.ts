import type { JsonValue } from "@baton/protocol";

/** A call of gcloud. */
export interface GcloudCommand {
  readonly args: readonly string[];
  /** Text for its input, such as the value of a secret: it is never printed; `shown` says what it is. */
  readonly input?: { readonly shown: string; make(): string };
}

/** The outcome of a call of gcloud. */
export type GcloudAnswer =
  | { outcome: "ok"; value: JsonValue }
  /** gcloud is not installed. */
  | { outcome: "missing" }
  /** There is no login, or it has expired. */
  | { outcome: "logged-out" }
  /** The account may not do this, or the API is off, or something else went wrong; `reason` is gcloud's own first line. */
  | { outcome: "failed"; reason: string };

/** Google Cloud, as the account sees it that gcloud is logged in with. */
export interface Gcloud {
  /** Runs a command and parses what it prints as JSON; null when it prints nothing. Never rejects. */
  run(command: GcloudCommand): Promise<GcloudAnswer>;
}

/** A command as a person would type it. */
export function typed({ args, input }: GcloudCommand): string {
  const words = args.map((arg) => (/^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`));
  return `${input === undefined ? "" : `(${input.shown}) | `}gcloud ${words.join(" ")}`;
}
