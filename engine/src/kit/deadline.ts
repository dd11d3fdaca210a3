/** Reports that a service did not answer, or cannot be reached. `cause` is for the log; the caller may try again. */
export class UnavailableError extends Error {
  /** Stable, for programs that read the logs. */
  readonly code = "unavailable";
  constructor(service: string, options: ErrorOptions) {
    super(`${service} could not be reached`, options);
    this.name = "UnavailableError";
  }
}

/**
 * Awaits an answer for at most `deadlineMs`. A rejection, and silence until then, become an `UnavailableError` that
 * names the service. A call that was given up is not stopped: what it was to do may still happen.
 */
export async function inTime<T>(service: string, deadlineMs: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([answer, silence]);
  } catch (cause) {
    throw new UnavailableError(service, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Puts a deadline on every method of a port that answers with a promise, on the terms of `inTime`. Only for ports whose
 * rejection means "unreachable". Everything else of the port stays as it is.
 */
export function withDeadline<Port extends object>(service: string, deadlineMs: number, port: Port): Port {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        const answer: unknown = Reflect.apply(member, target, given);
        return answer instanceof Promise ? inTime(service, deadlineMs, answer) : answer;
      };
    },
  });
}
