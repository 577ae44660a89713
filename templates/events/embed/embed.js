/* Best Practice Tour: shows a visit, or its registration, where this script stands.
   <script src="…/embed.js" data-visit="12" data-show="card" data-lang="nl" data-title="…" async></script> */
(function () {
  "use strict";
  var tag = document.currentScript;
  if (!tag || !/^[0-9]+$/.test(tag.dataset.visit || "")) return;
  var origin = new URL(tag.src).origin;
  var language = tag.dataset.lang === "en" ? "en" : "nl";
  var show = tag.dataset.show === "register" ? "register" : "card";
  var frame = document.createElement("iframe");
  frame.src = origin + "/" + language + "/embed/" + show + "/" + tag.dataset.visit + "/";
  frame.title = tag.dataset.title || "Best Practice Tour";
  frame.loading = "lazy";
  frame.style.cssText = "display:block;width:100%;border:0;height:" + (show === "card" ? "24rem" : "60rem");
  tag.insertAdjacentElement("afterend", frame);
  window.addEventListener("message", function (message) {
    // Nobody but the frame itself, and only while it shows our own site, says how high it is.
    if (message.origin !== origin || message.source !== frame.contentWindow) return;
    var told = message.data;
    if (!told || told.type !== "best-practice-tour" || typeof told.height !== "number") return;
    if (told.height > 0 && told.height < 20000) frame.style.height = Math.ceil(told.height) + "px";
    // After a step of the form its beginning is looked at, which may be above what is in sight.
    if (told.step && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  });
})();
