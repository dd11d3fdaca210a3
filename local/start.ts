import { startLocalCloud } from "./cloud.ts";
import { prepareProcess } from "./own-process.ts";
import { serve } from "./serve.ts";

prepareProcess();
const code = await serve(process.argv.slice(2), {
  command: "npm start --",
  tokenCommand: "npm run --silent token --",
  start: (options) => startLocalCloud({ ...options, reload: true }),
});
// Whatever is still open when a start has failed must not keep the process: what it has started is gone by now.
process.exit(code);
