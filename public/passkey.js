// Passkeys on the pages that the server makes: /kirjaudu and /oma. Everything that is said stands in the page, by the server's codes.

/** Base 64 for addresses, as bytes. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

/** Bytes as base 64 for addresses, without padding. */
const base64 = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** What the server has answered in place of what was asked for. */
class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

async function post(path, body) {
  const headers = { "content-type": "application/json", "x-hytevihko": "1" };
  const response = await fetch(`/api/v1/passkey/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.code);
  return answer;
}

const known = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));

async function signIn(form) {
  const { ceremony, options } = await post("begin", {});
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) };
  const credential = await navigator.credentials.get({ publicKey });
  const { authenticatorData, clientDataJSON, signature, userHandle } = credential.response;
  const { to } = await post("finish", {
    ceremony,
    own_device: Boolean(form.elements.oma?.checked),
    again: form.dataset.again === "1",
    to: form.dataset.to,
    credential: {
      id: credential.id,
      rawId: base64(credential.rawId),
      type: credential.type,
      response: {
        authenticatorData: base64(authenticatorData),
        clientDataJSON: base64(clientDataJSON),
        signature: base64(signature),
        userHandle: userHandle && base64(userHandle),
      },
    },
  });
  return to;
}

async function register(form) {
  const { ceremony, options } = await post("register/begin", {});
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
  };
  const credential = await navigator.credentials.create({ publicKey });
  const { attestationObject, clientDataJSON } = credential.response;
  await post("register/finish", {
    ceremony,
    name: form.elements.nimi.value,
    credential: {
      id: credential.id,
      rawId: base64(credential.rawId),
      type: credential.type,
      response: { attestationObject: base64(attestationObject), clientDataJSON: base64(clientDataJSON) },
    },
  });
  return form.dataset.to;
}

/** The code of what went wrong. */
function codeOf(error) {
  if (error instanceof Refused) return error.code;
  switch (error?.name) {
    case "NotAllowedError":
    case "AbortError":
      return "cancelled";
    case "InvalidStateError":
      return "passkey-already-there";
    case "SecurityError":
      return "passkey-other-origin";
    case "NotSupportedError":
      return "not-supported";
    default:
      return "no-answer";
  }
}

function arrange(form) {
  const part = form.parentElement;
  const said = (kind) => part.querySelector(`[data-said="${kind}"]`);
  const words = (code) => part.querySelector(`[data-code="${code}"]`)?.textContent;
  const { domain, passkey } = form.dataset;

  if (!window.PublicKeyCredential || !navigator.credentials) {
    said("status").textContent = words("not-supported");
    return;
  }
  if (location.hostname !== domain) {
    // The local machine under another of its names.
    const there = new URL(location.href);
    there.hostname = domain;
    const link = said("elsewhere").querySelector("a");
    link.href = there.href;
    link.textContent = there.host;
    said("elsewhere").hidden = false;
    return;
  }
  form.hidden = false;
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    said("alert").hidden = true;
    said("status").textContent = words("working");
    try {
      location.assign(await (passkey === "register" ? register(form) : signIn(form)));
    } catch (error) {
      const code = codeOf(error);
      if (code === "prove-again" || code === "not-signed-in") {
        location.assign(`/kirjaudu?to=/oma${code === "prove-again" ? "&varmista=1" : ""}`);
        return;
      }
      said("status").textContent = "";
      button.disabled = false;
      button.focus();
      said("alert").textContent = words(code) ?? words("no-answer");
      said("alert").hidden = false;
    }
  });
}

const forms = document.querySelectorAll("form[data-passkey]");
forms.forEach(arrange);

// Back to a page that was left: what it said is old.
if (forms.length) addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
