// Translates a library to ELM and evaluates its definitions for each line of input: another engine's opinion.
//   node evaluate.mjs library.cql < jobs.jsonl > values.jsonl
// A job is {"parameters": {name: value}, "today": "2026-06-15"}; {"date": "2026-06"} is a date.
import fs from "node:fs";
import readline from "node:readline";
import { CqlTranslator, LibraryManager, ModelManager, createUcumService } from "@cqframework/cql/cql-to-elm";
import { SystemModelInfoProvider } from "@cqframework/cql/cql";
import cql from "cql-execution";

const models = new ModelManager();
models.modelInfoLoader.registerModelInfoProvider(new SystemModelInfoProvider());
// cql-execution has no LowBoundary and HighBoundary: the same in operators that it has.
function rewritten(node) {
  if (Array.isArray(node)) return node.map(rewritten);
  if (node === null || typeof node !== "object") return node;
  const whole = Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, rewritten(inner)]));
  if (whole.type !== "LowBoundary" && whole.type !== "HighBoundary") return whole;
  const date = whole.operand[0];
  const integer = (value) => ({ type: "Literal", valueType: "{urn:hl7-org:elm-types:r1}Integer", value });
  const part = (precision) => ({ type: "DateTimeComponentFrom", precision, operand: date });
  const or = (operand, value) => ({ type: "Coalesce", operand: [operand, integer(value)] });
  const time = (unit) => ({ type: "Quantity", value: 1, unit });
  const day = (month, number) => ({ type: "Date", year: part("Year"), month, day: number });
  const low = day(or(part("Month"), "1"), or(part("Day"), "1"));
  const after = { type: "Add", operand: [day(or(part("Month"), "12"), integer("1")), time("month")] };
  const high = {
    type: "If",
    condition: { type: "IsNull", operand: part("Day") },
    then: { type: "Subtract", operand: [after, time("day")] },
    else: date,
  };
  const known = { type: "Not", operand: { type: "IsNull", operand: date } };
  return { type: "If", condition: known, then: whole.type === "LowBoundary" ? low : high, else: { type: "Null" } };
}

// The subset knows units of time alone: nothing is converted, every unit that gets here is one of them.
const unused = () => {
  throw new Error("Units are not converted here.");
};
const units = createUcumService(unused, () => null, unused, unused);
const text = fs.readFileSync(process.argv[2], "utf8");
const translator = CqlTranslator.fromText(text, new LibraryManager(models, undefined, undefined, units));
const elm = JSON.parse(translator.toJson());
const problems = (elm.library.annotation ?? []).filter((each) => each.errorSeverity === "error");
if (problems.length) {
  console.error(problems.map((each) => `${each.startLine}:${each.startChar} ${each.message}`).join("\n"));
  process.exit(3);
}
const library = new cql.Library(rewritten(elm));
// Inside a query cql-execution takes a parameter that is null for its own declaration; a default of null mends it.
for (const parameter of Object.values(library.parameters)) parameter.default = { execute: async () => null };
const names = Object.keys(library.expressions);

const typed = (value) => {
  if (Array.isArray(value)) return value.map(typed);
  if (value === null || typeof value !== "object") return value;
  if ("date" in value && Object.keys(value).length === 1) return cql.Date.parse(value.date);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, typed(inner)]));
};
const plain = (value) => {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (value.isDate || value.isDateTime) return value.toString();
  if (value.isUncertainty) return value.isPoint() ? plain(value.low) : null;
  if (value.isQuantity) return value.toString();
  if (typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value;
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  const [year, month, day] = job.today.split("-").map(Number);
  const now = new cql.DateTime(year, month, day, 12, 0, 0, 0, 0);
  const parameters = Object.fromEntries(Object.entries(job.parameters).map(([n, v]) => [n, typed(v)]));
  const values = {};
  for (const name of names) {
    try {
      const context = new cql.PatientContext(library, null, null, parameters, now);
      values[name] = plain(await library.expressions[name].exec(context));
    } catch (problem) {
      values[name] = { error: String(problem.message ?? problem) };
    }
  }
  console.log(JSON.stringify(values));
}
