#!/usr/bin/env bash
# @cfworker/json-schema 4.1.1: a schema that declares a property with a name every object inherits, such as `constructor`,
# cannot be checked against an object that leaves this property out: `validate` throws instead of saying valid.
# Reason: whether a property is there is asked with `in`, which finds inherited ones; what it finds is a function.
# An object without a prototype, Object.create(null), is checked as expected; so are objects that have the property.
# Seen: "left out: throws Instances of "function" type are not supported.", "without a prototype: valid", "given: valid".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "type": "module" }' >package.json
npm install --no-audit --no-fund @cfworker/json-schema@4.1.1 >/dev/null 2>&1
cat >check.mjs <<'JS'
import { Validator } from "@cfworker/json-schema";
const schema = { type: "object", properties: { constructor: { type: "string" }, name: { type: "string" } } };
const said = (value) => {
  try {
    return new Validator(schema, "2020-12").validate(value).valid ? "valid" : "invalid";
  } catch (error) {
    return `throws ${error.message}`;
  }
};
console.log(`left out: ${said({ name: "a" })}`);
console.log(`without a prototype: ${said(Object.assign(Object.create(null), { name: "a" }))}`);
console.log(`given: ${said({ constructor: "b", name: "a" })}`);
JS
seen=$(node check.mjs)
echo "$seen"
[ "$seen" = 'left out: throws Instances of "function" type are not supported.
without a prototype: valid
given: valid' ]
