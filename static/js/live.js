// Texts that several people write at once. A text is saved when its field is left, or
// after a pause; what others wrote comes in by the poll. The field being typed in is
// never overwritten, and what is not saved yet is kept in this browser.
(() => {
  "use strict";

  const PAUSE = 5000; // ms without a key before a text is saved in its field
  const RENEW = 15000; // ms between two signs of "is writing"
  const FADES = 35000; // ms after which such a sign no longer counts
  const fields = new Map();

  // Tells this page's own saves from those of others, also when an answer was lost.
  const page = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);

  class Field {
    constructor(section) {
      this.section = section;
      this.sheet = section.closest("[data-live-sheet]");
      this.form = section.querySelector("form[data-live-form]");
      this.box = this.form.querySelector("textarea");
      this.base = this.box.value;
      this.store = `live:${this.sheet.dataset.livePerson}:${this.sheet.dataset.liveSheet}:${section.dataset.live}`;
      this.form.append(hidden("page", page));
      this.restore();
    }

    get version() {
      return Number(this.form.elements.version.value);
    }

    set version(number) {
      this.form.elements.version.value = number;
      countCard(this.section.closest("[data-live-card]"));
    }

    get isDirty() {
      return this.box.value !== this.base;
    }

    say(words, tone = "") {
      const state = this.section.querySelector("[data-live-state]");
      state.textContent = words;
      state.className = `small live-state ${tone}`;
    }

    // A text that never reached the portal comes back with the version it was begun on.
    restore() {
      const draft = kept(this.store);
      if (!draft || draft.text === this.box.value) return forget(this.store);
      this.box.value = draft.text;
      this.version = draft.version;
      this.form.elements.page.value = draft.page;
      this.say(this.sheet.dataset.again, "tone-warn");
      this.isRestored = true;
    }

    typed() {
      if (!this.isDirty) {
        forget(this.store);
        this.say("");
        return this.takeWaiting();
      }
      keep(this.store, { text: this.box.value, version: this.version, page: this.form.elements.page.value });
      if (!this.isOffline) this.say(this.sheet.dataset.typing);
      this.isWriting();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), PAUSE);
    }

    isWriting() {
      const now = Date.now();
      if (this.isOffline || now - (this.told || 0) < RENEW) return;
      this.told = now;
      const sign = this.section.querySelector("form[data-live-pen]");
      const headers = { "HX-Request": "true" };
      fetch(sign.action, { method: "POST", headers, body: new FormData(sign) }).catch(() => {});
    }

    save() {
      clearTimeout(this.timer);
      if (this.inConflict || this.inFlight || !this.isDirty) return;
      htmx.trigger(this.form, "live-save");
    }

    sending() {
      this.sent = this.box.value;
      this.inFlight = true;
      if (!this.isOffline) this.say(this.sheet.dataset.saving);
    }

    // The portal has the text that was sent; more may have been typed since.
    saved(news) {
      const text = news.content.querySelector("textarea").value;
      const isSettled = this.inConflict || this.box.value === this.sent;
      this.inConflict = this.box.readOnly = false;
      this.version = Number(news.dataset.version);
      this.note(news);
      this.base = this.sent ?? text;
      if (isSettled) {
        const goesOn = document.activeElement === this.box && this.box.value === this.sent;
        if (!goesOn) this.box.value = text;
        this.base = this.box.value;
        forget(this.store);
        this.say("");
        this.takeWaiting();
      } else {
        this.typed();
      }
    }

    // Both texts are shown; this field waits until one of them was chosen.
    conflict() {
      if (this.box.value !== this.sent && !this.inConflict) {
        this.inFlight = false;
        htmx.trigger(this.form, "live-save");
        return;
      }
      this.inConflict = this.box.readOnly = true;
      this.say("");
    }

    // What somebody else wrote; under the pen it waits until this text is saved.
    news(template) {
      const version = Number(template.dataset.version);
      if (version <= this.version || this.inConflict) return;
      const text = template.content.querySelector("textarea").value;
      if (this.inFlight || (this.isDirty && this.box.value !== text)) {
        this.waiting = template;
        const words = this.sheet.dataset.meanwhile.replace("%(person)s", template.dataset.who);
        this.say(words, "tone-warn");
        return;
      }
      const { selectionStart, selectionEnd } = this.box;
      if (this.box.value !== text) this.box.value = text;
      if (document.activeElement === this.box) {
        this.box.setSelectionRange(selectionStart, selectionEnd);
      }
      this.base = this.box.value;
      this.version = version;
      forget(this.store);
      this.note(template);
    }

    takeWaiting() {
      const template = this.waiting;
      this.waiting = null;
      if (template) this.news(template);
    }

    note(template) {
      const note = template.content.querySelector("[data-note]");
      this.section.querySelector("[data-live-note]").replaceChildren(...note.childNodes);
    }

    lost() {
      this.inFlight = false;
      this.isOffline = true;
      this.say(this.sheet.dataset.offline, "tone-warn");
    }
  }

  function hidden(name, value) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    return input;
  }

  // A browser that keeps nothing (private windows) only loses the comfort.
  function keep(name, draft) {
    try {
      localStorage.setItem(name, JSON.stringify(draft));
    } catch {
      return;
    }
  }

  function kept(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function forget(name) {
    try {
      localStorage.removeItem(name);
    } catch {
      return;
    }
  }

  // A card is taken away only as it was seen: by the sum of its versions.
  function countCard(card) {
    const seen = card && card.querySelector("[data-live-remove] [name=seen]");
    if (!seen) return;
    const versions = [...card.querySelectorAll("form[data-live-form] [name=version]")];
    seen.value = versions.reduce((sum, input) => sum + Number(input.value), 0);
  }

  const fieldOf = (node) => fields.get(node && node.closest && node.closest("[data-live]"));
  const sectionOf = (key) => document.querySelector(`[data-live="${CSS.escape(key)}"]`);

  function begin(root) {
    for (const section of root.querySelectorAll("[data-live]")) {
      if (fields.has(section) || !section.querySelector("form[data-live-form]")) continue;
      const field = new Field(section);
      fields.set(section, field);
      if (field.isRestored) setTimeout(() => field.save());
    }
  }

  function flush() {
    for (const field of fields.values()) {
      if (field.isOffline) {
        field.isOffline = false;
        field.say(field.isDirty ? field.sheet.dataset.typing : "");
      }
      field.save();
    }
  }

  // News from the poll.

  function takeNews(poll) {
    for (const template of poll.querySelectorAll("template[data-live-text]")) takeText(template);
    showWriters(poll);
    poll.replaceChildren();
    count();
  }

  function takeText(template) {
    const section = sectionOf(template.dataset.liveText);
    if ("removed" in template.dataset) return takeAway(section);
    if (!section) return addCard(template);
    const field = fields.get(section);
    if (field) return field.news(template);
    const shown = section.querySelector("[data-live-read]");
    const note = template.content.querySelector("[data-note]");
    section.querySelector("[data-live-note]").replaceChildren(...note.childNodes);
    template.content.querySelectorAll("[data-note], [data-new-card]").forEach((one) => one.remove());
    shown.replaceChildren(template.content);
  }

  function takeAway(section) {
    const card = section && section.closest("[data-live-card]");
    if (!card) return section && showFresh();
    const inside = [...fields.values()].filter((field) => card.contains(field.section));
    const written = inside.filter((field) => field.isDirty || field.inConflict);
    for (const field of written) field.say(field.sheet.dataset.gone, "tone-warn");
    if (!written.length) dropCard(card);
  }

  function dropCard(card) {
    for (const section of card.querySelectorAll("[data-live]")) fields.delete(section);
    card.remove();
  }

  function addCard(template) {
    const { card, group } = template.dataset;
    if (!card) return showFresh();
    const list = document.getElementById(`live-group-${group}`);
    const fresh = template.content.querySelector("[data-new-card] > [data-live-card]");
    if (!list || !fresh || document.getElementById(fresh.id)) return;
    list.append(fresh);
    htmx.process(fresh);
    begin(fresh);
  }

  // Fields came or went that are no cards: loading the page anew shows them.
  function showFresh() {
    for (const note of document.querySelectorAll("[data-live-fresh]")) note.hidden = false;
  }

  // How many of the texts whose keys begin so are written: "4 of 12 answered".
  function count() {
    for (const place of document.querySelectorAll("[data-live-count]")) {
      const boxes = boxesOf(place.dataset.liveCount);
      const written = boxes.filter((box) => box.value.trim()).length;
      if (!boxes.length) continue;
      const words = place.dataset.words.replace("%(n)s", written).replace("%(all)s", boxes.length);
      // Written only when it changes: it is read aloud.
      if (place.textContent !== words) place.textContent = words;
    }
  }

  const boxesOf = (prefix) => [...fields.values()]
    .filter((field) => document.contains(field.section) && field.section.dataset.live.startsWith(prefix))
    .map((field) => field.box);

  // Ctrl+Enter: on to the next text of the sheet that is still empty, else to the next.
  function goOn(field) {
    const boxes = boxesOf("").filter((box) => fieldOf(box).sheet === field.sheet);
    const after = boxes.slice(boxes.indexOf(field.box) + 1);
    const next = after.find((box) => !box.value.trim()) || after[0];
    field.save();
    if (next) next.focus();
  }

  function showWriters(poll) {
    const names = new Map();
    for (const writer of poll.querySelectorAll("[data-live-writer]")) {
      const key = writer.dataset.liveWriter;
      names.set(key, [...(names.get(key) || []), writer.textContent]);
    }
    const sheet = poll.closest("[data-live-sheet]");
    for (const place of sheet.querySelectorAll("[data-live-writers]")) {
      const people = names.get(place.closest("[data-live]").dataset.live) || [];
      place.textContent = people.length ? sheet.dataset.writes.replace("%(people)s", people.join(", ")) : "";
      clearTimeout(place.fades);
      if (people.length) place.fades = setTimeout(() => (place.textContent = ""), FADES);
    }
  }

  // What the page and htmx tell.

  document.addEventListener("input", (event) => {
    const field = fieldOf(event.target);
    if (!field || event.target !== field.box) return;
    field.typed();
    count();
  });

  document.addEventListener("keydown", (event) => {
    const field = fieldOf(event.target);
    if (!field || event.target !== field.box) return;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    goOn(field);
  });

  document.addEventListener("focusout", (event) => {
    const field = fieldOf(event.target);
    if (field && event.target === field.box) field.save();
  });

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) for (const field of fields.values()) field.save();
  });

  window.addEventListener("online", flush);

  document.addEventListener("htmx:beforeRequest", (event) => {
    const elt = event.detail.elt;
    // Nobody looks: nothing has to be asked.
    if (elt.matches("[data-live-poll]") && document.hidden) event.preventDefault();
    const field = fieldOf(elt);
    if (field && elt === field.form) field.sending();
    else if (field && elt.matches("[data-live-choice]")) field.sent = null;
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const elt = event.detail.elt;
    const reached = event.detail.xhr && event.detail.xhr.status > 0;
    if (reached && elt.matches("[data-live-poll]") && isAnyLost()) flush();
    const field = fieldOf(elt);
    if (!field || elt !== field.form) return;
    field.inFlight = false;
    if (!reached) return field.lost();
    field.isOffline = false;
    if (event.detail.xhr.status === 409) field.conflict();
    else if (!event.detail.successful) field.say(field.sheet.dataset.typing, "tone-warn");
  });

  const isAnyLost = () => [...fields.values()].some((field) => field.isOffline);

  document.addEventListener("htmx:beforeSwap", (event) => {
    const field = fieldOf(event.detail.target);
    if (!field || event.detail.xhr.status !== 200) return;
    const holder = document.createElement("template");
    holder.innerHTML = event.detail.xhr.responseText;
    const news = holder.content.querySelector("template[data-saved]");
    if (!news) return;
    event.detail.serverResponse = "";
    field.saved(news);
  });

  document.addEventListener("htmx:load", (event) => {
    const elt = event.detail.elt;
    if (elt.matches("[data-live-poll]")) return takeNews(elt);
    if (elt.matches("[data-live-card]")) {
      // The poll may have brought the card that was just added here.
      const twins = document.querySelectorAll(`#${CSS.escape(elt.id)}`);
      if (twins.length > 1) dropCard([...twins].find((one) => one !== elt));
      begin(elt);
      const first = elt.querySelector("textarea");
      if (first) first.focus();
    }
  });

  begin(document);
  count();
})();
