/// <reference types="vite/client" />

/** Settings of the app, from `.env.development` or `.env.production`. */
interface ImportMetaEnv {
  readonly VITE_API_KEY: string;
  readonly VITE_AUTH_DOMAIN: string;
  readonly VITE_PROJECT_ID: string;
  /** Origin of Baton's API; empty for the origin of the page. */
  readonly VITE_BATON_URL: string;
  /** Present on the local cloud only. */
  readonly VITE_AUTH_EMULATOR?: string;
  /** Present on the local cloud only. */
  readonly VITE_FIRESTORE_EMULATOR?: string;
}
