/** A tone of a piece: MIDI number, start and length in beats, and how loud it is, 0 to 1. */
export interface Note {
  pitch: number;
  startBeat: number;
  beats: number;
  velocity: number;
  voice: "pad" | "bass" | "pluck";
}

/** A piece of music. */
export interface Piece {
  beatsAMinute: number;
  beats: number;
  notes: Note[];
}

/** Moods that a bed can have. */
export type Mood = "calm" | "bright" | "serious";

/** A mode as semitones above its root, its tempo, and progressions of four chords as degrees of the mode. */
interface Style {
  mode: readonly number[];
  root: number;
  beatsAMinute: number;
  progressions: readonly (readonly number[])[];
}

const MAJOR = [0, 2, 4, 5, 7, 9, 11];
const MINOR = [0, 2, 3, 5, 7, 8, 10];
const STYLES: Readonly<Record<Mood, Style>> = {
  calm: {
    mode: MAJOR,
    root: 53,
    beatsAMinute: 72,
    progressions: [
      [0, 5, 3, 4],
      [0, 2, 3, 4],
    ],
  },
  bright: {
    mode: MAJOR,
    root: 55,
    beatsAMinute: 104,
    progressions: [
      [0, 4, 5, 3],
      [0, 3, 4, 3],
    ],
  },
  serious: {
    mode: MINOR,
    root: 50,
    beatsAMinute: 84,
    progressions: [
      [0, 5, 2, 6],
      [0, 3, 5, 4],
    ],
  },
};
const BEATS_A_BAR = 4;

/**
 * Composes a bed of at least `seconds`: a progression of four chords with a bass, in which each chord moves to the next
 * by the shortest way, and plucked tones of the chord by a pattern. The same arguments give the same piece.
 */
export function composeBed(seconds: number, mood: Mood, seed: number): Piece {
  const style = STYLES[mood];
  const bars = Math.max(2, Math.ceil((seconds * style.beatsAMinute) / 60 / BEATS_A_BAR));
  const random = randomOf(seed);
  const progression = style.progressions[Math.floor(random() * style.progressions.length)] ?? [0];
  const notes: Note[] = [];
  let chord: readonly number[] = triad(style, 0);
  for (let bar = 0; bar < bars; bar += 1) {
    // The last bar comes home to the first degree.
    const degree = bar === bars - 1 ? 0 : (progression[bar % progression.length] ?? 0);
    chord = nearestInversion(triad(style, degree), chord);
    const startBeat = bar * BEATS_A_BAR;
    for (const pitch of chord) notes.push({ pitch, startBeat, beats: BEATS_A_BAR, velocity: 0.5, voice: "pad" });
    const bass = style.root + (style.mode[degree] ?? 0) - 12;
    notes.push({ pitch: bass, startBeat, beats: BEATS_A_BAR, velocity: 0.7, voice: "bass" });
    if (bar > 0 && bar < bars - 1) notes.push(...plucks(chord, startBeat, random));
  }
  return { beatsAMinute: style.beatsAMinute, beats: bars * BEATS_A_BAR, notes };
}

function triad({ mode, root }: Style, degree: number): number[] {
  return [0, 2, 4].map((step) => {
    const place = degree + step;
    return root + (mode[place % mode.length] ?? 0) + 12 * Math.floor(place / mode.length);
  });
}

/** The chord with its tones shifted by octaves so that together they move least from the chord before. */
function nearestInversion(chord: readonly number[], before: readonly number[]): number[] {
  const centre = before.reduce((sum, pitch) => sum + pitch, 0) / before.length;
  return chord.map((pitch) => pitch - 12 * Math.round((pitch - centre) / 12)).sort((a, b) => a - b);
}

/** Tones of the chord an octave up, on off-beats, with rests by chance. */
function plucks(chord: readonly number[], startBeat: number, random: () => number): Note[] {
  const places = [0.5, 1.5, 2, 2.5, 3.5];
  return places.flatMap((place) => {
    if (random() < 0.35) return [];
    const pitch = (chord[Math.floor(random() * chord.length)] ?? 60) + 12;
    return [
      { pitch, startBeat: startBeat + place, beats: 0.5, velocity: 0.3 + 0.2 * random(), voice: "pluck" as const },
    ];
  });
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
