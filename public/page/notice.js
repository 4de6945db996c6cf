// The one line above the content: of all that could be said there, only the weightiest is. A part says or unsays
// something with notice(kind, what): what = {text, aside?, link?: [word, address], button?: [word, act], later?: act}.
const WEIGHT = ["unconfirmed", "offline", "update", "install", "other"];
const place = document.getElementById("notice");
// An offer comes late and is worth no jump of what is read already: it stands below the content.
const below = document.querySelector("main > .refresh");
const said = new Map();
let standing; // the kind and the text that stand there
let box;

function notice(kind, what) {
  if (what) said.set(kind, what);
  else said.delete(kind);
  drawNotice();
}

// An update would take typed text with it, and an offer to install is no reason to disturb: both wait for a quiet page.
function drawNotice() {
  if (!place) return;
  const quiet = !typing();
  const kind = WEIGHT.find((one) => said.has(one) && (quiet || WEIGHT.indexOf(one) < 2));
  const what = said.get(kind);
  const now = kind && kind + what.text;
  // What a screen reader would read again is touched only when it is another thing.
  if (now !== standing) {
    standing = now;
    box?.remove();
    box = what && line(kind, what);
    const low = box && kind === "install" && below;
    // A saved copy comes with a line of its own.
    place.replaceChildren(...(box && !low ? [box] : []));
    if (low) below.before(box);
  }
  const aside = place.querySelector("[data-aside]");
  if (aside) write(aside, what.aside?.() ?? "");
}

function line(kind, { text, link, button, later }) {
  const box = made("div", { class: "notice", "data-notice": kind });
  const words = made("p", {}, text);
  words.append(made("span", { "aria-hidden": "true", "data-aside": "" }));
  box.append(words);
  if (link) box.append(made("a", { class: "button", href: link[1] }, link[0]));
  for (const [word, act] of [button, later && ["Not now", later]].filter(Boolean)) {
    const one = made("button", { class: "button", type: "button" }, word);
    one.onclick = act;
    box.append(one);
  }
  return box;
}

function made(name, attributes, text = "") {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

Object.assign(kit, { notice, made, write });
