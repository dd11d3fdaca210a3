/**
 * The region of a function that names none (https://firebase.google.com/docs/functions/locations). It has no meaning on
 * this machine but in the addresses of functions, which an app knows by it.
 */
export const DEFAULT_REGION = "us-central1";
