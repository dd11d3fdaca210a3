/** Loudness of everything made here, in LUFS (EBU R 128 measure): what online players ask for. */
export const TARGET_LUFS = -16;
