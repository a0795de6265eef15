// The rows that a person picked, in the order of picking. They outlive searches, and end with the tab.

const rows = new Map();
const listeners = [];

export const selection = {
  get size() { return rows.size; },
  get ids() { return [...rows.keys()]; },
  has: id => rows.has(id),
  set(row, chosen) {
    if (chosen) rows.set(row.id, row);
    else rows.delete(row.id);
    tell();
  },
  add(many) {
    for (const row of many) rows.set(row.id, row);
    tell();
  },
  clear() {
    rows.clear();
    tell();
  },
  listen: listener => listeners.push(listener),
};

function tell() {
  for (const listener of listeners) listener();
}
