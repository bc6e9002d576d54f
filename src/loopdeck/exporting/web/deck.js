"use strict";
// Replays a session from the island of data in the page. Text becomes text nodes, never markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const { rows, tracks, times, worked, steps, approvals, errors, head } = data;
  const ROW = 24;
  const SPEEDS = [0.5, 1, 2, 4, 8, 16];
  const LONGEST_GAP = 1000;
  const SHORTEST_GAP = 1000 / 30;
  const MOST_LINES = 3000;
  const STATES = {
    proposed: ["○", "muted"], waiting: ["◐", "waiting"], approved: ["○", "ok"],
    denied: ["⊘", "fail"], running: ["▶", "accent"], done: ["✓", "ok"], failed: ["✗", "fail"],
    unknown: ["?", "unknown"], thinking: ["▶", "accent"], replied: [" ", "muted"],
  };
  const KINDS = {
    goal: ["◇", "accent"], human_message: ["❯", "accent"], human_steered: ["❯", "accent"],
    human_called: ["◐", "waiting"], human_answered: ["❯", "accent"], session_paused: ["‖", "muted"],
    session_resumed: ["▶", "muted"], session_ended: ["■", "ok"], check_started: ["·", "muted"],
    limit_hit: ["‖", "waiting"], limit_warned: ["‖", "waiting"], loop_suspected: ["↻", "waiting"],
  };
  const PLAN = { todo: ["○", "muted"], doing: ["▶", "accent"], done: ["✓", "ok"], dropped: ["⊘", "muted"] };
  const HELP = [
    ["← →", "one step back, on"], ["shift ← →", "one event back, on"],
    ["[ ]", "previous, next approval"], ["{ }", "previous, next error"],
    ["home end", "the start, the last event"], ["space", "play or halt"], ["< >", "slower, faster"],
    [":", "go to a step (12), a time (4:20) or an event (#120)"], ["/", "search"],
    ["n N", "next, previous hit"], ["↑ ↓", "another row"], ["enter", "go to the row"], ["?", "these keys"],
  ];

  let seq = head; // the playhead
  let chosen = null; // a row picked by hand; else the newest one touched
  let speed = 1;
  let timer = null;
  let gap = 0; // the real length of a pause that is being cut short
  let hits = [];
  let sought = "";
  let said = "";
  let asks = ""; // what the box is open for

  // How many of a sorted list are at or before a number.
  function upto(list, number, key = (item) => item) {
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (key(list[middle]) <= number) low = middle + 1; else high = middle;
    }
    return low;
  }
  function value(name) {
    const track = tracks[name] || [];
    const count = upto(track, seq, (item) => item[0]);
    return count ? track[count - 1][1] : null;
  }
  function before(list, number) { return upto(list, number - 1); }

  const stops = [1, ...(steps.length ? [Math.max(1, steps[0] - 1)] : []), ...steps.slice(1).map((s) => s - 1)];
  function byStep(direction) {
    if (direction < 0) return stops[Math.max(0, before(stops, seq) - 1)];
    const place = upto(stops, seq);
    return place < stops.length && stops[place] < head ? stops[place] : head;
  }
  function jump(places, direction) {
    const place = direction < 0 ? before(places, seq) - 1 : upto(places, seq);
    return place >= 0 && place < places.length ? places[place] : seq;
  }
  const clock = (ms) => {
    const whole = Math.floor(ms / 1000), rest = String(whole % 60).padStart(2, "0");
    const minutes = Math.floor(whole / 60) % 60, hours = Math.floor(whole / 3600);
    return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  };

  function element(tag, kind, text) {
    const made = document.createElement(tag);
    if (kind) made.className = kind;
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function facts(into, pairs) {
    into.replaceChildren(...pairs.map(([word, text, kind]) => {
      const pair = element("span", "", word ? `${word} ` : "");
      pair.append(element("b", kind || "", text));
      return pair;
    }));
  }

  // ---- rows: only those that can be seen are in the document
  const touched = rows.flatMap((row, index) =>
    [[row.s, index], ...row.m.map((m) => [m[0], index]), ...row.d.map((d) => [d[0], index])]
  ).sort((a, b) => a[0] - b[0]);
  function current() {
    if (chosen !== null) return chosen;
    const count = upto(touched, seq, (item) => item[0]);
    return count ? touched[count - 1][1] : 0;
  }
  function state(row) {
    const count = upto(row.m, seq, (item) => item[0]);
    return count ? row.m[count - 1][1] : "";
  }
  function glyph(row) {
    if (row.k === "step" || row.k === "call") return STATES[state(row)] || [" ", "muted"];
    if (row.k === "check_finished") return row.t.includes("passed") ? ["✓", "ok"] : ["✗", "fail"];
    return KINDS[row.k] || ["·", "muted"];
  }
  function words(row) {
    if (row.k === "step" && !row.m.some((m) => m[1] === "replied" && m[0] <= seq)) return "thinking …";
    return row.x ? `${row.t}: ${row.x}` : row.t;
  }
  function rowElement(index) {
    const row = rows[index], [sign, kind] = glyph(row), made = element("div", "row");
    made.setAttribute("role", "option");
    made.dataset.index = index;
    made.append(element("span", "n", row.k === "step" ? row.n : ""), element("span", `g ${kind}`, sign));
    if (row.k === "call") made.append(element("span", "tool", row.tool));
    made.append(element("span", `w ${row.k === "call" && state(row) === "waiting" ? "waiting" : ""}`, words(row)));
    if (index === current()) { made.classList.add("sel"); made.setAttribute("aria-selected", "true"); }
    return made;
  }
  function drawRows(follow) {
    const loop = at("loop"), count = upto(rows, seq, (row) => row.s);
    at("space").style.height = `${count * ROW}px`;
    if (follow) {
      const top = current() * ROW, height = loop.clientHeight;
      if (top < loop.scrollTop) loop.scrollTop = top;
      if (top + ROW > loop.scrollTop + height) loop.scrollTop = top + ROW - height;
    }
    const first = Math.max(0, Math.floor(loop.scrollTop / ROW) - 5);
    const last = Math.min(count, first + Math.ceil(loop.clientHeight / ROW) + 10);
    at("rows").style.top = `${first * ROW}px`;
    const made = [];
    for (let index = first; index < last; index += 1) made.push(rowElement(index));
    at("rows").replaceChildren(...made);
  }

  // ---- details of the row under the cursor, as far as the playhead
  // Each line of a change with its number, in the new file or, where it goes, in the old one.
  function diff(text) {
    const made = element("pre", "code diff");
    const lines = text.replace(/^--- .*\n\+\+\+ .*\n/, "").replace(/\n+$/, "").split("\n").slice(0, MOST_LINES);
    let old = 0, now = 0;
    for (const line of lines) {
      const hunk = /^@@ -(\d+)[^+]*\+(\d+)/.exec(line);
      if (hunk) { old = Number(hunk[1]); now = Number(hunk[2]); }
      const kind = hunk ? "hunk" : line[0] === "+" ? "add" : line[0] === "-" ? "del" : "";
      const body = element("span", kind), gone = kind === "del";
      const number = hunk || line[0] === "\\" ? "" : gone ? old : now;
      body.append(element("i", "", `${number}`), `${line}\n`);
      made.append(body);
      if (!hunk && line[0] !== "\\") { old += kind !== "add"; now += !gone; }
    }
    return made;
  }
  // A change is told by its newest diff; what the call was given stands below it.
  function ordered(known) {
    const change = known.findLast((one) => one[3] === "diff");
    if (!change) return known;
    const given = known.filter((one) => one[1].startsWith("Arguments"));
    return [change, ...known.filter((one) => one[3] !== "diff" && !given.includes(one)), ...given];
  }
  function drawDetail() {
    const row = rows[current()], made = [];
    const known = ordered(row ? row.d.filter((one) => one[0] <= seq) : []);
    const lastSettled = known.findLastIndex((one) => one[3] !== "live");
    let streaming = null;
    known.forEach(([, title, text, style], index) => {
      if (style === "live") {
        if (index < lastSettled) return;
        if (streaming) { streaming.textContent += text; return; }
        streaming = element("pre", "live", text);
        made.push(element("h2", "", title), streaming);
        return;
      }
      made.push(element("h2", "", title), style === "diff" ? diff(text) : element("pre", style, text));
    });
    at("detail").replaceChildren(...made);
  }

  // ---- the rest of the deck
  function drawHead() {
    const cost = value("cost"), waiting = value("waiting") || 0;
    at("goal").textContent = data.goal;
    facts(at("facts"), [
      ["", value("status") || "", waiting ? "waiting" : ""], ["level", value("level") ?? ""],
      ["step", `${upto(steps, seq)} of ${steps.length}`], ["calls", value("calls") ?? 0],
      ["tokens", value("tokens") ?? 0],
      ["cost", cost ?? ""],
      ["at work", clock(worked[seq - 1] || 0)],
      ...(waiting ? [["", `◐ ${waiting} waiting`, "waiting"]] : []), ["model", data.model],
    ]);
    at("plan").replaceChildren(...(value("plan") || []).map(([how, text]) => {
      const [sign, kind] = PLAN[how] || PLAN.todo, made = element("div", how === "dropped" ? "muted" : "");
      made.append(element("span", `g ${kind}`, sign), text);
      return made;
    }));
  }
  function drawWhere() {
    const playing = timer !== null;
    document.body.classList.toggle("past", seq < head);
    facts(at("where"), [
      ["", `${clock(times[seq - 1] || 0)} of ${clock(times[head - 1] || 0)}`], ["event", `${seq} of ${head}`],
      ["", playing ? `▶ ${speed}×` : seq < head ? "‖ in the past" : "■ the end", seq < head ? "past" : ""],
      ...(gap ? [["", `a pause of ${clock(gap)} cut short`, "past"]] : []),
      ...(sought ? [["", `${hits.length} × “${sought}”`]] : []), ...(said ? [["", said, "waiting"]] : []),
    ]);
  }
  function drawBar() {
    const bar = at("bar"), ratio = window.devicePixelRatio || 1, style = getComputedStyle(document.body);
    const color = (name) => style.getPropertyValue(`--${name}`) || "#888888";
    const width = bar.clientWidth, height = bar.clientHeight, draw = bar.getContext("2d");
    bar.width = width * ratio; bar.height = height * ratio;
    draw.scale(ratio, ratio);
    const x = (number) => (head > 1 ? ((number - 1) / (head - 1)) * (width - 4) + 2 : 2);
    draw.fillStyle = color("border"); draw.fillRect(0, 13, width, 2);
    draw.fillStyle = color("accent"); draw.fillRect(0, 13, x(seq), 2);
    const ticks = [[steps, "muted", 10, 8], [approvals, "waiting", 4, 8], [errors, "fail", 17, 8]];
    for (const [places, name, top, size] of ticks) {
      draw.fillStyle = color(name);
      for (const place of places) draw.fillRect(Math.round(x(place)) - 1, top, 2, size);
    }
    draw.fillStyle = color("text"); draw.fillRect(Math.round(x(seq)) - 2, 2, 4, height - 4);
  }
  // What takes its height from its words comes first: the rows fill what it leaves.
  function paint(follow = true) { drawHead(); drawWhere(); drawRows(follow); drawDetail(); drawBar(); }

  function seek(number) { seq = Math.max(1, Math.min(head, number)); chosen = null; paint(); }
  function move(number) { halt(); said = ""; seek(number); }
  function halt() { clearTimeout(timer); timer = null; gap = 0; }
  function play() {
    if (timer !== null) { halt(); paint(); return; }
    if (seq >= head) seek(1);
    tick();
  }
  function tick() {
    let next = seq, saved = 0;
    gap = 0;
    while (next < head && saved < SHORTEST_GAP) {
      const real = Math.max(0, times[next] - times[next - 1]);
      if (real > LONGEST_GAP && saved > 0) break; // a long pause is shown by itself
      if (real > LONGEST_GAP) gap = real;
      saved += Math.min(real, LONGEST_GAP) / speed;
      next += 1;
    }
    timer = setTimeout(() => {
      timer = null;
      seek(next);
      if (next < head) tick(); else { gap = 0; drawWhere(); }
    }, saved);
    drawWhere();
  }
  function faster(direction) {
    speed = SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(speed) + direction))];
    said = timer === null ? `plays at ${speed}×` : "";
    if (timer !== null) { clearTimeout(timer); tick(); }
    drawWhere();
  }
  function select(index) {
    const count = upto(rows, seq, (row) => row.s);
    chosen = Math.max(0, Math.min(count - 1, index));
    paint();
  }

  function place(text) {
    if (/^#\d{1,9}$/.test(text)) return Number(text.slice(1));
    if (/^\d{1,9}$/.test(text)) {
      const step = Number(text);
      return step <= 0 ? 1 : step < steps.length ? steps[step] - 1 : head;
    }
    const parts = /^\d+s$/.test(text) ? [text.slice(0, -1)] : text.split(":");
    if ((parts.length === 1 && !text.endsWith("s")) || parts.length > 3) return null;
    if (!parts.every((part) => /^\d{1,6}$/.test(part))) return null;
    const wanted = parts.reduce((total, part) => total * 60 + Number(part), 0) * 1000;
    return Math.max(1, upto(times, wanted));
  }
  function search(text) {
    const low = text.toLowerCase(), found = new Set();
    sought = text;
    rows.forEach((row) => {
      if (`${row.tool || ""} ${row.t} ${row.x || ""}`.toLowerCase().includes(low)) found.add(row.s);
      for (const one of row.d) if (one[3] !== "live" && one[2].toLowerCase().includes(low)) found.add(one[0]);
    });
    hits = low.trim() ? [...found].sort((a, b) => a - b) : [];
    if (!low.trim()) sought = "";
    const place = upto(hits, seq - 1);
    if (hits.length) move(hits[place < hits.length ? place : 0]); else paint();
  }
  function open(kind, words) {
    asks = kind; said = "";
    at("box").hidden = false;
    at("box").querySelector("label").textContent = words;
    at("text").value = "";
    at("text").focus();
  }
  function close() { at("box").hidden = true; asks = ""; at("loop").focus(); }
  at("box").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = at("text").value.trim();
    if (asks === "search") { close(); search(text); return; }
    const found = place(text);
    if (found === null) { said = "Type a step (12), a time (4:20) or an event (#120)."; drawWhere(); return; }
    close();
    move(found);
  });
  function help() {
    at("help").replaceChildren(...HELP.map(([keys, words]) => {
      const made = element("div");
      made.append(element("b", "", keys), element("span", "", words));
      return made;
    }));
    at("help").showModal();
  }

  const KEYS = {
    ArrowLeft: () => move(byStep(-1)), ArrowRight: () => move(byStep(1)),
    "shift ArrowLeft": () => move(seq - 1), "shift ArrowRight": () => move(seq + 1),
    "[": () => move(jump(approvals, -1)), "]": () => move(jump(approvals, 1)),
    "{": () => move(jump(errors, -1)), "}": () => move(jump(errors, 1)),
    Home: () => move(1), End: () => move(head), " ": play, "<": () => faster(-1), ">": () => faster(1),
    ":": () => open("place", "go to"), "/": () => open("search", "search"),
    n: () => hits.length && move(jump(hits, 1)), N: () => hits.length && move(jump(hits, -1)),
    ArrowUp: () => select(current() - 1), ArrowDown: () => select(current() + 1),
    Enter: () => rows[current()] && move(rows[current()].s), "?": help,
  };
  document.addEventListener("keydown", (event) => {
    if (event.target === at("text")) { if (event.key === "Escape") close(); return; }
    if (at("help").open) {
      if (event.key === "?") { event.preventDefault(); at("help").close(); }
      return;
    }
    const held = event.ctrlKey || event.metaKey || event.altKey;
    if (held && !event.getModifierState("AltGraph")) return;
    const arrow = event.key === "ArrowLeft" || event.key === "ArrowRight";
    const act = KEYS[event.shiftKey && arrow ? `shift ${event.key}` : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  at("rows").addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (row) select(Number(row.dataset.index));
  });
  const drag = (event) => {
    const bar = at("bar").getBoundingClientRect();
    move(Math.round(((event.clientX - bar.left) / Math.max(1, bar.width)) * (head - 1)) + 1);
  };
  at("bar").addEventListener("pointerdown", (event) => { at("bar").setPointerCapture(event.pointerId); drag(event); });
  at("bar").addEventListener("pointermove", (event) => { if (event.buttons) drag(event); });
  at("loop").addEventListener("scroll", () => drawRows(false), { passive: true });
  window.addEventListener("resize", () => paint());
  window.matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => drawBar());

  const short = [["← →", "step"], ["[ ]", "approval"], ["{ }", "error"], ["space", "play"], ["< >", "speed"],
    [":", "go to"], ["/", "search"], ["?", "keys"]];
  at("keys").replaceChildren(...short.flatMap(([keys, word]) => [element("b", "", keys), ` ${word}   `]));
  at("loop").focus();
  paint();
})();
