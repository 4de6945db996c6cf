// Who gets in, and what is said to those who do not.
import { breakNode, expect, House, sandbox, test } from "../house";

const house = sandbox({ speed: 10 });

test("without a session every page leads to signing in, and shows nothing", async ({ page, noise }) => {
  noise.expect(/401/);
  for (const path of ["/", "/clusters", "/clusters/prod", "/clusters/prod/nodes/node-12", "/command", "/timeline", "/rules", "/rules/1", "/settings", "/recoveries/1"]) {
    await page.goto(house.url(path));
    await expect(page, path).toHaveURL(house.url("/sign-in"));
    await expect(page.getByText("Open your sign-in link")).toBeVisible();
    await expect(page.getByText("prod"), path).toHaveCount(0);
  }
});

test("a wrong sign-in link and a wrong code are refused in words", async ({ page, noise }) => {
  noise.expect(/401/);
  await page.goto(house.url("/sign-in?token=wrong"));
  await expect(page.getByRole("alert")).toContainText("used before or is too old");
  await page.getByLabel("Code").fill("000000");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("wrong or too old");
  await page.goto(house.url("/"));
  await expect(page).toHaveURL(house.url("/sign-in"));
});

test("opening an invite does not use it up, its button does, once", async ({ page, browser, noise }) => {
  noise.expect(/401/);
  const link = await house.run("user", "invite", "--name", "kim", "--role", "viewer");
  for (let look = 0; look < 3; look += 1) expect((await fetch(link)).status).toBe(200);
  await page.goto(link);
  await expect(page.getByText("kim")).toBeVisible();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(house.url("/"));
  const other = await browser.newPage();
  await other.goto(link);
  await expect(other.getByRole("alert")).toContainText("used before");
  await other.close();
});

test("a code shown on one device signs in another", async ({ page, browser }) => {
  await house.signIn(page);
  await page.goto(house.url("/settings"));
  await page.getByRole("link", { name: "Sign in another device" }).click();
  await page.getByRole("button", { name: "Show a code" }).click();
  const code = await page.locator("output").innerText();
  expect(code.replace(/\D/g, "")).toHaveLength(6);
  const other = await browser.newPage();
  await other.goto(house.url("/sign-in"));
  await other.getByLabel("Code").fill(code);
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other).toHaveURL(house.url("/"));
  await other.close();
});

test("signing out ends the session", async ({ page }) => {
  await house.signIn(page);
  const cookies = await page.context().cookies();
  for (const cookie of cookies) expect(cookie.httpOnly, cookie.name).toBe(true);
  await page.goto(house.url("/settings"));
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(house.url("/sign-in"));
  await page.context().addCookies(cookies);
  await page.goto(house.url("/"));
  await expect(page, "the old cookie is worth nothing").toHaveURL(house.url("/sign-in"));
});

test("a viewer sees everything and can do nothing", async ({ page, noise }) => {
  noise.expect(/403/);
  await page.goto(await house.run("user", "invite", "--name", "vera", "--role", "viewer"));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("12 of 12 nodes Ready")).toBeVisible();
  await expect(page.getByRole("button", { name: /break|pause|start/i })).toHaveCount(0);
  await page.goto(house.url("/rules/1"));
  await expect(page.getByRole("button", { name: /save|remove|restore/i })).toHaveCount(0);
  const headers = { origin: house.url("/").slice(0, -1), "sec-fetch-site": "same-origin" };
  for (const [act, form] of [
    ["start_node", { cluster: "prod", node: "node-12" }], ["throw_switch", { mode: "freeze" }], ["break_node", { place: "prod/node-12" }],
    ["approve", { id: "1" }], ["add_note", { id: "1", text: "x" }],
  ] as const) {
    const told = await page.request.post(house.url(`/do/${act}?intent=v-${act}`), { form, headers: { ...headers, accept: "application/json" }, maxRedirects: 0 });
    expect(told.status(), act).toBe(403);
    expect(JSON.stringify(await told.json()), act).toMatch(/role|responder/i);
  }
  expect((await house.api("GET", "switch")).body.mode).toBe("run");
});

test("a viewer's token reads and is refused every act with a sentence", async () => {
  const token = await house.run("token", "create", "--name", "probe", "--role", "viewer");
  expect((await house.api("GET", "clusters", undefined, token)).status).toBe(200);
  for (const [method, path, body] of [
    ["POST", "clusters/prod/nodes/node-12/start", {}], ["PUT", "switch", { mode: "pause", reason: "x" }], ["POST", "rules", { name: "x", pattern: "x" }],
    ["POST", "recoveries/1/approve", {}], ["POST", "commands", { text: "10.0.0.12 startup" }], ["DELETE", "rules/1", undefined],
  ] as const) {
    const told = await house.api(method, path, body, token);
    expect(told.status, path).toBe(403);
    expect(told.body.detail, path).toMatch(/This needs the role (responder|admin)\./);
  }
});

