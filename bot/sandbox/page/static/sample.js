// A picture for whoever wants to send one and has none: a notice board, drawn here and
// now, that says in large letters that it is a sample.

import { t } from "./texts.js";

const width = 960;
const height = 640;
const font = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

// sheet is one piece of paper on the board.
function sheet(pen, x, y, wide, high, lines) {
  pen.fillStyle = "#fbfaf4";
  pen.fillRect(x, y, wide, high);
  pen.fillStyle = "#b8342f";
  pen.beginPath();
  pen.arc(x + wide / 2, y + 10, 7, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#c9c6b8";
  for (let i = 0; i < lines; i++) pen.fillRect(x + 22, y + 42 + 26 * i, (wide - 44) * (i % 3 === 2 ? 0.6 : 1), 8);
}

function board(pen) {
  const wall = pen.createLinearGradient(0, 0, 0, height);
  wall.addColorStop(0, "#dfe7e4");
  wall.addColorStop(1, "#b9c8c3");
  pen.fillStyle = wall;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = "#8a6a45";
  pen.fillRect(70, 60, width - 140, height - 150);
  pen.fillStyle = "#c39a68";
  pen.fillRect(86, 76, width - 172, height - 182);
  sheet(pen, 120, 110, 200, 250, 7);
  sheet(pen, 380, 130, 220, 190, 5);
  sheet(pen, 650, 105, 180, 280, 8);
}

function words(pen) {
  pen.save();
  pen.translate(width / 2, height / 2 + 70);
  pen.rotate(-0.08);
  pen.fillStyle = "rgb(255 255 255 / 86%)";
  pen.fillRect(-390, -92, 780, 168);
  pen.textAlign = "center";
  pen.fillStyle = "#0b5c56";
  pen.font = `700 84px ${font}`;
  pen.fillText(t("page.sample.picture"), 0, 2);
  pen.font = `400 32px ${font}`;
  pen.fillText(t("page.sample.picture.note"), 0, 52);
  pen.restore();
}

// draw gives the picture as a JPEG.
export function draw() {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const pen = canvas.getContext("2d");
  board(pen);
  words(pen);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", 0.85);
  });
}
