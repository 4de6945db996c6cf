// Cards keep their place under a finger: in a part with data-live-cards those that are there stay in their order
// whatever news says, and new ones wait behind a bar until it is tapped.
const ofCard = (one) => one.id.startsWith("card-");

function inOrder(part, html) {
  const there = [...part.children].filter(ofCard).map((one) => one.id);
  if (!("liveCards" in part.dataset) || part.dataset.liveCards === "open" || !there.length) return html;
  const box = document.createElement("template");
  box.innerHTML = html;
  const cards = [...box.content.children].filter(ofCard);
  const kept = there.map((id) => cards.find((one) => one.id === id)).filter(Boolean);
  const fresh = cards.filter((one) => !there.includes(one.id));
  // With all of them gone nothing is under a finger any more.
  if (!kept.length) return html;
  const place = document.createComment("");
  cards[0].before(place);
  for (const one of cards) one.remove();
  place.replaceWith(...kept);
  if (fresh.length) kept[0].before(made("button", { class: "button news", type: "button", "data-news": "" }, `${fresh.length} new`));
  return box.innerHTML;
}

document.addEventListener("click", (event) => {
  const part = event.target.closest?.("[data-news]")?.closest("[data-live-part]");
  if (!part) return;
  const before = [...part.children].map((one) => one.id);
  part.dataset.liveCards = "open";
  put(part, drawn.get(part.id));
  part.dataset.liveCards = "";
  const first = [...part.children].find((one) => ofCard(one) && !before.includes(one.id));
  first?.focus();
});
