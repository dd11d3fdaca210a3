interface Network {
  network: string;
  host: RegExp;
  /** The path of a profile. Links to share a page, to one post or to a person are none. */
  path: RegExp;
}

const NETWORKS: readonly Network[] = [
  { network: "linkedin", host: /(^|\.)linkedin\.com$/, path: /^\/(company|school|showcase)\/[^/]+/ },
  {
    network: "facebook",
    host: /(^|\.)(facebook|fb)\.com$/,
    path: /^\/(?!(sharer|share|dialog|plugins|tr|login|groups|events|watch|hashtag|policies|privacy|help|photo|v\d)(\.php)?([/?]|$))(pages\/[^/]+\/\d+|profile\.php|[^/]+)\/?$/,
  },
  {
    network: "x",
    host: /^(www\.|mobile\.)?(twitter|x)\.com$/,
    path: /^\/(?!(intent|share|home|search|hashtag|i|login|privacy|tos)(\/|$))\w{1,20}\/?$/,
  },
  {
    network: "instagram",
    host: /(^|\.)instagram\.com$/,
    path: /^\/(?!(p|reel|reels|explore|accounts|stories|tv)\/)[\w.]+\/?$/,
  },
  { network: "youtube", host: /(^|\.)youtube\.com$/, path: /^\/(@[^/]+|(channel|c|user)\/[^/]+)\/?$/ },
  { network: "tiktok", host: /(^|\.)tiktok\.com$/, path: /^\/@[^/]+\/?$/ },
  {
    network: "github",
    host: /^(www\.)?github\.com$/,
    path: /^\/(?!(features|about|login|sponsors|marketplace|topics|orgs)\/?$)[\w-]+\/?$/,
  },
  { network: "gitlab", host: /^gitlab\.com$/, path: /^\/(?!(explore|users|help)\/?$)[\w-]+\/?$/ },
  { network: "bluesky", host: /^bsky\.app$/, path: /^\/profile\/[^/]+\/?$/ },
  { network: "threads", host: /(^|\.)threads\.(net|com)$/, path: /^\/@[^/]+\/?$/ },
  { network: "pinterest", host: /(^|\.)pinterest\.[a-z.]+$/, path: /^\/(?!(pin|search|ideas)\/)[\w-]+\/?$/ },
  { network: "telegram", host: /^(t|telegram)\.me$/, path: /^\/(?!(share|joinchat|iv|s)(\/|$))\w{3,}\/?$/ },
  { network: "vk", host: /(^|\.)(vk\.com|vkontakte\.ru)$/, path: /^\/(?!share\.php)[\w.]+\/?$/ },
  { network: "xing", host: /(^|\.)xing\.com$/, path: /^\/(pages|companies?|company)\/[^/]+/ },
  { network: "crunchbase", host: /(^|\.)crunchbase\.com$/, path: /^\/organization\/[^/]+/ },
  { network: "medium", host: /(^|\.)medium\.com$/, path: /^\/@[^/]+\/?$/ },
  { network: "discord", host: /^(discord\.gg|(www\.)?discord\.com)$/, path: /^\/(invite\/)?(?!channels)[\w-]+\/?$/ },
  { network: "twitch", host: /(^|\.)twitch\.tv$/, path: /^\/(?!videos|directory)\w+\/?$/ },
  { network: "vimeo", host: /^(www\.)?vimeo\.com$/, path: /^\/(?!\d+|channels|groups)[\w-]+\/?$/ },
  { network: "weibo", host: /(^|\.)weibo\.com$/, path: /^\/(u\/)?\w+\/?$/ },
  { network: "line", host: /^(page\.)?line\.me$/, path: /^\/(R\/ti\/p\/)?[@%\w-]+/ },
  { network: "note", host: /^note\.com$/, path: /^\/[\w-]+\/?$/ },
];

/** Reads a link as the profile of a company on a social network; undefined for every other link. */
export function socialProfileOf(href: string | undefined): { network: string; url: string } | undefined {
  const url = href === undefined ? null : URL.parse(href);
  if (!url) return undefined;
  const found = NETWORKS.find(({ host, path }) => host.test(url.hostname) && path.test(url.pathname));
  if (!found) return undefined;
  const id = url.pathname === "/profile.php" ? url.searchParams.get("id") : null;
  url.search = id === null ? "" : `?id=${encodeURIComponent(id)}`;
  url.hash = "";
  return { network: found.network, url: url.href };
}
