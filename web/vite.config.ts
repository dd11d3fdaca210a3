import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "dist",
    // The largest chunk is the console with the Firestore SDK: about 740 kB, 220 kB compressed. It loads after the sign-in page.
    chunkSizeWarningLimit: 800,
  },
});
