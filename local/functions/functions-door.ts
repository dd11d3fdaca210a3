import { type Handler, refuse, requestUrl } from "../http.ts";
import type { FunctionProcess } from "./function-process.ts";
import { httpDoor } from "./http-door.ts";

/** The functions behind the door, and the project that their URLs name. */
export interface DoorFunctions {
  projectId: string;
  functions(): readonly FunctionProcess[];
}

/**
 * Passes requests on to the functions that HTTP calls: `/<project>/<region>/<name>/...` to that function, as the Firebase
 * emulators do, so that `connectFunctionsEmulator` works. Every other path goes to Baton's API, as on a site whose
 * rewrites name it. Scheduled functions may be called, too, to try them out.
 */
export function functionsDoor({ projectId, functions }: DoorFunctions): Handler {
  const prefix = `/${projectId}/`;
  const api = httpDoor(() => functions().find(({ spec }) => isApi(spec.name)));
  return (req, res) => {
    const pathname = requestUrl(req)?.pathname ?? "";
    if (!pathname.startsWith(prefix)) return api(req, res);
    const [region = "", name = ""] = pathname.slice(prefix.length).split("/");
    const target = functions().find(({ spec }) => spec.name === name && spec.region === region && isCallable(spec));
    if (target === undefined)
      return refuse(req, res, 404, `There is no function ${name} in ${region} that HTTP calls.`);
    const rest = (req.url ?? "").replace(/^https?:\/\/[^/]+/, "").slice(`${prefix}${region}/${name}`.length);
    req.url = rest.startsWith("/") ? rest : `/${rest}`;
    return httpDoor(() => target)(req, res);
  };
}

/** Baton's API, as `createBaton` names it where it is exported as `baton`, in a codebase with a prefix or not. */
function isApi(name: string): boolean {
  return name === "baton-api" || name.endsWith("-baton-api");
}

function isCallable({ trigger }: FunctionProcess["spec"]): boolean {
  return trigger.kind === "https" || trigger.kind === "schedule";
}

/** The address of a function that HTTP calls. */
export function urlOf(apiUrl: string, projectId: string, { region, name }: FunctionProcess["spec"]): string {
  return `${apiUrl}/${projectId}/${region}/${name}`;
}
