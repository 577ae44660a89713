/* A whole front end of the Tour in plain JavaScript: the programme in a chosen language, and registering for a visit.
   It knows nothing but the API (docs/api.md), sends no cookie, and keeps nothing. */
"use strict";
const WORDS = {
  nl: { title: "Programma", page: "Best Practice Tour: een kleine cliënt", one: "plaats vrij", left: "plaatsen vrij", full: "volzet", register: "Inschrijven", send: "Nu inschrijven", first_name: "Voornaam",
        last_name: "Achternaam", email: "E-mailadres", organisation: "Organisatie", code: "Code van uw organisatie (als u er een hebt)",
        terms: "Ik ga akkoord met de voorwaarden", free: "gratis", pay: "Nu betalen", manage: "Uw inschrijving bekijken",
        confirmed: "U bent ingeschreven.", held: "Uw plaats wordt vastgehouden tot u betaald hebt.",
        waiting: "U staat op de wachtlijst.", unconfirmed_email: "Open de link in onze mail om te bevestigen.",
        awaiting_approval: "Uw inschrijving wacht op goedkeuring.", offered: "Er is een plaats voor u: zie onze mail.",
        lost: "De Tour antwoordt niet. Probeer het straks opnieuw." },
  en: { title: "Programme", page: "Best Practice Tour: a minimal client", one: "place left", left: "places left", full: "fully booked", register: "Register", send: "Register now", first_name: "First name",
        last_name: "Last name", email: "E-mail address", organisation: "Organisation", code: "Code of your organisation (if you have one)",
        terms: "I accept the terms", free: "free of charge", pay: "Pay now", manage: "Look at your registration",
        confirmed: "You are registered.", held: "Your place is held until you have paid.",
        waiting: "You are on the waiting list.", unconfirmed_email: "Open the link in our mail to confirm.",
        awaiting_approval: "Your registration waits for approval.", offered: "There is a place for you: see our mail.",
        lost: "The Tour does not answer. Try again later." },
};
/* Out of the page itself and never out of its address: a link would send what people type to whoever wrote it. */
const api = document.body.dataset.api;
const desk = document.getElementById("desk");
let locale = "nl";

/* What is wrong, one thing a line, each with the name its field has on the form. The one person of this form is contact
   and attendee: what is said of both is said once. `type` at the top of a problem is its stable code, for programs. */
function wrongs(told, say) {
  const fields = { code: ["organisation_code"], organisation: ["organisation", "name"], terms: ["accept_terms"] };
  const lines = (told.errors || []).map(({ loc, msg }) => {
    const [, ...place] = loc;
    const own = Object.keys(fields).find((name) => fields[name].join() === place.join()) || place.at(-1);
    return say[own] ? `${say[own]}: ${msg}` : msg;
  });
  return lines.length ? [...new Set(lines)] : [told.detail];
}

/* Texts are always set as text: nothing that comes from the API is read as HTML. */
function make(tag, text, facts = {}) {
  const element = Object.assign(document.createElement(tag), facts);
  if (text) element.textContent = text;
  return element;
}

const euro = (amount) => new Intl.NumberFormat(locale === "nl" ? "nl-BE" : "en-BE", { style: "currency", currency: "EUR" }).format(amount);

async function ask(path, options) {
  const answer = await fetch(api + path, { credentials: "omit", ...options });
  return { ok: answer.ok, told: await answer.json() };
}

async function showProgramme() {
  const say = WORDS[locale];
  document.documentElement.lang = locale;
  document.title = say.page;
  document.querySelector("h1").textContent = say.title;
  const { told } = await ask(`/events/?locale=${locale}`);
  const day = new Intl.DateTimeFormat(locale === "nl" ? "nl-BE" : "en-GB", { dateStyle: "full", timeStyle: "short", timeZone: "Europe/Brussels" });
  document.getElementById("programme").replaceChildren(...told.items.map((visit) => {
    const row = make("li");
    const prices = visit.ticket_types.map((kind) => `${kind.name}: ${kind.price_incl_vat === "0.00" ? say.free : euro(kind.price_incl_vat)}`);
    row.append(make("strong", visit.title), make("br"), `${day.format(new Date(visit.starts_at))}, ${visit.city} · `,
               `${visit.status === "full" ? say.full : `${visit.seats_left} ${visit.seats_left === 1 ? say.one : say.left}`} · ${prices.join(", ")}`);
    if (visit.status === "open" || (visit.status === "full" && visit.waiting_list)) {
      const button = make("button", say.register, { type: "button" });
      button.setAttribute("aria-label", `${say.register}: ${visit.title}`);
      button.addEventListener("click", () => showForm(visit));
      row.append(make("br"), button);
    }
    return row;
  }));
}

function showForm(visit) {
  const say = WORDS[locale];
  const form = make("form", "", { noValidate: true });
  form.append(make("h2", visit.title));
  for (const name of ["first_name", "last_name", "email", "organisation", "code"]) {
    const label = make("label", say[name]);
    label.append(make("input", "", { name, type: name === "email" ? "email" : "text" }));
    form.append(label);
  }
  const terms = make("label");
  terms.append(make("input", "", { name: "terms", type: "checkbox" }), ` ${say.terms}`);
  const problem = make("ul", "", { className: "wrong" });
  const alert = make("div");
  alert.setAttribute("role", "alert");
  alert.append(problem);
  form.append(terms, alert, make("button", say.send));
  // One key a form: however often it is sent, it is one registration.
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join("");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = Object.fromEntries(new FormData(form));
    const person = { first_name: typed.first_name, last_name: typed.last_name, email: typed.email };
    const body = { event: visit.id, locale, contact: person, attendees: [person], organisation: { name: typed.organisation },
                   organisation_code: typed.code, accept_terms: typed.terms === "on" };
    const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
    try {
      const { ok, told } = await ask("/registrations/", { method: "POST", headers, body: JSON.stringify(body) });
      if (ok) return showStanding(told);
      problem.replaceChildren(...wrongs(told, say).map((text) => make("li", text)));
    } catch {
      problem.replaceChildren(make("li", say.lost));
    }
  });
  desk.replaceChildren(form);
  form.querySelector("input").focus();
}

function showStanding(registration) {
  const say = WORDS[locale];
  desk.replaceChildren(make("h2", registration.reference), make("p", say[registration.status]));
  if (registration.checkout_url) desk.append(make("p"), make("a", say.pay, { href: registration.checkout_url }), make("br"));
  desk.append(make("a", say.manage, { href: registration.manage_url }));
  showProgramme();
}

for (const button of document.querySelectorAll("[data-locale]")) {
  button.addEventListener("click", () => { locale = button.dataset.locale; desk.replaceChildren(); showProgramme(); });
}
showProgramme().catch(() => desk.replaceChildren(make("p", WORDS[locale].lost, { className: "wrong" })));
