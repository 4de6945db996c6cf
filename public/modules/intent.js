// Asks what became of a tap whose answer was lost: every 3 s while it is looked at and there is a network, then leads
// on. Nothing is sent again from here: the body of the tap is not known.
const EVERY = 3000;
const OPEN = ["never", "under_way"];

export default function (section) {
  const key = new URLSearchParams(location.search).get("intent") || location.pathname.split("/")[2];
  if (!key || !/^[\w.-]{1,255}$/.test(key)) return;
  const text = section.querySelector("[data-intent-text]");
  const review = recalled(key);
  let asking = false;
  let over = false;

  const write = (words) => {
    if (text.textContent !== words) text.textContent = words;
  };
  const link = (word, href) => {
    const one = section.querySelector(`a[href="${href}"]`) ?? section.appendChild(document.createElement("a"));
    one.className = "button";
    one.href = href;
    one.textContent = word;
  };

  // What is settled stands on the page already; how to begin anew is known on this device alone.
  if (!OPEN.includes(section.dataset.intentState)) {
    if (!section.querySelector("a")) link("Review again", review);
    return;
  }

  async function ask() {
    if (asking || over || document.hidden) return;
    asking = true;
    const headers = { accept: "application/json" };
    const answer = await fetch(`/intents/${key}`, { headers, cache: "no-store" }).catch(() => undefined);
    const told = answer?.ok ? await answer.json().catch(() => undefined) : undefined;
    asking = false;
    if (told) show(told);
    else if (answer?.status === 401) {
      write("Sign in to see what became of it.");
      link("Sign in", "/sign-in");
    } else write("Not confirmed. It may not have left your phone. There is no network; it is asked again every 3 s.");
  }

  function show({ state, goto, text: words }) {
    section.dataset.intentState = state;
    over = !OPEN.includes(state);
    // Its own page says it whole: word, shape and what to do next.
    if (over) return location.replace(state === "arrived" ? (goto ?? "/") : `/intents/${key}`);
    write(state === "never" ? `Not confirmed yet. ${words}` : words);
    if (state === "never") link("Review again", review);
    offerStop();
  }

  function offerStop() {
    let form = section.querySelector("form");
    if (!form) {
      form = section.appendChild(document.createElement("form"));
      form.append(Object.assign(document.createElement("button"), { className: "button danger", textContent: "Stop asking: take it back" }));
    }
    form.onsubmit = async (event) => {
      event.preventDefault();
      const body = new URLSearchParams({ key });
      const headers = { accept: "application/json" };
      const answer = await fetch("/do/void_intent", { method: "POST", body, headers }).catch(() => undefined);
      if (answer?.ok) show(await answer.json());
      else write("Not confirmed: taking it back did not arrive either. It is asked again every 3 s.");
    };
  }

  setInterval(ask, EVERY);
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", ask);
  ask();
}

function recalled(key) {
  try {
    return sessionStorage.getItem(`review:${key}`) ?? "/";
  } catch {
    return "/";
  }
}
