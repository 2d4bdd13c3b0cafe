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

// postFile sends a file as the person of a phone.
export async function postFile(chat, file, caption) {
  const params = new URLSearchParams({ chat, name: file.name, caption });
  return answer(await fetch(`api/file?${params}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: file,
  }));
}

// fileURL is where a document of a message is read.
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
