import type { MadeSite } from "../made-site.ts";

const MENU = Array.from({ length: 600 }, (_, n) => `<li><a href="/catalog/section-${n}">Section ${n}</a></li>`).join(
  "\n",
);

/** Sites whose markup makes pages hard to find or to read. */
export const MARKUP_SITES: readonly MadeSite[] = [
  {
    name: "plain",
    habit: "no structured data, no meta, text only",
    pages: {
      "/": `<html><head><title>Welcome to Oakridge Plumbing</title></head><body><h1>Oakridge Plumbing</h1><p>Oakridge
Plumbing has repaired pipes in Dayton, Ohio since 1987. We answer the phone day and night, and we do not charge for the
first visit.</p><p>Call us at (937) 555-2368.</p><p>1200 Main St, Dayton, OH 45402</p></body></html>`,
    },
    truth: {
      name: "Oakridge Plumbing",
      description:
        "Oakridge Plumbing has repaired pipes in Dayton, Ohio since 1987. We answer the phone day and night, and we do not charge for the first visit.",
      languages: ["en"],
      addresses: ["45402"],
      phones: ["+19375552368"],
    },
  },
  {
    name: "scripts",
    habit: "an empty page that scripts would fill",
    pages: {
      "/": `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Quillworks</title><meta name="description"
content="Quillworks turns meeting notes into tickets."><meta name="viewport" content="width=device-width">
<link rel="icon" href="/favicon.svg"><script type="module" crossorigin src="/assets/index-4f3a.js"></script></head><body>
<noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>`,
    },
    truth: { name: "Quillworks", description: "Quillworks turns meeting notes into tickets.", languages: ["en"] },
  },
  {
    name: "cookiewall",
    habit: "a cookie wall before the content",
    pages: {
      "/": `<html lang="en"><head><title>Larkspur Hotels</title></head><body><div id="cookie-consent" class="cookie-banner"
role="dialog"><h2>We value your privacy</h2><p>We and our 842 partners store and access information on a device, such as
cookies, and process personal data. Contact privacy@consent-vendor.example for details.</p><button>Accept all</button>
</div><main><h1>Larkspur Hotels</h1><p>Eleven small hotels along the Cornish coast, each with a kitchen garden and a view
of the sea.</p><a href="/contact">Contact</a></main></body></html>`,
      "/contact": `<html lang="en"><title>Contact | Larkspur Hotels</title><p>stay@larkspur.example, +44 1872 555010</p><p>
Harbour Road, Falmouth TR11 3XA, United Kingdom</p>`,
    },
    truth: {
      name: "Larkspur Hotels",
      description: "Eleven small hotels along the Cornish coast, each with a kitchen garden and a view of the sea.",
      languages: ["en"],
      addresses: ["TR11 3XA"],
      emails: ["stay@larkspur.example"],
      phones: ["+441872555010"],
    },
  },
  {
    name: "hugemenu",
    habit: "600 links in a menu before the ones that matter",
    pages: {
      "/": `<html lang="en"><head><title>Gearbase</title><meta property="og:site_name" content="Gearbase"></head><body><ul>
${MENU}</ul><footer><a href="/company/about-us">About Gearbase</a><a href="/help/contact-us">Contact us</a></footer>`,
      "/company/about-us": `<html lang="en"><title>About</title><h1>About Gearbase</h1><p>Spare parts for old tractors.</p>`,
      "/help/contact-us": `<html lang="en"><title>Contact</title><p>Email: parts@gearbase.example</p>`,
    },
    truth: { name: "Gearbase", languages: ["en"], emails: ["parts@gearbase.example"] },
  },
  {
    name: "basehref",
    habit: "a base element, relative and protocol-relative links",
    pages: {
      "/": `<html lang="en"><head><base href="/site/v2/"><title>Copperline | Wine bars</title><meta name="description"
content="Four wine bars in Melbourne."></head><body><img src="//{host}/static/logo.png" alt="Copperline logo" class="logo">
<a href="contact.html">Contact</a><a href="//{host}/site/v2/about.html">About us</a></body></html>`,
      "/site/v2/contact.html": `<html lang="en"><title>Contact</title><p>drink@copperline.example</p><p>Phone:
+61 3 9012 3456</p>`,
      "/site/v2/about.html": `<html lang="en"><title>About us</title><h1>About us</h1>`,
    },
    truth: {
      name: "Copperline",
      description: "Four wine bars in Melbourne.",
      logo: "/static/logo.png",
      languages: ["en"],
      emails: ["drink@copperline.example"],
      phones: ["+61390123456"],
    },
  },
  {
    name: "canonical",
    habit: "a canonical link to another host, and links with tracking parameters",
    pages: {
      "/": `<html lang="en"><head><title>Pinehurst Dental</title><link rel="canonical" href="https://pinehurst.example/">
</head><body><h1>Pinehurst Dental</h1><a href="/contact?utm_source=home">Contact</a><a href="/contact?utm_source=footer">
Contact us</a><a href="/contact#map">Map</a></body></html>`,
      "/contact": `<html lang="en"><title>Contact</title><p>Email smile@pinehurst.example</p>`,
      "/contact?utm_source=home": `<html lang="en"><title>Contact</title><p>Email smile@pinehurst.example</p>`,
    },
    truth: { name: "Pinehurst Dental", languages: ["en"], emails: ["smile@pinehurst.example"] },
  },
  {
    name: "frames",
    habit: "a frameset whose frames have the content",
    pages: {
      "/": `<html><head><title>Hotel Alpenblick</title></head><frameset cols="20%,80%"><frame src="menu.htm"><frame
src="main.htm"></frameset></html>`,
      "/menu.htm": `<html><body><a href="kontakt.htm" target="main">Kontakt</a></body></html>`,
      "/main.htm": `<html><body><h1>Hotel Alpenblick</h1><p>Willkommen in unserem Haus mit zwölf Zimmern am Rand von Mayrhofen,
nur wenige Schritte von der Bergbahn entfernt.</p></body></html>`,
      "/kontakt.htm": `<html><body><p>Hotel Alpenblick, A-6290 Mayrhofen</p><p>Tel. +43 5285 62345</p>
<p>info@hotel-alpenblick.example</p></body></html>`,
    },
    truth: {
      name: "Hotel Alpenblick",
      description:
        "Willkommen in unserem Haus mit zwölf Zimmern am Rand von Mayrhofen, nur wenige Schritte von der Bergbahn entfernt.",
      languages: ["de"],
      addresses: ["6290"],
      emails: ["info@hotel-alpenblick.example"],
      phones: ["+43528562345"],
    },
  },
  {
    name: "amp",
    habit: "AMP pages beside the pages themselves",
    pages: {
      "/": `<html lang="en"><head><title>Juniper Bikes</title><link rel="amphtml" href="/amp/"><meta name="description"
content="City bikes for rent by the month."></head><body><a href="/about/">About</a><a href="/about/amp/">About (AMP)</a>
<a href="/contact/">Contact</a></body></html>`,
      "/about/": `<html lang="en"><title>About</title><h1>About</h1><p>Rent a bike by the month.</p>`,
      "/about/amp/": `<html amp lang="en"><title>About</title><link rel="canonical" href="/about/"><h1>About</h1>`,
      "/contact/": `<html lang="en"><title>Contact</title><p>ride@juniperbikes.example</p>`,
    },
    truth: {
      name: "Juniper Bikes",
      description: "City bikes for rent by the month.",
      languages: ["en"],
      emails: ["ride@juniperbikes.example"],
    },
  },
  {
    name: "refresh",
    habit: "a first page that only refreshes to another one",
    isHeldOut: true,
    pages: {
      "/": `<html><head><meta http-equiv="refresh" content="0; url=/en/index.html"></head><body>Redirecting...</body></html>`,
      "/en/index.html": `<html lang="en"><head><title>Stonebridge Legal</title><meta name="description" content="Wills and
probate in Bath."></head><body><a href="/en/contact.html">Contact</a></body></html>`,
      "/en/contact.html": `<html lang="en"><title>Contact</title><p>Tel: +44 1225 496 0123</p><p>office@stonebridge.example`,
    },
    truth: {
      name: "Stonebridge Legal",
      description: "Wills and probate in Bath.",
      languages: ["en"],
      emails: ["office@stonebridge.example"],
    },
  },
];
