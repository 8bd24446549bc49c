// The API's page: finds operations while one types, and opens what a link leads to.
(() => {
  "use strict";
  const field = document.querySelector("#api-search input");
  const found = document.getElementById("api-found");
  const parts = [...document.querySelectorAll("[data-operation]")];
  const find = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const part of parts) {
      const text = part.dataset.operation.toLowerCase();
      part.hidden = !words.every((word) => text.includes(word));
      count += !part.hidden;
    }
    for (const group of document.querySelectorAll("[data-group]"))
      group.hidden = !group.querySelector("[data-operation]:not([hidden])");
    found.textContent = words.length ? `${count} found` : "";
  };
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.matches("details")) return;
    target.hidden = false;
    target.open = true;
    target.scrollIntoView();
  };
  document.getElementById("api-search").addEventListener("submit", (e) => e.preventDefault());
  field.addEventListener("input", find);
  addEventListener("hashchange", open);
  open();
})();
