import { projects } from "@pulumi/gcp";

/** The APIs that Firebase needs to build, deploy and run the functions, and those that the functions call. */
const APIS = [
  "artifactregistry.googleapis.com",
  "cloudbuild.googleapis.com",
  "cloudfunctions.googleapis.com",
  "cloudscheduler.googleapis.com",
  "eventarc.googleapis.com",
  "firebase.googleapis.com",
  "firebasehosting.googleapis.com",
  "firebaserules.googleapis.com",
  "firestore.googleapis.com",
  "iam.googleapis.com",
  "identitytoolkit.googleapis.com",
  "pubsub.googleapis.com",
  "run.googleapis.com",
  "secretmanager.googleapis.com",
] as const;

/**
 * Enables the APIs. Every other resource depends on them. Destroying the stack leaves them enabled, because other
 * things in the project may use them.
 */
export function enableApis(): projects.Service[] {
  return APIS.map((api) => new projects.Service(api, { service: api, disableOnDestroy: false }));
}
