// Lists the pages of which this device has a copy, newest first, each with its age; and goes on by itself as soon as
// the server answers again.
const LABELS = [[/^\/$/, "Now"], [/^\/clusters$/, "Clusters"], [/^\/timeline/, "Timeline"], [/^\/rules$/, "Rules"], [/^\/settings$/, "Settings"],
  [/^\/clusters\/([^/]+)\/nodes\/([^/]+)$/, "$2 in $1"], [/^\/clusters\/([^/]+)$/, "$1"], [/^\/recoveries\/(\d+)$/, "Recovery #$1"]];

function label({ pathname }) {
  const found = LABELS.find(([pattern]) => pattern.test(pathname));
  return found ? decodeURIComponent(pathname.replace(...found)) : pathname;
}

async function copies() {
  if (!(await caches.has("pages"))) return [];
  const cache = await caches.open("pages");
  const all = await Promise.all((await cache.keys()).map(async (key) => {
    const answer = await cache.match(key);
    return { url: new URL(key.url), made: Number(answer?.headers.get("uncordon-saved")) };
  }));
  return all.filter((one) => !one.url.search).sort((one, other) => other.made - one.made).slice(0, 12);
}

export default async function (section, { made, span }) {
  for (const { url, made: at } of await copies()) {
    const item = made("li", { class: "item" });
    const link = made("a", { class: "item-link", href: url.pathname });
    link.append(made("strong", {}, label(url)), made("span", { class: "meta" }, `saved ${span(Date.now() - at)} ago`));
    item.append(link);
    section.querySelector("ul").append(item);
    section.hidden = false;
  }
  const again = async () => {
    if (document.hidden) return;
    const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => undefined);
    if (answer?.headers.has("uncordon-build") && location.pathname !== "/offline") location.reload();
  };
  addEventListener("online", again);
  document.addEventListener("visibilitychange", again);
}
