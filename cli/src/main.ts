#!/usr/bin/env node
import { prepareProcess } from "../../local/own-process.ts";
import { gcloudProcess } from "./doctor/gcloud-process.ts";
import { firebaseSecrets } from "./keys/firebase-secrets.ts";
import { run } from "./program.ts";
import { processTerminal } from "./terminal/process-terminal.ts";

prepareProcess();
process.exitCode = await run(process.argv.slice(2), {
  terminal: processTerminal(),
  gcloud: gcloudProcess(),
  secrets: (projectId) => firebaseSecrets(projectId),
  cwd: process.cwd(),
  env: process.env,
});
