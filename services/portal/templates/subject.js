// The page behind the QR code at a shop's door: what everybody may see of it today.
"use strict";

const KINDS = { shop: "沿街商铺", sanitation: "环卫作业单位", hauler: "建筑垃圾运输企业" };
const OPEN = { open: "在营", closed: "已注销或停业" };
const own = `/v1/subjects/${encodeURIComponent(decodeURIComponent(location.pathname.split("/").pop()))}`;

async function ask(path) {
  const answer = await fetch(path).catch(() => { throw new Error("网络不通，请稍后再试。"); });
  const said = await answer.json();
  if (!answer.ok) throw new Error(answer.status === 404 || answer.status === 422 ? "没有这个主体的公示记录。" : "暂时无法查询，请稍后再试。");
  return said;
}

function show(said) {
  document.title = `${said.name ?? said.subject_id} · 信用公示`;
  at("name").textContent = said.name ?? said.subject_id;
  at("kind").textContent = KINDS[said.kind] || said.kind;
  at("subject").textContent = said.subject_id;
  at("status").textContent = OPEN[said.status] || "未登记";
  at("grade").textContent = "grade" in said ? said.grade ?? "未评" : "不公开";
  at("score").textContent = said.score ? `${said.score} 分` : "";
  at("disputed").hidden = !said.disputed;
  at("day").textContent = said.as_of;
  at("until").textContent = new Date(said.applied_until).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai" });
  if (said.rulebook) {
    at("rulebook").textContent = `${said.rulebook.id} 第 ${said.rulebook.version} 版`;
    at("rulebook").href = `/v1/rulebooks/${said.rulebook.id}/${said.rulebook.version}`;
  }
}

function reply(each) {
  const block = document.createElement("p");
  block.className = "reply";
  block.textContent = `主体陈述（${each.number}，${each.on}）：${each.statement}`;
  return block;
}

async function all() {
  show(await ask(own));
  const items = (await ask(`${own}/receipt`)).items;
  at("items").replaceChildren(...items.map(item));
  at("table").hidden = !items.length;
  at("none").hidden = items.length > 0;
  at("receipt").href = `${own}/receipt`;
  at("replies").replaceChildren(...(await ask(`${own}/replies`)).replies.map(reply));
  at("found").hidden = false;
}

all().catch((error) => {
  at("fault").textContent = error.message;
  at("fault").hidden = false;
});
