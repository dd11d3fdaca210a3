import { runtime } from "@pulumi/pulumi";
import { declareInfrastructure } from "../src/infrastructure.ts";
import type { Manifest } from "../src/manifest.ts";

/** A resource that the program declared. */
export interface Declared {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

export const PROJECT_ID = "demo-project";
export const PUBSUB_AGENT = "serviceAccount:service-1234567890@gcp-sa-pubsub.iam.gserviceaccount.com";

/** Every resource of the program for a deployment with this manifest, declared on Pulumi's mocks: no CLI, no cloud. */
export async function runProgram(manifest: Manifest): Promise<Declared[]> {
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
  const settings = { projectId: PROJECT_ID, region: "europe-west1", databaseLocation: "eur3", deadLetterDays: 31 };
  declareInfrastructure(settings, manifest);
  await runtime.disconnect();
  return declared;
}

/** The outputs that the cloud would answer and that the program uses. */
function computedBy(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  if (type === "gcp:serviceaccount/account:Account") {
    const email = `${inputs.accountId}@${PROJECT_ID}.iam.gserviceaccount.com`;
    return { email, member: `serviceAccount:${email}` };
  }
  if (type === "gcp:projects/serviceIdentity:ServiceIdentity") return { member: PUBSUB_AGENT };
  return {};
}
