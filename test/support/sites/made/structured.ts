import type { MadeSite } from "../made-site.ts";

const NORDWIND = `{"@context":"https://schema.org","@type":["Organization","LocalBusiness"],"@id":"{origin}/#org",
"name":"Nordwind Räder","legalName":"Nordwind Räder GmbH","url":"{origin}/","logo":{"@type":"ImageObject",
"url":"/img/logo.svg"},"description":"Handgebaute Lastenräder aus Kiel.","email":"mailto:moin@nordwind-raeder.example",
"telephone":"+49 431 1234567","address":{"@type":"PostalAddress","streetAddress":"Hafenstraße 12","postalCode":"24103",
"addressLocality":"Kiel","addressCountry":"DE"},"sameAs":["https://www.instagram.com/nordwindraeder",
"https://www.facebook.com/nordwindraeder/"]}`;

/** Sites that describe themselves in JSON-LD or Microdata. */
export const STRUCTURED_SITES: readonly MadeSite[] = [
  {
    name: "nordwind",
    habit: "JSON-LD with all facts, a German imprint",
    pages: {
      "/": `<!doctype html><html lang="de"><head><title>Nordwind Räder | Lastenräder aus Kiel</title>
<meta name="description" content="Wir bauen Lastenräder von Hand. Probefahrt in Kiel.">
<script type="application/ld+json">${NORDWIND}</script><meta name="generator" content="WordPress 6.7.1">
<link rel="stylesheet" href="/wp-content/themes/kiel/style.css"></head><body><nav><a href="/ueber-uns/">Über uns</a>
<a href="/kontakt/">Kontakt</a></nav><h1>Lastenräder, von Hand gebaut</h1><footer><a href="/impressum/">Impressum</a>
<a href="/datenschutz/">Datenschutz</a></footer></body></html>`,
      "/ueber-uns/": `<html lang="de"><title>Über uns</title><h1>Über uns</h1><p>Seit 2011 bauen wir in Kiel.</p>`,
      "/kontakt/": `<html lang="de"><title>Kontakt</title><p>Ruf an: <a href="tel:+494311234567">0431 1234567</a></p>`,
      "/impressum/": `<html lang="de"><title>Impressum</title><h1>Impressum</h1><p>Nordwind Räder GmbH<br>
Hafenstraße 12<br>24103 Kiel</p><p>Geschäftsführerin: Wiebke Petersen</p><p>Telefon: 0431 1234567<br>
E-Mail: moin@nordwind-raeder.example</p><p>Amtsgericht Kiel, HRB 12345. USt-IdNr.: DE123456789</p>`,
    },
    truth: {
      name: "Nordwind Räder",
      legalName: "Nordwind Räder GmbH",
      description: "Handgebaute Lastenräder aus Kiel.",
      logo: "/img/logo.svg",
      languages: ["de"],
      addresses: ["24103"],
      emails: ["moin@nordwind-raeder.example"],
      phones: ["+494311234567"],
      social: ["https://www.instagram.com/nordwindraeder", "https://www.facebook.com/nordwindraeder/"],
      technologies: ["WordPress"],
      people: ["Wiebke Petersen"],
    },
  },
  {
    name: "brightleaf",
    habit: "JSON-LD in a graph, plans with prices, people with roles",
    pages: {
      "/": `<!DOCTYPE html><html lang="en-US"><head><title>Brightleaf - Payroll for small farms</title>
<meta property="og:site_name" content="Brightleaf"><meta property="og:description" content="Payroll for small farms.">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite","name":"Brightleaf",
"url":"{origin}/","publisher":{"@id":"{origin}/#organization"}},{"@type":"Organization","@id":"{origin}/#organization",
"name":"Brightleaf","logo":"{origin}/logo.png","sameAs":["https://www.linkedin.com/company/brightleafpay",
"https://twitter.com/brightleafpay"]},{"@type":"BreadcrumbList","itemListElement":[]}]}</script>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-ABC123"></script>
<script src="/_next/static/chunks/main-0f3.js" defer></script></head><body><div id="__next"><header>
<a href="/pricing">Pricing</a><a href="/about">About</a><a href="/careers">Careers</a></header>
<h1>Run payroll between milking and market</h1></div><footer><a href="/contact">Contact us</a>
<small>© 2026 Brightleaf Software, Inc.</small></footer></body></html>`,
      "/pricing": `<html lang="en-US"><title>Pricing | Brightleaf</title><h1>Pricing</h1><section class="plans">
<div class="plan"><h3>Starter</h3><p class="price">$19 <span>/month</span></p><a href="/signup">Start</a></div>
<div class="plan"><h3>Farm</h3><p class="price">$49 <span>/month</span></p><a href="/signup">Start</a></div>
</section>`,
      "/about": `<html lang="en-US"><title>About | Brightleaf</title><h1>About us</h1><h2>Our team</h2><ul>
<li class="team-member"><h3>Maria Lindgren</h3><p>Co-founder &amp; CEO</p></li>
<li class="team-member"><h3>Tom Okafor</h3><p>Chief Technology Officer</p></li></ul>`,
      "/careers": `<html lang="en-US"><title>Careers | Brightleaf</title><h1>Careers</h1><h2>Open positions</h2><ul>
<li><a href="/careers/backend-engineer">Backend Engineer</a> <span>Remote, US</span></li>
<li><a href="/careers/support-specialist">Support Specialist</a> <span>Des Moines, IA</span></li></ul>`,
      "/contact": `<html lang="en-US"><title>Contact | Brightleaf</title><h1>Contact</h1><p>Write to
<a href="mailto:hello@brightleaf.example?subject=Hi">hello@brightleaf.example</a> or call (515) 288-0199.</p>
<address>Brightleaf Software, Inc.<br>400 Locust Street, Suite 210<br>Des Moines, IA 50309</address>`,
    },
    truth: {
      name: "Brightleaf",
      legalName: "Brightleaf Software, Inc.",
      description: "Payroll for small farms.",
      logo: "/logo.png",
      languages: ["en"],
      addresses: ["50309"],
      emails: ["hello@brightleaf.example"],
      phones: ["+15152880199"],
      social: ["https://www.linkedin.com/company/brightleafpay", "https://twitter.com/brightleafpay"],
      technologies: ["Next.js", "React", "Google Analytics"],
      pricingPages: ["/pricing"],
      offers: ["Starter 19 USD", "Farm 49 USD"],
      jobOpenings: ["Backend Engineer", "Support Specialist"],
      people: ["Maria Lindgren", "Tom Okafor"],
    },
  },
  {
    name: "pasteleria",
    habit: "Microdata, Spanish, a WhatsApp link that is no profile",
    pages: {
      "/": `<html lang="es"><head><title>Pastelería Clavel</title></head><body itemscope
itemtype="https://schema.org/Bakery"><img itemprop="logo" src="img/clavel.png" alt="Clavel"><h1 itemprop="name">
Pastelería Clavel</h1><p itemprop="description">Tartas y pan de masa madre en Sevilla desde 1962.</p>
<div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><span itemprop="streetAddress">Calle Feria
48</span>, <span itemprop="postalCode">41003</span> <span itemprop="addressLocality">Sevilla</span>,
<span itemprop="addressCountry">España</span></div><a itemprop="telephone" href="tel:+34954123456">954 12 34 56</a>
<a href="https://wa.me/34600111222">WhatsApp</a> <a href="https://www.instagram.com/pasteleriaclavel/">Instagram</a>
<a href="https://www.facebook.com/sharer/sharer.php?u=x">Compartir</a><a href="/aviso-legal">Aviso legal</a></body>`,
      "/aviso-legal": `<html lang="es"><title>Aviso legal</title><h1>Aviso legal</h1><p>Titular: Pastelería Clavel, S.L.
NIF: B41000000. Domicilio: Calle Feria 48, 41003 Sevilla. Correo electrónico: hola@pasteleriaclavel.example</p>`,
    },
    truth: {
      name: "Pastelería Clavel",
      legalName: "Pastelería Clavel, S.L.",
      description: "Tartas y pan de masa madre en Sevilla desde 1962.",
      logo: "/img/clavel.png",
      languages: ["es"],
      industries: ["bakery"],
      addresses: ["41003"],
      emails: ["hola@pasteleriaclavel.example"],
      phones: ["+34954123456"],
      social: ["https://www.instagram.com/pasteleriaclavel/"],
    },
  },
  {
    name: "brokenld",
    habit: "JSON-LD that does not parse, with good OpenGraph beside it",
    pages: {
      "/": `<html lang="en"><head><title>Home - Tidewater Labs</title><meta property="og:site_name" content="Tidewater Labs">
<meta property="og:title" content="Water quality, measured hourly"><meta property="og:image" content="/share.png">
<meta property="og:description" content="Sensors for rivers &amp; reservoirs.">
<script type="application/ld+json">{"@type":"Organization","name":"Tidewater Labs",}</script>
<link rel="icon" href="/favicon.ico"></head><body><header><a href="/"><img class="site-logo" src="/assets/tidewater.svg"
alt="Tidewater Labs logo"></a></header><footer>support [at] tidewater [dot] example</footer></body></html>`,
    },
    truth: {
      name: "Tidewater Labs",
      description: "Sensors for rivers & reservoirs.",
      logo: "/assets/tidewater.svg",
      languages: ["en"],
      emails: ["support@tidewater.example"],
    },
  },
  {
    name: "postings",
    habit: "job postings and articles in JSON-LD",
    isHeldOut: true,
    pages: {
      "/": `<html lang="en-GB"><head><title>Harrow &amp; Finch</title><script type="application/ld+json">
{"@context":"http://schema.org/","@type":"Corporation","name":"Harrow & Finch","legalName":"Harrow & Finch plc",
"tickerSymbol":"LSE:HFN","numberOfEmployees":{"@type":"QuantitativeValue","value":850},
"contactPoint":[{"@type":"ContactPoint","contactType":"sales","telephone":"+44 20 7946 0018",
"email":"sales@harrowfinch.example"}]}</script></head><body><a href="/careers/">Join us</a>
<a href="/newsroom">Newsroom</a></body></html>`,
      "/careers/": `<html lang="en-GB"><title>Join us</title><script type="application/ld+json">[{"@type":"JobPosting",
"title":"Actuary","jobLocation":{"@type":"Place","address":{"addressLocality":"Leeds","addressCountry":"GB"}},
"hiringOrganization":{"@type":"Organization","name":"Harrow & Finch"}},{"@type":"JobPosting","title":"Claims Handler"}]
</script><h1>Join us</h1>`,
      "/newsroom": `<html lang="en-GB"><title>Newsroom</title><link rel="alternate" type="application/atom+xml"
href="/newsroom/feed.xml"><h1>Newsroom</h1>`,
      "/newsroom/feed.xml": {
        headers: { "content-type": "application/atom+xml" },
        body: `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Newsroom</title><entry>
<title>Half-year results</title><link href="/newsroom/half-year"/><updated>2026-08-04T07:00:00Z</updated></entry>
<entry><title>New office in Leeds</title><link rel="alternate" href="/newsroom/leeds"/>
<published>2026-05-02T07:00:00Z</published></entry></feed>`,
      },
    },
    truth: {
      name: "Harrow & Finch",
      legalName: "Harrow & Finch plc",
      languages: ["en"],
      emails: ["sales@harrowfinch.example"],
      phones: ["+442079460018"],
      jobOpenings: ["Actuary", "Claims Handler"],
      feeds: ["/newsroom/feed.xml"],
      news: ["Half-year results", "New office in Leeds"],
      ticker: "LSE:HFN",
    },
  },
];
