// The page behind a notice's QR code: a one-time code becomes a key, with it the subject sees its items and objects.
// The key lives in this page alone: nothing is stored, and what is shown is put in as text.
"use strict";

let key = "";
let attempt = fresh();

/** An id of a request. Browsers have one of their own over https alone. */
function fresh() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join("");
}

const OUTCOMES = { upheld: "维持", amended: "变更", revoked: "撤销", withdrawn: "本人撤回" };
const SORTS = { objection: "异议", reply: "陈述" };
const FAULTS = {
  "code-not-valid": "验证码无效、有误或已过期（刚领取的请稍等两秒再试）",
  "code-used": "验证码已经用过；请填入上次保存的那一行",
  "objection-open": "这一项已有异议正在处理，可以再提交陈述",
  "objection-decided": "异议今天刚答复过，明天起可以再次提出",
  "too-many-requests": "操作太频繁，请稍后再试",
  unauthenticated: "密钥无效或已过期，请向发出通知书的机关重新领取验证码",
  unavailable: "暂时无法办理，请稍后再试",
  rebuilding: "数据正在恢复，请稍后再试",
  internal: "系统出错，请稍后再试",
};
const WRONG = {
  "/statement": "内容须为 1 至 500 字，不能写身份证号、电话、银行卡号等",
  "/number": "编号不是本主体的案件或检查",
  "/code": "验证码填写有误",
};

function fault(problem) {
  const kind = (problem.type || "").split(":").pop();
  const found = (problem.errors || []).map((each) => WRONG[each.pointer] || each.message);
  const said = found.length ? found : [FAULTS[kind] || [problem.title, problem.detail].filter(Boolean).join(" · ")];
  at("fault").textContent = said.join("；");
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

function filing(each) {
  const open = each.sort === "objection" ? (each.overdue ? "逾期未答复" : "处理中") : "已收到";
  const became = each.outcome ? `${OUTCOMES[each.outcome] || each.outcome}（${each.decided_on}）` : open;
  return row(each.number, SORTS[each.sort], each.filed_on, each.decide_by, became);
}

async function show(subject) {
  const receipt = await ask(`/v1/subjects/${encodeURIComponent(subject)}/receipt`);
  if (receipt) at("items").replaceChildren(...receipt.items.map(item));
  const said = await ask("/v1/objections");
  if (said) at("filings").replaceChildren(...said.objections.reverse().map(filing));
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
  attempt = fresh();
  const by = filed.decide_by ? `，${filed.decide_by} 前答复 decided by then` : "";
  at("filed").textContent = `已收到 received：${filed.objection_id}${by}`;
  at("filed").hidden = false;
  show(at("subject").textContent);
});

at("code").value = new URLSearchParams(location.hash.slice(1)).get("code") || "";
history.replaceState(null, "", location.pathname); // a code is not to stay in the list of pages that were seen
