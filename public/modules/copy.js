// Copies the text of an element: <button hidden data-module="copy" data-copy="ID of the element">. Shown only where the
// browser can copy; says for two seconds that it did.
const SHOWN = 2000;

function wake(button) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy)?.innerText ?? "";
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "The browser does not copy";
    }
    setTimeout(() => (button.textContent = label), SHOWN);
  });
}

// Plain http on a LAN address has no clipboard: then a long press copies.
if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(wake);
