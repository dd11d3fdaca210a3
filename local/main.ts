#!/usr/bin/env node
import { runDev } from "./dev.ts";

process.exitCode = await runDev({ cwd: process.cwd(), argv: process.argv.slice(2) });
