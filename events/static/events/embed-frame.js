/* Inside the frame: tells the page around it how high it is. A height is no secret, so it may be told to anybody. */
(function () {
  "use strict";
  if (window.parent === window) return;
  var told = 0;
  function tell(step) {
    var height = document.documentElement.getBoundingClientRect().height;
    if (Math.abs(height - told) < 1 && !step) return;
    told = height;
    window.parent.postMessage({ type: "best-practice-tour", height: height, step: step }, "*");
  }
  // A browser sets no focus by itself in a frame of another site.
  var wrong = document.getElementById("error-summary");
  if (wrong) wrong.focus({ preventScroll: true });
  new ResizeObserver(function () { tell(false); }).observe(document.documentElement);
  tell(document.body.dataset.step === "on");
})();
