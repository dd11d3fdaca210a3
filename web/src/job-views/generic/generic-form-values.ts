import type { SubmitOptions } from "@baton/client";
import type { JsonValue } from "@baton/protocol";
import { webhookUrlFault } from "../webhook-url.ts";

/** Values of the form's fields. */
export interface GenericFormValues {
  title: string;
  /** JSON text. */
  input: string;
  webhookUrl: string;
}

/** Gives the mistakes that prevent sending, by field. The API checks the rest. */
export function validate({ input, webhookUrl }: GenericFormValues): Partial<Record<keyof GenericFormValues, string>> {
  const parsed = parseInput(input);
  const webhookFault = webhookUrlFault(webhookUrl);
  return {
    ...("fault" in parsed && { input: parsed.fault }),
    ...(webhookFault !== undefined && { webhookUrl: webhookFault }),
  };
}

/** Reads the text of the input. */
export function parseInput(text: string): { value: JsonValue } | { fault: string } {
  if (text.trim() === "") return { fault: "Give the input as JSON; null for none." };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { fault: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Gives the options of the submission: title and webhook, where the form has them. */
export function optionsOf({ title, webhookUrl }: GenericFormValues): SubmitOptions {
  return {
    ...(title.trim() && { metadata: { title: title.trim() } }),
    ...(webhookUrl.trim() && { webhookUrl: webhookUrl.trim() }),
  };
}
