// The clock of the office. The server tells how it stands about once a second;
// in between the page moves the hands by itself.

import { t, day, hour, instant, pace, setZone } from "./texts.js";
import { post } from "./api.js";
import { el } from "./message.js";

const speeds = [600, 3600, 21600, 86400];
const find = (id) => document.getElementById(id);

export class Clock {
  // onMinute is called when the minute that is shown has changed, onFail when
  // the server could not be asked.
  constructor(onMinute, onFail) {
    this.onMinute = onMinute;
    this.onFail = onFail;
    find("play").addEventListener("click", () => this.act({ do: "play" }));
    find("pause").addEventListener("click", () => this.act({ do: "pause" }));
    find("speed").addEventListener("change", (event) => this.act({ do: "speed", speed: Number(event.target.value) }));
    setInterval(() => this.draw(), 200);
  }

  async act(what) {
    try {
      await post("clock", what);
    } catch {
      this.onFail();
    }
  }

  // set takes in how the clock stands now.
  set(state) {
    setZone(state.zone);
    const began = !this.state?.running && state.running;
    const next = Date.parse(state.nextAt);
    this.next = Date.parse(state.nextAt) > 0 ? new Date(next) : null;
    if (began) this.from = Date.parse(state.now);
    this.state = state;
    this.base = Date.parse(state.now);
    this.taken = performance.now();
    this.words();
    this.draw();
  }

  // now is the simulated instant, as far as the page knows.
  now() {
    if (!this.state) return null;
    const rate = this.state.paused ? 0 : this.state.running ? this.state.rate || this.state.speed : 1;
    const instant = this.base + (performance.now() - this.taken) * rate;
    const limit = this.state.running && this.next ? Math.max(this.base, +this.next) : Infinity;
    return new Date(Math.min(instant, limit));
  }

  mode() {
    return this.state.paused ? "paused" : this.state.running ? "running" : "real";
  }

  // words writes what changes rarely, so that a screen reader hears it once.
  words() {
    const what = this.state.nextWhat;
    const args = { what, at: this.next ? instant(this.next, this.now()) : "" };
    const text = t(this.next ? `page.clock.${this.mode()}` : `page.clock.${this.mode()}.none`, args);
    if (find("clock-mode").textContent !== text) find("clock-mode").textContent = text;
    find("clock").dataset.mode = this.mode();
    find("play").disabled = this.state.running;
    find("pause").disabled = this.state.paused;
    this.speeds();
  }

  speeds() {
    const select = find("speed");
    const offered = [...new Set([...speeds, this.state.speed])].sort((a, b) => a - b);
    if (select.options.length !== offered.length) {
      select.replaceChildren(...offered.map((s) => el("option", { value: s }, pace(s))));
    }
    if (document.activeElement !== select || !select.value) select.value = this.state.speed;
  }

  draw() {
    const now = this.now();
    if (!now) return;
    const time = find("clock-now");
    const minute = hour(now);
    const [dayNode, hourNode] = time.children;
    if (hourNode.textContent !== minute || dayNode.textContent !== day(now)) {
      dayNode.textContent = day(now);
      hourNode.textContent = minute;
      time.dateTime = now.toISOString();
      this.onMinute(now);
    }
    const span = this.next - this.from;
    const done = this.state.running && span > 0 ? Math.min(1, (now - this.from) / span) : 0;
    find("clock-track").style.transform = `scaleX(${done})`;
  }
}
