/* Beside each snippet a button that copies it. Without this script there is no button, and one selects and copies. */
(function () {
  "use strict";
  var said = document.getElementById("snippets-said");
  if (!said) return;

  /* Where the clipboard is kept from a page (no https, an old browser) the selection is copied. */
  function copy(box) {
    if (navigator.clipboard) return navigator.clipboard.writeText(box.value);
    box.select();
    return document.execCommand("copy") ? Promise.resolve() : Promise.reject(new Error("not copied"));
  }

  var buttons = [];
  document.querySelectorAll("textarea.tour-snippet").forEach(function (box) {
    // Nothing of it below its edge, however narrow the screen.
    box.style.height = "auto";
    box.style.height = box.scrollHeight + 4 + "px";
    var button = document.createElement("button");
    button.type = "button";
    buttons.push(button);
    button.className = "button button-small button-secondary";
    button.textContent = said.dataset.copy;
    button.setAttribute("aria-describedby", box.id + "-name");
    button.addEventListener("click", function () {
      copy(box).then(
        function () {
          buttons.forEach(function (one) { one.textContent = said.dataset.copy; });
          said.textContent = said.dataset.copied;
          button.textContent = said.dataset.copied;
        },
        function () { box.focus(); box.select(); said.textContent = said.dataset.selected; }
      );
    });
    box.insertAdjacentElement("afterend", button);
  });
})();
