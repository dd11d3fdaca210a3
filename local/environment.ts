/**
 * Of the environment of `npm start` and `npm run demo`, what is meant for the functions; the keys are secrets, given
 * only to functions that declare them.
 */
export function passedThrough(env: NodeJS.ProcessEnv): {
  env: Record<string, string>;
  secrets: Record<string, string>;
} {
  const pick = (names: string[]) =>
    Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
  return {
    env: pick(["YOUTUBE_API_BASE_URL", "LEASE_MS"]),
    secrets: { YOUTUBE_API_KEY: "", ...pick(["YOUTUBE_API_KEY", "GEMINI_API_KEY", "TEXT_TO_SPEECH_API_KEY"]) },
  };
}
