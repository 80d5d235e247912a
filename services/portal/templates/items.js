// What pages share: how items are shown. What is shown is put in as text.
"use strict";

const at = (id) => document.getElementById(id);
const STATES = {
  active: "计分中", repaired: "已修复", revoked: "已撤销", expired: "已到期", absorbed: "并入案件", unscored: "不计分", future: "尚未开始",
};

const TYPES = { case: "行政处罚", finding: "检查发现问题", clean_inspection: "检查未发现问题", commendation: "表彰" };
const ADDS = new Set(["clean_inspection", "commendation"]);

function row(...texts) {
  const line = document.createElement("tr");
  for (const text of texts) line.appendChild(document.createElement("td")).textContent = text ?? "";
  return line;
}

/** One item of a receipt; points are left out where the audience may not see them. */
function item(each) {
  const state = each.disputed ? "异议中" : STATES[each.state] || each.state;
  const what = [TYPES[each.type] || each.type, each.code].filter(Boolean).join(" ");
  const points = each.counted ?? each.points;
  return row(each.ref, what, points && `${ADDS.has(each.type) ? "+" : "−"}${points}`, each.until, state);
}
