import { config } from "zod";

// Imported before any schema. Zod otherwise compiles code from text, which the Content-Security-Policy refuses and
// reports.
config({ jitless: true });
