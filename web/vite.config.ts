import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "dist",
    // The oldest browsers that Baton supports; tsconfig.browser.json holds the code to what they can do.
    target: ["chrome111", "edge111", "firefox115", "safari16.4"],
    // The largest chunk is the console with the Firestore SDK: about 740 kB, 220 kB compressed. It loads after the
    // sign-in page.
    chunkSizeWarningLimit: 800,
    // The client loads the Firestore SDK when a job is watched, for servers that have none. The console has it at once.
    rolldownOptions: { checks: { ineffectiveDynamicImport: false } },
  },
});
