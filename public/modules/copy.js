// Copies a text, or hands it to another app: what the element named by data-text says, or what the address in
// data-report answers. The buttons stay hidden where the browser can do neither.
export default (part) => {
  const { text, report } = part.dataset;
  const [copy, share, said] = ["copy", "share", "said"].map((name) => part.querySelector(`[data-${name}]`));
  const read = async () => {
    if (text) return document.getElementById(text).innerText;
    const answer = await fetch(report, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  };
  // Safari lets a tap copy what is still on its way only when it is handed the promise of it.
  const item = () => new ClipboardItem({ "text/plain": read().then((words) => new Blob([words], { type: "text/plain" })) });
  const acts = {
    copy: () => navigator.clipboard.write([item()]).then(() => "Copied."),
    share: async () => navigator.share({ title: document.title, text: await read(), url: location.href }).then(() => ""),
  };
  const wake = (button, act, failed) => {
    button.hidden = false;
    button.onclick = async () => {
      said.textContent = "";
      said.textContent = await acts[act]().catch((trouble) => (trouble.name === "AbortError" ? "" : failed));
    };
  };
  // Plain http on a LAN address has neither: then a long press selects.
  if (navigator.clipboard) wake(copy, "copy", "Not copied. Select the text and copy it by hand.");
  if (share && navigator.share) wake(share, "share", "Not shared. Select the text and copy it by hand.");
};
