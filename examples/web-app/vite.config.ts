import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    // About 1,010 kB, 300 kB compressed: the Firebase SDK, React and zod.
    chunkSizeWarningLimit: 1100,
    // The client loads the Firestore SDK when a job is watched, for servers that have none. This app has it at once.
    rolldownOptions: { checks: { ineffectiveDynamicImport: false } },
  },
});
