// Marks the quiz and tells the learning platform: the run-time API of SCORM 1.2. Without a platform it marks only.
"use strict";

(function () {
  // The platform puts an object named API in a window above this one, or above the one that opened it.
  function above(start) {
    let place = start;
    for (let steps = 0; place && steps < 500; steps += 1) {
      try {
        if (place.API) return place.API;
      } catch (error) {
        return null; // a window of somebody else's
      }
      if (place.parent === place) return null;
      place = place.parent;
    }
    return null;
  }

  const api = above(window) || (window.opener ? above(window.opener) : null);
  const started = Date.now();
  let isOpen = api !== null && String(api.LMSInitialize("")) === "true";
  const get = (name) => (isOpen ? String(api.LMSGetValue(name)) : "");
  const set = (name, value) => isOpen && String(api.LMSSetValue(name, String(value))) === "true";

  const isDone = (status) => status === "passed" || status === "failed" || status === "completed";
  if (isOpen && !isDone(get("cmi.core.lesson_status"))) {
    set("cmi.core.lesson_status", "incomplete");
    api.LMSCommit("");
  }

  // CMITimespan: HHHH:MM:SS
  function spent() {
    const seconds = Math.round((Date.now() - started) / 1000);
    const two = (number) => String(number).padStart(2, "0");
    return [two(Math.floor(seconds / 3600)), two(Math.floor(seconds / 60) % 60), two(seconds % 60)].join(":");
  }

  function finish() {
    if (!isOpen) return;
    set("cmi.core.session_time", spent());
    api.LMSCommit("");
    api.LMSFinish("");
    isOpen = false;
  }
  window.addEventListener("pagehide", finish);
  window.addEventListener("beforeunload", finish);

  const quiz = document.getElementById("quiz");
  const show = (element, wanted) => { element.hidden = !wanted; };
  quiz.hidden = false;

  // An earlier, better score stands.
  function keep(score, status) {
    const before = get("cmi.core.score.raw");
    if (before !== "" && isDone(get("cmi.core.lesson_status")) && Number(before) > score) return true;
    const isKept = [
      set("cmi.core.score.min", 0), // optional: a platform may not keep these two
      set("cmi.core.score.max", 100),
      set("cmi.core.score.raw", score),
      set("cmi.core.lesson_status", status),
    ].slice(2).every(Boolean);
    return String(api.LMSCommit("")) === "true" && isKept;
  }

  // Each answer of each attempt; optional in SCORM 1.2, so a refusal changes nothing.
  function note(place, question, chosen, right) {
    const name = `cmi.interactions.${place}`;
    if (!set(`${name}.id`, question)) return;
    set(`${name}.type`, "choice");
    set(`${name}.correct_responses.0.pattern`, right);
    set(`${name}.student_response`, chosen);
    set(`${name}.result`, chosen === right ? "correct" : "wrong");
  }

  quiz.addEventListener("submit", (event) => {
    event.preventDefault();
    const questions = Array.from(quiz.querySelectorAll("fieldset"));
    const first = Number(get("cmi.interactions._count")) || 0;
    let rights = 0;
    questions.forEach((question, place) => {
      const { question: name, right } = question.dataset;
      const chosen = quiz.elements[name].value;
      rights += chosen === right ? 1 : 0;
      show(question.querySelector(".told"), true);
      show(question.querySelector(".is-right"), chosen === right);
      show(question.querySelector(".is-wrong"), chosen !== right);
      note(first + place, name, chosen, right);
    });
    const score = Math.round((100 * rights) / questions.length);
    const isPassed = score >= Number(quiz.dataset.mastery);
    const isKept = isOpen && keep(score, isPassed ? "passed" : "failed");
    show(document.getElementById("passed"), isPassed);
    show(document.getElementById("failed"), !isPassed);
    show(document.getElementById("unsaved"), api !== null && !isKept);
    show(document.getElementById("alone"), api === null);
    document.querySelectorAll(".score").forEach((place) => { place.textContent = `${score}%`; });
    document.getElementById("result").focus();
  });
})();
