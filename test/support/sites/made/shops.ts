import type { MadeSite } from "../made-site.ts";

const rss = (items: string) => ({
  headers: { "content-type": "application/rss+xml; charset=utf-8" },
  body: `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Blog</title>${items}</channel></rss>`,
});

/** Shops and software companies: prices, technologies, feeds, openings. */
export const SHOP_SITES: readonly MadeSite[] = [
  {
    name: "teahouse",
    habit: "Shopify, with a blog's Atom feed and a price in JSON-LD",
    pages: {
      "/": {
        headers: { "x-shopid": "123", "set-cookie": "_shopify_y=1; path=/", server: "cloudflare", "cf-ray": "8a1-FRA" },
        body: `<!doctype html><html lang="en"><head><title>Misty Hill Tea</title><meta name="description"
content="Single-estate teas from Darjeeling."><script src="https://cdn.shopify.com/s/files/1/theme.js"></script>
<link rel="alternate" type="application/atom+xml" title="News" href="/blogs/news.atom"></head><body>
<a href="/pages/about-us">Our story</a><a href="/pages/contact">Contact</a><a href="/policies/legal-notice">Legal notice
</a><a href="https://www.tiktok.com/@mistyhilltea">TikTok</a><a href="https://www.youtube.com/@mistyhilltea">YouTube</a>`,
      },
      "/blogs/news.atom": {
        headers: { "content-type": "application/atom+xml" },
        body: `<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><title>First flush 2026</title><link
rel="alternate" href="{origin}/blogs/news/first-flush"/><published>2026-04-01T10:00:00+05:30</published></entry></feed>`,
      },
      "/pages/about-us": `<html lang="en"><title>Our story</title><h1>Our story</h1>`,
      "/pages/contact": `<html lang="en"><title>Contact</title><p>hello&#64;mistyhill.example</p>`,
      "/policies/legal-notice": `<html lang="en"><title>Legal notice</title><p>Misty Hill Tea Pvt. Ltd., 12 Lebong Cart Road,
Darjeeling 734101, India</p>`,
    },
    truth: {
      name: "Misty Hill Tea",
      legalName: "Misty Hill Tea Pvt. Ltd.",
      description: "Single-estate teas from Darjeeling.",
      languages: ["en"],
      addresses: ["734101"],
      emails: ["hello@mistyhill.example"],
      social: ["https://www.tiktok.com/@mistyhilltea", "https://www.youtube.com/@mistyhilltea"],
      technologies: ["Shopify", "Cloudflare"],
      feeds: ["/blogs/news.atom"],
      news: ["First flush 2026"],
    },
  },
  {
    name: "logpipe",
    habit: "software: plans in a table in euro, openings on an outside board, RSS",
    pages: {
      "/": `<html lang="en"><head><title>Logpipe – Logs without the bill shock</title><meta property="og:title"
content="Logpipe"><meta name="description" content="Store logs for a year at a tenth of the price."><link rel="alternate"
type="application/rss+xml" href="//{host}/blog/rss.xml"><script
src="https://js.stripe.com/v3/"></script><script src="https://js.hs-scripts.com/123.js"></script></head><body>
<a href="/pricing">Pricing</a><a href="/company">Company</a><a href="https://boards.greenhouse.io/logpipe">Jobs</a>
<a href="https://github.com/logpipe">GitHub</a><a href="https://x.com/logpipe">X</a><a href="/imprint">Imprint</a>`,
      "/pricing": `<html lang="en"><title>Pricing</title><h1>Pricing</h1><table><tr><th>Free</th><th>Team</th><th>Scale</th>
</tr><tr><td>€0</td><td>€29 per month</td><td>€1,290 per month</td></tr></table>`,
      "/company": `<html lang="en"><title>Company</title><h1>The company</h1>`,
      "/blog/rss.xml": rss(`<item><title>Compression, explained</title><link>{origin}/blog/compression</link>
<pubDate>Tue, 03 Mar 2026 09:00:00 GMT</pubDate></item><item><title><![CDATA[Logs & law]]></title>
<link>{origin}/blog/law</link></item>`),
      "/imprint": `<html lang="en"><title>Imprint</title><h1>Imprint</h1><p>Logpipe GmbH<br>Torstraße 1<br>10119 Berlin<br>
Germany</p><p>Managing director: Ada Yilmaz</p><p>hi@logpipe.example</p>`,
    },
    truth: {
      name: "Logpipe",
      legalName: "Logpipe GmbH",
      description: "Store logs for a year at a tenth of the price.",
      languages: ["en"],
      addresses: ["10119"],
      emails: ["hi@logpipe.example"],
      social: ["https://github.com/logpipe", "https://x.com/logpipe"],
      technologies: ["Stripe", "HubSpot"],
      pricingPages: ["/pricing"],
      offers: ["Free 0 EUR", "Team 29 EUR", "Scale 1290 EUR"],
      people: ["Ada Yilmaz"],
      feeds: ["/blog/rss.xml"],
      news: ["Compression, explained", "Logs & law"],
    },
  },
  {
    name: "listed",
    habit: "a listed company: ticker in the text of its investors page",
    pages: {
      "/": `<html lang="en"><head><title>Granite Peak Systems</title><meta property="og:site_name"
content="Granite Peak Systems"></head><body><a href="/about">About</a><a href="/investors">Investor Relations</a>
<a href="/newsroom">Newsroom</a><footer>© 2019–2026 Granite Peak Systems, Inc. All rights reserved.</footer></body>`,
      "/about": `<html lang="en"><title>About</title><h1>About</h1><p>Granite Peak Systems makes flow meters.</p>`,
      "/investors": `<html lang="en"><title>Investor Relations</title><p>Granite Peak Systems (NASDAQ: GPKS) trades since 2004.
</p>`,
      "/newsroom": `<html lang="en"><title>Newsroom</title><article><h2><a href="/newsroom/q3">Third quarter results</a></h2>
<time datetime="2026-10-21">October 21, 2026</time></article><article><h2><a href="/newsroom/plant">New plant in Reno</a>
</h2><time datetime="2026-09-02">September 2, 2026</time></article>`,
    },
    truth: {
      name: "Granite Peak Systems",
      legalName: "Granite Peak Systems, Inc.",
      languages: ["en"],
      news: ["Third quarter results", "New plant in Reno"],
      ticker: "NASDAQ:GPKS",
    },
  },
  {
    name: "polar",
    habit: "Wix, obfuscated mail by Cloudflare",
    isHeldOut: true,
    pages: {
      "/": {
        headers: { "x-wix-request-id": "17" },
        body: `<html lang="sv"><head><title>Polarljus Foto</title><meta name="generator" content="Wix.com Website Builder">
<meta name="description" content="Bröllopsfoto i Kiruna."></head><body><a href="/kontakt">Kontakt</a></body></html>`,
      },
      "/kontakt": `<html lang="sv"><title>Kontakt</title><a class="__cf_email__"
data-cfemail="2a4c455e456a5a45464b5846405f59044f524b475a464f">[email&#160;protected]</a><p>Telefon: 0980-123 45</p><p>981 32 Kiruna</p>`,
    },
    truth: {
      name: "Polarljus Foto",
      description: "Bröllopsfoto i Kiruna.",
      languages: ["sv"],
      addresses: ["981 32"],
      emails: ["foto@polarljus.example"],
      phones: ["+4698012345"],
      technologies: ["Wix"],
    },
  },
  {
    name: "drupalcity",
    habit: "Drupal, PHP and nginx in headers",
    pages: {
      "/": {
        headers: {
          server: "nginx/1.24.0",
          "x-powered-by": "PHP/8.2.1",
          "x-generator": "Drupal 10 (https://www.drupal.org)",
        },
        body: `<html lang="nl"><head><title>Van Dijk Tuinen | Hoveniers</title><meta name="description"
content="Hoveniers in Utrecht."></head><body><a href="/over-ons">Over ons</a><a href="/contact">Contact</a>
<a href="/werken-bij">Werken bij</a></body></html>`,
      },
      "/over-ons": `<html lang="nl"><title>Over ons</title><h1>Over ons</h1>`,
      "/contact": `<html lang="nl"><title>Contact</title><p>Van Dijk Tuinen B.V.<br>Oudegracht 100<br>3511 AX Utrecht</p><p>
T 030 - 123 45 67</p><p>info@vandijktuinen.example</p><p>KvK 12345678</p>`,
      "/werken-bij": `<html lang="nl"><title>Werken bij</title><h1>Vacatures</h1><a href="/vacature/hovenier">Hovenier</a>
<a href="/vacature/tuinontwerper">Tuinontwerper</a>`,
    },
    truth: {
      name: "Van Dijk Tuinen",
      legalName: "Van Dijk Tuinen B.V.",
      description: "Hoveniers in Utrecht.",
      languages: ["nl"],
      addresses: ["3511 AX"],
      emails: ["info@vandijktuinen.example"],
      phones: ["+31301234567"],
      technologies: ["Drupal", "PHP", "Nginx"],
      jobOpenings: ["Hovenier", "Tuinontwerper"],
    },
  },
];