test("a request that another site makes the browser send is refused", async ({ page, noise }) => {
  noise.expect(/./);
  await house.signIn(page);
  const [cookie] = await page.context().cookies();
  const session = { cookie: `${cookie.name}=${cookie.value}`, "content-type": "application/x-www-form-urlencoded" };
  const strangers: Record<string, string>[] = [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { origin: "http://evil.example" }, { origin: "null" }, {}];
  for (const foreign of strangers) {
    const told = await house.call("POST", "/do/throw_switch", "mode=freeze", { ...session, ...foreign });
    expect(told.status, JSON.stringify(foreign)).toBe(403);
  }
  expect((await house.api("GET", "switch")).body.mode).toBe("run");
  const token = await house.call("PUT", "/api/v1/switch", { mode: "pause" }, { authorization: `Bearer ${house.facts.admin_token}` });
  expect(token.status, "a bearer without cookie is no browser").toBe(200);
  await house.api("PUT", "switch", { mode: "run", reason: "the test is over" });
});

test("every answer carries the content policy and its companions", async ({ page }) => {
  await house.signIn(page);
  for (const path of ["/", "/rules/1", "/sign-in", "/recoveries/999"]) {
    const headers = (await page.request.get(house.url(path))).headers();
    const policy = headers["content-security-policy"];
    for (const part of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "frame-ancestors 'none'", "base-uri 'none'"]) expect(policy, path).toContain(part);
    expect(policy, path).toMatch(/style-src 'self' 'sha256-[^']+'/);
    expect(policy, path).not.toMatch(/unsafe-inline|nonce-|'unsafe-eval'/);
    expect(headers["x-content-type-options"], path).toBe("nosniff");
    expect(headers["set-cookie"] ?? "", path).not.toMatch(/SameSite=None/i);
  }
});

test("health checks are open, metrics are not", async () => {
  expect((await house.call("GET", "/healthz")).status).toBe(200);
  expect((await house.call("GET", "/readyz")).status).toBe(200);
  expect((await house.call("GET", "/metrics")).status).toBe(401);
  expect((await house.call("GET", "/api/openapi.json")).body.paths).toHaveProperty("/api/v1/recoveries/{id}");
  expect((await house.call("GET", "/api/v1/recoveries")).status).toBe(401);
  expect((await house.api("GET", "recoveries", undefined, "unc_wrong")).status).toBe(401);
});

test("a hook tells apart the stranger, the malformed and the oversized", async () => {
  const { path, token } = house.facts.hooks.sandbox;
  const bearer = { authorization: `Bearer ${token}` };
  const told = async (status: number, words: RegExp, answer: Awaited<ReturnType<House["call"]>>) => {
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expect(answer.body.detail).toMatch(words);
  };
  await told(401, /Authorization header is missing/, await house.call("POST", path, { text: "x" }));
  await told(401, /wrong/, await house.call("POST", path, { text: "x" }, { authorization: "Bearer nobody" }));
  await told(404, /"elsewhere" is not there/, await house.call("POST", "/hooks/elsewhere", { text: "x" }, bearer));
  await told(400, /JSON|line 1/i, await house.call("POST", path, "{\"text\":", bearer));
  await told(400, /expected a string/, await house.call("POST", path, { text: 5 }, bearer));
  await told(400, /./, await house.call("POST", path, {}, bearer));
  await told(400, /./, await house.call("POST", path, "[]", bearer));
  await told(400, /./, await house.call("POST", path, "", { ...bearer, "content-type": "text/plain" }));
  await told(413, /too large/, await house.call("POST", path, "x".repeat(5 << 20), { ...bearer, "content-type": "text/plain" }));
  expect((await house.call("GET", path)).status).toBe(405);
  const taken = await house.call("POST", path, "one\ntwo\n", { ...bearer, "content-type": "text/plain" });
  expect(taken.status).toBe(202);
  expect(taken.body.alarms.map((one: any) => one.disposition)).toEqual(["accepted", "accepted"]);
  const again = await house.call("POST", path, "one\n", { ...bearer, "content-type": "text/plain" });
  expect(again.body.alarms[0].disposition).toBe("duplicate");
});

