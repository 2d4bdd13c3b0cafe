// Everything that the page asks of the server, and the stream of what changes.

async function answer(response) {
  if (!response.ok) throw new Error(`${response.status} ${response.url}`);
  return response.status === 204 ? null : response.json();
}

// get reads path with the given parameters.
export async function get(path, params = {}) {
  return answer(await fetch(`api/${path}?${new URLSearchParams(params)}`, { cache: "no-store" }));
}

// post does something.
export async function post(path, body) {
  return answer(await fetch(`api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }));
}

// postFile sends a document as the person of a phone.
export function postFile(chat, file, caption) {
  return postBody({ chat, name: file.name, caption }, file);
}

// postPicture sends a picture as the person of a phone.
export function postPicture(chat, picture, caption) {
  return postBody({ chat, picture: 1, caption }, picture);
}

async function postBody(params, body) {
  return answer(await fetch(`api/file?${new URLSearchParams(params)}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body,
  }));
}

// isPicture tells whether the service would show a file as a picture.
export function isPicture(file) {
  return ["image/jpeg", "image/png", "image/gif"].includes(file.type);
}

// postAlbum sends several files at once as the person of a phone.
export async function postAlbum(chat, files, caption) {
  const body = new FormData();
  for (const file of files) body.append(isPicture(file) ? "picture" : "document", file, file.name);
  return answer(await fetch(`api/album?${new URLSearchParams({ chat, caption })}`, { method: "POST", body }));
}

// fileURL is where the picture or document of a message is read.
export function fileURL(chat, message) {
  return `api/file?${new URLSearchParams({ chat, message })}`;
}

// live listens to changes. onOpen is called at every connection, also after a
// gap: whoever listens loads everything again then. The browser reconnects by
// itself, and where it gives up, we begin anew.
export function live(lang, { onOpen, onLost, ...topics }) {
  const source = new EventSource(`api/events?${new URLSearchParams({ lang })}`);
  source.addEventListener("open", onOpen);
  for (const [name, handle] of Object.entries(topics)) {
    source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  }
  source.addEventListener("error", () => {
    onLost();
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => live(lang, { onOpen, onLost, ...topics }), 2000);
  });
}
