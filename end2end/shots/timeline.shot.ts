// Pictures of the past: the list, and a recovery with a failure and a wait for a person in its three views.
import { expect, sandbox, test } from "../house";
import { camera } from "./camera";

const house = sandbox({ speed: 10 });

test("the past", async ({ page }) => {
  const take = camera(house, page);
  await house.happen("node-13", "power-off");
  await house.ended((await house.begun("node-13")).id);
  await house.rule({ mode: "ask" });
  const put = (faults: unknown[]) => fetch(new URL("/sandbox/faults", house.facts.world), { method: "PUT", body: JSON.stringify({ faults }) });
  await put([{ match: "POST /v2.1/servers/*/action", times: 2, do: "429", retry_after: 30 }]);
  await house.happen("node-12", "power-off");
  const { id } = await house.begun("node-12");
  await expect.poll(async () => (await house.api("GET", `recoveries/${id}`)).body.state).toBe("waiting");
  expect((await house.api("POST", `recoveries/${id}/approve`, {})).status).toBe(202);
  await house.ended(id);
  await put([]);
  await house.api("POST", `recoveries/${id}/note`, { text: "The fan of the host was loud; facilities were told." });
  await house.signIn(page);
  await take("timeline-list", "/timeline");
  await take("timeline-filtered", "/timeline?node=node-12&by=rule");
  await take("timeline-none", "/timeline?outcome=expired");
  await take("recovery-waterfall", `/recoveries/${id}?view=waterfall`);
  await take("recovery-waterfall-recovery", `/recoveries/${id}?view=waterfall&scale=recovery`);
  await page.locator("tr.fails summary").click();
  await take("recovery-waterfall-open");
  await take("recovery-story", `/recoveries/${id}?view=story`);
  await take("recovery-everything", `/recoveries/${id}?view=everything`);
});