test("every malformed body and number gets its status and a sentence that names the fault", async () => {
  const rule = { name: "r", pattern: "x (?P<ip>[0-9.]+)" };
  for (const [method, path, body, status, field, words] of [
    ["POST", "commands", "{\"text\":", 400, "body", /JSON cannot be read: .*line 1/],
    ["POST", "commands", {}, 422, "text", /missing field/],
    ["POST", "commands", { text: "status", extra: 1 }, 422, "extra", /unknown field/],
    ["POST", "commands", { text: 7 }, 422, "text", /string/],
    ["POST", "rules", { ...rule, mode: "wild" }, 422, "mode", /observe, ask or auto/],
    ["POST", "rules", { ...rule, pattern: "(" }, 422, "pattern", /unclosed group/],
    ["POST", "rules", { ...rule, pattern: "(?P<wat>x)" }, 422, "pattern", /named group/],
    ["POST", "rules", { ...rule, name: "" }, 422, "name", /./],
    ["POST", "rules", { ...rule, labels: [] }, 422, "labels", /./],
    ["PUT", "rules/1", { ...rule }, 422, "version", /version/],
    ["PUT", "rules/999", { ...rule, version: 1 }, 404, undefined, /999.* is not there/],
    ["GET", "rules/0", undefined, 422, "id", /positive/],
    ["GET", "recoveries/abc", undefined, 422, "id", /positive/],
    ["GET", "recoveries/4711", undefined, 404, undefined, /4711.* is not there/],
    ["GET", "recoveries?limit=501", undefined, 422, "limit", /1 to 500/],
    ["GET", "recoveries?colour=red", undefined, 422, "colour", /unknown field/],
    ["PUT", "switch", { mode: "off" }, 422, "mode", /run, pause/],
    ["PUT", "switch", { mode: "pause", cluster: "nowhere" }, 404, undefined, /nowhere/],
    ["POST", "recoveries/4711/note", { text: "x" }, 404, undefined, /4711/],
    ["POST", "recoveries/4711/note", {}, 422, "text", /missing field/],
    ["POST", "clusters/nowhere/nodes/node-12/start", {}, 404, undefined, /nowhere/],
    ["POST", "clusters/prod/nodes/node-99/start", {}, 404, undefined, /node-99/],
    ["POST", "clusters/prod/nodes/node-12/start", { force: true }, 422, "force", /unknown field/],
    ["POST", "clusters/prod/nodes/node-12/start", {}, 409, undefined, /node-12 is Ready/],
    ["POST", "rules/try", { pattern: "a{2,1}" }, 422, "pattern", /./],
    ["GET", "nothing", undefined, 404, undefined, /./],
    ["DELETE", "recoveries/1", undefined, 405, undefined, /method/],
  ] as const) {
    await test.step(`${method} ${path} ${JSON.stringify(body)}`, async () => {
      const told = await house.api(method, path, body);
      expect.soft(told.status, JSON.stringify(told.body)).toBe(status);
      expect.soft(told.headers.get("content-type")).toBe("application/problem+json");
      expect.soft(`${told.body.detail}`).toMatch(words);
      if (field) expect.soft(told.body.errors?.[0]?.field).toBe(field);
    });
  }
});

test("the same key acts once, and refuses another body", async () => {
  const key = { "idempotency-key": "one-tap", authorization: `Bearer ${house.facts.admin_token}` };
  const first = await house.call("POST", "/api/v1/rules", { name: "once", pattern: "once (?P<ip>[0-9.]+)" }, key);
  expect(first.status).toBe(201);
  const again = await house.call("POST", "/api/v1/rules", { name: "once", pattern: "once (?P<ip>[0-9.]+)" }, key);
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  expect((await house.call("POST", "/api/v1/rules", { name: "twice", pattern: "x" }, key)).status).toBe(422);
});

test("two taps on one button are one tap", async ({ page }) => {
  await house.signIn(page);
  await breakNode(page, house, "node-18");
  const { id } = await house.begun("node-18");
  await house.ended(id);
  expect((await house.api("GET", "recoveries?node=node-18")).body.items).toHaveLength(1);
  await page.goto(house.url(`/recoveries/${id}`));
  const action = (await page.locator("form[action*=add_note]").getAttribute("action"))!;
  const headers = { origin: house.url("/").slice(0, -1), accept: "text/html" };
  const form = { id: String(id), text: "tapped twice" };
  await Promise.all([1, 2, 3].map(() => page.request.post(house.url(action), { form, headers, maxRedirects: 0 })));
  const noted = (await house.api("GET", `recoveries/${id}`)).body.events.filter((one: any) => one.kind === "noted");
  expect(noted).toHaveLength(1);
});
