// Sorts and searches the lists. Without this file they are read as they stand.
(() => {
  "use strict";
  const language = document.documentElement.lang;
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const plurals = new Intl.PluralRules(language);
  const letters = { "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d" };
  // words as they are typed: without accents, ligatures, superscripts, and signs that no keyboard has
  const plain = (text) =>
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[œæßøłđ]/g, (sign) => letters[sign])
      .replace(/[\p{Pd}\u2212]/gu, "-")
      .replace(/[\u2018-\u201b\u2032]/g, "'")
      .replace(/[\u201c-\u201f\u00ab\u00bb\u2033]/g, '"');
  const found = document.getElementById("found");
  const sorted = document.getElementById("sorted");
  const wanted = document.getElementById("wanted");

  // what a case is about, of which kind it is, and its number; neither the day nor what is said of a missing language
  const searched = (row) => {
    const cells = [...row.cells].slice(0, -1).map((cell) => {
      const said = cell.cloneNode(true);
      for (const remark of said.querySelectorAll(".gap")) remark.remove();
      return said.textContent;
    });
    return plain([...cells, row.cells[0].dataset.kind ?? "", row.dataset.number].join(" "));
  };
  const rows = [...document.querySelectorAll("tbody tr")].map((row) => ({ row, text: searched(row) }));

  const cell = (row, column) => {
    const found = row.cells[column];
    const time = found.querySelector("time");
    return time ? time.dateTime : found.textContent;
  };

  const sort = (table, header, column, name) => {
    const way = header.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
    const body = table.tBodies[0];
    const keyed = [...body.rows].map((row) => [cell(row, column), row]);
    keyed.sort((a, b) => (way === "descending" ? -1 : 1) * collator.compare(a[0], b[0]));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", way);
    body.append(...keyed.map(([, row]) => row));
    const list = document.getElementById(table.getAttribute("aria-labelledby")).textContent;
    const words = { list, column: name, direction: sorted.dataset[way] };
    sorted.textContent = sorted.dataset.said.replace(/\{(\w+)\}/g, (_, word) => words[word]);
  };

  for (const table of document.querySelectorAll("table:not(.empty)")) {
    table.tHead.classList.add("sorts");
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const name = header.textContent;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.addEventListener("click", () => sort(table, header, column, name));
      // a browser paints no button in a head that is repeated on the next sheet of paper
      const printed = document.createElement("span");
      printed.className = "printed";
      printed.textContent = name;
      header.replaceChildren(button, printed);
    });
  }

  const search = () => {
    const words = plain(wanted.value).split(/\s+/).filter(Boolean);
    let hits = 0;
    for (const { row, text } of rows) {
      const fits = words.every((word) => text.includes(word));
      row.hidden = !fits;
      hits += fits;
    }
    for (const section of document.querySelectorAll("main section")) {
      section.hidden = words.length > 0 && !section.querySelector("tbody tr:not([hidden])");
    }
    const form = hits ? plurals.select(hits) : "none";
    const said = found.dataset[form] ?? found.dataset.other;
    found.textContent = said.replace("{found}", hits).replace("{all}", rows.length);
  };

  let waiting = 0;
  wanted.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 80);
  });
  document.getElementById("search").hidden = false;
  search();
})();
