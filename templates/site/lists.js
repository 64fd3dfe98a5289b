// Sorts and searches the lists. Without this file they are read as they stand.
(() => {
  "use strict";
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const status = document.getElementById("found");
  const wanted = document.getElementById("wanted");
  const rows = [...document.querySelectorAll("tbody tr")].map((row) => ({ row, text: plain(row.textContent) }));

  const cell = (row, column) => {
    const found = row.cells[column];
    const time = found.querySelector("time");
    return time ? time.dateTime : found.textContent;
  };

  const sort = (table, header, column) => {
    const descending = header.getAttribute("aria-sort") === "ascending";
    const body = table.tBodies[0];
    const keyed = [...body.rows].map((row) => [cell(row, column), row]);
    keyed.sort((a, b) => (descending ? -1 : 1) * collator.compare(a[0], b[0]));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
    body.append(...keyed.map(([, row]) => row));
    status.textContent = status.dataset.sorted.replace("{column}", header.textContent);
  };

  for (const table of document.querySelectorAll("table:not(.empty)")) {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = header.textContent;
      button.addEventListener("click", () => sort(table, header, column));
      header.replaceChildren(button);
    });
  }

  const search = () => {
    const words = plain(wanted.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { row, text } of rows) {
      const fits = words.every((word) => text.includes(word));
      row.hidden = !fits;
      found += fits;
    }
    status.textContent = status.dataset.of.replace("{found}", found).replace("{all}", rows.length);
  };

  let waiting = 0;
  wanted.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 80);
  });
  document.getElementById("search").hidden = false;
  search();
})();
