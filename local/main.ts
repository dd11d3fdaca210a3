#!/usr/bin/env node
import { runDev } from "./dev.ts";

// Whatever is still open when a start has failed must not keep the process: what it has started is gone by now.
process.exit(await runDev({ cwd: process.cwd(), argv: process.argv.slice(2) }));
