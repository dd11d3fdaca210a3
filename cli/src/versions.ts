import engine from "../../engine/package.json" with { type: "json" };
import cli from "../package.json" with { type: "json" };

/** The version of this package, and of Baton's others: they are released together. */
export const VERSION = cli.version;

/** The version of zod that the engine is tested with, as a dependency says it. */
export const ZOD_VERSION = `^${engine.dependencies.zod}`;

/** The oldest Node that the engine runs on. */
export const MIN_NODE = Number(/\d+/.exec(engine.engines.node)?.[0]);
