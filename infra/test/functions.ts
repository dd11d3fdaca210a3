import { EXPECTED } from "../../test/support/expected-functions.ts";
import { type DeployedFunction, deployedFunctions } from "../src/deployed-functions.ts";
import type { Manifest } from "../src/manifest.ts";

/** The manifest of this deployment: a test in `test/integration` compares it with that of the built functions. */
export const MANIFEST: Manifest = { endpoints: EXPECTED };

/** The functions of this deployment. */
export const FUNCTIONS: readonly DeployedFunction[] = deployedFunctions(MANIFEST);
