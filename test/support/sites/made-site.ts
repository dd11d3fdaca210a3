/** An answer of a made site. */
export interface MadeAnswer {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  body: string | Uint8Array;
}

/**
 * The facts that a careful reader finds on a made site. A field that is absent has nothing to be found. URLs may be
 * paths.
 */
export interface Truth {
  name?: string;
  legalName?: string;
  description?: string;
  logo?: string;
  languages?: readonly string[];
  industries?: readonly string[];
  /** The postal code of each address; the locality where there is none. */
  addresses?: readonly string[];
  emails?: readonly string[];
  /** In E.164. */
  phones?: readonly string[];
  social?: readonly string[];
  technologies?: readonly string[];
  pricingPages?: readonly string[];
  /** Name, price and currency: `Pro 49 EUR`. */
  offers?: readonly string[];
  /** Titles. */
  jobOpenings?: readonly string[];
  people?: readonly string[];
  feeds?: readonly string[];
  /** Titles. */
  news?: readonly string[];
  /** Exchange and symbol: `NASDAQ:ACME`. */
  ticker?: string;
}

/**
 * A site that was written for the tests, with its truth. In its answers, `{origin}` is replaced with its own origin.
 */
export interface MadeSite {
  /** Its host is `<name>.localhost`. */
  name: string;
  /** The habit of real sites that it follows. */
  habit: string;
  /** True when its results were not looked at while the extraction was written. */
  isHeldOut?: true;
  /** Answers by path; a text is an HTML page. */
  pages: Readonly<Record<string, string | MadeAnswer>>;
  truth: Truth;
}
