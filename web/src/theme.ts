import { type CSSVariablesResolver, createTheme } from "@mantine/core";

const SANS =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif';
const MONO = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

/** Look of the console: system fonts only, so that no font is loaded, and a cool, near-black dark scheme. */
export const theme = createTheme({
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  headings: { fontFamily: SANS, fontWeight: "600" },
  primaryColor: "indigo",
  primaryShade: { light: 7, dark: 6 },
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  colors: {
    indigo: [
      "#eef0ff",
      "#e0e3ff",
      "#c5caff",
      "#a3aafc",
      "#8289f7",
      "#6a6ff0",
      "#5b5ce6",
      "#4f46e5",
      "#4338ca",
      "#3730a3",
    ],
    dark: [
      "#d3d5db",
      "#b0b3bc",
      "#8e929d",
      "#626773",
      "#2d3039",
      "#24272e",
      "#191b20",
      "#101114",
      "#0b0c0e",
      "#070809",
    ],
  },
  components: {
    Button: { defaultProps: { size: "sm" } },
    Badge: { defaultProps: { radius: "sm" } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
  },
});

/**
 * Colors of both schemes. The error color has enough contrast for small text. `--surface` is the background of cards,
 * `--surface-hover` and `--surface-selected` that of rows on a card, and `--line` the color of hairlines.
 */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#fafafb",
    "--mantine-color-dimmed": "#636973",
    "--mantine-color-error": "#c92a2a",
    "--mantine-color-teal-light-color": "#066649",
    "--surface": "#ffffff",
    "--surface-hover": "#f4f4f6",
    "--surface-selected": "#f3f3f8",
    "--line": "#e6e7eb",
  },
  dark: {
    "--mantine-color-dimmed": "#9da1ab",
    "--mantine-color-gray-light": "#24272e",
    "--mantine-color-red-light": "#43181b",
    "--mantine-color-error": "#ff6b6b",
    "--surface": "#16181c",
    "--surface-hover": "#1d2025",
    "--surface-selected": "#23262d",
    "--line": "#282b32",
  },
});
