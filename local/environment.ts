/**
 * Picks the variables of `npm start` and `npm run demo` that are meant for the functions. The keys are secrets, which
 * only the functions that declare them get.
 */
export function passedThrough(env: NodeJS.ProcessEnv): {
  env: Record<string, string>;
  secrets: Record<string, string>;
} {
  const pick = (names: string[]) =>
    Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  return {
    env: pick(["YOUTUBE_API_BASE_URL", "LEASE_MS", "EVENT_TYPES"]),
    secrets: { YOUTUBE_API_KEY: "", ...pick(["YOUTUBE_API_KEY", "GEMINI_API_KEY", "TEXT_TO_SPEECH_API_KEY"]) },
  };
}
