// Makes the countdown tick. The page says the same without it.
"use strict";
(function () {
  const box = document.querySelector(".countdown");
  if (!box) return;
  const number = box.querySelector("output");
  const bar = box.querySelector(".bar i");
  const now = Number(box.dataset.nowUs);
  const due = Number(box.dataset.dueUs);
  const speed = Number(box.dataset.speed) || 1;
  const percent = Number(box.dataset.percent);
  const begun = performance.now();
  const whole = Math.max(1, due - now);
  const two = (value) => String(value).padStart(2, "0");
  function text(seconds) {
    if (seconds < 3600) return Math.floor(seconds / 60) + ":" + two(seconds % 60);
    if (seconds < 86400) return Math.floor(seconds / 3600) + " h " + two(Math.floor((seconds % 3600) / 60)) + " min";
    return Math.floor(seconds / 86400) + " d " + Math.floor((seconds % 86400) / 3600) + " h";
  }
  function tick() {
    const left = due - now - (performance.now() - begun) * 1000 * speed;
    number.textContent = left > 0 ? text(Math.floor(left / 1e6)) : "due";
    bar.style.width = Math.max(0, (percent * left) / whole) + "%";
    if (left < 120e6) box.className = "countdown red";
    if (left > 0) setTimeout(tick, 250);
    else if (due > now) setTimeout(() => location.replace(location.href), 3000);
  }
  tick();
})();
