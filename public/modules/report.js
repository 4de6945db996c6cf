// Copies the report as text, or hands it to another app. The buttons stay hidden where the browser can do neither.
export default (part) => {
  const said = part.querySelector("[data-said]");
  const [copy, share] = [part.querySelector("[data-copy]"), part.querySelector("[data-share]")];
  const read = async () => {
    const answer = await fetch(part.dataset.report, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  };
  const say = (text) => {
    said.textContent = text;
  };
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.onclick = async () => {
      try {
        await navigator.clipboard.writeText(await read());
        say("Copied.");
      } catch {
        say("Not copied. Open the report and select its text.");
      }
    };
  }
  if (navigator.share) {
    share.hidden = false;
    share.onclick = async () => {
      try {
        await navigator.share({ title: document.title, text: await read() });
      } catch (trouble) {
        if (trouble.name !== "AbortError") say("Not shared. Open the report and copy its text.");
      }
    };
  }
};
