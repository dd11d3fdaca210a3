/** Colours of a card, as in CSS. Its text is light on dark, with a contrast of 7:1 and more. */
export interface Palette {
  from: string;
  to: string;
  accent: string;
  /** A darker tone behind captions. */
  shade: string;
}

/** Palettes in the order in which the scenes of a video use them, so that neighbours differ. */
const PALETTES: readonly [Palette, ...Palette[]] = [
  { from: "#0f2a4a", to: "#1d4f7a", accent: "#ffb84d", shade: "#081726" },
  { from: "#1f2255", to: "#443a8c", accent: "#7fe0d2", shade: "#101130" },
  { from: "#0d3b3a", to: "#14645c", accent: "#ffd166", shade: "#071f1e" },
  { from: "#3a1f45", to: "#6d3566", accent: "#8fd3ff", shade: "#1e0f24" },
  { from: "#3b2614", to: "#74471d", accent: "#9be7a0", shade: "#1f1409" },
];

/** The palette of a scene, by its number from 0. */
export function paletteOf(scene: number): Palette {
  return PALETTES[scene % PALETTES.length] ?? PALETTES[0];
}
