// The page behind a notice's QR code: a one-time code becomes a key, with it the subject sees its items and objects.
// The key lives in this page alone: nothing is stored, and what is shown is put in as text.
"use strict";

const at = (id) => document.getElementById(id);
let key = "";
let attempt = crypto.randomUUID();

const STATES = {
  active: "计分中", repaired: "已修复", revoked: "已撤销", expired: "已到期", absorbed: "并入案件", unscored: "不计分", future: "尚未开始",
};
const FAULTS = {
  "code-not-valid": "验证码无效、有误或已过期（刚领取的请稍等两秒再试）",
  "code-used": "验证码已经用过；请填入上次保存的那一行",
  "objection-open": "这一项已有异议正在处理",
  "objection-decided": "异议今天刚答复过",
  invalid: "填写有误",
  "too-many-requests": "操作太频繁，请稍后再试",
  unavailable: "暂时无法办理，请稍后再试",
};

function fault(problem) {
  const found = (problem.errors || []).map((each) => each.message);
  const kind = (problem.type || "").split(":").pop();
  at("fault").textContent = [FAULTS[kind] || problem.title, problem.detail, ...found].filter(Boolean).join(" · ");
  at("fault").hidden = false;
}

async function ask(path, body, headers = {}) {
  at("fault").hidden = true;
  const sent = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const own = key ? { Authorization: `Bearer ${key}` } : {};
  try {
    const answer = await fetch(path, { ...sent, cache: "no-cache", headers: { "Content-Type": "application/json", ...own, ...headers } });
    const said = await answer.json();
    if (answer.ok) return said;
    fault(said);
  } catch {
    fault({ title: "网络不通，请稍后再试。 The service cannot be reached; try again later." });
  }
  return null;
}

function row(item) {
  const line = document.createElement("tr");
  const until = item.until || "";
  const disputed = item.disputed ? "异议中" : STATES[item.state] || item.state;
  for (const text of [item.ref, item.code, item.counted ?? item.points ?? "", until, disputed]) {
    line.appendChild(document.createElement("td")).textContent = text;
  }
  return line;
}

async function show(subject) {
  const receipt = await ask(`/v1/subjects/${encodeURIComponent(subject)}/receipt`);
  if (receipt) at("items").replaceChildren(...receipt.items.map(row));
}

at("exchange").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [given, own] = at("code").value.trim().split(/\s+/);
  const again = own !== undefined && given.startsWith("cx_"); // the line that was kept: a key, and whose it is
  const kept = { key: given, subject_id: own, expires_at: "", about: "case", number: "" };
  const made = again ? kept : await ask("/v1/subject-keys", { code: given });
  if (!made) return;
  key = made.key;
  at("exchange").hidden = true;
  at("keyed").hidden = false;
  at("subject").textContent = made.subject_id;
  at("until").hidden = again;
  at("expires").textContent = made.expires_at.slice(0, 10);
  at("key").textContent = `${made.key} ${made.subject_id}`;
  at("about").value = made.about;
  at("number").value = made.number;
  setTimeout(() => show(made.subject_id), again ? 0 : 2500); // every service knows the key two seconds after it was made
});

at("filing").addEventListener("submit", async (event) => {
  event.preventDefault();
  const asked = Object.fromEntries(["sort", "about", "number", "statement"].map((name) => [name, at(name).value.trim()]));
  const filed = await ask("/v1/objections", asked, { "Idempotency-Key": attempt });
  if (!filed) return;
  attempt = crypto.randomUUID();
  const by = filed.decide_by ? `，${filed.decide_by} 前答复 decided by then` : "";
  at("filed").textContent = `已收到 received：${filed.objection_id}${by}`;
  at("filed").hidden = false;
  show(at("subject").textContent);
});

at("code").value = new URLSearchParams(location.hash.slice(1)).get("code") || "";
history.replaceState(null, "", location.pathname); // a code is not to stay in the list of pages that were seen
