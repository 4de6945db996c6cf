// Copies a text of the page, or hands it to another app. The buttons stay hidden where the browser can do neither.
export default (part) => {
  const said = part.querySelector("[data-said]");
  const of = (id) => document.getElementById(id).textContent;

  for (const button of navigator.clipboard ? part.querySelectorAll("[data-copy]") : []) {
    button.hidden = false;
    button.onclick = async () => {
      try {
        await navigator.clipboard.writeText(of(button.dataset.copy));
        said.textContent = "Copied.";
      } catch {
        said.textContent = "Not copied: the browser does not allow it. Select the text above.";
      }
    };
  }

  for (const button of navigator.share ? part.querySelectorAll("[data-share]") : []) {
    button.hidden = false;
    button.onclick = async () => {
      try {
        await navigator.share({ title: document.title, text: of(button.dataset.share), url: location.href });
      } catch (trouble) {
        if (trouble.name !== "AbortError") said.textContent = "Not shared.";
      }
    };
  }
};
