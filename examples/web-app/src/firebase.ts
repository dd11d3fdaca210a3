import { initializeApp } from "firebase/app";
import { connectAuthEmulator, getAuth } from "firebase/auth";
import { connectFirestoreEmulator, getFirestore } from "firebase/firestore";

const { VITE_API_KEY, VITE_AUTH_DOMAIN, VITE_PROJECT_ID, VITE_AUTH_EMULATOR, VITE_FIRESTORE_EMULATOR } = import.meta
  .env;

const app = initializeApp({ apiKey: VITE_API_KEY, authDomain: VITE_AUTH_DOMAIN, projectId: VITE_PROJECT_ID });

export const auth = getAuth(app);
export const firestore = getFirestore(app);

if (VITE_AUTH_EMULATOR) connectAuthEmulator(auth, VITE_AUTH_EMULATOR, { disableWarnings: true });
if (VITE_FIRESTORE_EMULATOR) {
  const { hostname, port } = new URL(VITE_FIRESTORE_EMULATOR);
  connectFirestoreEmulator(firestore, hostname, Number(port));
}
