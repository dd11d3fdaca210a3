/** The used parts of eSpeak NG's WebAssembly build, which ships without types. */
declare module "@echogarden/espeak-ng-emscripten" {
  /** Something that happens in the sound: `text_position` from 1, in characters, `audio_position` in milliseconds. */
  interface EspeakEvent {
    type: string;
    text_position: number;
    audio_position: number;
  }

  export interface EspeakVoice {
    /** 0 when there is such a voice. */
    set_voice(name: string): number;
    /** Words a minute. */
    set_rate(rate: number): void;
    get_samplerate(): number;
    /** Calls back with 16-bit samples and events until all is spoken; 0 continues, 1 stops. */
    synthesize(text: string, onPart: (audio: Int16Array | null, events: EspeakEvent[] | undefined) => 0 | 1): void;
  }

  export interface EspeakModule {
    eSpeakNGWorker: new () => EspeakVoice;
  }

  function instantiate(): Promise<EspeakModule>;

  export { instantiate as default };
}
