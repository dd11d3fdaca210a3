import type { MadeSite } from "../made-site.ts";

/** Sites that were written together, and not looked at while the extraction was. */
export const HELD_OUT_SITES: readonly MadeSite[] = [
  {
    name: "acougue",
    isHeldOut: true,
    habit: "Brazilian Portuguese, CNPJ in the footer, LocalBusiness in JSON-LD as a list",
    pages: {
      "/": `<html lang="pt-BR"><head><title>Casa do Churrasco | Açougue em Curitiba</title><script type="application/ld+json">
[{"@context":"https://schema.org","@type":"Store","name":"Casa do Churrasco","telephone":"(41) 3333-4455","address":
{"@type":"PostalAddress","streetAddress":"Rua XV de Novembro, 1000","addressLocality":"Curitiba","addressRegion":"PR",
"postalCode":"80020-310","addressCountry":"BR"},"image":"/foto.jpg"}]</script></head><body><a href="/sobre">Sobre nós</a>
<a href="/fale-conosco">Fale conosco</a><footer>Casa do Churrasco Ltda. CNPJ 12.345.678/0001-90</footer></body></html>`,
      "/sobre": `<html lang="pt-BR"><title>Sobre nós</title><h1>Sobre nós</h1>`,
      "/fale-conosco": `<html lang="pt-BR"><title>Fale conosco</title><p>E-mail: pedidos@casadochurrasco.example</p>`,
    },
    truth: {
      name: "Casa do Churrasco",
      legalName: "Casa do Churrasco Ltda.",
      languages: ["pt"],
      addresses: ["80020-310"],
      emails: ["pedidos@casadochurrasco.example"],
      phones: ["+554133334455"],
    },
  },
  {
    name: "hangang",
    isHeldOut: true,
    habit: "Korean, a footer with everything",
    pages: {
      "/": `<html lang="ko"><head><meta charset="utf-8"><title>한강출판</title><meta name="description" content="그림책을 만드는
출판사입니다."></head><body><a href="/about">회사소개</a><a href="/contact">오시는 길</a><footer>주식회사 한강출판 | 대표 김민수 |
서울특별시 마포구 양화로 45 (04036) | 전화 02-123-4567 | book@hangang.example</footer></body></html>`,
      "/about": `<html lang="ko"><meta charset="utf-8"><title>회사소개</title><h1>회사소개</h1>`,
      "/contact": `<html lang="ko"><meta charset="utf-8"><title>오시는 길</title><p>전화 02-123-4567</p>`,
    },
    truth: {
      name: "한강출판",
      legalName: "주식회사 한강출판",
      description: "그림책을 만드는 출판사입니다.",
      languages: ["ko"],
      addresses: ["04036"],
      emails: ["book@hangang.example"],
      phones: ["+8221234567"],
    },
  },
  {
    name: "lantern",
    isHeldOut: true,
    habit: "Chinese in UTF-8, a company name as the title",
    pages: {
      "/": `<html lang="zh-CN"><head><meta charset="utf-8"><title>红灯笼科技有限公司</title><meta name="description"
content="智能照明设备。"></head><body><a href="/about.html">关于我们</a><a href="/contact.html">联系我们</a></body></html>`,
      "/about.html": `<html lang="zh-CN"><meta charset="utf-8"><title>关于我们</title><h1>关于我们</h1>`,
      "/contact.html": `<html lang="zh-CN"><meta charset="utf-8"><title>联系我们</title><p>电话：021-5555-1234</p><p>邮箱：
info@hongdenglong.example</p>`,
    },
    truth: {
      name: "红灯笼科技有限公司",
      legalName: "红灯笼科技有限公司",
      description: "智能照明设备。",
      languages: ["zh"],
      emails: ["info@hongdenglong.example"],
      phones: ["+862155551234"],
    },
  },
  {
    name: "zahrada",
    isHeldOut: true,
    habit: "Czech, contact details in a definition list, a WooCommerce shop",
    pages: {
      "/": `<html lang="cs"><head><title>Zelená zahrada - zahradnictví Brno</title><meta name="generator"
content="WooCommerce 9.1.2"><meta name="generator" content="WordPress 6.6"><meta name="description" content="Stromy a keře.">
</head><body><a href="/o-nas/">O nás</a><a href="/kontakty/">Kontakty</a><a href="/cenik/">Ceník</a></body></html>`,
      "/o-nas/": `<html lang="cs"><title>O nás</title><h1>O nás</h1>`,
      "/cenik/": `<html lang="cs"><title>Ceník</title><h1>Ceník</h1><p>Ceny na dotaz.</p>`,
      "/kontakty/": `<html lang="cs"><title>Kontakty</title><dl><dt>Firma</dt><dd>Zelená zahrada s.r.o.</dd><dt>Adresa</dt>
<dd>Veveří 15, 602 00 Brno</dd><dt>Telefon</dt><dd>541 123 456</dd><dt>E-mail</dt><dd>info@zelenazahrada.example</dd></dl>`,
    },
    truth: {
      name: "Zelená zahrada",
      legalName: "Zelená zahrada s.r.o.",
      description: "Stromy a keře.",
      languages: ["cs"],
      addresses: ["602 00"],
      emails: ["info@zelenazahrada.example"],
      phones: ["+420541123456"],
      technologies: ["WordPress", "WooCommerce"],
      pricingPages: ["/cenik/"],
    },
  },
  {
    name: "orchard",
    isHeldOut: true,
    habit: "Product offers and people in JSON-LD, a news list without a feed",
    pages: {
      "/": `<html lang="en-CA"><head><title>Orchard Metrics: forecasts for growers</title><script type="application/ld+json">
{"@context":"https://schema.org","@type":"Organization","name":"Orchard Metrics","founder":{"@type":"Person",
"name":"Ines Roy","jobTitle":"Founder"},"knowsLanguage":["en","fr"],"industry":"Agriculture"}</script></head><body>
<a href="/plans">Plans &amp; pricing</a><a href="/press">Press</a><a href="https://ca.linkedin.com/company/orchard-metrics/">in
</a></body></html>`,
      "/plans": `<html lang="en-CA"><title>Plans</title><script type="application/ld+json">{"@context":"https://schema.org",
"@type":"Product","name":"Grower","offers":{"@type":"Offer","price":"25.00","priceCurrency":"CAD"}}</script><h1>Plans</h1>`,
      "/press": `<html lang="en-CA"><title>Press</title><h1>Press releases</h1><ul><li><span>March 3, 2026</span>
<a href="/press/frost-model">Orchard Metrics releases its frost model</a></li><li><span>January 9, 2026</span>
<a href="/press/series-a">Orchard Metrics raises a Series A</a></li></ul>`,
    },
    truth: {
      name: "Orchard Metrics",
      languages: ["en", "fr"],
      industries: ["agriculture"],
      social: ["https://ca.linkedin.com/company/orchard-metrics/"],
      pricingPages: ["/plans"],
      offers: ["Grower 25 CAD"],
      people: ["Ines Roy"],
      news: ["Orchard Metrics releases its frost model", "Orchard Metrics raises a Series A"],
    },
  },
  {
    name: "turbin",
    isHeldOut: true,
    habit: "Turkish, social links in the header, several phones",
    pages: {
      "/": `<html lang="tr"><head><title>Anadolu Türbin A.Ş.</title><meta name="description" content="Rüzgâr türbini bakımı.">
</head><body><a href="https://www.linkedin.com/company/anadolu-turbin"></a><a href="/hakkimizda">Hakkımızda</a>
<a href="/iletisim">İletişim</a></body></html>`,
      "/hakkimizda": `<html lang="tr"><title>Hakkımızda</title><h1>Hakkımızda</h1>`,
      "/iletisim": `<html lang="tr"><title>İletişim</title><p>Tel: +90 232 444 55 66</p><p>Gsm: +90 532 111 22 33</p><p>
bilgi@anadoluturbin.example</p>`,
    },
    truth: {
      name: "Anadolu Türbin",
      legalName: "Anadolu Türbin A.Ş.",
      description: "Rüzgâr türbini bakımı.",
      languages: ["tr"],
      emails: ["bilgi@anadoluturbin.example"],
      phones: ["+902324445566", "+905321112233"],
      social: ["https://www.linkedin.com/company/anadolu-turbin"],
    },
  },
  {
    name: "blueheron",
    isHeldOut: true,
    habit: "addresses and staff in Microdata, a logo in the header without a name",
    pages: {
      "/": `<html lang="en"><head><title>Blue Heron Architects, Portland</title></head><body itemscope
itemtype="http://schema.org/ProfessionalService"><header class="site-header"><a class="brand" href="/"><img
src="/media/header.svg" alt="Blue Heron Architects"></a></header><meta itemprop="name" content="Blue Heron Architects">
<p>Libraries and schools in timber.</p><div itemprop="employee" itemscope itemtype="http://schema.org/Person"><span
itemprop="name">Rosa Imani</span>, <span itemprop="jobTitle">Principal</span></div><div itemprop="address" itemscope
itemtype="http://schema.org/PostalAddress"><span itemprop="streetAddress">55 SW Oak St</span> <span
itemprop="addressLocality">Portland</span> <span itemprop="addressRegion">OR</span> <span itemprop="postalCode">97204</span>
</div></body></html>`,
    },
    truth: {
      name: "Blue Heron Architects",
      logo: "/media/header.svg",
      languages: ["en"],
      addresses: ["97204"],
      people: ["Rosa Imani"],
    },
  },
  {
    name: "lumen",
    isHeldOut: true,
    habit: "a page builder: Squarespace, legal name in terms only",
    pages: {
      "/": `<html lang="en-US"><head><title>Lumen Yoga</title><script
src="https://static1.squarespace.com/static/vta/5c5a/scripts/site.js"></script><meta property="og:site_name"
content="Lumen Yoga"><meta property="og:image" content="http://static1.squarespace.com/static/a/logo.png?format=1500w">
<meta itemprop="description" content="Yoga in Austin."></head><body><a href="/about">About</a><a
href="/contact-1">Contact</a><a href="/terms">Terms of Service</a></body></html>`,
      "/about": `<html lang="en-US"><title>About</title><h1>About</h1>`,
      "/contact-1": `<html lang="en-US"><title>Contact</title><p>1500 S Congress Ave<br>Austin, TX 78704</p><p>hi@lumenyoga.example
</p>`,
      "/terms": `<html lang="en-US"><title>Terms</title><p>These terms are between you and Lumen Yoga LLC ("we").</p>`,
    },
    truth: {
      name: "Lumen Yoga",
      legalName: "Lumen Yoga LLC",
      description: "Yoga in Austin.",
      languages: ["en"],
      addresses: ["78704"],
      emails: ["hi@lumenyoga.example"],
      technologies: ["Squarespace"],
    },
  },
];
