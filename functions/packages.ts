/**
 * Packages that the bundle leaves outside: each finds its own binary, data or fonts beside its code. `eSpeak NG` and
 * `ffmpeg` are under the GPL, and so are no part of the bundle either. Only the media modules import them, dynamically,
 * so only a worker that makes media loads them.
 */
export const OUTSIDE_PACKAGES = [
  "@echogarden/espeak-ng-emscripten",
  "@expo-google-fonts/inter",
  "@ffmpeg-installer/ffmpeg",
  "@resvg/resvg-js",
] as const;
