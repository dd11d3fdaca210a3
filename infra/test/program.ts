import { runtime } from "@pulumi/pulumi";

/** A resource as the program asked Pulumi for it. */
export interface Declared {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

export const PROJECT_ID = "demo-project";
export const PUBSUB_AGENT = "serviceAccount:service-1234567890@gcp-sa-pubsub.iam.gserviceaccount.com";

let program: Promise<Declared[]> | undefined;

/** Every resource of the program, run once against Pulumi's mocks: no CLI, no cloud. */
export function runProgram(): Promise<Declared[]> {
  program ??= declareAll();
  return program;
}

async function declareAll(): Promise<Declared[]> {
  const declared: Declared[] = [];
  await runtime.setMocks(
    {
      newResource({ type, name, inputs }) {
        declared.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...inputs, ...computedBy(type, inputs) } };
      },
      call: () => ({}),
    },
    "baton",
    "test",
  );
  runtime.setAllConfig({ "gcp:project": PROJECT_ID });
  await import("../src/index.ts");
  await runtime.disconnect();
  return declared;
}

/** What the cloud would answer, as far as the program goes on to use it. */
function computedBy(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  if (type === "gcp:serviceaccount/account:Account") {
    const email = `${inputs.accountId}@${PROJECT_ID}.iam.gserviceaccount.com`;
    return { email, member: `serviceAccount:${email}` };
  }
  if (type === "gcp:projects/serviceIdentity:ServiceIdentity") return { member: PUBSUB_AGENT };
  return {};
}
