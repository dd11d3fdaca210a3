export * from "./events.ts";
export * from "./jobs.ts";
export * from "./json.ts";
export * from "./messages.ts";
export * from "./problems.ts";
export * from "./service.ts";
export * from "./video-analysis.ts";
